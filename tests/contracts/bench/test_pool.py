"""Cells of a function in several processes, and functions that take their process along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from contracts.bench.pool import Pool
from contracts.cells.cell import RUNNER, Entrant, Rules
from contracts.cells.matrix import Interrupted, Matrix
from contracts.cells.result import Cell, Run
from contracts.witness.scenario import Scenario
from contracts.witness.usage import UsageError
from mock_server.cli.function_bench import Opening

Ran = Callable[..., Run]


@pytest.fixture
def ran(scenario: Callable[[str], Scenario], in_step: Rules, at_home: Callable[[str], None]) -> Ran:
    """The run of a function of that client, as ``ran("run", "happy", workers=2)``."""

    def run(function: str, *names: str, workers: int = 1, listeners: Any = (), **changes: Any) -> Run:
        rules = replace(in_step, **changes)
        entrants = [Entrant(scenario(name), "kling") for name in names]
        pool = Pool(Opening(f"client:{function}", rules), rules, workers, f"client:{function}")
        return Matrix(pool, listeners=listeners).run(entrants)

    return run


def test_cells_are_played_in_several_processes(ran: Ran, ear: Any) -> None:
    names = ("happy", "liar", "forever", "fault/gateway-502-html")
    run = ran("run", *names, workers=2, listeners=(ear,))
    assert [(cell.scenario, cell.is_green) for cell in run.cells] == [(name, True) for name in names]
    assert (ear.total, sorted(ear.begun), sorted(ear.done)) == (4, sorted(names), sorted(names))
    assert run.client == "client:run"
    assert run.time.startswith("virtual time, in step with the client: ")
    assert run.cells[0].replay == "lipflap replay happy@0 --provider kling --callable client:run"
    assert run.cells[2].outcome.took_ms > 500_000
    assert run.cells[0].outcome.stdout == "working on happy\n"
    assert run.cells[0].story, "the server's own telling"
    assert run.savings


def exact(cells: tuple[Cell, ...]) -> list[bytes]:
    """All but how long it took the machine."""
    return [msgspec.json.encode(replace(cell, outcome=replace(cell.outcome, wall_ms=0))) for cell in cells]


def test_the_same_seed_gives_the_same_cells_to_the_byte(ran: Ran) -> None:
    names = (
        "happy",
        "flaky-cdn",
        "bad-gateway-day",
        "fault/submit-accepted-reply-lost",
        "fault/random-garbage",
    )
    first, again = (exact(ran("run", *names, workers=count, seed=7).cells) for count in (2, 1))
    assert first == again
    assert first != exact(ran("run", *names, seed=8).cells)


def test_who_ends_the_process_has_a_finding_and_the_run_goes_on(ran: Ran) -> None:
    run = ran("leaves_at_the_liar", "happy", "liar", "bad-gateway-day")
    assert [cell.is_green for cell in run.cells] == [True, False, True]
    (judgement,) = run.cells[1].failed
    assert judgement.check == RUNNER
    assert judgement.findings[0].says == "the client ended its whole process with exit code 3"


def test_a_crash_of_the_process_is_told_by_its_signal(ran: Ran) -> None:
    (cell,) = ran("breaks_down", "happy").cells
    assert cell.failed[0].findings[0].says == "the client ended its whole process with signal SIGSEGV"


def test_who_hangs_in_the_system_is_killed(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contracts.bench.worker.HANGS_S", 0.5)
    (cell,) = ran("hangs", "happy").cells
    assert "had to be killed with its process" in cell.failed[0].findings[0].says


def test_an_answer_that_is_none_is_a_finding(ran: Ran) -> None:
    (cell,) = ran("says_yes", "happy").cells
    assert cell.failed[0].check == RUNNER
    assert "the function returned True: return nothing for a success" in cell.failed[0].findings[0].says


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("def other(): pass", "has no attribute 'run'"),
        ("import no_such_module", "No module named 'no_such_module'"),
        ("import os; os._exit(4)", "ended the process with exit code 4 when it was imported"),
    ],
)
def test_no_such_client_is_a_mistake(
    ran: Ran, at_home: Callable[[str], None], text: str, complaint: str
) -> None:
    at_home(text)
    with pytest.raises(UsageError, match=complaint):
        ran("run", "happy", "liar", workers=2)


def test_an_interrupted_run_keeps_what_it_has_found(ran: Ran, ear: Any) -> None:
    class Hand(type(ear)):  # type: ignore[misc]  # the fixture's own class
        def played(self, cell: Cell) -> None:
            super().played(cell)
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        ran("run", "happy", "liar", "bad-gateway-day", listeners=(Hand(),))
    assert [cell.scenario for cell in stopped.value.run.cells] == ["happy"]
