"""Every row of every provider's error table as a fault: ``error:1302``, ``error:rate-limited``, ``error:1301@task``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from msgspec.structs import replace

from contracts.contract import load_contract
from contracts.model import Channel, ErrorCode
from mock_server.core.errors import ConfigurationError, Refused
from mock_server.core.fault import Occasion, Window
from mock_server.core.plan import Failure, Stage
from mock_server.core.task import Task
from mock_server.faults.model import (
    ALL_PROVIDERS,
    Expected,
    Fault,
    InPlace,
    Layer,
    OnTask,
    Reply,
    Scene,
)

ERROR = "error:"
_IN_TASK = "@task"
_WORTH_ANOTHER_LOOK = frozenset({401, 404})
_ANYWHERE = (Occasion.SUBMIT, Occasion.IDENTIFY, Occasion.POLL, Occasion.LIST, Occasion.TTS)


@lru_cache(maxsize=256)
def error_fault(fault_id: str) -> Fault:
    """The fault behind ``error:<code or name>``, with ``@task`` for an accepted task that fails so.

    Raises ConfigurationError where no provider has such a row.
    """
    key = fault_id.removeprefix(ERROR).removesuffix(_IN_TASK)
    rows = {provider: row for provider in ALL_PROVIDERS if (row := row_of(provider, key))}
    if not rows:
        raise ConfigurationError(f"{fault_id} names no row of any provider's error table")
    first = next(iter(rows.values()))
    in_task = fault_id.endswith(_IN_TASK) or all(row.channel is Channel.TASK for row in rows.values())
    return Fault(
        id=fault_id,
        layer=Layer.ERROR,
        says=f"fails the task: {first.meaning}" if in_task else f"answers with {first.meaning}",
        client_must=first.advice,
        hooks=(OnTask(_fails(key)),) if in_task else (InPlace(_refuses(key), _ANYWHERE),),
        expected=Expected.FAILURE if in_task else _expected(rows.values()),
        motive=first.source,
        window=Window(1, 1),
        providers=tuple(rows),
    )


def _expected(rows: Iterable[ErrorCode]) -> Expected:
    """A client may get over a refusal that it meets once: by trying again, with a fresh token, by looking again."""
    recoverable = any(row.is_retryable or row.http_status in _WORTH_ANOTHER_LOOK for row in rows)
    return Expected.EITHER if recoverable else Expected.FAILURE


def row_of(provider: str, key: str) -> ErrorCode | None:
    """The row of ``provider`` with this name, else with this code (or HTTP status, where it has no code)."""
    errors = load_contract(provider).errors
    if key in errors:
        return errors[key]
    for row in errors.values():
        if row.code == key or (not row.code and str(row.http_status) == key):
            return row
    return None


def _refuses(key: str) -> Callable[[Scene], Reply | None]:
    def refuse(scene: Scene) -> Reply | None:
        row = row_of(scene.provider, key)
        return None if row is None else scene.refuse(Refused(row.name, message=row.message))

    return refuse


def _fails(key: str) -> Callable[[Task, Scene], Task]:
    def fail(task: Task, scene: Scene) -> Task:
        row = row_of(scene.provider, key)
        if row is None:
            return task
        last = replace(task.plan.steps[-1], stage=Stage.FAILED)
        plan = replace(task.plan, steps=(*task.plan.steps[:-1], last), failure=Failure(row.name, row.message))
        return replace(task, plan=plan)

    return fail
