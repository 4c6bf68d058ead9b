"""What is written down of a request, as values: the journal as a whole is tested with the edge."""

from __future__ import annotations

import pytest

from mock_server.flow.call import Headers
from mock_server.flow.redaction import (
    REDACTED,
    redacted_body,
    redacted_headers,
    redacted_target,
    redacted_url,
)


def test_names_stay_and_secrets_go() -> None:
    raw = ((b"authorization", b"Bearer s3cret"), (b"accept", b"*/*"), (b"cookie", b"a=s3cret"))
    assert redacted_headers(Headers(raw)) == (
        ("authorization", REDACTED),
        ("accept", "*/*"),
        ("cookie", REDACTED),
    )


def test_the_same_headers_share_what_is_written_down_and_a_thousand_others_do_not_harm() -> None:
    headers = Headers(((b"accept", b"*/*"),))
    assert redacted_headers(headers) is redacted_headers(headers)
    for number in range(1_000):
        redacted_headers(Headers(((b"x-number", b"%d" % number),)))
    assert redacted_headers(headers) == (("accept", "*/*"),)


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("", "/a"),
        ("page=2", "/a?page=2"),
        ("Expires=9&Signature=s3cret", "/a?Expires=9&Signature=redacted"),
        ("api_key=s3cret&b=1", "/a?api_key=redacted&b=1"),
        ("monkey=1", "/a?monkey=1"),
    ],
)
def test_a_target_keeps_all_but_its_secrets(query: str, target: str) -> None:
    assert redacted_target("/a", query) == target


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b'{"video_url": "https://h/a.mp4"}', b'{"video_url": "https://h/a.mp4"}'),
        (
            b'{"u": "https://h/a?X-Amz-Signature=s1&x=2", "v": "http://h/?token=t&b=1"}',
            b'{"u": "https://h/a?X-Amz-Signature=redacted&x=2", "v": "http://h/?token=redacted&b=1"}',
        ),
        (b'{"text": "the key=word is no URL"}', b'{"text": "the key=word is no URL"}'),
        (b'{"u": "https://h/a?SIGNATURE=s"}', b'{"u": "https://h/a?SIGNATURE=redacted"}'),
        (b'{"u": "https://h/a?monkey=1"}', b'{"u": "https://h/a?monkey=1"}'),
    ],
)
def test_urls_in_a_body_lose_their_secrets_and_nothing_else_changes(body: bytes, kept: bytes) -> None:
    assert redacted_body(body) == kept


def test_a_url_is_shown_without_its_secrets() -> None:
    assert redacted_url("https://h/a?x=1&api_key=s") == "https://h/a?x=1&api_key=redacted"
    assert redacted_url("https://h/a") == "https://h/a"
