"""A task is a plan, and its visible state a function of the plan, the time and the polls so far."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class Stage(StrEnum):
    """Where a task stands, in the core's words; each provider spells them its own way."""

    SUBMITTED = "submitted"
    QUEUED = "queued"
    DISPATCHED = "dispatched"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        return self in TERMINAL_STAGES


TERMINAL_STAGES = (Stage.SUCCEEDED, Stage.FAILED, Stage.CANCELLED)


class Failure(Struct, frozen=True, gc=False):
    """Why a task fails: the name of a row of the provider's error table, and the sentence to go with it."""

    error: str
    message: str


class Step(Struct, frozen=True, gc=False):
    """The plan reaches ``stage`` at ``at_ms``, or at the poll numbered ``at_poll`` while ``at_ms`` is None."""

    stage: Stage
    at_ms: int | None
    at_poll: int | None = None


class State(Struct, frozen=True, gc=False):
    """What can be seen of a task at one moment. ``since_ms`` is when the stage was reached."""

    stage: Stage
    since_ms: int
    progress: float


class Plan(Struct, frozen=True, gc=False):
    """Which stage from which moment on. The first step has a time; times and polls never decrease.

    ``failure`` says why, where the last step is FAILED. A plan whose last stage is not terminal never ends.
    """

    steps: tuple[Step, ...]
    failure: Failure | None = None

    @property
    def starts_ms(self) -> int:
        first = self.steps[0].at_ms
        assert first is not None, "a plan begins at a moment"
        return first

    @property
    def ends_ms(self) -> int | None:
        """When the task ends; None while that hangs on a poll, and for ever where the plan has no end."""
        last = self.steps[-1]
        return last.at_ms if last.stage in TERMINAL_STAGES else None

    def has_ended(self, now_ms: int) -> bool:
        """Whether the task has ended."""
        # ends_ms in its own words: every poll asks, and a property is dear
        last = self.steps[-1]
        return last.at_ms is not None and last.at_ms <= now_ms and last.stage in TERMINAL_STAGES

    @property
    def waits_for_polls(self) -> bool:
        return self.steps[-1].at_ms is None

    def at(self, now_ms: int) -> State:
        """The state at ``now_ms``; before the first step it is the first step's."""
        position, since_ms = 0, self.starts_ms
        for step in self.steps[1:]:
            if step.at_ms is None or step.at_ms > now_ms:
                break
            position, since_ms = position + 1, step.at_ms
        return State(self.steps[position].stage, since_ms, self._progress(position, now_ms))

    def _progress(self, position: int, now_ms: int) -> float:
        if self.steps[position].stage.is_terminal:
            return 1.0
        if self.ends_ms is None:
            return round(position / len(self.steps), 2)
        span_ms = max(1, self.ends_ms - self.starts_ms)
        return min(0.99, max(0.0, round((now_ms - self.starts_ms) / span_ms, 2)))

    def last_change_ms(self, now_ms: int) -> int | None:
        """The last moment after ``now_ms`` at which time alone brings another stage; None where none does."""
        timed = (step.at_ms for step in reversed(self.steps) if step.at_ms is not None)
        last_ms = next(timed, now_ms)
        return last_ms if last_ms > now_ms else None

    def polled(self, polls: int, now_ms: int) -> Plan:
        """The plan after poll number ``polls`` (1 is the first): every step that waited for it gets this moment."""
        # two polls at once may be counted in the order in which they did not come
        moment_ms = max(now_ms, *(step.at_ms for step in self.steps if step.at_ms is not None))
        steps = tuple(
            replace(step, at_ms=moment_ms) if step.at_ms is None and (step.at_poll or 0) <= polls else step
            for step in self.steps
        )
        return replace(self, steps=steps)

    def ended(self, stage: Stage, now_ms: int, failure: Failure | None = None) -> Plan:
        """The plan cut off at ``now_ms`` with a terminal stage. A plan that has ended stays as it is."""
        if self.at(now_ms).stage.is_terminal:
            return self
        kept = tuple(step for step in self.steps if step.at_ms is not None and step.at_ms <= now_ms)
        return Plan((*(kept or self.steps[:1]), Step(stage, max(now_ms, self.starts_ms))), failure)
