"""Whether the server lives, whether it can serve, and what it is made of."""

from __future__ import annotations

import logging
import platform
from typing import Literal

from mock_server._version import __version__
from mock_server.admin.ask import Ask
from mock_server.admin.contracts import version_of
from mock_server.admin.operation import Operation
from mock_server.admin.problem import NotReady
from mock_server.admin.view import View
from mock_server.flow.simulator import ANONYMOUS

_log = logging.getLogger("mock_server.admin")


class HealthView(View):
    """The process answers."""

    status: Literal["ok"] = "ok"


class ReadyView(View):
    """The store answers too."""

    status: Literal["ready"] = "ready"


class VersionView(View):
    """``sqlite`` is the library's version, not the Python module's; ``contracts`` are by provider."""

    lipflap: str
    python: str
    sqlite: str
    starlette: str
    uvicorn: str
    contracts: dict[str, str]


async def get_health(ask: Ask) -> HealthView:  # noqa: ARG001
    """Live: the process answers."""
    return HealthView()


async def get_ready(ask: Ask) -> ReadyView:
    """Able to serve: the store answers."""
    try:
        ask.store.world(ANONYMOUS)
    except Exception as fault:
        # whatever keeps the store from answering is this route's very subject; the log has it in full
        _log.exception("the store does not answer")
        raise NotReady("the store does not answer") from fault
    return ReadyView()


async def get_version(ask: Ask) -> VersionView:
    """Versions of everything that the answers depend on."""
    import sqlite3
    from importlib.metadata import version

    return VersionView(
        lipflap=__version__,
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        starlette=version("starlette"),
        uvicorn=version("uvicorn"),
        contracts={provider.name: await version_of(ask, provider.name) for provider in ask.house.providers},
    )


OPERATIONS = (
    Operation("GET", "/health", get_health, is_open=True),
    Operation("GET", "/ready", get_ready, errors=(503,), is_open=True),
    Operation("GET", "/version", get_version),
)
