"""Facts of media: within a contract's rules, at their edges, and one step beyond one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hypothesis import strategies as st

from contracts.media_rules import ROOMY_MS, Facts, rules_of
from contracts.model import Rule

_SIDES = (1280, 1920, 720, 1080, 512, 2160)
_RESOLUTIONS = ((1280, 720), (720, 1280), (1920, 1080), (1080, 1920), (720, 720))
_UNITS = {"length": "ms", "size": "bytes", "sides": "px"}
_NAMES = {"length": ("duration_ms",), "size": ("size_bytes",), "sides": ("width", "height")}


def fine_facts(provider: str, kind: str) -> st.SearchStrategy[Facts]:
    """Facts of a ``kind`` ("video" or "audio") that break no rule of ``provider``, and leave a client room enough.

    Often nothing is stated, which is fine too.
    """
    rules = {rule.id.partition("-")[2]: rule for rule in rules_of(provider, kind)}
    high_ms = int(rules["length"].limits["max_ms"])
    optional: dict[str, st.SearchStrategy[object]] = {
        "duration_ms": st.sampled_from((10_000, ROOMY_MS, high_ms)) | st.integers(ROOMY_MS, high_ms),
        "size_bytes": st.integers(1_000, int(rules["size"].limits["max_bytes"])),
        "format": st.sampled_from(rules["format"].accepts),
    }
    facts = st.fixed_dictionaries({}, optional=optional)
    if kind == "audio":
        return facts.map(dict)
    pictures = st.sampled_from(
        (
            {},
            *({"width": width, "height": height} for width, height in _RESOLUTIONS),
            {"faces": 1},
            {"faces": 3},
        )
    )
    return st.builds(lambda one, other: {**one, **other}, facts, pictures)


def edge_facts(provider: str, kind: str) -> st.SearchStrategy[Facts]:
    """Facts that stand exactly at an edge which a rule allows; everything else is left to fit."""
    found = [
        facts
        for rule in rules_of(provider, kind)
        for name in ("min", "max")
        for facts in _at(rule, name, beyond=0)
    ]
    found += [{"format": name} for rule in rules_of(provider, kind) for name in _formats(rule)]
    return st.sampled_from(found)


def broken_facts(provider: str, kind: str) -> st.SearchStrategy[Facts]:
    """Facts that break one rule of ``provider``, by as little as can be."""
    return st.sampled_from(every_broken(provider, kind))


def every_broken(provider: str, kind: str) -> tuple[Facts, ...]:
    """One by one, in the order of the rules."""
    return tuple(facts for rule in rules_of(provider, kind) for facts in _breaking(rule))


def _formats(rule: Rule) -> tuple[str, ...]:
    return rule.accepts if rule.id.endswith("-format") else ()


def _at(rule: Rule, edge: str, *, beyond: int) -> Iterator[Facts]:
    """Facts at the rule's edge "min" or "max", or ``beyond`` it by so many units."""
    word = rule.id.partition("-")[2]
    limit = rule.limits.get(f"{edge}_{_UNITS.get(word, '')}")
    if limit is None:
        return
    value = int(limit) + (beyond if edge == "max" else -beyond)
    if word == "sides":
        # a side may only be at the edge where the other makes it one of the resolutions
        yield {"width": value, "height": 720 if edge == "min" else 1080}
    else:
        yield dict.fromkeys(_NAMES[word], value)


def _breaking(rule: Rule) -> Iterator[Facts]:
    others: Mapping[str, Facts] = {
        "format": {"format": "wav" if rule.id.startswith("video") else "unknown"},
        "resolution": {"width": 1000, "height": 1000},
        "moderation": {"moderation": "reject"},
        "reachable": {"reachable": False},
    }
    word = rule.id.partition("-")[2]
    if word in others:
        yield others[word]
    for edge in ("min", "max"):
        yield from _at(rule, edge, beyond=1)
