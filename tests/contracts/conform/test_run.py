"""A whole run: what is asked of a server that could cost, and what a person is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from msgspec.structs import replace

from contracts.conform.checks import CHECKS
from contracts.conform.run import NAMES, examine
from contracts.conform.surfaces import SURFACES
from contracts.conform.target import Target
from contracts.conform.verdict import Result, Verdict
from contracts.contract import PROVIDERS
from contracts.witness.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = (*(check.id for check in CHECKS), "drift")
MEDIA = {"video_url": "https://cdn.test/talk.mp4", "audio_url": "https://cdn.test/line.mp3"}


def orders(url: str, provider: str, key: str) -> list[int]:
    """The statuses of what a server could have taken for an order."""
    journal = httpx.get(f"{url}/__lipflap/journal", params={"key": key, "limit": 1000}).json()
    paid = SURFACES[provider].paid
    return [entry["status"] for entry in journal["entries"] if entry["operation"] in paid]


def made(url: str, key: str) -> int:
    return len(httpx.get(f"{url}/__lipflap/tasks", params={"key": key}).json()["tasks"])


@pytest.mark.parametrize("provider", PROVIDERS)
def test_nothing_is_ordered_where_nothing_may_be_spent(
    provider: str, strange_server: Callable[..., str]
) -> None:
    url = strange_server(pace="instant")
    report = examine(Target(provider, url, "k1", checks=(*OWN, "any-order")))
    assert report.failed == ()
    assert made(url, "k1") == 0
    assert {status for status in orders(url, provider, "k1") if status < 400} == set()
    assert (report.spent, report.allowed) == (0, 0)
    results = {result.check: result for result in report.results}
    assert results["documented-errors"].verdict is Verdict.PASS
    assert "--spend" in results["status-order"].note
    assert "simulator" in results["any-order"].note


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("spend", [1, 2, 3])
def test_never_more_is_ordered_than_may_be_spent(
    provider: str, spend: int, strange_server: Callable[..., str]
) -> None:
    url = strange_server(pace="instant")
    target = Target(provider, url, "k1", spend=spend, other_key="k2", checks=OWN, **MEDIA)
    report = examine(target)
    assert report.failed == ()
    assert report.spent <= spend
    assert sum(status < 400 for status in orders(url, provider, "k1")) <= spend
    if spend >= 2:
        verdicts = {result.check: result.verdict for result in report.results}
        assert verdicts["terminal-final"] is verdicts["own-tasks-only"] is Verdict.PASS


def test_an_old_task_is_read_for_nothing(strange_server: Callable[..., str]) -> None:
    url = strange_server(pace="instant")
    first = examine(Target("kling", url, "k1", spend=2, checks=("status-order",), **MEDIA))
    assert first.spent == 2
    tasks = httpx.get(f"{url}/__lipflap/tasks", params={"key": "k1"}).json()["tasks"]
    report = examine(Target("kling", url, "k1", task_id=tasks[0]["id"], checks=OWN))
    verdicts = {result.check: result.verdict for result in report.results}
    assert report.failed == ()
    assert report.spent == 0
    assert verdicts["terminal-final"] is verdicts["list-contains"] is verdicts["time-units"] is Verdict.PASS
    assert verdicts["external-id-once"] is Verdict.SKIPPED


def test_callbacks_are_taken_where_we_were_told_to_listen(strange_server: Callable[..., str]) -> None:
    url = strange_server(pace="instant")
    target = Target("kling", url, "k1", spend=2, callback_listen="127.0.0.1:0", **MEDIA)
    report = examine(replace(target, checks=("callback-equals-poll",)))
    assert [result.verdict for result in report.results] == [Verdict.PASS]


def test_accounts_of_a_simulator_keep_their_clock_and_their_tasks(
    make_server: Callable[..., str], two_accounts: str
) -> None:
    url = make_server(auth=two_accounts, clock="60x")
    report = examine(Target("kirin", url, "k1", other_key="k2", checks=OWN))
    assert report.failed == ()
    assert made(url, "k1") > 0
    clock = httpx.get(f"{url}/__lipflap/clock", params={"key": "k1"}).json()
    assert (clock["mode"], clock["rate"]) == ("scaled", 60)


def test_results_are_heard_as_they_come(make_server: Callable[..., str]) -> None:
    heard: list[Result] = []
    wanted = ("answer-shape", "documented-errors")
    report = examine(Target("gmi", make_server(), "k1", checks=wanted), heard.append)
    assert tuple(heard) == report.results
    assert [result.check for result in heard] == [name for name in NAMES if name in wanted]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"url": "http://127.0.0.1:9"}, "nobody answers"),
        ({"url": "nowhere"}, "nobody answers"),
        ({"checks": ("no-such-check",)}, "there are documented-errors, status-order"),
        ({"callback_listen": "everywhere"}, "--callback-listen must be HOST:PORT"),
        ({"callback_listen": "127.0.0.1:99999"}, "--callback-listen must be HOST:PORT"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(server_url: str, changes: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        examine(replace(Target("kling", server_url, "k1"), **changes))


def test_a_guarded_simulator_is_not_taken_for_a_stranger(make_server: Callable[..., str]) -> None:
    url = make_server(admin_token="secret")
    with pytest.raises(UsageError, match="--admin-token"):
        examine(Target("kling", url, "k1"))
    target = Target("kling", url, "k1", admin_token="secret", checks=("session-expiry",))
    assert examine(target).failed == ()
