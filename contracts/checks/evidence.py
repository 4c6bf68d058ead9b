"""Words and quotes: how a finding says when something was, and which lines it shows."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.checks.model import Finding
from contracts.witness.witnessed import Line

MOST_QUOTES = 6


def finding(says: str, good_client: str, *lines: Line) -> Finding:
    """A finding that rests on ``lines``; of many it quotes the first ones and the last."""
    unique = list({line.number: line for line in lines}.values())
    shown = unique if len(unique) <= MOST_QUOTES else [*unique[: MOST_QUOTES - 1], unique[-1]]
    return Finding(
        says, good_client, tuple(line.quote() for line in shown), tuple(line.number for line in unique)
    )


def seconds(ms: float) -> str:
    """``0.4 s``, ``12 s``: short, and never more exact than helps."""
    value = ms / 1000
    return f"{value:.0f} s" if abs(value) >= 10 and value == int(value) else f"{round(value, 2):g} s"


def after(later: Line, earlier: Line) -> str:
    """How long after ``earlier`` the request ``later`` came."""
    return seconds(later.at_ms - earlier.at_ms)


def numbered(lines: Sequence[Line]) -> str:
    """``#5``, ``#5 and #7``, ``#5, #7 and 3 more``."""
    names = [f"#{line.number}" for line in lines]
    if len(names) <= 2:
        return " and ".join(names)
    return f"{names[0]}, {names[1]} and {len(names) - 2} more"


def times(count: int, noun: str) -> str:
    """``1 poll``, ``3 polls``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def shortened(words: str, most: int = 160) -> str:
    """The words in one line, cut where they are long."""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
