"""An answer about a file, as a value: what the routes put on the wire is tested with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.flow.call import Answer, Headers
from mock_server.flow.file_answer import digest_in, file_answer

DATA = bytes(range(100))


def asked(method: str = "GET", **headers: str) -> Answer:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return file_answer(DATA, "d1", "video/mp4", method, Headers(raw))


@pytest.mark.parametrize(
    ("headers", "status", "body"),
    [
        ({}, 200, DATA),
        ({"range": "bytes=10-19"}, 206, DATA[10:20]),
        ({"range": "bytes=10-19", "if_range": '"d1"'}, 206, DATA[10:20]),
        ({"range": "bytes=10-19", "if_range": '"d2"'}, 200, DATA),
        ({"range": "bytes=10-19", "if_range": ""}, 200, DATA),
        ({"range": "bytes=100-"}, 416, b""),
        ({"if_none_match": '"d1"'}, 304, b""),
    ],
)
def test_conditions_decide_what_is_sent(headers: dict[str, str], status: int, body: bytes) -> None:
    answer = asked(**headers)
    assert (answer.status, answer.body) == (status, body)
    assert digest_in(answer) == "d1"


def test_a_head_tells_the_length_alone() -> None:
    answer = asked("HEAD")
    assert (answer.status, answer.body, dict(answer.headers)[b"content-length"]) == (200, b"", b"100")


def test_an_answer_about_no_file_has_no_digest() -> None:
    assert digest_in(Answer(404, b"{}")) == ""


@given(st.integers(0, 99), st.integers(0, 99))
def test_any_part_is_that_part(first: int, length: int) -> None:
    answer = asked(range=f"bytes={first}-{first + length}")
    assert answer.body == DATA[first : first + length + 1]
