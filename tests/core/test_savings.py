"""The closing line counts what no provider was paid."""

from __future__ import annotations

from collections.abc import Iterable

from contracts.model import Price
from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.core.plan import Failure, Plan, Stage, Step
from mock_server.core.savings import Savings
from mock_server.core.task import Task, TaskKind

PRICES = {
    "kling": (Price("lip-sync", "0.5", 5, "unit", "test"), Price("identify", "0.05", 0, "unit", "test")),
    "gmi": (Price("lip-sync", "0.5", 5, "USD", "test"),),
}


def prices_of(provider: str) -> Iterable[Price]:
    return PRICES[provider]


def a_task(provider: str, duration_ms: int = 9_000, failure: Failure | None = None) -> Task:
    plan = Plan((Step(Stage.SUBMITTED, 0), Step(Stage.FAILED if failure else Stage.SUCCEEDED, 1)), failure)
    video = MediaFacts(MediaFormat.MP4, duration_ms, 1, "d")
    return Task("1", "t", provider, TaskKind.LIP_SYNC, 1, plan, "http://h", video=video)


def test_nothing_is_said_where_nothing_was_asked() -> None:
    assert Savings().sentence(prices_of) == ""


def test_renders_minutes_and_money_by_currency() -> None:
    savings = Savings()
    for provider in ("kling", "kling", "gmi"):
        savings.add_task(a_task(provider))
    savings.add_call("kling", "identify")
    assert savings.sentence(prices_of) == (
        "This run: 3 renders, 0.5 min of video, 1 USD and 2.05 units not spent."
    )


def test_a_job_planned_to_fail_is_free() -> None:
    savings = Savings()
    savings.add_task(a_task("kling", failure=Failure("task-failed", "no")))
    assert savings.sentence(prices_of) == "This run: 1 render, 0.1 min of video, nothing not spent."


def test_hours_are_said_in_hours() -> None:
    savings = Savings()
    for _ in range(240):
        savings.add_task(a_task("gmi", 60_000))
    assert "240 renders, 4.0 h of video" in savings.sentence(prices_of)
