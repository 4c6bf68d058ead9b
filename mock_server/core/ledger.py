"""What a tenant's jobs cost: lines that follow from its tasks and the moment, so that nothing has to be booked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from hashlib import blake2b

from msgspec import Struct

from contracts.model import Price
from mock_server.core.money import cost_of
from mock_server.core.plan import Stage
from mock_server.core.task import Task, TaskKind

OPERATION_OF_KIND: Mapping[TaskKind, str] = {
    TaskKind.IDENTIFY: "identify",
    TaskKind.LIP_SYNC: "lip-sync",
    TaskKind.LEGACY_LIP_SYNC: "lip-sync",
    TaskKind.SPEECH: "speech",
}
RENDERS = (TaskKind.LIP_SYNC, TaskKind.LEGACY_LIP_SYNC)


class Payment(StrEnum):
    """What became of the money for one job."""

    HELD = "held"
    """The job has not ended: its price is set aside."""
    CHARGED = "charged"
    REFUNDED = "refunded"
    """The job failed or was cancelled, and costs nothing."""


class Funds(Struct, frozen=True):
    """What an account can spend at one provider. Without funds it can spend for ever.

    ``credits`` is a decimal as text in the provider's currency. A prepaid pack ends at ``expires_ms`` on the
    tenant's clock, used up or not.
    """

    credits: str
    expires_ms: int | None = None
    in_arrears: bool = False


class Line(Struct, frozen=True):
    """One job, or ``count`` calls that are no tasks. ``intent`` is the same for two submits that ask for the same."""

    operation: str
    amount: Decimal
    payment: Payment
    count: int = 1
    task_id: str = ""
    intent: str = ""
    at_ms: int | None = None
    video_ms: int = 0


def line_of_task(task: Task, prices: Iterable[Price], now_ms: int) -> Line:
    """What ``task`` costs as things stand at ``now_ms``. ASSUMED: failed and cancelled jobs are free, everywhere."""
    duration_ms = task.video.duration_ms if task.video else 0
    stage = task.plan.at(now_ms).stage
    operation = OPERATION_OF_KIND[task.kind]
    return Line(
        operation=operation,
        amount=cost_of(prices, operation, duration_ms),
        payment=_payment(stage),
        task_id=task.id,
        intent=intent_of(task) if task.kind in RENDERS else "",
        at_ms=task.created_ms,
        video_ms=duration_ms if task.kind in RENDERS else 0,
    )


def _payment(stage: Stage) -> Payment:
    if stage is Stage.SUCCEEDED:
        return Payment.CHARGED
    return Payment.REFUNDED if stage.is_terminal else Payment.HELD


def line_of_calls(operation: str, count: int, prices: Iterable[Price]) -> Line:
    """What ``count`` calls of an operation cost that answers at once."""
    return Line(operation, cost_of(prices, operation) * count, Payment.CHARGED, count)


def intent_of(task: Task) -> str:
    """16 hex digits of what is asked for: the video and the clips on it, whatever the ids."""
    words = (task.provider, task.video_url or task.video_id, task.clips)
    return blake2b(repr(words).encode(), digest_size=8).hexdigest()


def spent(lines: Iterable[Line], payment: Payment | None = None) -> Decimal:
    """The sum of what is charged or held, or of one kind of payment."""
    wanted = (Payment.CHARGED, Payment.HELD) if payment is None else (payment,)
    return sum((line.amount for line in lines if line.payment in wanted), Decimal(0))


def paid_twice(lines: Iterable[Line]) -> Mapping[str, Sequence[Line]]:
    """Intents that more than one render is paid for, with their lines."""
    by_intent: dict[str, list[Line]] = {}
    for line in lines:
        if line.intent and line.payment is not Payment.REFUNDED:
            by_intent.setdefault(line.intent, []).append(line)
    return {intent: found for intent, found in by_intent.items() if len(found) > 1}


def shortage(funds: Funds, already: Decimal, price: Decimal, now_ms: int) -> str:
    """Why a job of ``price`` cannot be paid: "arrears", "expired" or "exhausted"; empty where it can."""
    if funds.in_arrears:
        return "arrears"
    if funds.expires_ms is not None and now_ms >= funds.expires_ms:
        return "expired"
    return "exhausted" if already + price > Decimal(funds.credits) else ""
