"""Hold a case against a table of rules: a provider's ``rules.py`` says which hold and with which limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeVar

from contracts.model import Rule, Violation
from mock_server.core.cases import ClipCase, VideoCase
from mock_server.core.clip_rules import AUDIO_RULES, CLIP_RULES, TOGETHER_RULES
from mock_server.core.media import MediaFacts
from mock_server.core.task import Clip
from mock_server.core.video_rules import VIDEO_RULES

Broken = tuple[tuple[Rule, Violation], ...]
"""Rules that do not hold, each with what breaks it."""

_Judge = TypeVar("_Judge", bound=Callable[..., str | None])


class Rulebook:
    """One table of rules with the judge of each, found once: every submit is held against it.

    ``order`` is that in which the stages of a clip are judged.
    """

    __slots__ = ("_clip", "_is_good_audio", "_of_audio", "_others", "_together", "_video")

    def __init__(self, rules: Sequence[Rule], order: Sequence[str] = tuple(CLIP_RULES)) -> None:
        self._video = _judged(rules, VIDEO_RULES)
        self._clip = {stage: _judged(rules, CLIP_RULES[stage]) for stage in order if stage in CLIP_RULES}
        self._of_audio = _judged(rules, AUDIO_RULES) if "audio" in self._clip else ()
        # the facts of a file are remembered, and so is that they are good
        self._is_good_audio = lru_cache(maxsize=4096)(self._keeps_every_rule)
        every = chain.from_iterable(self._clip.values())
        self._others = tuple((rule, judge) for rule, judge in every if rule.id not in AUDIO_RULES)
        self._together = _judged(rules, TOGETHER_RULES)

    def judge_video(self, case: VideoCase) -> Broken:
        """The first rule in table order that ``case`` breaks, or nothing: later rules lean on earlier ones."""
        for rule, judge in self._video:
            reason = judge(case, rule)
            if reason is not None:
                return ((rule, _violation(case.path, rule, case.file_field, reason)),)
        return ()

    def judge_clips(self, cases: Sequence[ClipCase]) -> tuple[str, Broken]:
        """The first stage that does not hold, and what all of ``cases`` break in it; nothing where all do."""
        if self._hold(cases):
            return "", ()
        for stage in self._clip:
            broken: Broken = ()
            for case in cases:
                broken += self.judge_clip(stage, case)
            if broken:
                return stage, broken
        return "", ()

    def _hold(self, cases: Sequence[ClipCase]) -> bool:
        """Whether every case keeps every rule, as nearly always: found without regard to stages."""
        for case in cases:
            if case.facts is not None and not self._is_good_audio(case.facts):
                return False
            for rule, judge in self._others:
                if judge(case, rule) is not None:
                    return False
        return True

    def _keeps_every_rule(self, audio: MediaFacts) -> bool:
        return all(judge(audio, rule) is None for rule, judge in self._of_audio)

    def judge_clip(self, stage: str, case: ClipCase) -> Broken:
        """What ``case`` breaks among the rules of ``stage``: all of them for "timing", else the first."""
        broken: Broken = ()
        for rule, judge in self._clip.get(stage, ()):
            reason = judge(case, rule)
            if reason is not None:
                broken += ((rule, _violation(case.entry.path, rule, case.entry.file_field, reason)),)
                if stage != "timing":
                    break
        return broken

    def judge_together(self, path: str, clips: Sequence[Clip]) -> Broken:
        """What several entries break together: the first rule of the table that does not hold."""
        for rule, judge in self._together:
            reason = judge(clips)
            if reason is not None:
                return ((rule, _violation(path, rule, "", reason)),)
        return ()


def _judged(rules: Iterable[Rule], judges: Mapping[str, _Judge]) -> tuple[tuple[Rule, _Judge], ...]:
    return tuple((rule, judges[rule.id]) for rule in rules if rule.id in judges)


def _violation(path: str, rule: Rule, file_field: str, reason: str) -> Violation:
    field = rule.field or file_field
    if field.startswith("/"):
        return Violation(field[1:], rule.id, reason)
    return Violation(".".join(part for part in (path, field) if part), rule.id, reason)
