"""How a kept body is shown."""

from __future__ import annotations

import base64
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.admin.body_view import body_view

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def shown(kept: bytes, size_bytes: int) -> dict[str, object]:
    """The view as a client reads it."""
    view: dict[str, object] = json.loads(msgspec.json.encode(body_view(kept, size_bytes)))
    return view


@given(VALUES, st.sampled_from([None, 2]))
def test_whole_json_is_shown_as_the_value_it_is(value: object, indent: int | None) -> None:
    raw = json.dumps(value, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert shown(raw, len(raw)) == {"bytes": len(raw), "is_cut": False, "json": value}


@given(st.binary(max_size=60), st.integers(0, 3))
def test_any_bytes_can_be_shown_and_what_was_kept_is_all_there(kept: bytes, missing: int) -> None:
    view = shown(kept, len(kept) + missing)
    assert view.pop("bytes") == len(kept) + missing
    assert view.pop("is_cut") == (missing > 0)
    (form, value), *others = view.items()
    assert not others
    if form == "base64":
        assert base64.b64decode(str(value)) == kept
    elif form == "text":
        assert kept.startswith(str(value).encode())
        assert len(kept) - len(str(value).encode()) <= (3 if missing else 0)
    else:
        assert json.loads(kept) == value


def test_a_cut_through_a_character_drops_its_half() -> None:
    assert shown("aé".encode()[:2], 100) == {"bytes": 100, "is_cut": True, "text": "a"}


@pytest.mark.parametrize("raw", [b"NaN", b'"\\ud800"', b"[" * 5_000, b"{} {}", b'{"a": 1'])
def test_what_is_not_json_is_text(raw: bytes) -> None:
    assert shown(raw, len(raw))["text"] == raw.decode()


def test_nothing_is_an_empty_text() -> None:
    assert shown(b"", 0) == {"bytes": 0, "is_cut": False, "text": ""}
