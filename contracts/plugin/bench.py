"""A bench for a client that is a function, with a server of its own: for properties in any test framework."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from contracts.bench.function import place_in_memory
from contracts.bench.model import Bench
from contracts.cells.cell import DEFAULT_TIMEOUT_S, Rules
from contracts.cells.timing import IN_STEP
from contracts.client.callable import Work


@contextmanager
def function_bench(
    work: Work, *, listens: bool = False, timeout_s: float = DEFAULT_TIMEOUT_S, label: str = ""
) -> Iterator[Bench]:
    """A bench that plays stories with ``work``, which gets a Job, until the block ends.

    ``listens``: the client receives callbacks itself. ``timeout_s`` is its budget for a job, in its own time.
    """
    from mock_server.cli.client_env import client_env
    from mock_server.cli.function_bench import bench_of

    with place_in_memory() as folder:
        rules = Rules(0, timeout_s, IN_STEP, folder, client_env, listens)
        with bench_of(work, rules, label or getattr(work, "__qualname__", repr(work))) as bench:
            yield bench
