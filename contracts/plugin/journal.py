"""What the server has witnessed of one tenant, to be asserted on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contracts.lockstep import LockStep, real
from contracts.witness.admin import Admin
from contracts.witness.journal import journal_of
from contracts.witness.witnessed import Line

Wanted = Callable[[Line], bool]


class Journal:
    """The tenant's exchanges and callbacks, in order; each look asks the server anew."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines())

    def __len__(self) -> int:
        return len(self.lines())

    def lines(
        self, operation: str | None = None, *, task_id: str | None = None, where: Wanted | None = None
    ) -> tuple[Line, ...]:
        """Those of an operation (``lipSync``, ``download``, ``callback.succeeded``), of a task, or of any kind."""
        return tuple(
            line
            for line in journal_of(self._admin)
            if operation in {None, line.operation}
            and task_id in {None, line.task_id}
            and (where is None or where(line))
        )

    def violations(self) -> tuple[str, ...]:
        """Every way in which a request broke the contract, in words."""
        return tuple(
            f"{line.quote()}: {violation.sentence()}"
            for line in self.lines()
            for violation in line.violations
        )

    def wait_for(
        self,
        operation: str | None = None,
        *,
        where: Wanted | None = None,
        count: int = 1,
        timeout_s: float = 10.0,
    ) -> tuple[Line, ...]:
        """Wait until ``count`` such lines are there, and return them. Raises TimeoutError with what is there.

        ``timeout_s`` is the machine's time; with the clock in step, virtual time goes on meanwhile as the client and
        the server let it.
        """
        looks = real.slices()
        end_s = real.monotonic() + timeout_s
        while len(found := self.lines(operation, where=where)) < count:
            if real.monotonic() > end_s:
                there = "\n".join(line.quote() for line in self.lines()) or "nothing"
                raise TimeoutError(
                    f"{len(found)} of {count} lines after {timeout_s:g} s; the journal has\n{there}"
                )
            _rest(next(looks))
        return found


def _rest(seconds: float) -> None:
    step = LockStep.current()
    if step is not None and step.is_begun():
        step.give_way(seconds)
    else:
        real.sleep(seconds)
