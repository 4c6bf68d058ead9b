"""Write the reports that were asked for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from contracts.cells.result import Run

FORMS = ("terminal", "junit", "html", "json")
FILES = {"junit": "junit.xml", "html": "report.html", "json": "report.json"}


def write_reports(run: Run, forms: tuple[str, ...], folder: Path | None) -> None:
    """Each form once, the terminal last. ``folder`` is None where the terminal is the only one."""
    for form in forms:
        if form == "terminal":
            continue
        assert folder is not None, "what is written has a place"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILES[form]
        _write(run, form, path)
        print(f"{form}: {path}", file=sys.stderr)
    if "terminal" in forms:
        from contracts.report.terminal import write_terminal

        write_terminal(run, Console())


def _write(run: Run, form: str, path: Path) -> None:
    match form:
        case "junit":
            from contracts.report.junit import write_junit

            write_junit(run, path)
        case "html":
            from contracts.report.html import write_html

            write_html(run, path)
        case _:
            from contracts.report.json import write_json

            write_json(run, path)
