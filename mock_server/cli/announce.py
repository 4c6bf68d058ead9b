"""What ``lipflap serve`` says when it is ready: some lines for a person, one for a program."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from mock_server._version import __version__
from mock_server.cli.client_env import base_variable
from mock_server.settings import Settings

if TYPE_CHECKING:
    from mock_server.tls import Certificate

_SURFACES = (
    ("kling", "Kling", "/v1/videos, /v1/audio"),
    ("gmi", "GMI Cloud", "/api/v1/ie/requestqueue"),
    ("kirin", "Kirin", "/model/v1/generation"),
)


def banner(settings: Settings, url: str, certificate: Certificate | None) -> str:
    """What is served, where, and how to point a client at it."""
    keys = "any API key" if settings.auth == "any" else f"the keys in {settings.auth}"
    lines = [
        f"lipflap {__version__} serves {url}  ({_how(settings)})",
        *(f"  {name:<10}{paths:<26}{base_variable(provider, url)}" for provider, name, paths in _SURFACES),
        f"  {'Admin':<10}{'/__lipflap/':<26}samples: {url}/__lipflap/media",
        *_misbehaviour(settings),
        f"It takes {keys}. All settings of a client: lipflap env PROVIDER --url {url}",
    ]
    if certificate is not None:
        lines += ["Trust its certificate:", *(f"  {line}" for line in certificate.exports())]
    return "\n".join([*lines, "Stop it with Ctrl-C."])


def _misbehaviour(settings: Settings) -> list[str]:
    """What goes wrong on purpose; no line where nothing does."""
    words = [f"scenario {settings.scenario}"] if settings.scenario else []
    words += [f"fault {fault}" for fault in settings.faults]
    return [f"  {'On purpose':<12}{word}" for word in words]


def _how(settings: Settings) -> str:
    words = f"store {settings.store}, clock {settings.clock}, pace {settings.pace}, seed {settings.seed}"
    return f"{words}, links start with {settings.public_url}" if settings.public_url else words


def machine_line(url: str, certificate: Certificate | None) -> str:
    """One line of JSON: the URL and the process, and with TLS the authority to trust."""
    told: dict[str, object] = {"url": url, "pid": os.getpid()}
    if certificate is not None:
        told["ca_file"] = str(certificate.ca_file)
    return json.dumps(told)
