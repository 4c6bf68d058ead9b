"""Every clock of the standard library shows the same virtual time, and then the machine's again."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pickle import dumps, loads
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.lockstep import LockStep
    from tests.contracts.lockstep.conftest import Begin

START_S = 1_767_225_600
SECONDS = ("time", "monotonic", "perf_counter")
A_LITTLE_S = 0.01


@pytest.mark.parametrize("name", SECONDS)
def test_a_sleep_moves_every_clock_by_what_was_slept(step: LockStep, name: str) -> None:
    read, read_ns = getattr(time, name), getattr(time, f"{name}_ns")
    before_s, before_ns = read(), read_ns()
    time.sleep(1800)
    assert read() - before_s == pytest.approx(1800, abs=A_LITTLE_S)
    assert read_ns() - before_ns == pytest.approx(1800e9, abs=A_LITTLE_S * 1e9)


@pytest.mark.parametrize("name", SECONDS)
def test_a_clock_never_stands(step: LockStep, name: str) -> None:
    read = getattr(time, f"{name}_ns")
    moments = [read() for _ in range(100)]
    assert moments == sorted(set(moments))


def test_the_calendar_goes_along(step: LockStep) -> None:
    time.sleep(86_400)
    assert time.time() == pytest.approx(START_S + 86_400, abs=A_LITTLE_S)
    assert datetime.now(UTC).date() == date(2026, 1, 2)
    assert datetime.fromtimestamp(time.time(), UTC) - datetime.now(UTC) < datetime.resolution * 1000
    assert datetime.now().timestamp() == pytest.approx(START_S + 86_400, abs=A_LITTLE_S)  # noqa: DTZ005
    assert datetime.utcnow().date() == date(2026, 1, 2)  # noqa: DTZ003
    assert date.today().year == time.localtime().tm_year == 2026  # noqa: DTZ011
    assert datetime.today().year == 2026  # noqa: DTZ002
    assert time.gmtime()[:3] == (2026, 1, 2)
    assert time.ctime().endswith("2026")
    assert time.gmtime(0).tm_year == 1970


def test_a_moment_is_an_ordinary_datetime(step: LockStep) -> None:
    moment = datetime.now(UTC)
    assert type(moment) is datetime
    assert loads(dumps(moment)) == moment


class Stamp(datetime):
    """A class that somebody derives."""


def test_a_derived_class_makes_its_own_kind_within_and_without(alone: Begin) -> None:
    with alone():
        assert type(Stamp.now()) is type(Stamp.utcnow()) is Stamp
        assert Stamp.now().year == 2026
    assert type(Stamp.now()) is type(Stamp.now(UTC)) is type(Stamp.utcnow()) is Stamp


def test_everything_is_put_back(alone: Begin) -> None:
    names = ("sleep", "gmtime", "localtime", "ctime", *SECONDS, *(f"{name}_ns" for name in SECONDS))
    before = {name: getattr(time, name) for name in names}
    now, wall_s = vars(datetime)["now"], time.time()
    with alone():
        assert time.sleep is not before["sleep"]
    assert {name: getattr(time, name) for name in names} == before
    assert vars(datetime)["now"] is now
    assert datetime.now(UTC).timestamp() - wall_s < 60


def test_a_name_that_a_client_has_taken_is_replaced_and_given_back(
    alone: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = ModuleType("some_client")
    vars(client).update(wait=time.sleep, now=time.monotonic)
    monkeypatch.setitem(__import__("sys").modules, "some_client", client)
    taken: Callable[[float], None] = client.wait
    for _ in range(2):
        with alone() as step:
            client.wait(10)
            assert step.elapsed_s == pytest.approx(10, abs=A_LITTLE_S)
            assert client.now is time.monotonic
        assert client.wait is taken


def test_a_function_kept_beyond_the_end_is_the_machines_again(alone: Begin) -> None:
    with alone():
        kept = time.monotonic
    assert abs(kept() - time.monotonic()) < 60


def test_what_times_tests_keeps_the_machines_time(step: LockStep) -> None:
    reader = ModuleType("hypothesis.some_part")
    exec("import time\ndef read(): return time.perf_counter()", vars(reader))
    before = reader.read()
    time.sleep(100_000)
    assert reader.read() - before < 60


def test_the_machines_time_can_be_asked_for(step: LockStep) -> None:
    before = time.monotonic()
    time.sleep(100_000)
    with step.on_real_time():
        assert abs(time.time() - START_S) > 86_400
        assert time.monotonic() - before < 60
    assert time.monotonic() - before > 100_000


def test_a_process_has_one_time(step: LockStep, alone: Begin) -> None:
    with pytest.raises(RuntimeError, match="already"):
        alone().__enter__()
    time.sleep(1)
    assert step.elapsed_s > 1


def test_a_sleep_of_less_than_nothing_is_an_error(step: LockStep) -> None:
    with pytest.raises(ValueError, match="non-negative"):
        time.sleep(-1)
