"""The report as files."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree.ElementTree import parse

from contracts.conform.report import write_json, write_junit
from contracts.conform.verdict import Finding, Moved, Report, Result, Verdict

REPORT = Report(
    provider="kling",
    url="https://api.test",
    is_simulator=False,
    results=(
        Result("one", "does one thing", Verdict.PASS),
        Result("two", "does two things", Verdict.SKIPPED, "costs 2 submits"),
        Result(
            "three", "does three", Verdict.FAIL, "", (Finding("it does \x1b[31mnot", ("#1 GET / -> 200",)),)
        ),
    ),
    drift=(Moved("task-succeed", "getLipSync", 200, "nobody", "all three agree", "the page"),),
    requests=7,
    spent=1,
    allowed=2,
)


def test_json_holds_everything(tmp_path: Path) -> None:
    write_json((REPORT,), tmp_path / "conform.json")
    written = json.loads((tmp_path / "conform.json").read_bytes())
    assert written["form"] == "lipflap-conform-1"
    [report] = written["reports"]
    assert [result["verdict"] for result in report["results"]] == ["pass", "skipped", "fail"]
    assert report["results"][2]["findings"][0]["quotes"] == ["#1 GET / -> 200"]
    assert report["drift"][0]["who"] == "nobody"
    assert (report["spent"], report["allowed"]) == (1, 2)


def test_junit_has_a_case_for_each_check(tmp_path: Path) -> None:
    write_junit((REPORT, REPORT), tmp_path / "conform.xml")
    root = parse(tmp_path / "conform.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("6", "2", "2")
    cases = root[0].findall("testcase")
    assert [case.get("name") for case in cases] == ["one", "two", "three"]
    assert {case.get("classname") for case in cases} == {"kling"}
    skipped, failure = cases[1].find("skipped"), cases[2].find("failure")
    assert skipped is not None
    assert skipped.get("message") == "costs 2 submits"
    assert failure is not None
    assert failure.text is not None
    assert "#1 GET / -> 200" in failure.text
    assert "\x1b" not in failure.text
