"""The law of the seed: same seed and same requests give the same journal, byte for byte.

On either store, in this process or a fresh one, however strings happen to be hashed there.
``LIPFLAP_LAW_EXAMPLES`` makes the search longer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("LIPFLAP_LAW_EXAMPLES", "30"))
PACES = ("instant", "quick", "polls:2")
Moves = st.SearchStrategy[tuple[object, ...]]
Story = list[tuple[object, ...]]


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), pace=st.sampled_from(PACES))
def test_both_stores_witness_the_same(
    story: ModuleType, moves: Moves, full_day: Story, data: st.DataObject, pace: str
) -> None:
    told = [*full_day[:6], *data.draw(st.lists(moves, max_size=12))]
    with TemporaryDirectory() as folder:
        kept = story.journal_of(told, store=f"sqlite:///{folder}/store.db", pace=pace)
    assert story.journal_of(told, store="memory", pace=pace) == kept


@pytest.mark.parametrize("pace", PACES)
def test_fresh_processes_witness_the_same(
    story: ModuleType, story_file: Path, full_day: Story, tmp_path: Path, pace: str
) -> None:
    here = story.journal_of(full_day, pace=pace)
    told = json.dumps({"story": full_day, "pace": pace})
    assert len(here) > len(full_day), "callbacks are in the journal too"
    assert journal_elsewhere(story_file, "memory", told, hash_seed="1") == here
    assert journal_elsewhere(story_file, f"sqlite:///{tmp_path}/store.db", told, hash_seed="2") == here


def journal_elsewhere(story_file: Path, store: str, told: str, hash_seed: str) -> list[str]:
    environ = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo"}
    command = [sys.executable, str(story_file), store]
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command, input=told, env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_another_seed_is_another_story(story: ModuleType, full_day: Story) -> None:
    assert story.journal_of(full_day, seed=8) != story.journal_of(full_day, seed=7)


def test_another_key_is_another_story(story: ModuleType, full_day: Story) -> None:
    assert story.journal_of(full_day, key="a") != story.journal_of(full_day, key="b")
