"""Which fields two messages have in common."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contracts.conform.shape import differences

JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def test_fields_are_named_by_their_paths() -> None:
    then = {"a": {"b": 1}, "list": [{"x": 1}]}
    now = {"a": {"c": 1}, "list": [{"x": 1, "y": 2}]}
    assert differences(then, now) == ({"a.b"}, {"a.c", "list[].y"})


def test_an_empty_list_says_nothing_of_what_it_would_hold() -> None:
    assert differences({"list": [{"x": 1}]}, {"list": []}) == (set(), set())
    assert differences({"thing": None}, {"thing": {"x": 1}}) == (set(), set())


@given(JSON)
def test_a_message_does_not_differ_from_itself(value: object) -> None:
    assert differences(value, value) == (set(), set())


@given(JSON, JSON)
def test_what_is_gone_one_way_is_new_the_other(one: object, other: object) -> None:
    gone, new = differences(one, other)
    assert differences(other, one) == (new, gone)
