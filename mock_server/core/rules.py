"""Hold a case against a table of rules: a provider's ``rules.py`` says which hold and with which limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from contracts.model import Rule, Violation
from mock_server.core.cases import ClipCase, VideoCase
from mock_server.core.clip_rules import CLIP_RULES, TOGETHER_RULES
from mock_server.core.task import Clip
from mock_server.core.video_rules import VIDEO_RULES

Broken = tuple[tuple[Rule, Violation], ...]
"""Rules that do not hold, each with what breaks it."""


def judge_video(rules: Iterable[Rule], case: VideoCase) -> Broken:
    """The first rule in table order that ``case`` breaks, or nothing: later rules lean on earlier ones."""

    def reason(rule: Rule) -> str | None:
        return VIDEO_RULES[rule.id](case, rule)

    return tuple(islice(_broken(rules, reason, case.path, case.file_field), 1))


def judge_clip(rules: Iterable[Rule], stage: str, case: ClipCase) -> Broken:
    """What ``case`` breaks among the rules of ``stage``: all of them for "timing", else the first in table order."""
    judges = CLIP_RULES[stage]

    def reason(rule: Rule) -> str | None:
        judge = judges.get(rule.id)
        return judge(case, rule) if judge else None

    return tuple(islice(_broken(rules, reason, case.path, case.file_field), None if stage == "timing" else 1))


def judge_together(rules: Iterable[Rule], path: str, clips: Sequence[Clip]) -> Broken:
    """What several entries break together: the first rule of the table that does not hold."""

    def reason(rule: Rule) -> str | None:
        judge = TOGETHER_RULES.get(rule.id)
        return judge(clips) if judge else None

    return tuple(islice(_broken(rules, reason, path, ""), 1))


def _broken(
    rules: Iterable[Rule], reason_of: Callable[[Rule], str | None], path: str, file_field: str
) -> Iterator[tuple[Rule, Violation]]:
    for rule in rules:
        reason = reason_of(rule)
        if reason is not None:
            yield rule, Violation(_path(path, rule.field or file_field), rule.id, reason)


def _path(path: str, field: str) -> str:
    if field.startswith("/"):
        return field[1:]
    return ".".join(part for part in (path, field) if part)
