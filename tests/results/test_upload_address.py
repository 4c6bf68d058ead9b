"""Signed addresses: every part of one is covered by its signature."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.results.upload_address import UPLOADS, is_signed, signed_path

NAME, KIND, UNTIL_S, SEED = "tenant/file.mp4", "video/mp4", 1_000, 7


def signature_of(path: str) -> str:
    return parse_qs(urlsplit(path).query)["signature"][0]


SIGNATURE = signature_of(signed_path(SEED, NAME, KIND, UNTIL_S))


def test_an_address_says_what_it_was_signed_for() -> None:
    parts = urlsplit(signed_path(SEED, NAME, KIND, UNTIL_S))
    assert parts.path == UPLOADS + NAME
    assert parse_qs(parts.query) == {"type": [KIND], "until": [str(UNTIL_S)], "signature": [SIGNATURE]}


@given(st.integers(), st.text(max_size=20), st.text(max_size=20), st.integers(0, 2**40))
def test_what_was_signed_is_recognised(seed: int, name: str, kind: str, until_s: int) -> None:
    signature = signed_path(seed, name, kind, until_s).rpartition("=")[2]
    assert is_signed(signature, seed, name, kind, until_s)


@pytest.mark.parametrize(
    ("seed", "name", "kind", "until_s"),
    [
        (SEED + 1, NAME, KIND, UNTIL_S),
        (SEED, "other/file.mp4", KIND, UNTIL_S),
        (SEED, NAME, "video/quicktime", UNTIL_S),
        (SEED, NAME, KIND, UNTIL_S + 1),
    ],
)
def test_nothing_of_it_can_be_changed(seed: int, name: str, kind: str, until_s: int) -> None:
    assert is_signed(SIGNATURE, SEED, NAME, KIND, UNTIL_S)
    assert not is_signed(SIGNATURE, seed, name, kind, until_s)


@given(st.text(max_size=70).filter(lambda text: text != SIGNATURE))
def test_no_other_text_is_a_signature(text: str) -> None:
    assert not is_signed(text, SEED, NAME, KIND, UNTIL_S)
