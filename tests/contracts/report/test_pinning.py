"""Findings are numbered once for the list, the picture and the words."""

from __future__ import annotations

import pytest

from contracts.report.pinning import MOST_LINES, evidence, findings_of, pinned, pinned_words, spanned


def test_findings_are_numbered_in_the_order_of_the_checks(cell_named):
    found = findings_of(cell_named("forever"))
    assert [(number, check) for number, check, _ in found] == [(1, "poll-cadence"), (2, "gives-up-in-time")]


def test_known_failures_are_not_pinned(cell_named):
    assert findings_of(cell_named("fault/known")) == ()
    assert pinned(cell_named("fault/known")) == {}


def test_of_many_lines_the_first_ones_and_the_last_are_pinned(cell_named):
    lines = [line for line, numbers in pinned(cell_named("forever")).items() if 1 in numbers]
    assert lines == [3, 4, 5, 6, 7, 38]
    assert len(lines) == MOST_LINES


def test_a_line_of_two_findings_has_both(cell_named):
    assert pinned(cell_named("incident/one-flaky-poll")) == {4: (1, 2), 2: (2,)}


def test_words_and_evidence_name_the_same_lines(cell_named):
    cell = cell_named("incident/one-flaky-poll")
    assert list(pinned_words(cell)) == ["finding 1 rests on #4", "finding 2 rests on #2, #4"]
    assert [line.number for line in evidence(cell)] == [2, 4]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [((1,), "1"), ((1, 2), "1,2"), ((1, 2, 3, 4), "1-4"), ((1, 2, 3, 7), "1-3,7"), ((), "")],
)
def test_numbers_take_little_room(numbers, text):
    assert spanned(numbers) == text
