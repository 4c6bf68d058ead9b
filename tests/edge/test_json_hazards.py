"""Hazards of JSON, on every operation with a body: 4xx in the provider's own form, never a traceback."""

from __future__ import annotations

import gzip
import json
import logging
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.edge.conftest import Target

    TargetOf = Callable[[str], Target]

MALFORMED = {
    "NaN": b'"x": NaN',
    "Infinity": b'"x": Infinity',
    "-Infinity": b'"x": -Infinity',
    "1e999": b'"x": 1e999',
    "-1e999": b'"x": [-1e999]',
    "integer of 5000 digits": b'"x": ' + b"1" * 5000,
    "hexadecimal": b'"x": 0x10',
    "leading zero": b'"x": 007',
    "plus sign": b'"x": +1',
    "full-width digits": '"x": \uff11\uff12\uff13'.encode(),
    "key twice": b'"x": 1, "x": 2',
    "key twice, equal values": b'"x": 1, "x": 1',
    "key twice, once escaped": b'"x": 1, "\\u0078": 2',
    "key twice, deeper": b'"x": [{"y": {"z": 1, "z": null}}]',
    "65 levels": b'"x": ' + b"[" * 64 + b"]" * 64,
    "100 000 levels": b'"x": ' + b"[" * 100_000 + b"]" * 100_000,
    "100 000 levels of objects": b'"x": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "100 001 empty lists": b'"x": [' + b"[]," * 100_000 + b"[]]",
    "lone high surrogate": b'"x": "\\ud800"',
    "lone low surrogate": b'"x": "\\udc00 and more"',
    "high surrogate without its low": b'"x": "\\ud83d\\u0041"',
    "lone surrogate in a key": b'"\\ud800": 1',
    "surrogate in raw bytes": b'"x": "\xed\xa0\x80"',
    "byte that is no UTF-8": b'"x": "\xff"',
    "Latin-1": '"x": "é"'.encode("latin-1"),
    "UTF-8 too long": b'"x": "\xc0\x80"',
    "control character in a text": b'"x": "a\x01b"',
    "line break in a text": b'"x": "a\nb"',
    "unknown escape": b'"x": "\\q"',
    "comment": b'"x": 1 /* why */',
    "single quotes": b"'x': 1",
    "trailing comma": b'"x": [1,]',
    "bare word": b'"x": undefined',
}
"""By name, one more member for the object that is sent."""

NO_OBJECT = {
    "null": b"null",
    "true": b"true",
    "1": b"1",
    "text": b'"x"',
    "array": b"[]",
    "array of objects": b"[{}]",
}
NO_JSON = {
    "nothing": b"",
    "blanks": b" \n\t ",
    "half": b'{"model": "kirin',
    "two values": b"{} {}",
    "form": b"model=kirin_tts&text=x",
    "XML": b"<x/>",
    "nul": b"\x00",
    "byte order mark": b"\xef\xbb\xbf{}",
}


@pytest.fixture(autouse=True)
def nothing_went_wrong_inside(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.WARNING):
        yield
    assert [record.message for record in caplog.records if record.name.startswith("mock_server")] == []


def test_every_operation_with_a_body_is_a_target(operations_without_target: set[str]) -> None:
    assert operations_without_target == set()


def test_body_without_a_hazard_is_accepted(target: Target) -> None:
    assert target.send_json(target.body).status_code == 200


@pytest.mark.parametrize("hazard", MALFORMED)
def test_malformed_json_is_refused(target: Target, hazard: str) -> None:
    target.unreadable(target.send(target.with_extra(MALFORMED[hazard])))


@pytest.mark.parametrize("hazard", NO_JSON)
def test_what_is_no_json_is_refused(target: Target, hazard: str) -> None:
    target.unreadable(target.send(NO_JSON[hazard]))


@pytest.mark.parametrize("hazard", NO_OBJECT)
def test_json_that_is_no_object_is_refused(target: Target, hazard: str) -> None:
    assert target.send(NO_OBJECT[hazard]).status_code == 400
    target.refused(target.send(NO_OBJECT[hazard]))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-32-be", "utf-8-sig"])
def test_other_encodings_than_utf_8_are_refused(target: Target, encoding: str) -> None:
    target.unreadable(target.send(json.dumps(target.body).encode(encoding)))


def test_three_million_empty_lists_are_over_the_cap(target: Target) -> None:
    answer = target.send(target.with_extra(b'"x": [' + b"[]," * 2_999_999 + b"[]]"))
    target.refused(answer)
    assert answer.status_code == (400 if target.provider == "kling" else 413)


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json"],
)
def test_other_content_types_are_refused(target: Target, content_type: str) -> None:
    answer = target.send(json.dumps(target.body).encode(), **{"Content-Type": content_type})
    target.unreadable(answer)
    assert "Content-Type" in answer.text


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"]
)
def test_content_type_may_have_parameters_and_any_case(target: Target, content_type: str) -> None:
    answer = target.send(json.dumps(target.body).encode(), **{"Content-Type": content_type})
    assert answer.status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "identity", "br", ""])
