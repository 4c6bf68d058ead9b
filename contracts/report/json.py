"""The report for programs: the whole run as JSON, in a form that is published as a JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from contracts.cells.result import Run
from contracts.report.cleaning import presentable
from contracts.report.words import survived

FORM: Literal["lipflap-report-1"] = "lipflap-report-1"


class Report(Struct, frozen=True):
    """A run with what follows from it. ``form`` changes when a reader of this one could no longer read it."""

    form: Literal["lipflap-report-1"]
    survived: int
    """How many cells are green."""
    total: int
    score: float
    """The share of the checks that came to a verdict and passed."""
    run: Run


def write_json(run: Run, path: Path) -> None:
    """The schema is ``docs/report.schema.json``. Fields may be added to it, and none is taken away."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report_of(run)), indent=1) + b"\n")


def report_of(run: Run) -> Report:
    run = presentable(run)
    return Report(FORM, survived(run), len(run.cells), run.score, run)


def schema_text() -> str:
    """JSON Schema 2020-12, indented, as it is published in ``docs/report.schema.json``."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lipflap report",
        **msgspec.json.schema(Report),
    }
    return json.dumps(schema, indent=2) + "\n"
