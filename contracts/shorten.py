"""Stories that are close to one: shorter by one thing, or with the same thing at another time."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from contracts.stories.event import Event
from contracts.stories.story import Story
from contracts.strategies.stories import PACES
from contracts.strategies.sweep import forms


def shorter(story: Story) -> Iterator[Story]:
    """Every story that is one step shorter, those that leave out most first. Each is of smaller ``size``."""
    for found in (*_fewer_events(story), *_plainer(story), *_fewer_facts(story), *_simpler_events(story)):
        if found.size < story.size:
            yield found


def variants(story: Story) -> Iterator[Story]:
    """The same faults at other times, at other places, with other values: one of them may show more."""
    for position, event in enumerate(story.events):
        for place in event.row.places:
            yield from (_with_event(story, position, form) for form in forms(event.row, place))


def _with_event(story: Story, position: int, event: Event) -> Story:
    return replace(story, events=(*story.events[:position], event, *story.events[position + 1 :]))


def _fewer_events(story: Story) -> Iterator[Story]:
    for position in range(len(story.events)):
        yield replace(story, events=story.events[:position] + story.events[position + 1 :])


def _plainer(story: Story) -> Iterator[Story]:
    """One thing is as on the happy path."""
    plain = Story(story.provider)
    for name in ("crash", "video", "audio", "request", "pace", "seed"):
        if getattr(story, name) != getattr(plain, name):
            yield replace(story, **{name: getattr(plain, name)})
    if story.with_callback and not any(event.row.needs_callback for event in story.events):
        yield replace(story, with_callback=False)
    for pace in PACES[1 : PACES.index(story.pace)] if story.pace in PACES else ():
        yield replace(story, pace=pace)


def _fewer_facts(story: Story) -> Iterator[Story]:
    for kind in ("video", "audio"):
        facts = getattr(story, kind)
        for fact in facts:
            yield replace(story, **{kind: {name: value for name, value in facts.items() if name != fact}})


def _simpler_events(story: Story) -> Iterator[Story]:
    for position, event in enumerate(story.events):
        yield from (_with_event(story, position, simpler) for simpler in _simpler(event))


def _simpler(event: Event) -> Iterator[Event]:
    """Without one of its values, at a simpler time, at the usual place."""
    for at in range(len(event.params)):
        yield replace(event, params=event.params[:at] + event.params[at + 1 :])
    for window in event.row.windows:
        yield replace(event, window=window)
    if event.on:
        yield replace(event, on=event.row.places[0])
