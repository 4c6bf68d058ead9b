"""Wait for work in other threads, and be there for a Ctrl-C meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TypeVar

T = TypeVar("T")
LOOK_EVERY_S = 0.2
"""A signal that comes just as a wait begins does not end it: Python looks again only when the wait is over."""


def await_all(futures: Iterable[Future[T]]) -> None:
    """Return when all are done. Raises at once what one of them raises."""
    pending = set(futures)
    while pending:
        done, pending = wait(pending, LOOK_EVERY_S, FIRST_COMPLETED)
        for future in done:
            future.result()
