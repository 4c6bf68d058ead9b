"""The report for a person: one HTML file that needs nothing but itself."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import UNSET

from contracts.cells.result import Cell, Run
from contracts.checks.evidence import shortened
from contracts.report import words
from contracts.report.cleaning import clean, presentable
from contracts.report.lanes import lanes_of
from contracts.report.picture import picture_of
from contracts.report.pinning import evidence, findings_of
from contracts.report.tally import GLYPHS, MEANINGS, Mark, check_title, mark_of, matrix_of, problems
from contracts.witness.witnessed import Body, Event

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
MOST_BODY = 600
"""So many letters of a body are shown."""
MOST_OUTPUT = 4_000
MANY = 40
"""From so many cells on, a page with failures opens on them alone."""


def write_html(run: Run, path: Path) -> None:
    """Self-contained: no request leaves it, and its content security policy forbids any."""
    path.write_text(page_of(run), encoding="utf-8")


def page_of(run: Run) -> str:
    run = presentable(run)
    template = _environment().get_template("report.html")
    script = (TEMPLATES / "script.js").read_text(encoding="utf-8")
    return template.render(
        run=run,
        matrix=matrix_of(run),
        problems=problems(run),
        survived=words.survived(run),
        begins_red=len(run.cells) > MANY and words.survived(run) < len(run.cells),
        script=script,
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"lasted": words.lasted, "percent": words.percent, "counted": words.counted}
    environment.globals |= {
        "GLYPHS": GLYPHS,
        "MEANINGS": MEANINGS,
        "anchor": anchor,
        "body_text": body_text,
        "check_title": check_title,
        "coverage_words": words.coverage_words,
        "ending": words.ending,
        "evidence": evidence,
        "expectation": words.expectation,
        "findings_of": findings_of,
        "lanes_of": lanes_of,
        "last_part": last_part,
        "marked": marked,
        "picture_of": picture_of,
        "provider_name": words.provider_name,
        "safe_link": safe_link,
        "since": since,
        "state": state,
        "unmet": words.unmet,
        "where": words.where,
    }
    return environment


def anchor(cell: Cell) -> str:
    """Where a cell stands in the page; the same in every report."""
    return re.sub(r"\s", "-", f"{cell.provider}/{cell.scenario}@{cell.seed}")


def state(cell: Cell) -> str:
    """``red``, ``known`` where everything that fails is known to, ``green``."""
    if not cell.is_green:
        return "red"
    return "known" if any(mark_of(cell, check) is Mark.KNOWN for check in cell.known) else "green"


def marked(cell: Cell, mark: str) -> Sequence[str]:
    """The checks with that mark."""
    return [one.check for one in cell.judgements if mark_of(cell, one.check) == mark]


def since(cell: Cell, event: Event) -> str:
    """The time since the first thing that happened; empty for what has no moment."""
    moments = [known for one in cell.story if (known := one.at_ms) is not None]
    return "" if event.at_ms is None else words.lasted(max(0, event.at_ms - min(moments)))


def body_text(body: Body) -> str:
    """The body in one line, cut; a file's size instead of its bytes."""
    if body.json is UNSET and not body.text:
        return f"({body.bytes} bytes)" if body.bytes else ""
    return shortened(clean(body.data.decode(errors="replace")), MOST_BODY)


def last_part(text: str) -> str:
    """The end of an output: there stands what went wrong."""
    return text if len(text) <= MOST_OUTPUT else f"… {text[-MOST_OUTPUT:]}"


def safe_link(link: str | None) -> str | None:
    """A link that leads to the web, and None for anything that does something else when it is clicked."""
    return link if link and link.startswith(("https://", "http://")) else None
