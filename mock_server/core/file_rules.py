"""What is asked of any file, picture or sound: its size, format, length and age.

Each function gives the reason why the rule does not hold, or None.
"""

from __future__ import annotations

from collections.abc import Callable

from contracts.model import Rule
from mock_server.core.media import MediaFacts, MediaFormat

FileJudge = Callable[[MediaFacts, Rule], str | None]
"""Looks at the file alone, so that the same file is always judged alike."""

_DAY_S = 86_400


def too_large(facts: MediaFacts, rule: Rule) -> str | None:
    if facts.size_bytes <= rule.limits["max_bytes"]:
        return None
    return f"is larger than {int(rule.limits['max_bytes']) // 2**20} MB ({facts.size_bytes} bytes)"


def wrong_format(facts: MediaFacts, rule: Rule) -> str | None:
    if facts.format in rule.accepts:
        return None
    found = "unreadable" if facts.format is MediaFormat.UNKNOWN else facts.format.value
    return f"format mismatch: the content is {found}, supported are {', '.join(rule.accepts)}"


def wrong_length(facts: MediaFacts, rule: Rule) -> str | None:
    low, high = rule.limits["min_ms"], rule.limits["max_ms"]
    if low <= facts.duration_ms <= high:
        return None
    return f"must last {low} to {high} ms, not {facts.duration_ms} ms"


def unreachable(facts: MediaFacts, rule: Rule) -> str | None:  # noqa: ARG001
    return None if facts.is_reachable else "cannot be downloaded"


def rejected(facts: MediaFacts, rule: Rule) -> str | None:  # noqa: ARG001
    return "was rejected by content moderation" if facts.is_rejected_by_moderation else None


def is_too_old(made_ms: int, now_ms: int, rule: Rule) -> bool:
    """Whether more than the row's ``max_age_s`` have passed."""
    return now_ms - made_ms > rule.limits["max_age_s"] * 1000


def days(rule: Rule) -> int:
    """The row's ``max_age_s`` for a sentence."""
    return int(rule.limits["max_age_s"]) // _DAY_S
