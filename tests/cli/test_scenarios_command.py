"""``lipflap scenarios``, and a scenario on the line of ``serve``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx

from mock_server.faults.catalogue import CATALOGUE
from mock_server.scenarios.library import names, read_text
from mock_server.scenarios.schema import schema_text

if TYPE_CHECKING:
    from pathlib import Path


def test_the_list_names_every_scenario(lipflap) -> None:
    rows = json.loads(lipflap("scenarios", "list", "--json").stdout)
    assert [row["name"] for row in rows] == list(names(CATALOGUE))
    shown = lipflap("scenarios", "list", "--group", "incident").stdout
    assert "incident/wedged" in shown
    assert "double-pay-trap" not in shown


def test_what_is_shown_is_a_file_that_is_fine(lipflap, tmp_path: Path) -> None:
    for name in ("double-pay-trap", "fault/callback-lost", "error/kling-moderation"):
        text = lipflap("scenarios", "show", name).stdout
        assert read_text(text).name == name
        (tmp_path / "shown.yaml").write_text(text)
        done = lipflap("scenarios", "validate", "shown.yaml")
        assert (done.returncode, done.stdout) == (0, "shown.yaml: fine\n")


def test_validation_tells_everything_and_ends_with_code_1(lipflap, tmp_path: Path) -> None:
    (tmp_path / "fine.yaml").write_text("name: fine\n")
    (tmp_path / "wrong.yaml").write_text("name: wrong\nfaults: [no-such-fault]\ndialects: {a: b}\n")
    done = lipflap("scenarios", "validate", "fine.yaml", "wrong.yaml", "missing.yaml")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "fine.yaml: fine"
    assert [line.partition(": ")[0] for line in lines[1:]] == ["wrong.yaml", "wrong.yaml", "missing.yaml"]
    assert "faults[0]" in lines[1]


def test_the_schema_is_the_published_one(lipflap) -> None:
    assert lipflap("scenarios", "schema").stdout == schema_text()


def test_an_unknown_name_is_a_mistake(lipflap) -> None:
    for done in (lipflap("scenarios", "show", "hapy"), lipflap("serve", "--scenario", "hapy")):
        assert done.returncode == 2
        assert "did you mean happy" in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_scenario_that_cannot_be_played_keeps_the_server_from_starting(lipflap, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("name: wrong\nfaults: [no-such-fault]\n")
    done = lipflap("serve", "--port", "0", "--scenario", "wrong.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("lipflap: scenario wrong: faults[0]: ")


def test_every_tenant_begins_with_the_scenario_of_the_line(lipflap, serve, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: mine\nclock: manual\nfaults: [gateway-502-html@identify#1]\n")
    url = serve("--scenario", "mine.yaml").url
    for key in ("a", "b"):
        headers = {"Authorization": f"Bearer {key}"}
        body = {"video_url": "https://cdn.test/a.mp4"}
        answers = [httpx.post(f"{url}/v1/videos/identify-face", json=body, headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [502, 200]
    assert json.loads(lipflap("clock", "show", "--key", "a", "--url", url).stdout)["mode"] == "manual"
