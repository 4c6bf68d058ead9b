"""What a good client does at one point of a task's story, in plain words. Nothing is judged here, only told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime

from mock_server.core.errors import ConfigurationError
from mock_server.core.journal import Entry
from mock_server.core.task import Task
from mock_server.faults.grammar import Grammar

POLL_FLOOR_MS = 1_000
"""ASSUMED: no provider names a pace for polls; once a second is the fastest that any client of theirs was seen to."""


def advice_on(entry: Entry, before: Entry | None, task: Task, grammar: Grammar) -> str:
    """The advice for one request about ``task``; empty where there is none to give."""
    return " ".join(_advice(entry, before, task, grammar))


def _advice(entry: Entry, before: Entry | None, task: Task, grammar: Grammar) -> Iterator[str]:
    if before is not None:
        yield from _about_the_gap(entry, before, task)
    for fault_id in entry.faults:
        try:
            fault = grammar.named(fault_id)
        except ConfigurationError:
            # a journal can be older than the program that reads it
            continue
        yield f"{fault_id}: the server {fault.says}. A good client would {fault.client_must.removesuffix('.')}."


def _about_the_gap(entry: Entry, before: Entry, task: Task) -> Iterator[str]:
    gap_ms = entry.at_ms - before.at_ms
    asked_ms = retry_after_ms(before)
    if asked_ms is not None and gap_ms < asked_ms:
        yield (
            f"It came {gap_ms / 1000:g} s after an answer that asked for {asked_ms / 1000:g} s: "
            "a good client waits as long as it is told."
        )
    if not _is_poll(entry) or not _is_poll(before):
        return
    if before.status == 200 and not before.faults and task.plan.has_ended(before.at_ms):
        yield "The client knew the end already: a good client stops asking."
    elif asked_ms is None and 0 < gap_ms < POLL_FLOOR_MS:
        yield f"It came {gap_ms} ms after the poll before: a good client leaves at least a second between polls."


def _is_poll(entry: Entry) -> bool:
    return entry.method == "GET" and entry.operation.startswith("get")


def retry_after_ms(entry: Entry) -> int | None:
    """How long the answer asked its client to wait, from seconds or from a date; None where it did not."""
    text = dict(entry.response_headers).get("retry-after")
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return int(text) * 1000
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, round(aware.timestamp() * 1000) - entry.at_ms)
