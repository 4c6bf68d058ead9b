"""Deliveries in SQLite: each function is one or two statements in the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from mock_server.core.delivery import Delivery
from mock_server.core.task import Task
from mock_server.stores.agreement import bounded, due_moment, revised
from mock_server.stores.codec import decode_delivery, encode

_BY_ID = "SELECT value FROM deliveries WHERE tenant = ? AND id = ?"
_NEXT = """SELECT value FROM deliveries WHERE tenant = ? AND due_ms IS NOT NULL
    ORDER BY due_ms, number, id LIMIT 1"""
_OF_TASK = "SELECT value FROM deliveries WHERE tenant = ? AND task_id = ? AND +provider = ?"
_TENANTS = "SELECT DISTINCT tenant FROM deliveries WHERE due_ms IS NOT NULL ORDER BY tenant"


def delivery_by_id(connection: sqlite3.Connection, tenant: str, delivery_id: str) -> Delivery | None:
    return _one(connection, _BY_ID, tenant, delivery_id)


def next_delivery(connection: sqlite3.Connection, tenant: str) -> Delivery | None:
    return _one(connection, _NEXT, tenant)


def waiting_tenants(connection: sqlite3.Connection) -> tuple[str, ...]:
    return tuple(tenant for (tenant,) in connection.execute(_TENANTS))


def deliveries_in_order(
    connection: sqlite3.Connection, tenant: str, *, task_id: str | None, offset: int, limit: int
) -> tuple[Delivery, ...]:
    where, values = (
        ("tenant = ?", [tenant]) if task_id is None else ("tenant = ? AND task_id = ?", [tenant, task_id])
    )
    query = f"SELECT value FROM deliveries WHERE {where} ORDER BY number, id LIMIT ? OFFSET ?"  # noqa: S608 - only literals of ours
    rows = connection.execute(query, (*values, bounded(limit), bounded(offset)))
    return tuple(decode_delivery(value) for (value,) in rows)


def insert_deliveries(connection: sqlite3.Connection, deliveries: Iterable[Delivery]) -> None:
    """Add those whose id is not in use: what was there has a history."""
    connection.executemany(
        "INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                delivery.tenant,
                delivery.id,
                delivery.provider,
                delivery.task_id,
                delivery.number,
                due_moment(delivery),
                encode(delivery),
            )
            for delivery in deliveries
        ],
    )


def update_delivery(connection: sqlite3.Connection, delivery: Delivery) -> None:
    """Nothing happens where there is none with this tenant and id."""
    connection.execute(
        """UPDATE deliveries SET provider = ?, task_id = ?, number = ?, due_ms = ?, value = ?
           WHERE tenant = ? AND id = ?""",
        (
            delivery.provider,
            delivery.task_id,
            delivery.number,
            due_moment(delivery),
            encode(delivery),
            delivery.tenant,
            delivery.id,
        ),
    )


def revise_deliveries(connection: sqlite3.Connection, task: Task, proposed: Sequence[Delivery]) -> None:
    """See ``Store.change_task``."""
    rows = connection.execute(_OF_TASK, (task.tenant, task.id, task.provider))
    removed, added = revised([decode_delivery(value) for (value,) in rows], proposed)
    connection.executemany(
        "DELETE FROM deliveries WHERE tenant = ? AND id = ?",
        [(delivery.tenant, delivery.id) for delivery in removed],
    )
    insert_deliveries(connection, added)


def _one(connection: sqlite3.Connection, query: str, *values: str) -> Delivery | None:
    row = connection.execute(query, values).fetchone()
    return None if row is None else decode_delivery(row[0])
