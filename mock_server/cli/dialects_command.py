"""``lipflap dialects``: every switch between two readings of a provider's documents."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from msgspec.structs import asdict

from mock_server.core.dialect import Dialect


def dialects(
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """List the dialect switches: what they mean, their values (the default first), and why they exist.

    Examples:

        lipflap dialects

        lipflap serve --dialect kling.no_face=empty
    """
    from mock_server.providers.gmi.dialects import DIALECTS as OF_GMI
    from mock_server.providers.kirin.dialects import DIALECTS as OF_KIRIN
    from mock_server.providers.kling.dialects import DIALECTS as OF_KLING

    rows = [*OF_KLING, *OF_GMI, *OF_KIRIN]
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=2))
    else:
        _print_table(rows)


def _print_table(rows: list[Dialect]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("switch", "values", "what it decides", "source", title="Dialects", title_justify="left")
    for row in rows:
        table.add_row(
            row.name, f"[bold]{row.default}[/bold]\n" + "\n".join(row.values[1:]), row.says, row.source
        )
    Console().print(table)
