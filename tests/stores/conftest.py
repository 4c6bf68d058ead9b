"""Small values to store, and both stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from contracts.model import Violation
from mock_server.core.journal import Entry, EntryKind
from mock_server.core.plan import Plan, Stage, Step
from mock_server.core.task import Task, TaskKind
from mock_server.stores import Store, open_store

JOURNAL_CAP = 5


class MakeTask(Protocol):
    def __call__(self, number: int, *, ends_ms: int | None = ..., **changes: object) -> Task: ...


class MakeEntry(Protocol):
    def __call__(self, number: int, *, task_id: str | None = ..., violations: int = ...) -> Entry: ...


@pytest.fixture
def make_task() -> MakeTask:
    """Task ``number`` of tenant "t" at "kling", from 0 ms to ``ends_ms`` (None: the first poll ends it)."""

    def make(number: int, *, ends_ms: int | None = 100, **changes: object) -> Task:
        last = Step(Stage.SUCCEEDED, ends_ms, 1 if ends_ms is None else None)
        plan = Plan((Step(Stage.SUBMITTED, 0), last))
        values: dict[str, object] = {
            "id": f"task-{number}",
            "tenant": "t",
            "provider": "kling",
            "kind": TaskKind.LIP_SYNC,
            "number": number,
            "plan": plan,
            "base_url": "http://127.0.0.1:1",
            "callback_url": "http://127.0.0.1:2/hook",
            "result_id": f"result-{number}",
        }
        return Task(**(values | changes))  # type: ignore[arg-type]

    return make


@pytest.fixture
def make_entry() -> MakeEntry:
    """Entry ``number`` of tenant "t"."""

    def make(number: int, *, task_id: str | None = None, violations: int = 0) -> Entry:
        found = (Violation("a", "rule", "is wrong"),) * violations
        return Entry(
            "t",
            number,
            1,
            EntryKind.EXCHANGE,
            "kling",
            "op",
            "GET",
            "/",
            200,
            task_id=task_id,
            violations=found,
        )

    return make


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, store_url: str) -> Iterator[Store]:
    """Each store in turn, opened, with a journal of five entries."""
    url = "memory" if request.param == "memory" else store_url
    opened = open_store(url, journal_cap=JOURNAL_CAP)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(store_url: str) -> Iterator[Callable[[], Store]]:
    """A function that opens the test's one file, closing it first where it is open."""
    opened: list[Store] = []

    def reopen() -> Store:
        while opened:
            opened.pop().close()
        opened.append(open_store(store_url, journal_cap=JOURNAL_CAP))
        opened[0].open()
        return opened[0]

    yield reopen
    while opened:
        opened.pop().close()