def test_content_encoding_is_refused_unread(target: Target, encoding: str) -> None:
    bomb = gzip.compress(bytes(10 * 2**20))
    answer = target.send(bomb, **{"Content-Encoding": encoding})
    target.unreadable(answer)
    assert "Content-Encoding" in answer.text


@pytest.mark.parametrize("number", [2**63, 2**64, -(2**64), 10**400], ids=["2^63", "2^64", "-2^64", "10^400"])
def test_number_beyond_64_bits_in_an_unknown_field_harms_nobody(target: Target, number: int) -> None:
    assert target.send(target.with_extra(b'"x": %d' % number)).status_code == 200


NUMBERS = {
    "createLipSync": ("face_choose", 0),
    "submitRequest": ("payload", "face_choose", 0),
    "iamSubmitRequest": ("payload", "face_choose", 0),
    "createGeneration": ("face_choose", 0),
    "prechargeGeneration": ("face_choose", 0),
}


@pytest.mark.parametrize("name", ["sound_start_time", "sound_end_time", "sound_insert_time", "sound_volume"])
@pytest.mark.parametrize(
    "number", [2**63, 2**64, -(2**64), 10**400, 1e308], ids=["2^63", "2^64", "-2^64", "10^400", "1e308"]
)
@pytest.mark.parametrize("operation", NUMBERS)
def test_number_beyond_its_range_is_refused(
    target_of: TargetOf, operation: str, name: str, number: float
) -> None:
    target = target_of(operation)
    target.refused(target.send_json(target.changed((*NUMBERS[operation], name), number)))


def test_number_beyond_64_bits_is_echoed_to_the_digit(target_of: TargetOf) -> None:
    target = target_of("submitRequest")
    created = target.send_json(target.changed(("payload", "x"), [2**64, -(2**70), 10**400])).json()
    record = target.client.get(f"{target.path}/{created['request_id']}").json()
    assert record["payload"]["x"] == [2**64, -(2**70), 10**400]


def test_64_levels_and_escaped_texts_are_fine(target: Target) -> None:
    deep = b'"x": ' + b"[" * 63 + b"]" * 63
    assert target.send(target.with_extra(deep)).status_code == 200
    texts = rb'"a:{[": "\"}]:{", "b\\": "\ud83d\ude00 \u0000 \\", "c": ":,:"'
    assert target.send(target.with_extra(texts)).status_code == 200


@pytest.mark.parametrize("value", [None, True, 7, 7.5, [], {}, ["x"]], ids=repr)
def test_value_of_another_type_is_refused_for_every_field(target: Target, value: object) -> None:
    for name, present in target.body.items():
        if not isinstance(value, type(present)) and (name, value) != ("otpCode", None):
            if name == "voice_speed" and isinstance(value, float):
                continue
            target.refused(target.send_json(target.changed((name,), value)))
