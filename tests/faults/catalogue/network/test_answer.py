"""Answers that go over the wire in an odd way: broken, halted, dripping, late, the last on their connection."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from itertools import pairwise
from typing import Any

import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contracts.contract import load_contract
from mock_server.core.fault import Occasion, ParamValue
from mock_server.core.ids import Choices
from mock_server.core.wire import Pause, Script, Send
from mock_server.faults import http_bytes
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.catalogue.network.answer import delay_ms
from mock_server.faults.model import OnWire, Scene
from mock_server.flow.call import Answer, Headers
from mock_server.providers.kling.anatomy import ANATOMY

Start = Callable[..., Any]
VIDEO = "https://cdn.test/talk.mp4?lipflap.duration_ms=9000"
AUDIO = "https://cdn.test/line.mp3?lipflap.duration_ms=6000"
ANSWER = Answer(200, b'{"code": 0, "data": {"task_id": "1"}}')


def scene(fault: str, *, seed: int = 0, nth: int = 1, **params: ParamValue) -> Scene:
    """A poll without anything that these hooks do not look at."""

    def no_journal() -> tuple[()]:
        return ()

    return Scene(
        occasion=Occasion.POLL,
        contract=load_contract("kling"),
        anatomy=ANATOMY,
        now_ms=0,
        nth=nth,
        params={**{param.name: param.default for param in CATALOGUE.get(fault).params}, **params},
        choices=Choices(seed, "tenant"),
        method="GET",
        path="/",
        headers=Headers(()),
        base_url="",
        body=None,
        task=None,
        refuse=lambda refused: Answer(400, refused.error.encode()),
        journal=no_journal,
    )


def script(fault: str, answer: Answer, **params: int) -> Script:
    [hook] = CATALOGUE.get(fault).hooks
    assert isinstance(hook, OnWire)
    return hook.act(answer, scene(fault, seed=0, nth=1, **params))


class Reader:
    """What a parser of HTTP/1.1 finds."""

    def __init__(self) -> None:
        self.body = b""
        self.is_complete = False

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.is_complete = True


@pytest.mark.parametrize(("broken", "is_error"), [("size", True), ("data", False), ("end", False)])
def test_a_broken_chunk_never_makes_a_whole_answer(
    rig: Start, provider: str, broken: str, is_error: bool
) -> None:
    job = rig(f"malformed-chunk;broken={broken}").job(provider)
    task_id = job.start()
    good, bad, after = (job.poll(task_id) for _ in range(3))
    assert (good.status, bad.status, after.status) == (200, 200, 200)
    assert (bad.headers["transfer-encoding"], bad.end) == ("chunked", "fin")
    reader = Reader()
    parser = httptools.HttpResponseParser(reader)
    if is_error:
        with pytest.raises(httptools.HttpParserError):
            parser.feed_data(bad.data)
    else:
        parser.feed_data(bad.data)
    assert not reader.is_complete
    assert reader.body
    assert job.status_of(good) == job.status_of(after)


def test_a_stalled_body_has_its_head_and_a_half(rig: Start, provider: str) -> None:
    job = rig("stall-body;limit_ms=1").job(provider)
    task_id = job.start()
    job.poll(task_id)
    wire = job.poll(task_id)
    assert (wire.status, wire.end) == (200, "fin")
    assert len(wire.body) == int(wire.headers["content-length"]) // 2
    assert job.poll(task_id).status == 200


def test_a_stalled_body_stays_open_for_as_long_as_the_client_waits(rig: Start) -> None:
    wire = rig("stall-body@list#1").ask("GET", "/v1/videos/advanced-lip-sync", patience_s=0.2)
    assert wire.end == "open"
    assert b"\r\n\r\n" in wire.data


def test_a_dripping_poll_is_whole_in_the_end(rig: Start, provider: str) -> None:
    job = rig("drip-body@poll#1;every_ms=1;pieces=20;piece_bytes=3").job(provider)
    task_id = job.start()
    wire = job.poll(task_id)
    assert job.status_of(wire) == job.status_of(job.poll(task_id))
    assert wire.headers["content-length"] == str(len(wire.body))


@given(st.binary(max_size=60), st.integers(1, 9), st.integers(1, 20))
def test_drips_add_up_to_the_answer(body: bytes, piece_bytes: int, pieces: int) -> None:
    answer = replace(ANSWER, body=body)
    first, *rest = script("drip-body", answer, piece_bytes=piece_bytes, pieces=pieces, every_ms=7)
    sent = [act.data for act in (first, *rest) if isinstance(act, Send)]
    assert b"".join(sent) == http_bytes.whole(answer)
    assert sent[0] == http_bytes.head(answer)
    assert all(len(piece) <= piece_bytes for piece in sent[1 : pieces + 1])
    assert rest[::2] == [Pause(7)] * len(sent[1:])


def test_by_default_a_read_timeout_of_5_s_never_fires_within_ten_minutes() -> None:
    acts = script("drip-body", replace(ANSWER, body=bytes(1000)))
    pauses = [act.wait_ms for act in acts if isinstance(act, Pause)]
    assert max(pauses) < 5_000
    assert sum(pauses) >= 600_000
    assert all(isinstance(before, Pause) != isinstance(after, Pause) for before, after in pairwise(acts))


def test_a_drip_begins_at_downloads() -> None:
    assert CATALOGUE.get("drip-body").occasions[0] is Occasion.DOWNLOAD


def test_delays_have_the_median_asked_for_and_a_long_tail() -> None:
    delays = sorted(
        delay_ms(scene("slow-lognormal", nth=nth, median_ms=1000, sigma=0.5)) for nth in range(1, 2001)
    )
    assert 950 < delays[1000] < 1050
    # a log-normal's quartiles lie at exp(+-0.6745 sigma) of its median
    assert 680 < delays[500] < 750
    assert 1330 < delays[1500] < 1480
    assert delays[-1] > 3000


@given(st.integers(0, 99), st.integers(1, 99), st.integers(0, 5000), st.floats(0, 5))
def test_a_delay_is_drawn_from_the_seed_and_within_its_bound(
    seed: int, nth: int, most_ms: int, sigma: float
) -> None:
    here = scene("slow-lognormal", seed=seed, nth=nth, sigma=sigma, max_ms=most_ms)
    assert delay_ms(here) == delay_ms(here)
    assert 0 <= delay_ms(here) <= most_ms


def test_without_spread_every_delay_is_the_median() -> None:
    delays = {delay_ms(scene("slow-lognormal", nth=nth, median_ms=640, sigma=0.0)) for nth in range(9)}
    assert delays == {640}


def test_a_slow_server_is_slow_everywhere_and_right(rig: Start, provider: str) -> None:
    here = rig("slow-lognormal;median_ms=1;max_ms=2")
    job = here.job(provider)
    task_id = job.start()
    assert job.poll(task_id).status == 200
    slow = [entry for entry in here.admin("GET", "journal")["entries"] if entry["faults"]]
    assert len(slow) == len(here.admin("GET", "journal")["entries"])


def kept_open(here: Any) -> closing[HTTPConnection]:
    host, port = here.address
    return closing(HTTPConnection(host, port, timeout=10))


def exchange(kept: HTTPConnection, here: Any, method: str, path: str, body: object = None) -> HTTPResponse:
    headers = {"authorization": f"Bearer {here.key}", "content-type": "application/json"}
    kept.request(method, path, None if body is None else json.dumps(body), headers)
    return kept.getresponse()


def test_the_next_request_on_a_kept_connection_is_broken_off(rig: Start) -> None:
    here = rig("keepalive-race-close")
    task_id = here.job("kling").start()
    poll = ("GET", f"/v1/videos/advanced-lip-sync/{task_id}")
    with kept_open(here) as kept:
        answer = exchange(kept, here, *poll)
        assert (answer.status, answer.will_close) == (200, False)
        assert json.loads(answer.read())["data"]["task_id"] == task_id
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            exchange(kept, here, *poll)
    assert here.job("kling").poll(task_id).status == 200


def test_a_submit_that_meets_the_race_has_made_no_task(rig: Start) -> None:
    here = rig("keepalive-race-close@identify#1")
    job = here.job("kling")
    with kept_open(here) as kept:
        answer = exchange(kept, here, "POST", "/v1/videos/identify-face", {"video_url": VIDEO})
        found = json.loads(answer.read())["data"]
        job.session_id, job.face_id = found["session_id"], found["face_data"][0]["face_id"]
        body = {"session_id": job.session_id, "face_choose": job.face_choose(AUDIO)}
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            exchange(kept, here, "POST", "/v1/videos/advanced-lip-sync", body)
    assert job.tasks() == []
    assert job.submit().status == 200


def test_a_dripping_download_is_whole_in_the_end(rig: Start, provider: str) -> None:
    job = rig("drip-body;every_ms=1;pieces=9").job(provider)
    polled = job.poll(job.start())
    dripping, plain = job.download(polled), job.download(polled)
    assert dripping.headers["content-type"] == "video/mp4"
    assert dripping.body == plain.body
