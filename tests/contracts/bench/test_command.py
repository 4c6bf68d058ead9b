"""A command on the bench: its stories are judged, several at a time, and it can be told to stop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

import pytest

from contracts.bench.abreast import played
from contracts.bench.command import CommandBench, command_bench
from contracts.cells.timing import Timing
from contracts.fuzz import failed
from contracts.stories.event import event_of
from contracts.stories.story import Story
from mock_server.cli.client_env import client_env

pytestmark = pytest.mark.e2e
Open = Callable[..., AbstractContextManager[CommandBench]]

HAPPY = Story("kling")
BAD_GATEWAY = Story("kling", events=(event_of("gateway-502-html@poll#1"),))
"""The tiny client does not survive it."""


@pytest.fixture
def opened(tiny: list[str], timing: Timing) -> Open:
    return partial(command_bench, [*tiny, "--jobs"], timing, client_env, timeout_s=120, takes_jobs=True)


def test_a_story_is_judged_and_a_telling_of_it_is_had_on_demand(opened: Open) -> None:
    with opened() as bench:
        assert bench.abreast == 1
        fine, broken = bench.play(HAPPY), bench.play(BAD_GATEWAY, in_full=True)
    assert (failed(fine), fine.story) == ((), ())
    assert "same-task" in {judgement.check for judgement in failed(broken)}
    assert broken.story


def test_stories_at_the_same_time_do_not_disturb_each_other(opened: Open) -> None:
    stories = [HAPPY, BAD_GATEWAY, Story("kling", events=(event_of("server-restart@poll#1"),))] * 2
    with opened(abreast=3) as bench:
        cells = [cell for _, cell in played(bench, stories)]
    assert [bool(failed(cell)) for cell in cells] == [False, True, True] * 2
    assert cells[0].lines[0].task_id == cells[3].lines[0].task_id, "each seat is a fresh server to its story"


def test_what_is_abandoned_ends_at_once_and_what_follows_is_played(opened: Open) -> None:
    with opened() as bench:
        with bench.abandoned():
            assert bench.play(HAPPY).outcome.is_killed
        assert not bench.play(HAPPY).outcome.is_killed
