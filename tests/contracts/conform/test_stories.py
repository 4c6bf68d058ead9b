"""The state machine: no story breaks the simulator, and the shortest one is told where a story does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from contracts.conform.approach import nature_of, prepared
from contracts.conform.stories import broken_stories
from contracts.conform.target import Target
from contracts.contract import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.conform.verdict import Finding

EXAMPLES = int(os.environ.get("LIPFLAP_CONFORM_EXAMPLES", "3"))


def stories(provider: str, url: str, examples: int = EXAMPLES) -> tuple[Finding, ...]:
    target = Target(provider, url, "stories")
    with prepared(target, nature_of(target), "stories") as lab:
        return broken_stories(lab, examples)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_story_breaks_the_simulator(provider: str, make_server: Callable[..., str]) -> None:
    assert stories(provider, make_server()) == ()


def test_the_shortest_story_is_told(make_server: Callable[..., str]) -> None:
    [finding] = stories("kling", make_server(faults=("terminal-regress",)), 10)
    assert "ended as succeed, then is processing" in finding.says
    requests = [quote.split()[1] for quote in finding.quotes]
    assert requests == ["POST", "POST", "GET", "GET"], "faces, a task, its end, and what came after it"
