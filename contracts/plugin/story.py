"""The story of a test's tasks in words, for the message of a failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from msgspec import Struct

from contracts.witness.admin import Admin
from contracts.witness.observer import Observation
from contracts.witness.witnessed import Event

_MOST_EVENTS = 200


def told(seen: Observation) -> str:
    """One line an event, by the seconds since the first; what no task belongs to included."""
    return "\n".join(_lines(seen.story)) or "The client asked for nothing."


def told_of(admin: Admin, task_id: str) -> str:
    """The same for one task alone. Raises AdminError where there is none."""
    return "\n".join(_lines(admin.read(f"tasks/{quote(task_id, safe='')}/timeline", _Timeline).events))


class _Timeline(Struct):
    events: tuple[Event, ...]


def _lines(story: Sequence[Event]) -> Iterator[str]:
    first_ms = next((event.at_ms for event in story if event.at_ms is not None), 0)
    for event in story[:_MOST_EVENTS]:
        yield f"{_moment(event, first_ms)}  {event.text}"
        if event.advice:
            yield f"{'':>12}-> {event.advice}"
    if len(story) > _MOST_EVENTS:
        yield f"{'':>12}and {len(story) - _MOST_EVENTS} events more"


def _moment(event: Event, first_ms: int) -> str:
    return f"{'later':>10}" if event.at_ms is None else f"{(event.at_ms - first_ms) / 1000:>8.1f} s"
