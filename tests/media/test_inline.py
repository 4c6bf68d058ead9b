"""Base64 is read strictly and measured before it is decoded."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.media.inline import NotBase64Error, TooLargeError, decode_base64, decoded_bytes

LIMIT = 5 * 1024 * 1024


@given(st.binary(min_size=1, max_size=300))
def test_what_was_encoded_comes_back(data):
    text = base64.b64encode(data).decode()
    assert decode_base64(text, len(data)) == data
    assert decoded_bytes(text) == len(data)


@given(st.binary(min_size=2, max_size=300))
def test_one_byte_over_the_limit_is_too_large(data):
    with pytest.raises(TooLargeError):
        decode_base64(base64.b64encode(data).decode(), len(data) - 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "YQ",
        "YQ=",
        "YWJj\n",
        "YW Jj",
        " YWJj",
        "YWJjZA==YWJj",
        "YQ===",
        "=AAA",
        "data:audio/mpeg;base64,YWJj",
        "YW-_",
        "\uff39WJj",
        "YWJ\x00",
        "\ud800AAA",
        "hello, world",
    ],
)
def test_anything_but_exact_base64_is_refused(text):
    with pytest.raises(NotBase64Error):
        decode_base64(text, LIMIT)


@given(st.text(min_size=1, max_size=24))
def test_text_is_either_exact_base64_or_refused(text):
    try:
        data = decode_base64(text, LIMIT)
    except NotBase64Error:
        return
    # Trailing bits that encode nothing may differ; nothing else may.
    assert base64.b64encode(data).decode()[:-3] == text[:-3]


def test_an_oversized_text_is_refused_without_being_decoded():
    text = "!" * (LIMIT // 3 * 4 + 8)
    with pytest.raises(TooLargeError):
        decode_base64(text, LIMIT)


def test_the_limit_itself_is_decoded():
    text = base64.b64encode(bytes(LIMIT)).decode()
    assert len(decode_base64(text, LIMIT)) == LIMIT
