"""Links that lead on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

Start = Callable[..., Any]


def test_the_file_is_at_another_name_of_the_server(rig: Start, provider: str) -> None:
    here = rig("url-redirect-foreign")
    job = here.job(provider)
    moved = job.download(job.poll(job.start()))
    assert (moved.status, moved.body) == (302, b"")
    there = urlsplit(moved.headers["location"])
    assert (there.hostname, there.port) == ("localhost", here.address[1])
    served = here.ask("GET", f"{there.path}?{there.query}", headers={"host": there.netloc})
    assert (served.status, served.headers["content-type"]) == (200, "video/mp4")


@pytest.mark.parametrize(
    ("came_by", "rule", "name"),
    [
        ("localhost", "url-redirect-foreign", "127.0.0.1"),
        ("127.0.0.1", "url-redirect-foreign;host=[::1]", "::1"),
    ],
)
def test_the_other_name_is_not_the_one_that_the_client_came_by(
    rig: Start, came_by: str, rule: str, name: str
) -> None:
    here = rig(rule)
    job = here.job("kling")
    done = job.poll(job.start())
    moved = job.download(done, headers={"host": f"{came_by}:{here.address[1]}"})
    assert urlsplit(moved.headers["location"]).hostname == name


def test_a_key_that_goes_along_is_seen_in_the_journal_and_not_what_it_is(rig: Start) -> None:
    here = rig("url-redirect-foreign")
    job = here.job("kling")
    there = urlsplit(job.download(job.poll(job.start())).headers["location"])
    path = f"{there.path}?{there.query}"
    here.ask("GET", path, headers={"host": there.netloc, "authorization": "Bearer sk-secret"})
    journal = here.admin("GET", "journal")
    first, second = journal["entries"][-2:]
    assert [first["status"], second["status"]] == [302, 200]
    assert [first["faults"], second["faults"]] == [["url-redirect-foreign"], []]
    assert dict(second["headers"])["authorization"] == "redacted"
    assert "authorization" not in dict(first["headers"])
    assert "sk-secret" not in str(journal)


def test_a_link_may_lead_to_itself(rig: Start, provider: str) -> None:
    here = rig("redirect-loop")
    job = here.job(provider)
    done = job.poll(job.start())
    for _ in range(3):
        moved = job.download(done)
        assert (moved.status, moved.headers["location"]) == (302, job.result_url(done))


def test_a_link_may_lead_to_where_nobody_may_go(rig: Start, provider: str) -> None:
    job = rig("redirect-to-metadata").job(provider)
    moved = job.download(job.poll(job.start()))
    assert (moved.status, moved.headers["location"]) == (302, "http://169.254.169.254/latest/meta-data/")
