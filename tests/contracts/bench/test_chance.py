"""The same dice each time, and the machine's own afterwards."""

from __future__ import annotations

import os
import random
import secrets
import uuid

from contracts.bench.chance import dealt


def thrown(name: str) -> tuple[object, ...]:
    with dealt(name):
        return random.random(), uuid.uuid4(), secrets.token_hex(8), os.urandom(4)


def test_dice_follow_from_the_name() -> None:
    assert thrown("a") == thrown("a")
    assert not set(map(str, thrown("a"))) & set(map(str, thrown("b")))


def test_afterwards_chance_is_as_it_was() -> None:
    before, urandom = random.getstate(), os.urandom
    thrown("a")
    assert random.getstate() == before
    assert os.urandom is urandom
    assert uuid.uuid4() != uuid.uuid4()
