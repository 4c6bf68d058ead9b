"""Tasks: look at them, and end one by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contracts.contract import Contract
from contracts.model import Channel, ErrorCode
from mock_server.admin.ask import KEY, PROVIDER, Ask
from mock_server.admin.operation import Operation
from mock_server.admin.paging import AFTER, LIMIT, page_of, walk_tasks
from mock_server.admin.parameter import word
from mock_server.admin.problem import BadRequest, Conflict, NotFound
from mock_server.admin.task_view import TaskView, task_view
from mock_server.admin.view import View
from mock_server.core.errors import TaskEnded
from mock_server.core.plan import Failure, Stage
from mock_server.core.task import Task, TaskKind
from mock_server.flow.tasks import end_task

if TYPE_CHECKING:
    from mock_server.admin.bodies import TaskEnd, TaskError

STATUS = word("status", "Only tasks that stand at this stage now.", Stage)


class TasksView(View):
    """``next`` is the ``after`` of the page behind this one; null on the last."""

    tasks: tuple[TaskView, ...]
    next: str | None


async def get_tasks(ask: Ask) -> TasksView:
    """Tasks, newest first; without ``key`` those of all tenants, tenant by tenant.

    A page is a count of tasks passed: tasks that are accepted meanwhile move the older ones back.
    """
    provider, stage = ask.get(PROVIDER), ask.get(STATUS)

    def walk(tenant: str, position: int) -> Iterator[tuple[int, Task]]:
        now_ms = ask.now_ms(tenant)
        for behind, task in walk_tasks(ask.store, tenant, position, provider):
            if stage is None or task.plan.at(now_ms).stage is stage:
                yield behind, task

    page = page_of(ask, walk)
    return TasksView(tasks=tuple([_shown(ask, task) for task in page.records]), next=page.next)


async def get_task(ask: Ask) -> TaskView:
    """One task by its id."""
    return _shown(ask, find_task(ask))


async def finish_task(ask: Ask, body: TaskEnd) -> TaskView:
    """End a task now, in place of what its plan held.

    Callbacks follow the new end. A failure without an ``error`` is the first that the provider reports on tasks.
    409 says that the task has ended already, or has nothing to succeed with.
    """
    task = find_task(ask)
    contract = ask.provider(task.provider).contract
    stage = Stage(body.status)
    _require_possible(task, stage, contract)
    failure = _failure(contract, body.error) if stage is Stage.FAILED else None
    changed = _end(ask, task, stage, failure)
    return _shown(ask, changed)


def find_task(ask: Ask) -> Task:
    """The task with the id in the path, of the key's tenant or (without key) of any. Raises NotFound."""
    for tenant in ask.tenants():
        for provider in ask.house.providers:
            task = ask.store.task(tenant, provider.name, ask.path("id"))
            if task is not None:
                return task
    raise NotFound("there is no task with this id")


def _shown(ask: Ask, task: Task) -> TaskView:
    session = None
    if task.kind is TaskKind.IDENTIFY and task.session_id is not None:
        session = ask.store.session(task.tenant, task.provider, task.session_id)
    return task_view(task, ask.now_ms(task.tenant), session)


def _require_possible(task: Task, stage: Stage, contract: Contract) -> None:
    """Raises BadRequest for an end that the provider has no word for, Conflict for a success without a result."""
    if stage is Stage.CANCELLED and not any(item.method == "DELETE" for item in contract.operations.values()):
        raise BadRequest(f"{task.provider} has no operation that cancels, so no task of it is ever cancelled")
    material = {TaskKind.IDENTIFY: task.session_id, TaskKind.SPEECH: task.speech_id}.get(
        task.kind, task.video
    )
    if stage is Stage.SUCCEEDED and material is None:
        raise Conflict("the task was accepted in order to fail: it has nothing to show for a success")


def _failure(contract: Contract, asked: TaskError | None) -> Failure:
    """Raises BadRequest where the error table has no such row."""
    row = _row(contract, asked)
    message = asked.message if asked else None
    return Failure(row.name, message or row.message)


def _row(contract: Contract, asked: TaskError | None) -> ErrorCode:
    rows = contract.errors.values()
    if asked is None or (asked.name is None and asked.code is None):
        return next((row for row in rows if row.channel is Channel.TASK), contract.errors["internal"])
    for row in rows:
        if asked.name == row.name or (asked.code is not None and asked.code == row.code):
            return row
    raise BadRequest(
        f"the error table of {contract.provider} has no such row: see contracts/{contract.provider}/errors"
    )


def _end(ask: Ask, task: Task, stage: Stage, failure: Failure | None) -> Task:
    """Raises Conflict where the task has ended, also where that happened just now."""
    try:
        changed = end_task(ask.simulator, task, stage, ask.now_ms(task.tenant), failure)
    except TaskEnded as ended:
        raise Conflict(str(ended)) from ended
    if changed is None:
        raise NotFound("the task was forgotten meanwhile")
    return changed


OPERATIONS = (
    Operation("GET", "/tasks", get_tasks, (KEY, PROVIDER, STATUS, AFTER, LIMIT)),
    Operation("GET", "/tasks/{id}", get_task, (KEY,), errors=(404,)),
    Operation("POST", "/tasks/{id}/finish", finish_task, (KEY,), errors=(404, 409)),
)
