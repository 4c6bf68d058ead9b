"""Failures that are known, and entries that have grown stale."""

from __future__ import annotations

import pytest

from contracts.cells.baseline import read_baseline, stale, updated, with_known, write_baseline
from contracts.cells.result import Cell
from contracts.checks.model import Finding, Judgement, Verdict
from contracts.witness.usage import UsageError
from contracts.witness.witnessed import Outcome

KNOWN = {"kling": {"happy": frozenset({"one-submit", "survives"})}}


def cell(scenario: str = "happy", *failing: str, provider: str = "kling") -> Cell:
    judgements = [Judgement(check, Verdict.FAIL, (Finding("it did", "it does not"),)) for check in failing]
    judgements.append(Judgement("poll-cadence", Verdict.PASS))
    return Cell(
        scenario, provider, 0, "", "", "success", tuple(judgements), Outcome(0), (), (), "lipflap replay"
    )


@pytest.mark.parametrize("name", ["known.yaml", "known.json"])
def test_what_is_written_is_read_back(tmp_path, name):
    write_baseline(tmp_path / name, KNOWN)
    assert read_baseline(tmp_path / name) == KNOWN


def test_an_empty_file_knows_nothing(tmp_path):
    file = tmp_path / "known.yaml"
    file.write_text("# nothing yet\n")
    assert read_baseline(file) == {}


@pytest.mark.parametrize("text", ["- a list", "kling: {happy: survives}", "kling: [", "\x00"])
def test_a_file_of_another_form_is_a_mistake(tmp_path, text):
    file = tmp_path / "known.yaml"
    file.write_text(text)
    with pytest.raises(UsageError, match="cannot read the baseline"):
        read_baseline(file)


def test_a_known_failure_leaves_the_cell_green():
    known = with_known(cell("happy", "one-submit"), KNOWN)
    assert known.is_green
    assert not with_known(cell("happy", "one-submit", "whole-file"), KNOWN).is_green


def test_an_entry_that_no_longer_fails_is_stale():
    assert stale([cell("happy", "one-submit")], KNOWN) == ("kling happy: survives",)


def test_what_was_not_played_is_not_stale():
    assert stale([cell("forever"), cell("happy", provider="gmi")], KNOWN) == ()


def test_an_update_speaks_for_what_was_played_and_keeps_the_rest():
    known = {**KNOWN, "gmi": {"happy": frozenset({"survives"})}}
    assert updated([cell("happy"), cell("forever", "survives")], known) == {
        "kling": {"forever": {"survives"}},
        "gmi": {"happy": {"survives"}},
    }
