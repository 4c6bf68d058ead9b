"""Bit fields, by the examples of H.264 § 9.1."""

from __future__ import annotations

import pytest

from mock_server.media.bits import fixed, packed, signed, unsigned


def test_unsigned_codes_are_those_of_table_9_2():
    assert [unsigned(value) for value in range(6)] == ["1", "010", "011", "00100", "00101", "00110"]


def test_signed_values_are_numbered_as_in_table_9_3():
    assert [signed(value) for value in (0, 1, -1, 2, -2)] == [unsigned(number) for number in range(5)]


def test_fields_are_packed_from_the_left():
    assert packed("1", fixed(1, 7), fixed(0xBEEF, 16)) == b"\x81\xbe\xef"
    assert packed() == b""


def test_a_broken_byte_is_refused():
    with pytest.raises(ValueError, match="7 bits"):
        packed("1111111")
