"""A target is a path with a query, or a whole URL; the path is decoded, and what came is kept beside it."""

from __future__ import annotations

from urllib.parse import quote

import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.hosting.refusal import Refusal
from mock_server.hosting.target import Target, target_of


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (b"/", Target("/", b"/", b"")),
        (b"/v1/a%20b?c=%20d", Target("/v1/a b", b"/v1/a%20b", b"c=%20d")),
        (b"/a?", Target("/a", b"/a", b"")),
        (b"*", Target("*", b"*", b"")),
        (b"http://host:1/a?b", Target("/a", b"/a", b"b")),
    ],
)
def test_a_target_is_taken_apart(url: bytes, target: Target) -> None:
    assert target_of(url) == target


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_path_comes_back_as_it_was(path: str) -> None:
    assert target_of(b"/" + quote(path).encode()).path == f"/{path}"


def test_what_has_no_path_is_refused() -> None:
    with pytest.raises(Refusal, match="no path"):
        target_of(b"http://host")


@pytest.mark.parametrize("url", [b"host:80", b"a b"])
def test_what_is_no_url_is_the_parser_s_to_refuse(url: bytes) -> None:
    with pytest.raises(httptools.HttpParserInvalidURLError):
        target_of(url)
