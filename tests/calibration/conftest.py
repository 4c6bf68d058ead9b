"""The rig as a module, and a test for each instrument at each provider."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

RIG = Path(__file__).with_name("rig.py")


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("calibration_rig", RIG)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


LOADED = _loaded()
IS_FULL = os.environ.get("LIPFLAP_CALIBRATE") == "full"
"""Every scenario, which takes some minutes: ``make calibrate``."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``expected`` is an instrument's part of the table, ``provider`` where it plays."""
    if "provider" in metafunc.fixturenames:
        cases = [(row, provider) for row in LOADED.table().values() for provider in row.providers]
        names = [f"{row.name}-{provider}" for row, provider in cases]
        metafunc.parametrize(("expected", "provider"), cases, ids=names)


@pytest.fixture(scope="session")
def rig() -> ModuleType:
    return LOADED


@pytest.fixture(scope="session")
def entrants(rig: ModuleType) -> Mapping[tuple[str, str], Any]:
    """Everything that can be played, by place."""
    return rig.entrants()  # type: ignore[no-any-return]


@pytest.fixture
def played(rig: ModuleType, entrants: Mapping[tuple[str, str], Any], provider: str) -> list[Any]:
    """What this run of the tests plays."""
    always = rig.each_time()
    return [
        entrant
        for place, entrant in entrants.items()
        if place[0] == provider and (IS_FULL or place[1] in always)
    ]
