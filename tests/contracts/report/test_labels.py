"""Labels do not stand on each other as long as there are rows."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.report.labels import ROWS, Label, labelled

LETTER_PX = 6.0
marks = st.lists(
    st.builds(
        lambda x, text: Label(x, x, text), st.integers(0, 900), st.sampled_from(["reset", "gateway-502-html"])
    )
)


def end_of(label: Label) -> float:
    return max(label.end_x, label.x + len(label.words) * LETTER_PX)


@settings(deadline=None)
@given(marks)
def test_labels_of_one_row_leave_room_unless_it_is_the_last_resort(made):
    found = labelled(made, LETTER_PX)
    for left, right in combinations(found, 2):
        if left.row == right.row < ROWS - 1:
            assert end_of(left) < right.x
    assert sum(label.count for label in found) == len(made)


def test_neighbours_with_one_text_become_a_bracket():
    found = labelled([Label(90, 90, "b"), Label(10, 10, "a"), Label(30, 60, "a", count=28)], LETTER_PX)
    assert [(one.x, one.end_x, one.words, one.row) for one in found] == [
        (10, 60, "a \N{MULTIPLICATION SIGN}29", 0),
        (90, 90, "b", 0),
    ]


def test_a_label_without_room_goes_one_row_up():
    found = labelled([Label(10, 10, "gateway-502-html"), Label(40, 40, "reset")], LETTER_PX)
    assert [one.row for one in found] == [0, 1]
