"""``lipflap clock``: look at and move the clock of a tenant of a running server."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from mock_server.cli.admin_client import AdminClient
from mock_server.cli.client_env import KEY
from mock_server.core.errors import ConfigurationError
from mock_server.settings import parse_clock

clock_app = typer.Typer(
    no_args_is_help=True,
    help="Look at and move the clock of a tenant of a running server. Examples: `lipflap clock show`, "
    "`lipflap clock set manual`, `lipflap clock advance 60`, `lipflap clock advance --idle`.",
)
Url = Annotated[str, typer.Option(help="Where the server is.", envvar="LIPFLAP_URL")]
Key = Annotated[str, typer.Option(help="The API key whose clock is meant.", envvar="LIPFLAP_KEY")]
Token = Annotated[
    str, typer.Option(help="The server's admin token, if it has one.", envvar="LIPFLAP_ADMIN_TOKEN")
]
DEFAULT_URL = "http://127.0.0.1:8787"


@clock_app.command("show")
def show(url: Url = DEFAULT_URL, key: Key = KEY, admin_token: Token = "") -> None:
    """Print the clock as JSON.

    Example:

        lipflap clock show --key lipflap
    """
    _print(AdminClient(url, key, admin_token).request("GET", "clock"))


@clock_app.command("advance")
def advance(
    seconds: Annotated[
        float | None, typer.Argument(help="How far, in seconds of the tenant's clock.", min=0)
    ] = None,
    idle: Annotated[bool, typer.Option("--idle", help="Until nothing is due any more.")] = False,
    url: Url = DEFAULT_URL,
    key: Key = KEY,
    admin_token: Token = "",
) -> None:
    """Move the clock; returns when all that fell due, callbacks included, has settled.

    Examples:

        lipflap clock advance 60

        lipflap clock advance --idle
    """
    if (seconds is None) == (not idle):
        raise ConfigurationError("clock advance takes either a number of seconds or --idle")
    body: dict[str, object] = {"until": "idle"} if idle else {"seconds": seconds}
    _print(AdminClient(url, key, admin_token).request("POST", "clock/advance", body))


@clock_app.command("set")
def turn(
    clock: Annotated[str, typer.Argument(help="real, manual, or a rate such as 60x.")],
    url: Url = DEFAULT_URL,
    key: Key = KEY,
    admin_token: Token = "",
) -> None:
    """Turn the clock to another mode, from the moment it shows.

    Examples:

        lipflap clock set manual

        lipflap clock set 60x
    """
    wanted = parse_clock(clock, 0)
    body: dict[str, object] = {"mode": wanted.mode.value}
    if clock.endswith("x"):
        body["rate"] = wanted.rate
    _print(AdminClient(url, key, admin_token).request("PUT", "clock", body))


def _print(answer: object) -> None:
    typer.echo(json.dumps(answer, indent=2))
