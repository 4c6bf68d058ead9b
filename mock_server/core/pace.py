"""How fast tasks go: a pace turns the stages of a task into a plan."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from mock_server.core.errors import ConfigurationError
from mock_server.core.ids import Choices
from mock_server.core.plan import Failure, Plan, Stage, Step


class Pace(Struct, frozen=True):
    """Total time of a task between two bounds in ms, or a number of polls where ``polls`` is not 0."""

    name: str
    shortest_ms: int = 0
    longest_ms: int = 0
    polls: int = 0

    def plan(
        self,
        stages: Sequence[Stage],
        now_ms: int,
        choices: Choices,
        task_id: str,
        failure: Failure | None = None,
    ) -> Plan:
        """A plan that passes ``stages`` in order from ``now_ms`` on; the seed and the task's id fix the moments."""
        if self.polls:
            return Plan(_by_polls(stages, now_ms, self.polls), failure)
        spread_ms = self.longest_ms - self.shortest_ms
        total_ms = self.shortest_ms + (choices.number(0, spread_ms, "duration", task_id) if spread_ms else 0)
        last = len(stages) - 1
        # the first quarter is waiting, the rest is work: the shape seen on the services
        steps = [Step(stages[0], now_ms)]
        for nth in range(1, last):
            steps.append(Step(stages[nth], now_ms + total_ms * nth // (4 * (last - 1))))  # noqa: PERF401
        steps.append(Step(stages[last], now_ms + total_ms))
        return Plan(tuple(steps), failure)


def _by_polls(stages: Sequence[Stage], now_ms: int, polls: int) -> tuple[Step, ...]:
    last = len(stages) - 1
    waiting = tuple(
        Step(stage, None, max(1, polls * position // last)) for position, stage in enumerate(stages[1:], 1)
    )
    return (Step(stages[0], now_ms), *waiting)


PACES = (
    Pace("instant"),
    Pace("quick", 2_000, 4_000),
    # kling.md § 5 "typical real durations: about 1-5 min"
    Pace("real", 60_000, 300_000),
)


@cache
def pace_named(text: str) -> Pace:
    """``instant``, ``quick``, ``real`` or ``polls:N`` with N from 1 to 1000. Raises ConfigurationError."""
    for pace in PACES:
        if pace.name == text:
            return pace
    name, _, count = text.partition(":")
    if name == "polls" and count.isascii() and count.isdigit() and 1 <= int(count) <= 1000:
        return Pace(text, polls=int(count))
    names = ", ".join(pace.name for pace in PACES)
    raise ConfigurationError(f"pace must be one of {names} or polls:N with N from 1 to 1000, not {text!r}")
