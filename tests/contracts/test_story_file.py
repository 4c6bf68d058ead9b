"""A found story as a file that everything else takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.cells.result import Cell
from contracts.checks.model import Finding, Judgement, Verdict
from contracts.fuzz import Found
from contracts.stories.event import event_of
from contracts.stories.story import Story
from contracts.story_file import read_story, save, text_of
from contracts.witness.scenario import Crash
from contracts.witness.usage import UsageError
from contracts.witness.witnessed import Outcome
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.grammar import Grammar
from mock_server.scenarios.checking import complaints
from mock_server.scenarios.library import read_file

STORY = Story("kling", pace="polls:2", events=(event_of("gateway-502-html@submit#1"),), crash=Crash("poll"))
JUDGEMENTS = (Judgement("one-submit", Verdict.FAIL, (Finding("it paid twice", "it pays once"),)),)
CELL = Cell("story", "kling", 0, "", "", "either", JUDGEMENTS, Outcome(1), (), (), "")
FOUND = Found(STORY, "one-submit", CELL)


def test_the_file_is_a_scenario_that_the_server_takes(tmp_path: Path) -> None:
    file = save(FOUND, tmp_path / "found", {}, 5)
    scenario = read_file(file)
    assert file.name == "kling-one-submit.yaml"
    assert (scenario.name, scenario.title) == ("found/kling-one-submit", "one-submit: it paid twice")
    assert scenario.motive == "Found by lipflap fuzz with seed 5."
    assert list(complaints(scenario, Grammar(CATALOGUE), ())) == []


def test_it_reads_as_the_story_that_it_was(tmp_path: Path) -> None:
    assert read_story(save(FOUND, tmp_path, {}, 0), "kling") == STORY


def test_its_head_says_what_the_client_did() -> None:
    head = [line for line in text_of(FOUND, {}, 0).splitlines() if line.startswith("#")]
    assert head[1:] == ["# one-submit: it paid twice"]
    doubtful = Found(STORY, "one-submit", CELL, is_sure=False)
    assert "# It does not break the client every time." in text_of(doubtful, {}, 0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[1]", "cannot read a story"),
        ("{name: a, faults: [no-such-fault]}", "is in no story"),
        ("{name: a, faults: [cancel-race]}", "is in no story"),
        ("{name: a, providers: [gmi]}", "say at which of gmi"),
    ],
)
def test_what_is_no_story_is_refused_with_the_reason(text: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text)
    with pytest.raises(UsageError, match=reason):
        read_story(file, "kling")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read_story(tmp_path / "none.yaml", "kling")
