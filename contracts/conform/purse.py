"""How much a run may cost: one counter in the transport, that no request gets round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from threading import Lock

import httpx

from contracts.conform.exchange import decoded
from contracts.conform.surfaces.surface import Surface
from contracts.contract import Contract


class Cost(StrEnum):
    """What a request may cost before it is sent."""

    FREE = "free"
    REFUSED = "refused"
    """Nothing, as long as the server refuses it: no work can begin without what is missing."""
    PAID = "paid"


class PurseEmpty(Exception):
    """One more request that costs would be more than was allowed. It was not sent."""


class Purse:
    """Counts what is spent; ``allowed`` is None where nothing costs. Safe between threads."""

    def __init__(self, allowed: int | None) -> None:
        self.allowed = allowed
        self.spent = 0
        self._is_shut = False
        self._lock = Lock()

    @property
    def left(self) -> int | None:
        """How many submits are left, None for no bound."""
        return None if self.allowed is None else max(0, self.allowed - self.spent)

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Inside nothing is paid for, however much is left; where nothing costs, it makes no difference."""
        self._is_shut = True
        try:
            yield
        finally:
            self._is_shut = False

    def take(self, cost: Cost) -> None:
        """Pay before sending. Raises PurseEmpty where that cannot be."""
        with self._lock:
            if cost is Cost.FREE or self.allowed is None:
                return
            # once a request that must be refused was taken as an order, no further one is risked
            is_shut = self._is_shut and cost is Cost.PAID
            if is_shut or self.spent + (cost is Cost.PAID) > self.allowed:
                raise PurseEmpty(f"{self.spent} of {self.allowed} submits are spent")
            self.spent += cost is Cost.PAID

    def note_order(self) -> None:
        """A request that had to be refused was taken as an order: it counts as well."""
        with self._lock:
            self.spent += 1


class CountedTransport(httpx.BaseTransport):
    """Sends through ``inner`` what the purse allows."""

    def __init__(
        self, inner: httpx.BaseTransport, purse: Purse, cost_of: Callable[[httpx.Request], Cost]
    ) -> None:
        self._inner = inner
        self._purse = purse
        self._cost_of = cost_of

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        cost = self._cost_of(request)
        self._purse.take(cost)
        response = self._inner.handle_request(request)
        if cost is Cost.REFUSED and response.is_success:
            self._purse.note_order()
        return response

    def close(self) -> None:
        self._inner.close()


def cost_for(contract: Contract, surface: Surface, keys: frozenset[str]) -> Callable[[httpx.Request], Cost]:
    """What requests with one of ``keys`` cost at the provider; anything that is not known to be free is paid."""
    operations = {
        (operation.method, operation.path): operation.id for operation in contract.operations.values()
    }

    def cost(request: httpx.Request) -> Cost:
        if request.method in {"GET", "HEAD", "OPTIONS", "DELETE"}:
            return Cost.FREE
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or key not in keys:
            return Cost.FREE
        operation = next(
            (id_ for (method, path), id_ in operations.items() if _is_at(request, method, path)), None
        )
        if operation is None:
            return Cost.PAID
        if operation not in surface.paid:
            return Cost.FREE
        return Cost.REFUSED if _lacks_something(contract, surface, operation, request.read()) else Cost.PAID

    return cost


def _is_at(request: httpx.Request, method: str, path: str) -> bool:
    # the server's URL may have a path of its own before those of the contract
    return request.method == method and request.url.path.endswith(path)


def _lacks_something(contract: Contract, surface: Surface, operation: str, body: bytes) -> bool:
    """Whether a field that is required is missing, or one has a type that means nothing."""
    shape = surface.shape(contract, operation, decoded(body))
    if shape is None:
        return True
    return any(violation.rule in {"required", "type"} for violation in contract.violations(*shape))
