"""A grammar, the table of dialects, and a world to play in."""

from __future__ import annotations

import pytest

from mock_server.core.clock import MANUAL_EPOCH_MS, Clock, ClockMode
from mock_server.core.dialect import Dialect
from mock_server.core.world import World
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.grammar import Grammar
from mock_server.providers.gmi.dialects import DIALECTS as OF_GMI
from mock_server.providers.kirin.dialects import DIALECTS as OF_KIRIN
from mock_server.providers.kling.dialects import DIALECTS as OF_KLING


@pytest.fixture(scope="session")
def grammar() -> Grammar:
    return Grammar(CATALOGUE)


@pytest.fixture(scope="session")
def dialects() -> tuple[Dialect, ...]:
    return (*OF_KIRIN, *OF_GMI, *OF_KLING)


@pytest.fixture
def world() -> World:
    """A fresh world whose clock stands at the epoch."""
    return World("t", 0, Clock(ClockMode.MANUAL, MANUAL_EPOCH_MS, 0, 0.0))
