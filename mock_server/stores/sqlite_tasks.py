"""Tasks in SQLite: each function is one or two statements in the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from mock_server.core.task import Task, TaskKind
from mock_server.stores.agreement import bounded
from mock_server.stores.base import ExternalIdTaken, SlotsFull
from mock_server.stores.codec import decode_task, encode

_BY_ID = "SELECT value FROM tasks WHERE tenant = ? AND provider = ? AND id = ?"
_BY_EXTERNAL_ID = "SELECT value FROM tasks WHERE tenant = ? AND provider = ? AND external_id = ?"
# "+": the ids are unique, so the index on them beats one on the tenant
_BY_RESULT_ID = """SELECT value FROM tasks
    WHERE +tenant = ? AND +provider = ? AND (result_id = ? OR upstream_id = ?)"""
_FIND_RESULT = "SELECT value FROM tasks WHERE result_id = ?"
# two counts, for an OR would walk all tasks that have ended
_TAKEN = """SELECT
    (SELECT count(*) FROM tasks WHERE tenant = ? AND provider = ? AND holds_slot = 1 AND ends_ms > ?) +
    (SELECT count(*) FROM tasks WHERE tenant = ? AND provider = ? AND holds_slot = 1 AND ends_ms IS NULL)"""


def task_by_id(connection: sqlite3.Connection, tenant: str, provider: str, task_id: str) -> Task | None:
    return _one(connection, _BY_ID, tenant, provider, task_id)


def task_by_external_id(
    connection: sqlite3.Connection, tenant: str, provider: str, external_id: str
) -> Task | None:
    return _one(connection, _BY_EXTERNAL_ID, tenant, provider, external_id)


def task_by_result_id(
    connection: sqlite3.Connection, tenant: str, provider: str, result_id: str
) -> Task | None:
    return _one(connection, _BY_RESULT_ID, tenant, provider, result_id, result_id)


def find_result(connection: sqlite3.Connection, result_id: str) -> Task | None:
    return _one(connection, _FIND_RESULT, result_id)


def tasks_newest_first(
    connection: sqlite3.Connection,
    tenant: str,
    *,
    provider: str | None,
    kinds: Collection[TaskKind],
    offset: int,
    limit: int,
) -> tuple[Task, ...]:
    where, values = f"tenant = ? AND kind IN ({', '.join('?' * len(kinds))})", [tenant, *map(str, kinds)]
    if provider is not None:
        where, values = f"{where} AND +provider = ?", [*values, provider]
    order = "ORDER BY number DESC, provider DESC, id DESC LIMIT ? OFFSET ?"
    query = f"SELECT value FROM tasks WHERE {where} {order}"  # noqa: S608 - only literals of ours
    rows = connection.execute(query, (*values, bounded(limit), bounded(offset)))
    return tuple(decode_task(value) for (value,) in rows)


def insert_task(connection: sqlite3.Connection, task: Task, slots: int | None, now_ms: int) -> None:
    """Raises what ``Store.add_task`` raises, before anything is written."""
    if task_by_id(connection, task.tenant, task.provider, task.id) is not None:
        raise ValueError(f"there is a task {task.id} already")
    _require_free_external_id(connection, task)
    if task.holds_slot and slots is not None:
        owner = (task.tenant, task.provider)
        (taken,) = connection.execute(_TAKEN, (*owner, now_ms, *owner)).fetchone()
        if taken >= slots:
            raise SlotsFull
    connection.execute("INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _row(task))


def update_task(connection: sqlite3.Connection, task: Task) -> None:
    """Raises ExternalIdTaken where the external id is another task's."""
    _require_free_external_id(connection, task)
    tenant, provider, task_id, *columns = _row(task)
    connection.execute(
        """UPDATE tasks SET number = ?, kind = ?, external_id = ?, result_id = ?, upstream_id = ?,
               holds_slot = ?, ends_ms = ?, value = ?
           WHERE tenant = ? AND provider = ? AND id = ?""",
        (*columns, tenant, provider, task_id),
    )


def _one(connection: sqlite3.Connection, query: str, *values: str) -> Task | None:
    row = connection.execute(query, values).fetchone()
    return None if row is None else decode_task(row[0])


def _require_free_external_id(connection: sqlite3.Connection, task: Task) -> None:
    if task.external_id is None:
        return
    holder = task_by_external_id(connection, task.tenant, task.provider, task.external_id)
    if holder is not None and holder.id != task.id:
        raise ExternalIdTaken(task.external_id)


def _row(task: Task) -> tuple[object, ...]:
    return (
        task.tenant,
        task.provider,
        task.id,
        task.number,
        str(task.kind),
        task.external_id,
        task.result_id or None,
        task.upstream_id or None,
        task.holds_slot,
        task.plan.ends_ms,
        encode(task),
    )
