"""Scripts of acts for tenants whose time is faster."""

from __future__ import annotations

import pytest

from mock_server.core.wire import Close, Pause, RefuseConnections, Reset, Send, Stall, at_rate

SCRIPT = (
    Send(b"a"),
    Pause(61_000),
    Stall(600_000),
    RefuseConnections(1_000, resets_open=True),
    Reset(),
    Close(),
)


def test_waits_shorten_with_the_rate_and_nothing_else_does():
    assert at_rate(SCRIPT, 60.0) == (
        Send(b"a"),
        Pause(1_017),
        Stall(10_000),
        RefuseConnections(17, resets_open=True),
        Reset(),
        Close(),
    )


def test_a_clock_slower_than_the_wall_makes_them_longer():
    assert at_rate((Pause(100),), 0.5) == (Pause(200),)


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_a_clock_that_stands_or_keeps_the_walls_time_changes_nothing(rate):
    assert at_rate(SCRIPT, rate) is SCRIPT


def test_what_refuses_never_vanishes():
    assert at_rate((RefuseConnections(1), Stall(1)), 1_000_000.0) == (RefuseConnections(1), Stall(1))
