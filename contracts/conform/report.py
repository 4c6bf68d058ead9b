"""The report of ``conform`` as files: JSON for programs, JUnit for continuous integration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

import msgspec
from msgspec import Struct

from contracts.conform.verdict import Report, Result, Verdict
from contracts.report.cleaning import clean

FORM: Literal["lipflap-conform-1"] = "lipflap-conform-1"


class ConformReport(Struct, frozen=True):
    """All providers of one command. ``form`` changes when a reader of this one could no longer read it."""

    form: Literal["lipflap-conform-1"]
    reports: tuple[Report, ...]


def write_json(reports: Sequence[Report], path: Path) -> None:
    """Fields may be added to it, and none is taken away."""
    whole = ConformReport(FORM, tuple(reports))
    path.write_bytes(msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n")


def write_junit(reports: Sequence[Report], path: Path) -> None:
    """A suite for each provider, a case for each check."""
    every = [result for report in reports for result in report.results]
    root = Element("testsuites", {"name": "lipflap conform", **_counts(every)})
    for report in reports:
        name = f"lipflap conform: {report.provider}"
        suite = SubElement(root, "testsuite", {"name": name, **_counts(report.results)})
        for result in report.results:
            _case(suite, report.provider, result)
    document = ElementTree(root)
    indent(document)
    document.write(path, encoding="utf-8", xml_declaration=True)


def _case(suite: Element, provider: str, result: Result) -> None:
    case = SubElement(suite, "testcase", name=result.check, classname=provider, time="0")
    if result.verdict is Verdict.SKIPPED:
        SubElement(case, "skipped", message=clean(result.note))
    elif result.verdict is Verdict.FAIL:
        message = clean(result.findings[0].says)
        SubElement(case, "failure", message=message, type=result.check).text = clean(_text(result))


def _text(result: Result) -> str:
    return "\n\n".join("\n".join((finding.says, *finding.quotes)) for finding in result.findings)


def _counts(results: Sequence[Result]) -> dict[str, str]:
    verdicts = [result.verdict for result in results]
    return {
        "tests": str(len(verdicts)),
        "failures": str(verdicts.count(Verdict.FAIL)),
        "errors": "0",
        "skipped": str(verdicts.count(Verdict.SKIPPED)),
        "time": "0",
    }
