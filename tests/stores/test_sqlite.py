"""What only a store on disk can get wrong: restarts, kills, half-done writes, and commits that nobody needed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mock_server.core.delivery import deliveries_of
from mock_server.core.plan import Stage
from mock_server.stores import Part, Store
from mock_server.stores.sqlite_file import open_file
from mock_server.stores.sqlite_journal import LONGEST_WAIT

if TYPE_CHECKING:
    from tests.stores.conftest import MakeEntry, MakeTask

WORKER = """
import sys
from msgspec.structs import replace
from mock_server.core.delivery import deliveries_of
from mock_server.core.plan import Plan, Stage, Step
from mock_server.core.task import Task, TaskKind
from mock_server.stores import open_store

store = open_store(sys.argv[1])
store.open()
while True:
    number = store.next_number("t", "task")
    plan = Plan((Step(Stage.SUBMITTED, 0), Step(Stage.SUCCEEDED, number)))
    task = Task(f"task-{number}", "t", "kling", TaskKind.LIP_SYNC, number, plan, "http://127.0.0.1:1",
                callback_url="http://127.0.0.1:2/")
    store.add_task(task, deliveries_of(task), slots=None, now_ms=0)
    print(number, flush=True)
"""


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Callable[[], sqlite3.Connection]:
    """The connection of the store that was opened last."""
    made: list[sqlite3.Connection] = []

    def noting(path: Path) -> sqlite3.Connection:
        made.append(open_file(path))
        return made[-1]

    monkeypatch.setattr("mock_server.stores.sqlite.open_file", noting)
    return lambda: made[-1]


def breaks_after(steps: int) -> Callable[[], int]:
    """A progress handler that interrupts SQLite once, after so many steps of its machine."""
    answers = iter([*[0] * steps, 1])
    return lambda: next(answers, 0)


def acknowledged_before_kill(url: str, count: int) -> list[int]:
    """The tasks that a worker said it had stored, killed after at least ``count`` of them."""
    with subprocess.Popen([sys.executable, "-c", WORKER, url], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        lines = [worker.stdout.readline() for _ in range(count)]
        worker.kill()
        lines += worker.stdout.readlines()
    # the last line may be cut in the middle of a number
    return [int(line) for line in lines if line.endswith("\n")]


def test_a_kill_loses_no_acknowledged_task_and_no_delivery(
    store_url: str, sqlite_store: Callable[[], Store]
) -> None:
    acknowledged: list[int] = []
    for count in (1, 20, 150, 7):
        acknowledged += acknowledged_before_kill(store_url, count)
    store = sqlite_store()
    for number in acknowledged:
        assert store.task("t", "kling", f"task-{number}") is not None
        assert store.delivery("t", f"task-{number}.{Stage.SUCCEEDED}") is not None
    assert len(acknowledged) == len(set(acknowledged)) >= 178
    assert store.next_number("t", "task") > max(acknowledged)


def test_everything_is_there_after_a_restart(
    sqlite_store: Callable[[], Store], make_task: MakeTask, make_entry: MakeEntry
) -> None:
    store = sqlite_store()
    task = make_task(1, external_id="mine")
    store.add_task(task, deliveries_of(task), slots=None, now_ms=0)
    for number in range(1, 8):
        store.append(make_entry(number))
    page = store.journal("t")
    store = sqlite_store()
    assert store.task_by_external_id("t", "kling", "mine") == task
    assert store.next_delivery("t") == deliveries_of(task)[0]
    assert store.journal("t") == page
    assert page.dropped == 2


def test_numbers_go_on_without_a_gap_after_a_clean_end(sqlite_store: Callable[[], Store]) -> None:
    given = []
    for count in (3, 0, 120, 1):
        store = sqlite_store()
        given += [store.next_number("t", "request") for _ in range(count)]
    assert given == list(range(1, 125))


def test_every_write_happens_whole_or_not_at_all_wherever_it_is_broken_off(
    sqlite_store: Callable[[], Store],
    make_task: MakeTask,
    make_entry: MakeEntry,
    connection: Callable[[], sqlite3.Connection],
) -> None:
    store = sqlite_store()
    task = make_task(1, external_id="mine")

    def seen() -> tuple[object, ...]:
        return (
            store.tasks("t", provider=None, kinds={task.kind}, offset=0, limit=9),
            store.deliveries("t", task_id=None, offset=0, limit=9),
        )

    nothing, whole = ((), ()), ((task,), deliveries_of(task))
    store.append(make_entry(1))
    breaks = 0
    while seen() == nothing:
        connection().set_progress_handler(breaks_after(breaks), 1)
        # the last break comes between the commit and the news of it
        with suppress(sqlite3.OperationalError):
            store.add_task(task, deliveries_of(task), slots=None, now_ms=0)
        connection().set_progress_handler(None, 1)
        breaks += 1
    assert seen() == whole
    assert breaks > 100
    assert store.journal("t").entries[0] == make_entry(1)


def test_a_poll_of_a_finished_task_writes_nothing(
    sqlite_store: Callable[[], Store],
    make_task: MakeTask,
    make_entry: MakeEntry,
    tmp_path: Path,
) -> None:
    store = sqlite_store()
    task = make_task(1)
    store.add_task(task, deliveries_of(task), slots=None, now_ms=0)
    store.next_number("t", "request")
    written = (tmp_path / "store.db-wal").stat().st_size
    for number in range(2, LONGEST_WAIT // 4):
        assert store.next_number("t", "request") == number
        assert store.task("t", "kling", "task-1") == task
        store.change_task("t", "kling", "task-1", lambda same: (same, deliveries_of(same)))
        store.append(make_entry(number))
    assert (tmp_path / "store.db-wal").stat().st_size == written


def test_the_journal_is_written_with_the_next_change_and_when_it_grows_long(
    sqlite_store: Callable[[], Store],
    make_task: MakeTask,
    make_entry: MakeEntry,
    connection: Callable[[], sqlite3.Connection],
) -> None:
    store = sqlite_store()

    def written() -> int:
        row: tuple[int] = connection().execute("SELECT count(*) FROM journal").fetchone()
        return row[0]

    store.append(make_entry(1))
    assert written() == 0
    store.add_task(make_task(1), (), slots=None, now_ms=0)
    assert written() == 1
    for number in range(2, LONGEST_WAIT + 1):
        store.append(make_entry(number))
    assert written() == 1
    store.append(make_entry(LONGEST_WAIT + 1))
    assert written() == 5
    assert store.journal("t").dropped == LONGEST_WAIT + 1 - 5


def test_entries_that_wait_are_forgotten_with_the_rest(
    sqlite_store: Callable[[], Store], make_entry: MakeEntry
) -> None:
    store = sqlite_store()
    store.append(make_entry(1))
    store.reset("t", {Part.JOURNAL})
    assert store.journal("t").entries == ()
    assert sqlite_store().journal("t").entries == ()


def test_no_question_walks_a_whole_table(
    sqlite_store: Callable[[], Store],
    make_task: MakeTask,
    connection: Callable[[], sqlite3.Connection],
) -> None:
    store = sqlite_store()
    asked: list[str] = []
    connection().set_trace_callback(asked.append)
    task = make_task(1, external_id="mine", holds_slot=True)
    store.add_task(task, deliveries_of(task), slots=1, now_ms=0)
    store.change_task("t", "kling", "task-1", lambda same: (same, ()))
    store.task_by_external_id("t", "kling", "mine")
    store.task_by_result_id("t", "kling", "result-1")
    store.find_result("result-1")
    store.find_speech("a")
    store.tasks("t", provider="kling", kinds={task.kind}, offset=0, limit=9)
    store.next_delivery("t")
    store.deliveries("t", task_id="task-1", offset=0, limit=9)
    store.deliveries("t", task_id=None, offset=0, limit=9)
    for only_violations in (False, True):
        for task_id in (None, "task-1"):
            store.journal("t", task_id=task_id, only_violations=only_violations)
    connection().set_trace_callback(None)
    questions = [statement for statement in asked if statement.lstrip().startswith("SELECT")]
    assert len(questions) > 15
    for question in questions:
        plan = [row[3] for row in connection().execute(f"EXPLAIN QUERY PLAN {question}")]
        assert not [step for step in plan if step.startswith(("SCAN tasks", "SCAN journal", "SCAN del"))], (
            plan
        )
        assert not [step for step in plan if "TEMP B-TREE" in step], (question, plan)
