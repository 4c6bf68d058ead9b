"""``lipflap faults``, and a fault on the line of ``serve``."""

from __future__ import annotations

import json

import httpx
import pytest

from mock_server.faults.catalogue import CATALOGUE

FIELDS = {
    "id",
    "layer",
    "operations",
    "providers",
    "params",
    "client_must",
    "expected",
    "motive",
    "link",
    "commits",
}
VIDEO = {"video_url": "https://cdn.test/a.mp4"}


def statuses(url: str, times: int) -> list[int]:
    headers = {"Authorization": "Bearer k"}
    answers = [
        httpx.post(f"{url}/v1/videos/identify-face", json=VIDEO, headers=headers) for _ in range(times)
    ]
    return [answer.status_code for answer in answers]


def test_the_list_for_programs_has_every_row_whole(lipflap) -> None:
    rows = json.loads(lipflap("faults", "--json").stdout)
    assert [row["id"] for row in rows if row["layer"] != "error"] == list(CATALOGUE.ids())
    assert all(row.keys() >= FIELDS for row in rows)


def test_the_list_for_people_is_narrowed_by_layer_and_provider(lipflap) -> None:
    shown = lipflap("faults", "--layer", "auth", "--provider", "gmi").stdout
    for fault in CATALOGUE:
        assert (fault.id in shown) == (fault.layer == "auth" and "gmi" in fault.providers)


@pytest.mark.parametrize("words", [("--layer", "noise"), ("--provider", "veo")])
def test_a_filter_that_means_nothing_is_a_mistake(lipflap, words: tuple[str, str]) -> None:
    done = lipflap("faults", *words)
    assert done.returncode == 2
    assert words[1] in done.stderr


@pytest.mark.parametrize(
    "spec", ["no-such-fault", "gateway-502-html@callback", "gateway-502-html#x", "gateway-502-html;x=1", ""]
)
def test_a_bad_fault_is_one_clear_line_and_code_2(lipflap, spec: str) -> None:
    for done in (lipflap("serve", "--fault", spec), lipflap("serve", LIPFLAP_FAULT=spec or "@")):
        assert done.returncode == 2
        assert done.stdout == ""
        (line,) = done.stderr.splitlines()
        assert line.startswith(("lipflap: --fault: ", "lipflap: LIPFLAP_FAULT: "))


def test_faults_of_the_line_and_of_the_environment_strike(lipflap, serve) -> None:
    first = serve("--fault", "gateway-502-html@identify#2", "--fault", "error:1302@identify#3").url
    assert statuses(first, 4) == [200, 502, 429, 200]
    second = serve(LIPFLAP_FAULT="gateway-502-html@identify#1, error:1302@identify#2").url
    assert statuses(second, 3) == [502, 429, 200]


def test_the_header_is_read_only_where_it_is_allowed(serve) -> None:
    headers = {"Authorization": "Bearer k", "X-Lipflap-Fault": "gateway-502-html"}
    for words, status in ((("--fault-header",), 502), ((), 200)):
        url = serve(*words).url
        assert httpx.post(f"{url}/v1/videos/identify-face", json=VIDEO, headers=headers).status_code == status
