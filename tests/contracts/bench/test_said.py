"""What a function prints is heard."""

from __future__ import annotations

import logging
import sys

from contracts.bench.said import Said
from contracts.client.command import MOST_KEPT_BYTES


def test_both_streams_are_heard_and_taken_once() -> None:
    said = Said()
    with said.heard():
        print("working")
        print("no faces", file=sys.stderr)
    assert said.taken() == ("working\n", "no faces\n")
    assert said.taken() == ("", "")


def test_whoever_took_hold_of_a_stream_is_heard_later_too() -> None:
    said = Said()
    with said.heard():
        handler = logging.StreamHandler()
    log = logging.getLogger("test.of.said")
    log.addHandler(handler)
    try:
        log.warning("a bad poll")
    finally:
        log.removeHandler(handler)
    assert said.taken() == ("", "a bad poll\n")


def test_bytes_and_odd_letters_are_heard_as_well() -> None:
    said = Said()
    with said.heard():
        sys.stdout.buffer.write(b"\xffraw")
        print("\ud800", file=sys.stderr)
        sys.stdout.close()
        print("closed by nobody")
    assert said.taken() == ("\ufffdrawclosed by nobody\n", "?\n")


def test_the_middle_of_much_is_left_out() -> None:
    said = Said()
    with said.heard():
        print("a" * 2 * MOST_KEPT_BYTES)
    stdout, _ = said.taken()
    assert "[...]" in stdout
    assert len(stdout) < MOST_KEPT_BYTES + 100
