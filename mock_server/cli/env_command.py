"""``lipflap env``: what a client needs in its environment."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import typer

from mock_server.cli.client_env import KEY, client_env


class ProviderName(StrEnum):
    """Whose client."""

    KLING = "kling"
    GMI = "gmi"
    KIRIN = "kirin"


class EnvFormat(StrEnum):
    """For whom the variables are written."""

    SHELL = "shell"
    DOTENV = "dotenv"
    JSON = "json"


def env(
    provider: Annotated[ProviderName, typer.Argument(help="Whose client is to be pointed at the server.")],
    url: Annotated[
        str, typer.Option(help="Where the server is.", envvar="LIPFLAP_URL")
    ] = "http://127.0.0.1:8787",
    key: Annotated[str, typer.Option(help="The API key: each key is a world of its own.")] = KEY,
    form: Annotated[
        EnvFormat, typer.Option("--format", help="For a shell, an .env file, or a program.")
    ] = EnvFormat.SHELL,
) -> None:
    """Print the environment of a client: base URLs, keys, sample media.

    Examples:

        eval "$(lipflap env kling)"

        lipflap env gmi --url http://127.0.0.1:9000 --key worker-3

        lipflap env kirin --format dotenv > .env
    """
    typer.echo(_worded(client_env(provider, url.rstrip("/"), key), form))


def _worded(variables: Mapping[str, str], form: EnvFormat) -> str:
    if form is EnvFormat.JSON:
        return json.dumps(variables, indent=2)
    prefix = "export " if form is EnvFormat.SHELL else ""
    return "\n".join(f"{prefix}{name}={shlex.quote(value)}" for name, value in variables.items())
