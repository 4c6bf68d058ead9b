"""A Python client by its name: found, and given a bench with a server of its own."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

from msgspec import Struct

from contracts.bench.function import FunctionBench, needs_sockets
from contracts.bench.said import Said
from contracts.bench.switching import SwitchingBench
from contracts.cells.cell import Rules
from contracts.cells.place import WEBHOOK_SECRET
from contracts.client.callable import Work
from contracts.witness.usage import UsageError
from mock_server.settings import Settings

CALLBACK_TIMEOUT_S = 5.0
"""Receivers in this process answer at once, or never; at once can be late on a busy machine."""


def bench_settings() -> Settings:
    """A server for a client in the same process: its clock stands, and callbacks go to this machine alone."""
    return Settings(
        port=0,
        clock="manual",
        callbacks="loopback",
        callback_timeout_s=CALLBACK_TIMEOUT_S,
        webhook_secrets=(WEBHOOK_SECRET,),
    )


class Opening(Struct, frozen=True):
    """Opens a bench for the function that ``name`` names, in whichever process it is called."""

    name: str
    rules: Rules

    @contextmanager
    def __call__(self) -> Iterator[SwitchingBench]:
        """Raises UsageError."""
        said = Said()
        with said.heard():
            work = function_named(self.name)
            with bench_of(work, self.rules, self.name, said) as bench:
                yield bench


@contextmanager
def bench_of(work: Work, rules: Rules, name: str, said: Said | None = None) -> Iterator[SwitchingBench]:
    """A bench in this process, until the block ends."""

    @contextmanager
    def opened(with_sockets: bool) -> Iterator[FunctionBench]:
        from mock_server.hosting.beside import BesideServer
        from mock_server.hosting.inline import InlineServer

        with (BesideServer if with_sockets else InlineServer)(bench_settings()) as server:
            bench = FunctionBench(work, server, rules, label=name, said=said)
            try:
                yield bench
            finally:
                bench.close()

    with closing(SwitchingBench(opened, with_sockets=needs_sockets(work))) as bench:
        yield bench


def function_named(text: str) -> Work:
    """``module:function``, found from the working folder too. Raises UsageError."""
    module_name, _, name = text.partition(":")
    if (here := str(Path.cwd())) not in sys.path:
        # what the function imports later is looked for there as well
        sys.path.insert(0, here)
    try:
        found: object = importlib.import_module(module_name)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, ValueError) as fault:
        raise UsageError(f"--callable {text}: {fault}") from fault
    if not callable(found):
        raise UsageError(f"--callable {text}: that is no function")
    return cast(Work, found)
