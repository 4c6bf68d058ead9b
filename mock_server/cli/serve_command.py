"""``lipflap serve`` as a command with help and completion: its options are the rows of the table of flags."""

from __future__ import annotations

import inspect
from typing import Annotated

import typer

from mock_server.cli.flags import FLAGS, Flag, Kind, Value
from mock_server.cli.serving import serve_given

EXAMPLES = """Serve Kling, GMI Cloud and Kirin at their original paths.

Each flag can also be an environment variable, `LIPFLAP_` and its name, or a key in `lipflap.toml` or in
`[tool.lipflap]` of `pyproject.toml` in the current folder. A flag wins over the environment, and that over
the file.

Examples:

    lipflap serve

    lipflap serve --port 0 --pace instant --seed 7

    lipflap serve --store sqlite:///lipflap.db --clock 60x

    lipflap serve --tls --dialect kling.no_face=empty
"""


def serve(**given: object) -> None:
    """See EXAMPLES."""
    stated: dict[str, Value] = {}
    for name, value in given.items():
        if isinstance(value, str | bool):
            stated[name] = value
        elif isinstance(value, list | tuple) and value:
            stated[name] = tuple(map(str, value))
    raise typer.Exit(serve_given(stated))


def _parameter(flag: Flag) -> inspect.Parameter:
    default = f" [default: {flag.default}]" if flag.default else ""
    declared = f"--{flag.name}/--no-{flag.name}" if flag.kind is Kind.SWITCH else f"--{flag.name}"
    option = typer.Option(
        declared, help=f"{flag.says}{default}", metavar=flag.metavar or None, show_default=False
    )
    kind = {Kind.TEXT: str | None, Kind.SWITCH: bool | None, Kind.LIST: list[str] | None}[flag.kind]
    return inspect.Parameter(
        flag.key, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, option]
    )


_PARAMETERS = [_parameter(flag) for flag in FLAGS]
serve.__doc__ = EXAMPLES
serve.__annotations__ = {row.name: row.annotation for row in _PARAMETERS}
serve.__signature__ = inspect.Signature(_PARAMETERS)  # type: ignore[attr-defined]  # what typer reads
