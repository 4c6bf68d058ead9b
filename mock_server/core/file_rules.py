"""What is asked of any file, picture or sound: its size, format, length and age.

Each function gives the reason why the rule does not hold, or None.
"""

from __future__ import annotations

from contracts.model import Rule
from mock_server.core.cases import ClipCase, VideoCase
from mock_server.core.media import MediaFormat

FileCase = VideoCase | ClipCase
"""Either names a file; where it was not found, another rule says so."""

_DAY_S = 86_400


def too_large(case: FileCase, rule: Rule) -> str | None:
    facts = case.facts
    if facts is None or facts.size_bytes <= rule.limits["max_bytes"]:
        return None
    return f"is larger than {int(rule.limits['max_bytes']) // 2**20} MB ({facts.size_bytes} bytes)"


def wrong_format(case: FileCase, rule: Rule) -> str | None:
    facts = case.facts
    if facts is None or facts.format in rule.accepts:
        return None
    found = "unreadable" if facts.format is MediaFormat.UNKNOWN else facts.format.value
    return f"format mismatch: the content is {found}, supported are {', '.join(rule.accepts)}"


def wrong_length(case: FileCase, rule: Rule) -> str | None:
    facts, low, high = case.facts, rule.limits["min_ms"], rule.limits["max_ms"]
    if facts is None or low <= facts.duration_ms <= high:
        return None
    return f"must last {low} to {high} ms, not {facts.duration_ms} ms"


def unreachable(case: FileCase, rule: Rule) -> str | None:  # noqa: ARG001
    return "cannot be downloaded" if case.facts and not case.facts.is_reachable else None


def rejected(case: FileCase, rule: Rule) -> str | None:  # noqa: ARG001
    is_rejected = case.facts is not None and case.facts.is_rejected_by_moderation
    return "was rejected by content moderation" if is_rejected else None


def is_too_old(made_ms: int, now_ms: int, rule: Rule) -> bool:
    """Whether more than the row's ``max_age_s`` have passed."""
    return now_ms - made_ms > rule.limits["max_age_s"] * 1000


def days(rule: Rule) -> int:
    """The row's ``max_age_s`` for a sentence."""
    return int(rule.limits["max_age_s"]) // _DAY_S
