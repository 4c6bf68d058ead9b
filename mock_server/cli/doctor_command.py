"""``lipflap doctor`` as a command: a table of findings, and an exit code."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Annotated

import typer


def doctor(
    port: Annotated[
        int, typer.Option(help="The port that `lipflap serve` is to use.", min=0, max=65_535)
    ] = 8787,
    folder: Annotated[Path, typer.Option(help="Where a SQLite store would be.")] = Path(),
) -> None:
    """Look at what lipflap needs: Python, SQLite, the fast parts, the port, the folder, the sample media.

    Leaves with code 1 when something would not work.

    Examples:

        lipflap doctor

        lipflap doctor --port 9000
    """
    from rich.console import Console
    from rich.table import Table

    from mock_server.cli.doctor import examine

    findings = list(examine(port, folder))
    table = Table(
        "", "what", "note", title=f"lipflap on {platform.system()} {platform.machine()}", title_justify="left"
    )
    for finding in findings:
        table.add_row("ok" if finding.is_fine else "[red]no[/red]", finding.what, finding.note)
    Console().print(table)
    if not all(finding.is_fine for finding in findings):
        raise typer.Exit(1)
