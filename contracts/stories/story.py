"""A story: one server's day for one job of one client, as a value. It is a scenario, and a scenario can be one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from msgspec import Struct, convert, field, json, to_builtins

from contracts.contract import PROVIDERS
from contracts.media_rules import Facts, broken_rules, is_roomy
from contracts.stories.event import IN_TASK, SLOW, Event, Kind, event_of
from contracts.witness.scenario import Crash, Origin, Scenario, scenario_from
from contracts.witness.scenario import Facts as FaultFacts

BY_POLLS = "polls:"
HAPPY_PACE = f"{BY_POLLS}1"
NAME = "story"
_DIALECTS: Mapping[str, Mapping[str, str]] = {"gmi": {"gmi.callbacks": "kling"}}
"""What makes a provider call back that does not by default."""


class Request(Struct, frozen=True, omit_defaults=True):
    """What the client is asked to do: the media it is to name. Empty: what the runner names."""

    video_url: str = ""
    audio_url: str = ""


class Story(Struct, frozen=True):
    """Everything that is not stated is as on a happy day; a story without changes is the happy path.

    ``pace`` says how the task comes to its end. ``video`` and ``audio`` are facts of the media that the client names,
    in the words of a scenario's ``media``. ``crash`` kills the client there, and it is started again.
    """

    provider: str
    pace: str = HAPPY_PACE
    seed: int = 0
    video: Facts = field(default_factory=dict)
    audio: Facts = field(default_factory=dict)
    request: Request = Request()
    events: tuple[Event, ...] = ()
    with_callback: bool = False
    crash: Crash | None = None

    def of(self, *kinds: Kind) -> tuple[Event, ...]:
        """Its events of these kinds, in order."""
        return tuple(event for event in self.events if event.row.kind in kinds)

    @property
    def changes(self) -> int:
        """How far it is from the happy path: each event, each kind of stated thing, each turn of the pace is one."""
        stated = (self.video, self.audio, self.request != Request(), self.crash, self.pace != HAPPY_PACE)
        calls = self.with_callback and not self.of(Kind.CALLBACK)
        return len(self.events) + sum(map(bool, stated)) + calls

    @property
    def size(self) -> tuple[int, int, bytes]:
        """Of two stories that break a client, the one of smaller size is told. No two stories have the same."""
        words = self.key
        return self.changes, len(words), words

    @property
    def key(self) -> bytes:
        """The same for the same story, and for no other."""
        return json.encode(self)

    @property
    def expected(self) -> str:
        """What a good client ends with: success, failure, or (where it could be blamed for neither) either."""
        outcomes = {self._outcome(event) for event in self.events}
        broken = broken_rules(self.provider, self.video, self.audio)
        places = [event.place for event in self.events if event.row.kind is not Kind.CALLBACK]
        is_crowded = len(set(places)) < len(places)
        if broken or ("failure" in outcomes and not is_crowded):
            return "failure"
        is_plain = outcomes <= {"success"} and not is_crowded and is_roomy(self.video, self.audio)
        return "success" if is_plain and self.crash is None else "either"

    def _outcome(self, event: Event) -> str:
        """What a good client ends with where nothing else goes wrong."""
        is_too_slow = event.fault in SLOW and not self.pace.startswith(BY_POLLS)
        return "either" if is_too_slow else event.outcome

    def body(self, name: str = NAME, title: str = "") -> dict[str, object]:
        """The scenario that it is, as JSON: for a file, for ``POST /__lipflap/scenarios``."""
        media = {kind: dict(facts) for kind, facts in (("video", self.video), ("audio", self.audio)) if facts}
        job = to_builtins(self.request) | ({"crash": to_builtins(self.crash)} if self.crash else {})
        dialects = _DIALECTS.get(self.provider, {}) if self.with_callback else {}
        optional: dict[str, object] = {
            "title": title,
            "media": media,
            "job": job,
            "faults": [str(event) for event in self.events],
            "dialects": dict(dialects),
            "with_callback": self.with_callback,
        }
        return {
            "name": name,
            "providers": [self.provider],
            "pace": self.pace,
            "seed": self.seed,
            **{field_: value for field_, value in optional.items() if value},
            "expect": {"outcome": self.expected},
        }

    def scenario(self, catalogue: Mapping[str, FaultFacts], name: str = NAME) -> Scenario:
        """As the judge plays it: ``catalogue`` are the server's rows of its faults."""
        return scenario_from(self.body(name), catalogue, Origin.RUNNER)

    def told(self, catalogue: Mapping[str, FaultFacts]) -> tuple[str, ...]:
        """The story in words, sentence by sentence."""
        return tuple(_told(self, catalogue))


