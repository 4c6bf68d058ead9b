"""Files over HTTP: whole, in part, only if changed, or headers alone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mock_server.media.samples import SAMPLES, sample_bytes

if TYPE_CHECKING:
    from tests.results.conftest import Desk

URL = "/__lipflap/media/speech.mp3"
DATA = sample_bytes("speech.mp3")
SIZE = len(DATA)
REUSED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def etag(desk: Desk) -> str:
    value: str = desk.get(URL).headers["etag"]
    return value


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_sample_is_served_whole_with_its_type_and_a_strong_etag(desk: Desk, sample: object) -> None:
    name, content_type = getattr(sample, "name", ""), getattr(sample, "content_type", "")
    answer = desk.get(f"/__lipflap/media/{name}")
    assert (answer.status_code, answer.content) == (200, sample_bytes(name))
    assert answer.headers["content-type"] == content_type
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'


def test_head_tells_the_same_and_sends_nothing(desk: Desk) -> None:
    whole, head = desk.get(URL), desk.client.head(URL)
    assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(whole.headers))


def test_head_takes_no_notice_of_a_range(desk: Desk) -> None:
    head = desk.client.head(URL, headers={"range": "bytes=0-1"})
    assert (head.status_code, head.headers["content-length"]) == (200, str(SIZE))


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, SIZE - 1),
        ("bytes=-1", SIZE - 1, SIZE - 1),
        ("bytes=-500", SIZE - 500, SIZE - 1),
        (f"bytes=-{SIZE + 5}", 0, SIZE - 1),
        (f"bytes=5-{SIZE + 5}", 5, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        ("Bytes=0-9", 0, 9),
        (" bytes=0-9 ", 0, 9),
    ],
)
def test_one_range_gets_that_part(desk: Desk, wanted: str, first: int, last: int) -> None:
    answer = desk.get(URL, range=wanted)
    assert (answer.status_code, answer.content) == (206, DATA[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.headers["content-type"] == "audio/mpeg"


@pytest.mark.parametrize(
    "wanted", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0", "bytes=999999999999999999-"]
)
def test_a_range_behind_the_end_is_not_satisfiable(desk: Desk, wanted: str) -> None:
    answer = desk.get(URL, range=wanted)
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "wanted",
    [
        "bytes=0-1,5-6",
        "bytes=0-1, 5-6",
        "bytes=-",
        "bytes=9-5",
        "bytes=a-b",
        "bytes=0-1-2",
        "bytes=+1-2",
        "bytes=1 - 2",
        "bytes",
        "items=0-1",
        "",
        "bytes=\u0661-\u0662",
        "bytes=0-9999999999999999999999",
    ],
)
def test_any_other_range_is_as_if_it_were_not_there(desk: Desk, wanted: str) -> None:
    answer = desk.client.get(URL, headers={b"range": wanted.encode()})
    assert (answer.status_code, len(answer.content)) == (200, SIZE)
    assert "content-range" not in answer.headers


@REUSED
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30).map("bytes={}".format))
@example("bytes=0-")
def test_whatever_the_range_says_the_answer_fits_it(desk: Desk, wanted: str) -> None:
    answer = desk.get(URL, range=wanted)
    assert answer.status_code in {200, 206, 416}
    if answer.status_code == 206:
        span, _, size = answer.headers["content-range"].removeprefix("bytes ").partition("/")
        first, last = map(int, span.split("-"))
        assert (answer.content, int(size)) == (DATA[first : last + 1], SIZE)


def test_parts_that_follow_each_other_make_the_file(desk: Desk) -> None:
    step = SIZE // 7 + 1
    parts = [
        desk.get(URL, range=f"bytes={first}-{first + step - 1}").content for first in range(0, SIZE, step)
    ]
    assert b"".join(parts) == DATA


def test_ten_thousand_ranges_get_the_whole_file_once(desk: Desk) -> None:
    many = "bytes=" + ",".join(f"{first}-{first + 1}" for first in range(0, 20_000, 2))
    answer = desk.get(URL, range=many)
    assert (answer.status_code, len(answer.content)) == (200, SIZE)


def test_a_file_that_the_client_has_is_not_sent_again(desk: Desk) -> None:
    known = etag(desk)
    for condition in (known, f"W/{known}", f'"other", {known}', "*"):
        answer = desk.get(URL, if_none_match=condition, range="bytes=0-1")
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", known)
    assert desk.get(URL, if_none_match='"other"').status_code == 200


def test_a_part_is_sent_only_of_the_file_that_the_client_began(desk: Desk) -> None:
    known = etag(desk)
    assert desk.get(URL, range="bytes=0-1", if_range=known).status_code == 206
    for condition in ('"other"', f"W/{known}", "Wed, 21 Oct 2026 07:28:00 GMT"):
        answer = desk.get(URL, range="bytes=0-1", if_range=condition)
        assert (answer.status_code, len(answer.content)) == (200, SIZE)


@pytest.mark.parametrize(
    "path",
    [
        "media/",
        "media/none.mp4",
        "media/talk",
        "media/talk.mp4.exe",
        "media/../media/talk.mp4x",
        "media/%2e%2e/%2e%2e/etc/passwd.mp4",
        "media/uploads/.mp4",
        "media/uploads/a/b/c.mp4",
        "results/",
        "results/none.mp4",
        "results/none.mp3",
        "results/none.wav",
    ],
)
def test_what_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    assert desk.get(f"/__lipflap/{path}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_files_are_only_read(desk: Desk, method: str) -> None:
    assert desk.client.request(method, URL).status_code == 405


def test_ten_thousand_ranges_at_once_get_the_whole_file(desk: Desk) -> None:
    ranges = ",".join(f"{first}-{first}" for first in range(10_000))
    answer = desk.client.get(URL, headers={"range": f"bytes={ranges}"})
    assert answer.status_code == 200
    assert len(answer.content) == int(answer.headers["content-length"])
