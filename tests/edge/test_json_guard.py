"""The guard in front of every body: what a second, slower reader of JSON accepts, and nothing beyond its limits."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_server.core.errors import Refused
from mock_server.edge.json_guard import MAX_DEPTH, MAX_NODES, parse_json

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ('"', "\\", '\\"', "{[:,", "\x00")
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=20,
)


def reason(raw: bytes) -> str:
    with pytest.raises(Refused) as refused:
        parse_json(raw)
    assert refused.value.error == "invalid-request"
    message = refused.value.message or ""
    assert message.startswith("request body is not valid JSON: ")
    return message.removeprefix("request body is not valid JSON: ")


def strictly(raw: bytes) -> object:
    """The oracle: the standard library's reader, made strict. Raises ValueError."""

    def no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError("twins")
        return dict(pairs)

    def finite(text: str) -> float:
        number = float(text)
        if number in {float("inf"), float("-inf")}:
            raise ValueError(text)
        return number

    def no_constant(text: str) -> float:
        raise ValueError(text)

    value: object = json.loads(
        raw.decode("utf-8"), object_pairs_hook=no_twins, parse_float=finite, parse_constant=no_constant
    )
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


@given(value=VALUES, indent=st.sampled_from((None, 1)), ascii_only=st.booleans())
def test_what_was_written_is_read_back(value: object, indent: int | None, ascii_only: bool) -> None:
    raw = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    assert parse_json(raw) == value


@given(raw=st.binary(max_size=60) | st.text('{}[]",:\\u0d8x1eE.-+ \n/ntf', max_size=40).map(str.encode))
@example(raw=b'{"a":1,"a":1}')
@example(raw=b'{"a":{"b":1},"c":{"b":1}}')
@example(raw=b'{"a":1,"\\u0061":1}')
@example(raw=b'{"\\"":1,"\\u0022":2}')
@example(raw=b'{"a\\\\":1}')
@example(raw=b'"\\ud83d\\ude00"')
@example(raw=b'["\\ud83d"]')
@example(raw=b"\xef\xbb\xbf1")
@example(raw=b"-0")
def test_any_bytes_are_judged_as_a_strict_reader_judges_them(raw: bytes) -> None:
    try:
        expected = strictly(raw)
    except (ValueError, RecursionError):
        reason(raw)
    else:
        assert parse_json(raw) == expected


@pytest.mark.parametrize(("opened", "closed"), [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]")])
def test_depth_is_accepted_up_to_its_limit(opened: bytes, closed: bytes) -> None:
    levels = len(opened.replace(b'"a":', b""))
    fits = MAX_DEPTH // levels
    parse_json(opened * fits + b"1" + closed * fits)
    assert (
        reason(opened * (fits + 1) + b"1" + closed * (fits + 1)) == f"nested deeper than {MAX_DEPTH} levels"
    )


def test_depth_is_measured_where_there_are_shallow_neighbours_too() -> None:
    deep = b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1)
    parse_json(b"[[]," + deep + b",{}]")
    reason(b"[[],[" + deep + b"]]")


def test_many_shallow_lists_are_not_deep() -> None:
    assert parse_json(b"[" + b"[]," * 1000 + b"[]]") == [[]] * 1001


def test_nodes_are_accepted_up_to_their_limit() -> None:
    assert len(parse_json(b"[" + b"1," * (MAX_NODES - 1) + b"1]")) == MAX_NODES  # type: ignore[arg-type]
    assert reason(b"[" + b"1," * MAX_NODES + b"1]") == f"more than {MAX_NODES} values"


def test_brackets_and_commas_inside_of_texts_do_not_count() -> None:
    text = '[{,"\\' * MAX_NODES
    assert parse_json(json.dumps({"a": text}).encode()) == {"a": text}


def test_twins_are_found_beside_keys_of_the_same_name_elsewhere() -> None:
    assert parse_json(b'[{"a":1},{"a":1},{"b":{"a":":"}}]') == [{"a": 1}, {"a": 1}, {"b": {"a": ":"}}]
    assert parse_json(b'{"a":"a"}') == {"a": "a"}
    assert reason(b'[{"a":1},{"b":{"a":1,"a":2}}]') == "an object has a key twice"


def test_twins_are_found_beside_a_long_text() -> None:
    text = b"x" * 70_000
    assert parse_json(b'{"a":"%b","b":"%b"}' % (text, text)) == {"a": text.decode(), "b": text.decode()}
    assert reason(b'{"a":"%b","a":1}' % text) == "an object has a key twice"


def test_numbers_keep_every_digit() -> None:
    digits = 10**400 + 7
    assert parse_json(b"%d" % digits) == digits
    assert isinstance(parse_json(b"%d" % 2**64), int)


@pytest.mark.parametrize(
    "raw", [b"secret", b'{"password": "secret', b'{"a": secret}', b'"\\secret"', b'"secret" secret']
)
def test_reason_never_quotes_what_was_sent(raw: bytes) -> None:
    assert "secret" not in reason(raw)
