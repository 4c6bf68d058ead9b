"""Links that do not work yet, or no more, or not with this key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

Start = Callable[..., Any]
XML = "application/xml"


def advance(here: Any, seconds: float) -> None:
    here.admin("POST", "clock/advance", {"seconds": seconds})


def test_the_file_is_there_a_little_after_the_link(rig: Start, provider: str) -> None:
    job = rig("url-404-then-ok").job(provider)
    done = job.poll(job.start())
    seen = [job.download(done) for _ in range(3)]
    assert [wire.status for wire in seen] == [404, 404, 200]
    assert seen[0].headers["content-type"] == XML
    assert b"<Code>NoSuchKey</Code>" in seen[0].body


@pytest.mark.parametrize(("wait_s", "status"), [(3600, 200), (3601, 403)])
def test_a_link_is_good_for_an_hour_and_a_new_poll_brings_a_new_one(
    rig: Start, provider: str, wait_s: float, status: int
) -> None:
    here = rig("url-expired-403", clock="manual")
    job = here.job(provider)
    task_id = job.start()
    first = job.poll(task_id)
    advance(here, wait_s)
    wire = job.download(first)
    assert wire.status == status
    if status == 403:
        assert wire.headers["content-type"] == XML
        assert b"<Code>AccessDenied</Code><Message>Request has expired</Message>" in wire.body
    assert job.download(job.poll(task_id)).status == 200


def test_every_link_of_an_answer_is_signed(rig: Start) -> None:
    job = rig("url-expired-403", clock="manual").job("gmi")
    outcome = job.poll(job.start()).json["outcome"]
    urls = [outcome["video_url"], outcome["media_urls"][0]["url"]]
    assert [set(parse_qs(urlsplit(url).query)) for url in urls] == [{"Expires", "Signature"}] * 2


def test_a_link_cannot_be_made_to_last(rig: Start) -> None:
    job = rig("url-expired-403", clock="manual").job("kling")
    parts = urlsplit(job.result_url(job.poll(job.start())))
    expires = parse_qs(parts.query)["Expires"][0]
    longer = parts.query.replace(expires, str(int(expires) + 1))
    for query in (longer, "Expires=x&Signature=y", "Expires=99999999999"):
        wire = job.rig.ask("GET", f"{parts.path}?{query}", headers={"authorization": ""})
        assert wire.status == 403
        assert b"<Code>SignatureDoesNotMatch</Code>" in wire.body


def test_a_link_that_no_poll_has_signed_is_as_old_as_the_result(rig: Start) -> None:
    here = rig("url-expired-403;after_ms=5000", clock="manual")
    job = here.job("kling")
    path = urlsplit(job.result_url(job.poll(job.start()))).path
    assert here.ask("GET", path).status == 200
    advance(here, 5.001)
    assert here.ask("GET", path).status == 403


def test_a_poll_of_a_task_without_a_result_is_not_changed(rig: Start, provider: str) -> None:
    plain, met = rig(pace="polls:3"), rig("url-expired-403", pace="polls:3")
    bodies = []
    for here in (plain, met):
        job = here.job(provider)
        bodies.append(set(job.poll(job.start()).json))
    assert bodies[0] == bodies[1]


def test_a_key_is_refused_where_results_are_kept(rig: Start, provider: str) -> None:
    job = rig("url-rejects-auth").job(provider)
    done = job.poll(job.start())
    refused = job.download(done, headers={"authorization": "Bearer sk-rig"})
    assert (refused.status, refused.headers["content-type"]) == (400, XML)
    assert b"<Code>InvalidArgument</Code>" in refused.body
    assert job.download(done).status == 200


def test_a_key_is_wanted_where_results_are_kept(rig: Start, provider: str) -> None:
    job = rig("url-needs-auth").job(provider)
    done = job.poll(job.start())
    for header in ("", "Bearer", "Bearer ", "Basic c2stcmln"):
        refused = job.download(done, headers={"authorization": header})
        assert (refused.status, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert job.download(done, headers={"authorization": "Bearer sk-rig"}).status == 200
