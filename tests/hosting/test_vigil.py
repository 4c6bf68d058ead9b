"""When a connection is late, by looking at it from time to time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.hosting.limits import Limits
from mock_server.hosting.vigil import Finding, Phase, Sight, Vigil
from mock_server.settings import Settings

LIMITS = Limits.of(
    Settings(
        first_byte_timeout_s=1,
        head_timeout_s=2,
        body_timeout_s=3,
        body_bytes_per_s=10,
        idle_timeout_s=4,
        write_timeout_s=5,
    )
)
ALLOWED_S = {Phase.FIRST_BYTE: 1, Phase.HEAD: 2, Phase.BODY: 3, Phase.IDLE: 4, Phase.PARTING: LIMITS.linger_s}
MESSAGE = object()


def sight(phase: Phase, message: object = MESSAGE, body_bytes: int = 0, unsent_bytes: int = 0) -> Sight:
    return Sight(phase, message, body_bytes, unsent_bytes)


@pytest.mark.parametrize(("phase", "allowed_s"), ALLOWED_S.items())
def test_a_phase_is_late_when_its_time_is_over_and_not_before(phase: Phase, allowed_s: float) -> None:
    vigil = Vigil(LIMITS)
    assert vigil.look(100, sight(phase)) is Finding.FINE
    assert vigil.look(100 + allowed_s - 0.01, sight(phase)) is Finding.FINE
    assert vigil.look(100 + allowed_s, sight(phase)) is Finding.LATE


def test_what_waits_for_us_is_never_late() -> None:
    vigil = Vigil(LIMITS)
    vigil.look(0, sight(Phase.OURS))
    assert vigil.look(1_000_000, sight(Phase.OURS)) is Finding.FINE


def test_each_request_has_its_own_time() -> None:
    vigil = Vigil(LIMITS)
    for number in range(10):
        assert vigil.look(number * 1.9, sight(Phase.HEAD, message=number)) is Finding.FINE


def test_another_phase_of_the_same_request_has_its_own_time() -> None:
    vigil = Vigil(LIMITS)
    vigil.look(0, sight(Phase.HEAD))
    assert vigil.look(2.5, sight(Phase.BODY)) is Finding.FINE
    assert vigil.look(5, sight(Phase.BODY)) is Finding.FINE
    assert vigil.look(5.5, sight(Phase.BODY)) is Finding.LATE


def test_a_body_that_comes_at_the_least_rate_goes_on() -> None:
    vigil = Vigil(LIMITS)
    for second in range(0, 300, 3):
        assert vigil.look(second, sight(Phase.BODY, body_bytes=second * 10)) is Finding.FINE


def test_a_good_beginning_does_not_pay_for_a_dribble() -> None:
    vigil = Vigil(LIMITS)
    vigil.look(0, sight(Phase.BODY))
    assert vigil.look(3, sight(Phase.BODY, body_bytes=10_000)) is Finding.FINE
    assert vigil.look(6, sight(Phase.BODY, body_bytes=10_029)) is Finding.LATE


def test_a_reader_that_takes_nothing_is_stalled_and_then_stuck() -> None:
    vigil = Vigil(LIMITS)
    reading = sight(Phase.OURS, unsent_bytes=70_000)
    found = [vigil.look(second, reading) for second in (0, 0.5, 1, 4.9, 5)]
    assert found == [Finding.FINE, Finding.FINE, Finding.STALLED, Finding.STALLED, Finding.STUCK]


@given(takes=st.lists(st.integers(1, 1000), min_size=1, max_size=50))
def test_a_reader_that_takes_something_now_and_then_is_neither(takes: list[int]) -> None:
    vigil = Vigil(LIMITS)
    unsent_bytes = sum(takes) + 1
    for number, taken in enumerate(takes):
        assert vigil.look(number * 4.9, sight(Phase.OURS, unsent_bytes=unsent_bytes)) is Finding.FINE
        unsent_bytes -= taken


def test_a_reader_that_has_taken_everything_waits_for_nothing() -> None:
    vigil = Vigil(LIMITS)
    for second in range(0, 100, 2):
        assert vigil.look(second, sight(Phase.OURS)) is Finding.FINE
