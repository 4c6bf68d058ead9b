"""Money at the counter: can this be paid, what was paid, and what a real provider would have charged."""

from __future__ import annotations

from contracts.contract import Contract, load_contract
from mock_server.core.errors import Refused
from mock_server.core.ledger import (
    OPERATION_OF_KIND,
    Line,
    line_of_calls,
    line_of_task,
    shortage,
    spent,
)
from mock_server.core.money import cost_of
from mock_server.core.task import Task, TaskKind
from mock_server.flow.call import Call
from mock_server.stores.base import Store

_CALLS = "paid"
"""What the tallies of such calls begin with."""
_PAGE = 500


def require_funds(call: Call, contract: Contract, operation: str, duration_ms: int = 0) -> None:
    """Raises Refused with the provider's row for an account that cannot pay for one more ``operation``."""
    funds = call.home.funds.get(contract.provider)
    if funds is None:
        return
    lines = lines_of(call.simulator.store, call.tenant, contract, call.now_ms)
    price = cost_of(contract.prices, operation, duration_ms)
    reason = shortage(funds, spent(lines), price, call.now_ms)
    if reason:
        raise Refused(contract.unpaid[reason])


def require_funds_for(call: Call, task: Task) -> None:
    """As ``require_funds``, for a task that is about to be accepted."""
    duration_ms = task.video.duration_ms if task.video else 0
    require_funds(call, load_contract(task.provider), OPERATION_OF_KIND[task.kind], duration_ms)


def pay_call(call: Call, contract: Contract, operation: str) -> None:
    """Remember that an operation was done at once, without a task."""
    call.simulator.store.tally(call.tenant, f"{_CALLS} {contract.provider} {operation}")
    call.simulator.savings.add_call(contract.provider, operation)


def forget_calls(store: Store, tenant: str) -> None:
    """Forget the operations that were done without a task."""
    names = [name for name in store.tallies(tenant) if name.startswith(f"{_CALLS} ")]
    store.forget_tallies(tenant, names)


def lines_of(store: Store, tenant: str, contract: Contract, now_ms: int) -> list[Line]:
    """Everything that the tenant was charged for at one provider: tasks from the oldest on, then calls."""
    tasks: list[Task] = []
    while page := store.tasks(
        tenant, provider=contract.provider, kinds=tuple(TaskKind), offset=len(tasks), limit=_PAGE
    ):
        tasks.extend(page)
    prefix = f"{_CALLS} {contract.provider} "
    calls = sorted(
        (name, count) for name, count in (store.tallies(tenant)).items() if name.startswith(prefix)
    )
    return [
        *(line_of_task(task, contract.prices, now_ms) for task in reversed(tasks)),
        *(line_of_calls(name.removeprefix(prefix), count, contract.prices) for name, count in calls),
    ]
