"""``lipflap replay``: one cell again, exactly, with its whole story."""

from __future__ import annotations

from typing import Annotated

import typer

from mock_server.cli.check_command import (
    Clock,
    Command,
    Folder,
    Function,
    Jobs,
    Listens,
    Timeout,
    Token,
    Url,
)
from mock_server.cli.env_command import ProviderName
from mock_server.core.errors import ConfigurationError

EXAMPLES = """Play one cell of a check again: the same key, seed and ids. Prints what happened, and every verdict.

Exit code 0 fine, 1 findings, 2 usage, 130 interrupted.

Examples:

    lipflap replay fault/submit-accepted-rst@0 --provider kling -- python my_client.py

    lipflap replay fault/submit-accepted-rst@0 --provider kling --callable my_client:run

    lipflap replay mine.yaml@7 --provider gmi -- node client.mjs
"""


def replay(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO[@SEED]", help="A scenario's name or file, and the seed (0).")
    ],
    provider: Annotated[ProviderName, typer.Option(help="Whose protocol the client speaks.")],
    command: Command = None,
    callable_: Function = "",
    timeout: Timeout = None,
    clock: Clock = "auto",
    report_dir: Folder = None,
    jobs_from_stdin: Jobs = False,
    callbacks: Listens = False,
    url: Url = "",
    admin_token: Token = "",
) -> None:
    """See EXAMPLES."""
    given = dict(locals())
    from mock_server.cli.judging import replay_cell

    name, seed = named_and_seed(scenario)
    raise typer.Exit(replay_cell({**given, "scenario": [name], "seed": seed}))


replay.__doc__ = EXAMPLES


def named_and_seed(text: str) -> tuple[str, int]:
    """``NAME`` or ``NAME@SEED``. Raises ConfigurationError."""
    name, separator, seed = text.rpartition("@")
    if not separator:
        return text, 0
    digits = seed.removeprefix("-")
    if not (name and digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise ConfigurationError(f"give SCENARIO@SEED, such as happy@0, not {text!r}")
    return name, int(seed)
