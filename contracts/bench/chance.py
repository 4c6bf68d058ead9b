"""The dice that a client of this process throws: the same each time, so that a cell comes out the same."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager

from contracts.lockstep.swap import Swaps


@contextmanager
def dealt(name: str) -> Iterator[None]:
    """While the block runs, what comes of ``random``, ``secrets`` and ``uuid4`` follows from ``name``."""
    before = random.getstate()
    source = random.Random(f"{name} of the system")  # noqa: S311 - nothing here is worth guessing
    try:
        random.seed(name)
        with Swaps() as swaps:
            for owner, attribute in ((os, "urandom"), (random, "_urandom")):
                swaps.put(owner, attribute, source.randbytes)
            yield
    finally:
        random.setstate(before)
