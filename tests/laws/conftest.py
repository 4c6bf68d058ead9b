"""The player of stories, and what stories are made of."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import strategies as st

STORY = Path(__file__).with_name("story.py")


@pytest.fixture(scope="session")
def story_file() -> Path:
    """The script that plays a story in a process of its own."""
    return STORY


@pytest.fixture(scope="session")
def story() -> ModuleType:
    """The same as a module."""
    spec = importlib.util.spec_from_file_location("story", STORY)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["story"] = module
    spec.loader.exec_module(module)
    return module


OWN = "http://lipflap.test/__lipflap/media"
VIDEOS = (f"{OWN}/talk.mp4", "https://cdn.test/a.mp4?lipflap.faces=2", "https://cdn.test/b.mp4", "http://[")
SOUNDS = (
    f"{OWN}/speech.mp3",
    "https://cdn.test/a.mp3",
    "AAAA",
    "https://cdn.test/a.mp3?lipflap.moderation=reject",
)
Move = tuple[object, ...]

providers = st.sampled_from(["kling", "gmi", "kirin"])
positions = st.integers(0, 3)


def submits(ends_ms: list[int], calls_back: st.SearchStrategy[bool]) -> st.SearchStrategy[Move]:
    sound, end_ms = st.sampled_from(SOUNDS), st.sampled_from(ends_ms)
    return st.tuples(st.just("submit"), providers, positions, sound, end_ms, calls_back)


@pytest.fixture(scope="session")
def moves() -> st.SearchStrategy[Move]:
    """Any move of a story: sensible ones, and some that are refused."""
    return st.one_of(
        st.tuples(st.just("identify"), providers, st.sampled_from(VIDEOS)),
        submits([1_999, 2_000, 4_000], st.booleans()),
        st.tuples(st.just("poll"), providers, positions),
        st.tuples(st.just("list"), st.sampled_from(["kling", "gmi"])),
        st.tuples(st.just("cancel"), positions),
        st.tuples(st.just("speak"), st.sampled_from(["kling", "kirin"]), st.sampled_from(["Good day.", ""])),
        st.tuples(st.just("broken"), providers, st.integers(0, 5)),
        st.tuples(st.just("advance"), st.sampled_from([0.001, 1.0, 86_400.5, None])),
    )


@pytest.fixture(scope="session")
def full_day() -> list[Move]:
    """A story in which everything happens: jobs at all three, callbacks, a cancel, refusals, polls, lists."""
    opening = [("identify", provider, VIDEOS[0]) for provider in ("kling", "gmi", "kirin")]
    jobs = [
        ("submit", provider, 0, SOUNDS[0], 3_000, provider != "gmi") for provider in ("kling", "gmi", "kirin")
    ]
    polls = [("poll", provider, 0) for provider in ("kling", "gmi", "kirin")]
    refused: list[Move] = [("submit", "kling", 0, SOUNDS[0], 1_999, True), ("broken", "gmi", 2)]
    rest: list[Move] = [("cancel", 0), ("speak", "kling", "Good day."), ("list", "kling"), ("list", "gmi")]
    return [*opening, *jobs, *refused, *polls, ("advance", None), *polls, *rest]
