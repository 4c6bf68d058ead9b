"""Callbacks: what was sent, what came of it, and sending one again."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.admin.ask import KEY, PROVIDER, Ask
from mock_server.admin.operation import Operation
from mock_server.admin.paging import AFTER, LIMIT, page_of, walk_deliveries
from mock_server.admin.parameter import text, word
from mock_server.admin.problem import NotFound
from mock_server.admin.view import View, iso
from mock_server.core.delivery import Attempt, Delivery, DeliveryState
from mock_server.core.plan import Stage

TASK_ID = text("task_id", "Only this task's.")
STATE = word("state", "Only those in this state.", DeliveryState)


class AttemptView(View):
    """``status`` is the receiver's answer, null where there was none; ``error`` is null only after a 2xx."""

    number: int
    at_ms: int
    at: str
    status: int | None
    error: str | None


class DeliveryView(View):
    """One callback. ``due_ms`` is null while the plan waits for a poll; ``held_by`` are faults that kept it back."""

    tenant: str
    provider: str
    id: str
    number: int
    task_id: str
    stage: Stage
    url: str
    due_ms: int | None
    state: DeliveryState
    attempts: tuple[AttemptView, ...]
    held_by: tuple[str, ...]


class DeliveriesView(View):
    """``next`` is the ``after`` of the page behind this one; null on the last."""

    deliveries: tuple[DeliveryView, ...]
    next: str | None


async def get_deliveries(ask: Ask) -> DeliveriesView:
    """Callbacks in order of number, with their attempts; without ``key`` those of all tenants, tenant by tenant."""
    provider, state = ask.get(PROVIDER), ask.get(STATE)

    def walk(tenant: str, position: int) -> Iterator[tuple[int, Delivery]]:
        for behind, delivery in walk_deliveries(ask.store, tenant, position, ask.get(TASK_ID)):
            if provider in {None, delivery.provider} and state in {None, delivery.state}:
                yield behind, delivery

    page = page_of(ask, walk)
    return DeliveriesView(deliveries=tuple(map(_view, page.records)), next=page.next)


async def redeliver(ask: Ask) -> DeliveryView:
    """Send a callback once more, whatever became of it.

    It is due now; the answer does not wait for the attempt.
    """
    for tenant in ask.tenants():
        again = await ask.house.outbox.redeliver(tenant, ask.path("id"), ask.now_ms(tenant))
        if again is not None:
            ask.house.worker.wake(tenant)
            return _view(again)
    raise NotFound("there is no delivery with this id")


def _view(delivery: Delivery) -> DeliveryView:
    return DeliveryView(
        tenant=delivery.tenant,
        provider=delivery.provider,
        id=delivery.id,
        number=delivery.number,
        task_id=delivery.task_id,
        stage=delivery.stage,
        url=delivery.url,
        due_ms=delivery.due_ms,
        state=delivery.state,
        attempts=tuple(map(_attempt, delivery.attempts)),
        held_by=delivery.held_by,
    )


def _attempt(attempt: Attempt) -> AttemptView:
    return AttemptView(
        number=attempt.number,
        at_ms=attempt.at_ms,
        at=iso(attempt.at_ms),
        status=attempt.status,
        error=attempt.error,
    )


OPERATIONS = (
    Operation("GET", "/deliveries", get_deliveries, (KEY, PROVIDER, TASK_ID, STATE, AFTER, LIMIT)),
    Operation("POST", "/deliveries/{id}/redeliver", redeliver, (KEY,), errors=(404,)),
)
