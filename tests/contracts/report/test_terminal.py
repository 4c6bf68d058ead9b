"""The terminal shows the matrix, every red cell with its evidence, and the sums."""

from __future__ import annotations

import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from contracts.cells.result import Run
from contracts.report.tally import matrix_of
from contracts.report.terminal import write_terminal


@pytest.fixture
def written():
    def write(run: Run, width: int = 120, encoding: str = "utf-8", **options: object) -> str:
        raw = io.BytesIO()
        file = io.TextIOWrapper(raw, encoding=encoding, errors="replace")
        write_terminal(run, Console(file=file, width=width, **options))
        file.flush()
        return raw.getvalue().decode(encoding)

    return write


def test_a_row_has_a_glyph_for_each_check(sample_run, written):
    rows = {
        line.split()[0]: line.split()[1:]
        for line in written(sample_run).splitlines()
        if line.startswith("  ") and line.strip()
    }
    columns = len(matrix_of(sample_run).checks)
    assert len(rows["incident/one-flaky-poll"]) == columns
    assert rows["incident/one-flaky-poll"][:4] == ["✗", "✓", "✗", "○"]
    assert rows["fault/known"][:3] == ["k", "✓", "k"]


def test_red_cells_are_told_with_evidence_and_one_command(sample_run, written):
    text = written(sample_run)
    for cell in sample_run.cells:
        title = f"✗ {cell.scenario}@7 at "
        assert (title in text) is (not cell.is_green)
    assert "#4 GET /v1/videos/advanced-lip-sync/825449868069810328 -> 502 [gateway-502-html]" in text
    assert "A good client: It submits once; after a lost answer it looks for the task" in " ".join(
        text.split()
    )
    assert text.count("again: lipflap replay double-pay-trap@7") == 1


def test_a_command_to_copy_is_never_broken(sample_run, written):
    narrow = written(sample_run, width=50)
    for cell in sample_run.cells:
        assert cell.is_green or f"again: {cell.replay}\n" in narrow


def test_the_end_adds_up(sample_run, written):
    end = written(sample_run).splitlines()[-7:]
    assert end == [
        "Kling: 2 of 3 documented outcomes met (66 %)",
        "GMI Cloud: 1 of 2 documented outcomes met (50 %)",
        "1 line of the baseline to take out, because it no longer fails:",
        "  kling fault/gone: no-poll-after-end",
        "31 renders, 4.2 min of video, 13.2 USD not spent",
        "Took 23 s. Time: 40 times as fast, by libfaketime.",
        "14 of 20 scenarios survived; 96 % of the checks that came to be judged passed.",
    ]


def test_a_long_run_shows_rows_for_what_is_red_alone(sample_run, written):
    happy = sample_run.cells[0]
    many = tuple(replace(happy, scenario=f"fault/f-{number}") for number in range(60))
    text = written(replace(sample_run, cells=(*sample_run.cells, *many)))
    assert "fault/f-59" not in text
    assert "  64 more, green" in text
    assert "  hostile-callbacks" in text
    assert len(text.splitlines()) < 150


def test_what_a_client_writes_is_neither_markup_nor_a_command(sample_run, written):
    text = written(sample_run, force_terminal=True, color_system="truecolor")
    assert "\x1b[31mred" not in text
    assert "␛[31mred" in text
    shouting = replace(sample_run, client="[bold]x[/bold]", stale=("[red]entry[/red]",))
    assert "[red]entry[/red]" in written(shouting)


def test_a_terminal_without_unicode_gets_letters(sample_run, written):
    text = written(sample_run, encoding="ascii")
    rows = [line for line in text.splitlines() if line.startswith("  incident/one-flaky-poll")]
    assert rows[0].split()[1:4] == ["x", "+", "x"]


def test_nothing_that_was_played_is_no_failure(written):
    assert "0 of 0 scenarios survived" in written(Run("client", ()))
