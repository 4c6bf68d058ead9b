"""JUnit's XML: valid against the schema, and every verdict in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace

from contracts.cells.result import Run
from contracts.checks.model import Finding, Judgement, Verdict
from contracts.report.junit import write_junit

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("junit.xsd")))


@pytest.fixture
def parsed(tmp_path):
    def parse(run: Run):
        path = tmp_path / "junit.xml"
        write_junit(run, path)
        document = etree.parse(path)
        SCHEMA.assertValid(document)
        return document.getroot()

    return parse


def case_of(root, name: str, provider: str = "kling"):
    (found,) = root.xpath(f"//testcase[@name='{name}'][@classname='{provider}']")
    return found


def test_a_case_is_named_by_its_scenario_and_its_provider(parsed, sample_run):
    root = parsed(sample_run)
    named = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert sorted(named) == sorted(
        [*((cell.provider, cell.scenario) for cell in sample_run.cells), ("baseline", sample_run.stale[0])]
    )


def test_the_counts_add_up(parsed, sample_run):
    root = parsed(sample_run)
    red = sum(not cell.is_green for cell in sample_run.cells)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("21", str(red + 1), "0")
    assert len(root.xpath("//failure")) == red + 1


def test_a_failure_tells_its_checks_the_evidence_and_the_replay(parsed, sample_run):
    failure = case_of(parsed(sample_run), "incident/one-flaky-poll").find("failure")
    assert failure.get("message") == "survives, same-task"
    assert "#4 GET /v1/videos/advanced-lip-sync/825449868069810328 -> 502 [gateway-502-html]" in failure.text
    assert "A good client: It follows the task that it paid for" in failure.text
    assert failure.text.endswith("again: " + sample_run.cells[5].replay)


def test_what_does_not_speak_of_the_client_is_a_property(parsed, sample_run):
    root = parsed(sample_run)

    def prop(name: str, of: str) -> str:
        return case_of(root, of).xpath(f"properties/property[@name='{name}']/@value")[0]

    assert prop("known-failures", "fault/known") == "survives, same-task"
    assert case_of(root, "fault/known").find("failure") is None
    assert "whole-file" in prop("not-exercised", "fault/silent")
    assert "one-effect" in prop("not-applicable", "happy")


def test_a_case_without_any_verdict_is_skipped(parsed, cell_named):
    nothing = (Judgement("whole-file", Verdict.NOT_EXERCISED),)
    root = parsed(Run("c", (replace(cell_named("happy"), judgements=nothing),)))
    assert case_of(root, "happy").find("skipped") is not None
    assert root.get("skipped") == "1"


def test_what_could_not_be_played_is_an_error(parsed, cell_named):
    broken = (Judgement("lipflap", Verdict.FAIL, (Finding("the cell could not be played: no server", ""),)),)
    root = parsed(Run("c", (replace(cell_named("happy"), judgements=broken),)))
    assert case_of(root, "happy").find("error").get("message") == "lipflap"
    assert (root.get("errors"), root.get("failures")) == ("1", "0")


def test_one_scenario_with_two_seeds_makes_two_cases(parsed, cell_named):
    happy = cell_named("happy")
    root = parsed(Run("c", (happy, replace(happy, seed=8))))
    assert [case.get("name") for case in root.iter("testcase")] == ["happy@7", "happy@8"]


def test_hostile_output_is_text(parsed, sample_run):
    case = case_of(parsed(sample_run), "fault/hostile-output")
    assert "</script><b>bold</b>" in case.findtext("system-err")
    assert "]]>" in case.findtext("system-out")


def test_the_schema_minds_what_is_not_junit():
    bad = etree.fromstring("<testsuites name='x' tests='1' failures='0' errors='0' skipped='0' time='-1'/>")
    assert not SCHEMA.validate(bad)
