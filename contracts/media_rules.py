"""Facts of media against the contract's rules: what a provider refuses, and what leaves a client room enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from contracts.contract import load_contract
from contracts.model import Rule

Facts = Mapping[str, object]
"""Of one file, in the words of a scenario's ``media``. What is not stated fits every rule."""

ROOMY_MS = 3_500
"""ASSUMED: no client makes a job of less than 2 s, and few ask for more than 3 s of a sample; a face must be seen so
long, and an audio file last."""

_Judge = Callable[[Facts, Rule], bool]


def _is_long_enough(facts: Facts, rule: Rule) -> bool:
    return _within(facts, ("duration_ms",), rule, "min_ms", "max_ms")


def _is_small_enough(facts: Facts, rule: Rule) -> bool:
    return _within(facts, ("size_bytes",), rule, "min_bytes", "max_bytes")


def _has_sides(facts: Facts, rule: Rule) -> bool:
    return _within(facts, ("width", "height"), rule, "min_px", "max_px")


def _within(facts: Facts, names: Sequence[str], rule: Rule, low: str, high: str) -> bool:
    values = [cast(int, facts[name]) for name in names if facts.get(name) is not None]
    return all(
        value >= rule.limits.get(low, value) and value <= rule.limits.get(high, value) for value in values
    )


def _has_format(facts: Facts, rule: Rule) -> bool:
    return facts.get("format") is None or facts["format"] in rule.accepts


def _has_resolution(facts: Facts, rule: Rule) -> bool:
    if facts.get("width") is None or facts.get("height") is None:
        return True
    return bool({str(facts["width"]), str(facts["height"])} & set(rule.accepts))


def _is_reachable(facts: Facts, rule: Rule) -> bool:  # noqa: ARG001 - the rule has no numbers
    return facts.get("reachable") is not False


def _is_decent(facts: Facts, rule: Rule) -> bool:  # noqa: ARG001
    return facts.get("moderation") != "reject"


JUDGES: Mapping[str, _Judge] = {
    "reachable": _is_reachable,
    "size": _is_small_enough,
    "format": _has_format,
    "length": _is_long_enough,
    "sides": _has_sides,
    "resolution": _has_resolution,
    "moderation": _is_decent,
}
"""By the second word of a rule's id: ``video-size`` and ``audio-size`` are judged alike."""

TABLES: Mapping[str, str] = {"video": "video", "audio": "lip-sync"}
"""In which of a contract's tables the rules of a kind of file stand."""


def rules_of(provider: str, kind: str) -> tuple[Rule, ...]:
    """The rules of a video or an audio file that can be judged by its facts alone."""
    table = load_contract(provider).rules[TABLES[kind]]
    return tuple(
        rule for rule in table if rule.id.partition("-")[0] == kind and rule.id.partition("-")[2] in JUDGES
    )


def broken_rules(provider: str, video: Facts, audio: Facts) -> tuple[str, ...]:
    """The ids of the rules that these files break; ``faces`` where there is no face, which no rule names."""
    found = [*_broken(provider, "video", video), *_broken(provider, "audio", audio)]
    if video.get("faces") == 0 or video.get("face_intervals") == []:
        found.append("faces")
    return tuple(found)


def _broken(provider: str, kind: str, facts: Facts) -> Iterator[str]:
    if not facts:
        return
    for rule in rules_of(provider, kind):
        if not JUDGES[rule.id.partition("-")[2]](facts, rule):
            yield rule.id


def is_roomy(video: Facts, audio: Facts) -> bool:
    """Whether any client finds a clip in these files: they last, and a face can be seen, for a while."""
    lengths = [facts["duration_ms"] for facts in (video, audio) if facts.get("duration_ms") is not None]
    intervals = cast("Sequence[Sequence[int]] | None", video.get("face_intervals"))
    if intervals is not None:
        lengths.append(max((end - start for start, end in intervals), default=0))
    return all(cast(int, length) >= ROOMY_MS for length in lengths)
