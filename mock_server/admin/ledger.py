"""Money: what a tenant's jobs cost, what was paid twice, and how much an account may spend."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from contracts.contract import Contract
from mock_server.admin.ask import KEY, PROVIDER, Ask
from mock_server.admin.operation import Operation
from mock_server.admin.view import View
from mock_server.core.ledger import Funds, Line, Payment, paid_twice, spent
from mock_server.core.money import amount_text
from mock_server.core.world import World
from mock_server.flow.till import lines_of

if TYPE_CHECKING:
    from mock_server.admin.bodies import FundsSetting


class LineView(View):
    """One job, or ``count`` calls that are no tasks. ``intent`` is the same for two jobs that ask for the same."""

    operation: str
    amount: str
    payment: Payment
    count: int
    task_id: str | None
    intent: str | None
    at_ms: int | None


class TwiceView(View):
    """One intent that more than one render is paid for."""

    intent: str
    task_ids: tuple[str, ...]
    amount: str


class AccountView(View):
    """One provider's account. ``credits`` and ``balance`` are null while the account can spend for ever."""

    provider: str
    currency: str
    credits: str | None
    expires_ms: int | None
    in_arrears: bool
    spent: str
    held: str
    refunded: str
    balance: str | None
    renders: int
    video_ms: int
    lines: tuple[LineView, ...]
    paid_twice: tuple[TwiceView, ...]


class LedgerView(View):
    """Amounts are decimals in the provider's currency, as text. ``spent`` includes what is held."""

    tenant: str
    now_ms: int
    accounts: tuple[AccountView, ...]


async def get_ledger(ask: Ask) -> LedgerView:
    """What the tenant's jobs cost, at each provider.

    Nothing is booked: the lines follow from the tasks there are. A job holds its price until it ends, and gets it
    back where it fails or is cancelled.
    """
    return _view(ask, ask.world())


async def put_ledger(ask: Ask, body: FundsSetting) -> LedgerView:
    """Give the tenant's account at one provider funds, or (credits null) let it spend for ever.

    An account that cannot pay gets the provider's own refusal at its next job.
    """
    world = ask.world()
    funds = dict(world.funds)
    if body.credits is None and not body.in_arrears:
        funds.pop(body.provider, None)
    else:
        amount = amount_text(Decimal("1e12") if body.credits is None else body.credits)
        funds[body.provider] = Funds(amount, body.expires_ms, body.in_arrears)
    changed = replace(world, funds=funds)
    ask.store.save_world(changed)
    return _view(ask, changed)


def _view(ask: Ask, world: World) -> LedgerView:
    now_ms, wanted = ask.simulator.now_ms(world), ask.get(PROVIDER)
    contracts = [item.contract for item in ask.house.providers if wanted in {None, item.name}]
    accounts = [_account(ask, world, contract, now_ms) for contract in contracts]
    return LedgerView(tenant=world.tenant, now_ms=now_ms, accounts=tuple(accounts))


def _account(ask: Ask, world: World, contract: Contract, now_ms: int) -> AccountView:
    lines = lines_of(ask.store, world.tenant, contract, now_ms)
    funds = world.funds.get(contract.provider)
    total = spent(lines)
    renders = [line for line in lines if line.intent]
    return AccountView(
        provider=contract.provider,
        currency=contract.prices[0].currency,
        credits=funds.credits if funds else None,
        expires_ms=funds.expires_ms if funds else None,
        in_arrears=bool(funds and funds.in_arrears),
        spent=amount_text(total),
        held=amount_text(spent(lines, Payment.HELD)),
        refunded=amount_text(spent(lines, Payment.REFUNDED)),
        balance=amount_text(Decimal(funds.credits) - total) if funds else None,
        renders=len(renders),
        video_ms=sum(line.video_ms for line in renders),
        lines=tuple(map(_line, lines)),
        paid_twice=tuple(
            TwiceView(
                intent=intent,
                task_ids=tuple(line.task_id for line in found),
                amount=amount_text(spent(found)),
            )
            for intent, found in paid_twice(lines).items()
        ),
    )


def _line(line: Line) -> LineView:
    return LineView(
        operation=line.operation,
        amount=amount_text(line.amount),
        payment=line.payment,
        count=line.count,
        task_id=line.task_id or None,
        intent=line.intent or None,
        at_ms=line.at_ms,
    )


OPERATIONS = (
    Operation("GET", "/ledger", get_ledger, (KEY, PROVIDER)),
    Operation("PUT", "/ledger", put_ledger, (KEY,)),
)
