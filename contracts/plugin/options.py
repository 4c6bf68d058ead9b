"""The session's server, as the command line wants it."""

from __future__ import annotations

import pytest

from contracts.plugin.server import PluginServer


def server_for(config: pytest.Config) -> PluginServer:
    """The server that runs at ``--lipflap-url``, or a new one. Raises pytest.UsageError for what cannot be."""
    from mock_server.core.errors import ConfigurationError

    url = config.getoption("--lipflap-url")
    if url:
        return _running(str(url), str(config.getoption("--lipflap-admin-token")))
    try:
        return PluginServer.started(
            {"seed": config.getoption("--lipflap-seed"), "pace": config.getoption("--lipflap-pace")}
        )
    except ConfigurationError as wrong:
        raise pytest.UsageError(f"lipflap: {wrong}") from None


def _running(url: str, token: str) -> PluginServer:
    from contracts.witness.admin import Admin, AdminError

    server = PluginServer(url.rstrip("/"), token)
    try:
        with Admin(server.address) as admin:
            admin.get("version")
    except AdminError as fault:
        raise pytest.UsageError(f"--lipflap-url: {fault}") from None
    return server
