"""``lipflap faults``: every fault that the simulator knows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import typer

if TYPE_CHECKING:
    from mock_server.faults.described import DescribedFault

LayerName = Literal["http", "network", "payload", "async", "callback", "media", "auth", "error"]
ProviderName = Literal["kirin", "gmi", "kling"]


def faults(
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
    layer: Annotated[
        LayerName | None, typer.Option(help="Only this layer; `error` are the rows of the error tables.")
    ] = None,
    provider: Annotated[ProviderName | None, typer.Option(help="Only what this provider can do.")] = None,
) -> None:
    """List the faults: what the server does, where, and what a good client makes of it.

    Examples:

        lipflap faults --layer network

        lipflap faults --json --provider kling

        lipflap serve --fault 'gateway-502-html@poll#2-4'
    """
    from mock_server.faults.catalogue import CATALOGUE
    from mock_server.faults.described import all_described
    from mock_server.faults.model import Layer

    rows = all_described(CATALOGUE, Layer(layer) if layer else None, provider)
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(rows), indent=2))
    else:
        _print_table(rows)


def _print_table(rows: tuple[DescribedFault, ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Faults", title_justify="left", show_lines=True)
    table.add_column("fault", no_wrap=True)
    for heading in ("where", "the server", "a good client must"):
        table.add_column(heading)
    for row in rows:
        place = f"{row.operations[0]} #{row.window}"
        few = "" if len(row.providers) == 3 else f"\n{', '.join(row.providers)}"
        table.add_row(row.id, place + few, row.says, row.client_must)
    Console().print(table)
