"""``lipflap scenarios``: list them, show one, check files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mock_server.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_server.core.dialect import Dialect
    from mock_server.scenarios.model import Scenario

scenarios_app = typer.Typer(
    no_args_is_help=True,
    help="Scenarios: shipped ones, one for each fault and each documented error, and files of your own. Examples: "
    "`lipflap scenarios list`, `lipflap scenarios show double-pay-trap`, `lipflap scenarios validate mine.yaml`.",
)


@scenarios_app.command("list")
def list_scenarios(
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
    group: Annotated[
        str | None, typer.Option(help="Only names that begin so: fault, error, incident.")
    ] = None,
) -> None:
    """List every scenario that can be played by name.

    Examples:

        lipflap scenarios list --group incident

        lipflap serve --scenario double-pay-trap
    """
    from mock_server.faults.catalogue import CATALOGUE
    from mock_server.scenarios.library import all_scenarios

    found = [row for row in all_scenarios(CATALOGUE) if group is None or row.name.startswith(f"{group}/")]
    if as_json:
        typer.echo(json.dumps([row.model_dump(mode="json") for row in found], indent=2))
    else:
        _print_table(found)


@scenarios_app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="The name, as `lipflap scenarios list` has it.")],
) -> None:
    """Print a scenario as YAML: a file to begin one of your own with.

    Example:

        lipflap scenarios show fault/gateway-502-html
    """
    from mock_server.faults.catalogue import CATALOGUE
    from mock_server.scenarios.library import named, text_of

    typer.echo(text_of(named(name, CATALOGUE)), nl=False)


@scenarios_app.command("validate")
def validate(
    files: Annotated[list[Path], typer.Argument(help="Scenario files, YAML or JSON.")],
) -> None:
    """Check files: their form, and whether their faults, dialects and reasons exist. Exit code 1 for findings.

    Example:

        lipflap scenarios validate mine.yaml
    """
    findings = 0
    for file in files:
        complaints = list(_complaints(file))
        findings += bool(complaints)
        for complaint in complaints or ["fine"]:
            typer.echo(f"{file}: {complaint}")
    raise typer.Exit(1 if findings else 0)


@scenarios_app.command("schema")
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors.

    Example:

        lipflap scenarios schema
    """
    from mock_server.scenarios.schema import schema_text

    typer.echo(schema_text(), nl=False)


def _complaints(file: Path) -> Iterator[str]:
    from mock_server.faults.catalogue import CATALOGUE
    from mock_server.faults.grammar import Grammar
    from mock_server.scenarios.checking import complaints
    from mock_server.scenarios.library import read_file

    try:
        scenario = read_file(file)
    except ConfigurationError as fault:
        yield str(fault)
        return
    yield from complaints(scenario, Grammar(CATALOGUE), _dialects())


def _dialects() -> tuple[Dialect, ...]:
    from mock_server.providers.gmi.dialects import DIALECTS as OF_GMI
    from mock_server.providers.kirin.dialects import DIALECTS as OF_KIRIN
    from mock_server.providers.kling.dialects import DIALECTS as OF_KLING

    return (*OF_KIRIN, *OF_GMI, *OF_KLING)


def _print_table(rows: list[Scenario]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Scenarios", title_justify="left")
    table.add_column("scenario", no_wrap=True)
    for heading in ("providers", "a good client", "what happens"):
        table.add_column(heading)
    for row in rows:
        table.add_row(row.name, ", ".join(row.providers), row.expect.outcome.value, row.title)
    Console().print(table)
