"""The summary of a build step is Markdown that nobody else can write into, and the badge has its colour."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from contracts.cells.result import Run
from contracts.report.summary import summary_of, write_badge, write_summary


def test_the_first_line_says_it_all(sample_run):
    assert summary_of(sample_run).splitlines()[0] == "### lipflap: 14 of 20 scenarios survived"


def test_every_broken_rule_has_a_row_of_three_fields(sample_run):
    rows = [line for line in summary_of(sample_run).splitlines() if line.startswith("|")]
    assert len(rows) == 2 + 6
    assert all(row.replace("\\|", "").count("|") == 4 for row in rows)
    assert rows[2].startswith("| One job is submitted once | double\\-pay\\-trap |")


def test_a_green_run_has_no_table(green_run):
    assert "|" not in summary_of(green_run)


def test_what_a_client_writes_is_no_markup(sample_run):
    text = summary_of(replace(sample_run, client="`x` <img src=x> [a](b)\n# big | pipe"))
    assert "<img" not in text
    assert "\\`x\\` &lt;img src=x&gt; \\[a\\]\\(b\\) \\# big \\| pipe" in text


def test_a_summary_is_added_to_what_is_there(green_run, tmp_path):
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")
    write_summary(green_run, path)
    assert path.read_text(encoding="utf-8") == "before\n" + summary_of(green_run)


@pytest.mark.parametrize(
    ("reds", "message", "colour"), [(0, "10/10", "brightgreen"), (1, "9/10", "yellow"), (3, "7/10", "red")]
)
def test_a_badge_shows_how_many_survived(cell_named, tmp_path, reds, message, colour):
    cells = [cell_named("double-pay-trap")] * reds + [cell_named("happy")] * (10 - reds)
    path = tmp_path / "badge.json"
    write_badge(Run("c", tuple(cells)), path)
    badge = json.loads(path.read_text(encoding="utf-8"))
    assert badge == {
        "schemaVersion": 1,
        "label": "lipflap",
        "message": f"{message} survived",
        "color": colour,
    }
