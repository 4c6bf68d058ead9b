"""The JSON has the published form, and nothing is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest

from contracts.cells.result import Run
from contracts.report.cleaning import presentable
from contracts.report.json import Report, schema_text, write_json

PUBLISHED = Path(__file__).parents[3] / "docs" / "report.schema.json"


@pytest.fixture
def written(tmp_path):
    def write(run: Run) -> bytes:
        write_json(run, tmp_path / "report.json")
        return (tmp_path / "report.json").read_bytes()

    return write


def test_the_published_schema_is_the_one_of_the_code():
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()


def test_a_report_fits_the_published_schema(sample_run, green_run, written):
    validator = jsonschema_rs.Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))
    for run in (sample_run, green_run, Run("nobody", ())):
        validator.validate(json.loads(written(run)))
    assert not validator.is_valid(
        {"form": "lipflap-report-2", "survived": 0, "total": 0, "score": 1, "run": {}}
    )
    assert not validator.is_valid({"form": "lipflap-report-1", "survived": "all"})


def test_nothing_of_the_run_is_lost(sample_run, written):
    report = json.loads(written(sample_run))
    clean = presentable(sample_run)
    assert (report["survived"], report["total"], report["score"]) == (14, 20, sample_run.score)
    for found, cell in zip(report["run"]["cells"], clean.cells, strict=True):
        for name in ("outcome", "judgements", "story", "tasks"):
            assert found[name] == json.loads(msgspec.json.encode(getattr(cell, name))), name
        assert [line["number"] for line in found["lines"]] == [line.number for line in cell.lines]
    assert report["run"]["coverage"] == json.loads(msgspec.json.encode(clean.coverage))


def test_a_report_reads_back_into_the_values_that_it_was_written_from(sample_run, green_run, written):
    for run in (sample_run, green_run, Run("nobody", ())):
        report = msgspec.json.decode(written(run), type=Report)
        assert msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n" == written(run)
        clean = presentable(run)
        assert [cell.judgements for cell in report.run.cells] == [cell.judgements for cell in clean.cells]
        assert report.run.score == run.score


def test_bodies_stand_in_it_as_json(sample_run, written):
    (cell, *_) = json.loads(written(sample_run))["run"]["cells"]
    assert cell["lines"][1]["response"]["json"]["data"]["task_id"] == "825449868069810328"