def story_of(body: Mapping[str, object], provider: str = "") -> Story:
    """The story that a scenario tells at ``provider``, which may be left out where it has only one.

    Raises ValueError for a scenario that no story can tell.
    """
    named = convert(body.get("providers", list(PROVIDERS)), list[str])
    chosen = provider or named[0]
    if chosen not in named or (len(named) > 1 and not provider):
        raise ValueError(f"say at which of {', '.join(named)} it is played")
    media = convert(body.get("media", {}), dict[str, dict[str, object]])
    job = cast(Mapping[str, object], body.get("job", {}))
    crash = job.get("crash")
    return Story(
        provider=chosen,
        pace=str(body.get("pace", HAPPY_PACE)),
        seed=convert(body.get("seed", 0), int),
        video=media.get("video", {}),
        audio=media.get("audio", {}),
        request=convert({name: value for name, value in job.items() if name != "crash"}, Request),
        events=tuple(_event(spec) for spec in cast(Sequence[object], body.get("faults", ()))),
        with_callback=bool(body.get("with_callback", False)),
        crash=convert(crash, Crash) if crash is not None else None,
    )


def _event(spec: object) -> Event:
    if isinstance(spec, str):
        return event_of(spec)
    form = convert(spec, dict[str, object])
    unknown = form.keys() - {"fault", "on", "nth", "from", "to", "every", "params", "match"}
    if unknown:
        raise ValueError(f"{min(unknown)} of a fault has no place in a story")
    params = cast(Mapping[str, object], form.get("params", {}))
    pairs = tuple((name, str(value)) for name, value in params.items())
    return Event(str(form["fault"]), str(form.get("on", "")), _window(form), pairs)


def _window(form: Mapping[str, object]) -> str:
    if "every" in form:
        return f"/{form['every']}"
    if "from" not in form:
        return str(form.get("nth", ""))
    first, last = form["from"], form.get("to")
    return "*" if (first, last) == (1, None) else f"{first}-{'' if last is None else last}"


_PLACES = {"poll": "poll", "submit": "submit", "identify": "identification", "download": "download"}


def _told(story: Story, catalogue: Mapping[str, FaultFacts]) -> list[str]:
    name, _, polls = story.pace.partition(":")
    end = (
        f"at its poll number {polls}"
        if polls
        else {"instant": "at once", "quick": "in seconds"}.get(name, "in minutes")
    )
    sentences = [f"At {story.provider}, a task ends {end}."]
    for kind, facts in (("video", story.video), ("audio", story.audio)):
        if facts:
            stated = ", ".join(f"{fact} {value}" for fact, value in facts.items())
            sentences.append(f"The {kind} has {stated}.")
    if story.request != Request():
        named = " and ".join(f"{url!r}" for url in to_builtins(story.request).values())
        sentences.append(f"The client is to use {named}.")
    if story.with_callback:
        sentences.append("The client asks for callbacks.")
    sentences += [_event_told(event, catalogue) for event in story.events]
    if story.crash:
        sentences.append(
            f"The client is killed at its {story.crash.operation} number {story.crash.requests}, and started again."
        )
    return sentences


def _event_told(event: Event, catalogue: Mapping[str, FaultFacts]) -> str:
    says = str(catalogue.get(event.fault.removesuffix(IN_TASK), {}).get("says", "does something odd"))
    noun = _PLACES.get(event.place)
    when = f"{_when(noun, event.window)} the" if noun and event.window else "The"
    with_ = ", ".join(f"{name} {value}" for name, value in event.params)
    return f"{when} server {says}{f' ({with_})' if with_ else ''} [{event}]."


def _when(noun: str, window: str) -> str:
    if window == "*":
        return f"At every {noun}"
    if window.startswith("/"):
        return f"At every second {noun}" if window == "/2" else f"At every {window[1:]}th {noun}"
    if window.endswith("-"):
        return f"From {noun} {window[:-1]} on"
    return f"At {noun}{'s' if '-' in window else ''} {window}"
