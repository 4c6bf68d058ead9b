"""The stories that are told first: in each one thing is not as on a happy day, and every corner has its turn early."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TypeVar

from contracts.stories.event import ERROR, Event, Row
from contracts.stories.story import Story
from contracts.strategies.media import every_broken
from contracts.strategies.stories import CRASHES, PACES, Scope, place_of, rows_in

T = TypeVar("T")
AMID = "polls:2"
"""A task that still runs when the client asks: to be killed amid its job means more then."""


def sweep(provider: str, scope: Scope) -> Iterator[Story]:
    """Each fault at each of its places in its simplest form, then in its other forms; media, paces and crashes.

    Corners (where something happens, of which kind it is, and how the job should end) take turns: so a client that is
    weak in one of them is found out by one of the first stories. The same for every seed.
    """
    yield Story(provider)
    rows = rows_in(provider, scope) if scope.most_events else ()
    corners = _corners(rows)
    yield from in_turns(
        [_of_events(provider, simplest) for simplest, _ in corners.values()] + _others(provider, scope)
    )
    yield from in_turns([_of_events(provider, others) for _, others in corners.values()])


def _corners(rows: Sequence[Row]) -> Mapping[tuple[object, ...], tuple[list[Event], list[Event]]]:
    """The simplest form of each row there, and its other forms; what is drawn often comes first."""
    found: dict[tuple[object, ...], tuple[list[Event], list[Event]]] = {}
    for row, place in [(one, place) for one in rows for place in one.places]:
        first, *rest = forms(row, place)
        corner = (row.kind, place, first.outcome, row.fault.startswith(ERROR))
        simplest, others = found.setdefault(corner, ([], []))
        simplest.append(first)
        others += rest
    return {corner: (_often_first(one), _often_first(other)) for corner, (one, other) in found.items()}


def _often_first(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda event: -event.row.weight)


def forms(row: Row, place: str) -> Iterator[Event]:
    """Every event that the row can be at that place, the simplest first."""
    values = [[(name, value) for value in choices] for name, choices in row.params.items()]
    for window, params in product(row.windows, product(*values)):
        stated = tuple((name, value) for name, value in params if value)
        yield Event(row.fault, place_of(row, place), window, stated)


def _of_events(provider: str, events: Iterable[Event]) -> list[Story]:
    return [Story(provider, events=(event,), with_callback=event.row.needs_callback) for event in events]


def _others(provider: str, scope: Scope) -> list[list[Story]]:
    """What is no event."""
    found = [[Story(provider, pace=pace) for pace in PACES[1:]]]
    if scope.crashes:
        found.append([Story(provider, pace=AMID, crash=crash) for crash in CRASHES])
    if scope.callbacks:
        found.append([Story(provider, pace=AMID, with_callback=True)])
    if scope.media:
        videos = [{"faces": 0}, *every_broken(provider, "video")]
        found.append([Story(provider, video=facts) for facts in videos])
        found.append([Story(provider, audio=facts) for facts in every_broken(provider, "audio")])
    return found


def in_turns(corners: Iterable[Iterable[T]]) -> Iterator[T]:
    """The first of each, then the second of each, until all are at their end."""
    left = [iter(corner) for corner in corners]
    while left:
        still = []
        for corner in left:
            for one in corner:
                yield one
                still.append(corner)
                break
        left = still
