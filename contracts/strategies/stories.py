"""Whole stories: how a task goes, what the media are like, what goes wrong, who is called back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from hypothesis import strategies as st
from msgspec import Struct

from contracts.media_rules import Facts
from contracts.stories.event import ERROR, Event, Row, rows_for
from contracts.stories.story import HAPPY_PACE, Request, Story
from contracts.strategies.media import broken_facts, edge_facts, fine_facts
from contracts.witness.scenario import Crash

PACES = (HAPPY_PACE, "polls:2", "polls:3", "polls:4", "quick", "instant")
"""The first is the happy one: a task that is done at its first poll makes the shortest story."""
CRASHES = (Crash("poll"), Crash("submit"), Crash("poll", 2), Crash("download"), Crash("identify"))
MOST_EVENTS = 3
_DAYS = 16
_TURNS = 12
"""Divisible by how many places, windows and values a row has, so that each is as likely as the others."""
TAKES_BACK = frozenset({"terminal-regress", "poll-replica-flap"})
"""Faults that tell a new life of the client otherwise than the old one: nobody could say what is right then."""
_VIDEOS = ("https://cdn.test/talk.mp4?a=1&b=%20", "https://CDN.test/Talk.MP4", "https://cdn.test/t%C3%A4lk")
_AUDIOS = (
    "https://cdn.test/speech.mp3?a=1&b=%20",
    "https://CDN.test/Speech.WAV",
    "https://cdn.test/r%C3%A9de",
)


class Scope(Struct, frozen=True):
    """What may happen in stories. ``crashes``: the client may be killed and started again, and goes on if it can.

    ``without`` are ids of faults that shall not happen.
    """

    callbacks: bool = False
    crashes: bool = False
    media: bool = True
    most_events: int = MOST_EVENTS
    without: frozenset[str] = frozenset()

    def has(self, story: Story) -> bool:
        """Whether nothing happens in the story that may not."""
        return (
            (self.callbacks or not story.with_callback)
            and (self.crashes or story.crash is None)
            and (self.media or not (story.video or story.audio))
            and len(story.events) <= self.most_events
            and self.without.isdisjoint(event.fault for event in story.events)
        )


PLAIN = Scope()


def stories(provider: str, scope: Scope = PLAIN) -> st.SearchStrategy[Story]:
    """Stories at ``provider``, which shrink to the happy path: fewer changes first, then simpler ones."""
    rows = rows_in(provider, scope)
    # made once: to make strategies while drawing costs more than to draw
    parts = _Parts(
        days=st.sampled_from(range(_DAYS)),
        paces=st.sampled_from(PACES),
        events=_lists(rows, scope),
        calm_events=_lists([row for row in rows if row.fault not in TAKES_BACK], scope),
        media=media(provider),
        requests=requests_of_jobs(),
        crashes=st.sampled_from(CRASHES),
    )
    return _stories(provider, scope, parts)


def rows_in(provider: str, scope: Scope) -> tuple[Row, ...]:
    """What may happen at ``provider``, the simple before the odd."""
    rows = rows_for(provider, with_callbacks=scope.callbacks)
    return tuple(row for row in rows if row.fault not in scope.without)


class _Parts(NamedTuple):
    days: st.SearchStrategy[int]
    paces: st.SearchStrategy[str]
    events: st.SearchStrategy[list[Event]]
    calm_events: st.SearchStrategy[list[Event]]
    media: st.SearchStrategy[tuple[Facts, Facts]]
    requests: st.SearchStrategy[Request]
    crashes: st.SearchStrategy[Crash]


def _lists(rows: Sequence[Row], scope: Scope) -> st.SearchStrategy[list[Event]]:
    if not rows:
        return st.just([])
    return st.lists(events_of(rows), max_size=scope.most_events, unique_by=lambda event: event.fault)


@st.composite
def _stories(draw: st.DrawFn, provider: str, scope: Scope, parts: _Parts) -> Story:
    # one number decides what is told beside the events: so most stories cost few draws
    day = draw(parts.days)
    has_media, has_crash = scope.media and day in {13, 14}, scope.crashes and day == 15
    found = draw(parts.calm_events if has_crash else parts.events)
    video, audio = draw(parts.media) if has_media else ({}, {})
    wants_callback = any(event.row.needs_callback for event in found)
    return Story(
        provider=provider,
        pace=draw(parts.paces) if day >= 6 else HAPPY_PACE,
        video=video,
        audio=audio,
        request=draw(parts.requests) if has_media and day == 14 else Request(),
        events=tuple(found),
        with_callback=wants_callback or (scope.callbacks and day == 12),
        crash=draw(parts.crashes) if has_crash else None,
    )


def events_of(rows: Sequence[Row]) -> st.SearchStrategy[Event]:
    """One event of these rows, by their weights; the simplest form of a row first.

    Every event costs the same four draws, whatever its row: so none is shorter to Hypothesis, and shrinking goes to
    the front of the table.
    """
    weighted = [row for row in rows for _ in range(row.weight)]
    turns = st.sampled_from(range(_TURNS))
    return st.builds(_formed, st.sampled_from(weighted), turns, turns, turns)


def _formed(row: Row, place_turn: int, window_turn: int, params_turn: int) -> Event:
    """One row at one of its places, with one of its windows and one value for each of its params."""
    choices = list(product(*([(name, value) for value in values] for name, values in row.params.items())))
    params = choices[params_turn % len(choices)]
    return Event(
        row.fault,
        place_of(row, row.places[place_turn % len(row.places)]),
        row.windows[window_turn % len(row.windows)],
        tuple((name, value) for name, value in params if value),
    )


def place_of(row: Row, place: str) -> str:
    """Empty where to name it would say nothing: a plan belongs to the submit by itself."""
    is_implied = (len(row.places) == 1 and row.windows == ("",)) or (
        place == row.places[0] and row.fault.startswith(ERROR)
    )
    return "" if is_implied else place


def events(provider: str, scope: Scope = PLAIN) -> st.SearchStrategy[Event]:
    """One event that can show at ``provider``."""
    return events_of(rows_in(provider, scope))


def media(provider: str) -> st.SearchStrategy[tuple[Facts, Facts]]:
    """Facts of a video and an audio file: mostly fine ones, sometimes at an edge, sometimes beyond one."""
    nothing: st.SearchStrategy[Facts] = st.just({})
    fine = st.tuples(fine_facts(provider, "video"), fine_facts(provider, "audio"))
    odd = (edge_facts, broken_facts)
    videos = [st.tuples(make(provider, "video"), nothing) for make in odd]
    audios = [st.tuples(nothing, make(provider, "audio")) for make in odd]
    faceless: st.SearchStrategy[tuple[Facts, Facts]] = st.just(({"faces": 0}, {}))
    return st.one_of(fine, *videos, *audios, faceless)


def requests_of_jobs() -> st.SearchStrategy[Request]:
    """What a client may be asked to use: addresses that are correct and a little odd."""
    return st.builds(Request, st.sampled_from(("", *_VIDEOS)), st.sampled_from(("", *_AUDIOS)))
