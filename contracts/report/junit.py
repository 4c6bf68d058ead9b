"""The report for continuous integration: JUnit's XML, a test case for each scenario."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from contracts.cells.result import Cell, Run
from contracts.checks.model import Verdict
from contracts.checks.table import CHECK_BY_ID
from contracts.report.cleaning import presentable
from contracts.report.pinning import findings_of
from contracts.report.tally import Mark, check_title, mark_of
from contracts.report.words import ending, expectation, provider_name

BASELINE = "baseline"
"""The suite of the baseline's stale entries, which fail as well."""


def write_junit(run: Run, path: Path) -> None:
    """A suite for each provider; a case has its scenario's name, and its provider for a class.

    A scenario in which no check came to a verdict is skipped. What kept one from being played is an error.
    """
    document = ElementTree(suites_of(run))
    indent(document)
    document.write(path, encoding="utf-8", xml_declaration=True)


def suites_of(run: Run) -> Element:
    run = presentable(run)
    root = Element("testsuites", name="lipflap check", time=_seconds(run.wall_ms))
    for provider in dict.fromkeys(cell.provider for cell in run.cells):
        cells = [cell for cell in run.cells if cell.provider == provider]
        suite = SubElement(root, "testsuite", name=f"lipflap check: {provider_name(provider)}")
        _properties(suite, {"client": run.client, "time": run.time, "version": run.version})
        for cell in cells:
            _case(suite, cell, has_twins=_has_twins(cell, cells))
        _count(suite, sum(cell.outcome.wall_ms for cell in cells))
    if run.stale:
        suite = SubElement(root, "testsuite", name="lipflap check: baseline")
        for entry in run.stale:
            _fail(SubElement(suite, "testcase", name=entry, classname=BASELINE, time="0"), entry)
        _count(suite, 0)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    return root


def _fail(case: Element, entry: str) -> None:
    failure = SubElement(case, "failure", message="it no longer fails", type="stale-baseline")
    failure.text = (
        f"{entry} no longer fails. Take it out of the baseline, so that it cannot come back unnoticed."
    )


def _has_twins(cell: Cell, cells: Sequence[Cell]) -> bool:
    return sum(other.scenario == cell.scenario for other in cells) > 1


def _case(suite: Element, cell: Cell, *, has_twins: bool) -> None:
    name = f"{cell.scenario}@{cell.seed}" if has_twins else cell.scenario
    case = SubElement(
        suite, "testcase", name=name, classname=cell.provider, time=_seconds(cell.outcome.wall_ms)
    )
    _properties(case, {"title": cell.title, "seed": str(cell.seed), "replay": cell.replay, **_marked(cell)})
    if cell.failed:
        checks = list(dict.fromkeys(judgement.check for judgement in cell.failed))
        was_played = any(check in CHECK_BY_ID for check in checks)
        kind = "failure" if was_played else "error"
        SubElement(case, kind, message=", ".join(checks), type=checks[0]).text = _text(cell)
    elif not any(one.verdict in {Verdict.PASS, Verdict.FAIL} for one in cell.judgements):
        SubElement(case, "skipped", message="no check came to a verdict")
    for tag, said in (("system-out", cell.outcome.stdout), ("system-err", cell.outcome.stderr)):
        if said:
            SubElement(case, tag).text = said


def _marked(cell: Cell) -> dict[str, str]:
    """The checks that say nothing of the client, and the failures that are known."""
    marks = {check: mark_of(cell, check) for check in dict.fromkeys(one.check for one in cell.judgements)}
    shown = {mark: [check for check, its in marks.items() if its is mark] for mark in Mark}
    return {
        "known-failures": ", ".join(shown[Mark.KNOWN]),
        "not-exercised": ", ".join(shown[Mark.NOT_EXERCISED]),
        "not-applicable": ", ".join(shown[Mark.NOT_APPLICABLE]),
    }


def _text(cell: Cell) -> str:
    parts = [cell.says, expectation(cell), ending(cell.outcome)]
    for _, check, finding in findings_of(cell):
        parts += ["", f"{check}: {check_title(check)}", f"  {finding.says}"]
        parts += [f"  {quote}" for quote in finding.quotes]
        parts += [f"  A good client: {finding.good_client}"] if finding.good_client else []
    return "\n".join([*parts, "", f"again: {cell.replay}"])


def _properties(parent: Element, values: dict[str, str]) -> None:
    known = {name: value for name, value in values.items() if value}
    if known:
        properties = SubElement(parent, "properties")
        for name, value in known.items():
            SubElement(properties, "property", name=name, value=value)


def _count(suite: Element, wall_ms: int) -> None:
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", _seconds(wall_ms))


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.3f}"
