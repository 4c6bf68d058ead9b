"""The rig as a module, and a server for all instruments that see time go by as fast."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from contracts.server import started

RIG = Path(__file__).with_name("rig.py")
WORKERS = 6
TIMEOUT_S = 300.0
EACH_TIME = (
    "good-sync",
    "gives-up-at-first-bad-poll",
    "swallows-failure",
    "hides-the-reason",
    "keeps-partial-files",
    "takes-any-200-as-video",
)
"""Whose rows hold on a busy machine too; ``LIPFLAP_CALIBRATE=full`` plays all, which takes minutes."""


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("calibration_rig", RIG)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


LOADED = _loaded()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each row of the table: ``expected`` is the row."""
    if "expected" in metafunc.fixturenames:
        rows = LOADED.table()
        if os.environ.get("LIPFLAP_CALIBRATE") != "full":
            rows = {name: rows[name] for name in EACH_TIME}
        metafunc.parametrize("expected", rows.values(), ids=rows)


@pytest.fixture(scope="session")
def rig() -> ModuleType:
    return LOADED


@pytest.fixture(scope="session")
def bench_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Any]]:
    """Benches by their rate, each with a server of its own for the whole session."""
    with ExitStack() as stack:

        @cache
        def at(rate: str) -> Any:
            server = stack.enter_context(started(LOADED.server_flags(rate)))
            folder = tmp_path_factory.mktemp("calibration")
            return LOADED.Bench(server, LOADED.scenarios(server), folder, rate, WORKERS, TIMEOUT_S)

        yield at
