"""All cells as one run, whoever has played them."""

from __future__ import annotations

import pytest

from contracts.cells.cell import Entrant, Played
from contracts.cells.matrix import Interrupted, Matrix, Record
from contracts.cells.result import Cell, Coverage
from contracts.checks.model import Judgement, Verdict
from contracts.witness.savings import Spending
from contracts.witness.scenario import Scenario
from contracts.witness.witnessed import Outcome


def entrants(*names):
    return [Entrant(Scenario(name, {"name": name}), "kling") for name in names]


def cell(name, *failed):
    judgements = (Judgement("survives", Verdict.PASS), *(Judgement(one, Verdict.FAIL) for one in failed))
    return Cell(name, "kling", 0, "", "", "success", judgements, Outcome(0), (), (), "")


def played(name, *failed):
    return Played(
        cell(name, *failed), Coverage(("a", "b"), (name[:1],)), (Spending("USD", "0.5", 1, 60_000),)
    )


class Toy:
    """Plays the cells from the last to the first; ``failed`` says which are red, ``stops_at`` ends it."""

    label = "toy"

    def __init__(self, stops_at="", **failed):
        self._failed, self._stops_at = failed, stops_at

    def play(self, record):
        for place in reversed(range(len(record.entrants))):
            name = record.entrants[place].scenario.name
            if name == self._stops_at:
                raise KeyboardInterrupt
            record.begins(place)
            record.ends(place, played(name, *self._failed.get(name, ())))

    def told_time(self, cells, wall_s):
        return f"{len(cells)} cells"


def test_cells_come_in_the_order_they_were_asked_for(ear):
    run = Matrix(Toy(b=["one-submit"]), version="1", listeners=(ear,)).run(entrants("a", "b", "c"))
    assert [one.scenario for one in run.cells] == ["a", "b", "c"]
    assert [one.is_green for one in run.cells] == [True, False, True]
    assert (ear.total, ear.begun, ear.done) == (3, ["c", "b", "a"], ["c", "b", "a"])
    assert (run.client, run.time, run.version) == ("toy", "3 cells", "1")
    assert run.score == 3 / 4
    assert run.coverage["kling"].share == 1.0
    assert run.savings == "3 renders, 3.0 min of video, 1.5 USD not spent"


def test_the_baseline_says_what_is_known_and_what_is_stale():
    known = {"kling": {"a": frozenset({"one-submit", "survives"})}}
    run = Matrix(Toy(a=["one-submit"]), known).run(entrants("a"))
    assert run.cells[0].is_green
    assert run.stale == ("kling a: survives",)


def test_an_interrupted_run_keeps_what_it_has_found():
    with pytest.raises(Interrupted) as stopped:
        Matrix(Toy(stops_at="a", b=["one-submit"])).run(entrants("a", "b", "c"))
    assert [one.scenario for one in stopped.value.run.cells] == ["b", "c"]


def test_what_will_be_played_once_more_is_not_announced(ear):
    record = Record(entrants("a", "b"), (ear,))
    record.ends(1, played("b", "one-submit"), is_final=False)
    record.ends(0, played("a"))
    assert ear.done == ["a"]
    assert [one.cell.scenario for one in record.done.values()] == ["a", "b"]
