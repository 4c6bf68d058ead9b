"""Labels do not stand on each other."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.report.labels import BOLT_PX, Label, labelled

LETTER_PX = 6.0
marks = st.lists(
    st.builds(
        lambda x, text: Label(x, x, text), st.integers(0, 900), st.sampled_from(["reset", "gateway-502-html"])
    )
)


def begin_of(label: Label) -> float:
    return label.x - BOLT_PX - len(label.words) * LETTER_PX if label.is_before else label.x


def end_of(label: Label) -> float:
    words_x = label.x if label.is_before else label.x + BOLT_PX + len(label.words) * LETTER_PX
    return max(label.end_x, words_x)


@settings(deadline=None)
@given(marks, st.integers(900, 1200))
def test_labels_of_one_row_leave_room_and_stay_inside(made, width):
    found = labelled(made, LETTER_PX, width)
    for left, right in combinations(found, 2):
        if left.row == right.row:
            assert end_of(left) < begin_of(right)
    assert all(begin_of(label) >= 0 and end_of(label) <= width for label in found)
    assert sum(label.count for label in found) == len(made)


def test_neighbours_with_one_text_become_a_bracket():
    found = labelled([Label(90, 90, "b"), Label(10, 10, "a"), Label(30, 60, "a", count=28)], LETTER_PX)
    assert [(one.x, one.end_x, one.words, one.row) for one in found] == [
        (10, 60, "a \N{MULTIPLICATION SIGN}29", 0),
        (90, 90, "b", 0),
    ]


def test_two_texts_at_the_same_places_become_two_brackets():
    marks = [Label(x, x, text) for x in (10, 50, 90) for text in ("throttled", "url-expired-403")]
    assert [(one.x, one.end_x, one.words, one.row) for one in labelled(marks, LETTER_PX)] == [
        (10, 90, "throttled \N{MULTIPLICATION SIGN}3", 0),
        (10, 90, "url-expired-403 \N{MULTIPLICATION SIGN}3", 1),
    ]


def test_a_place_without_the_text_ends_its_run():
    marks = [Label(10, 10, "a"), Label(50, 50, "b"), Label(90, 90, "a")]
    assert [(one.x, one.words) for one in labelled(marks, LETTER_PX)] == [(10, "a"), (50, "b"), (90, "a")]


def test_words_that_would_be_cut_off_stand_before_their_mark():
    def is_before(x, width):
        return labelled([Label(x, x, "reset")], LETTER_PX, width)[0].is_before

    assert [is_before(x, 300.0) for x in (100, 262, 263, 290)] == [False, False, True, True]
    assert not is_before(10, 30.0), "there is no room before it either"


def test_a_label_without_room_goes_one_row_up():
    found = labelled([Label(10, 10, "gateway-502-html"), Label(40, 40, "reset")], LETTER_PX)
    assert [one.row for one in found] == [0, 1]
