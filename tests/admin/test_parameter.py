"""Query parameters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.admin.parameter import number, parsed, switch, text, word
from mock_server.admin.problem import BadRequest
from mock_server.core.plan import Stage

COUNT = number("count", "", default=5, low=2, high=40)


@given(st.integers(-100, 100))
def test_a_number_is_taken_within_its_range_and_nowhere_else(value: int) -> None:
    if 2 <= value <= 40:
        assert parsed((COUNT,), [("count", str(value))]) == {"count": value}
    else:
        with pytest.raises(BadRequest, match="count must be a whole number from 2 to 40"):
            parsed((COUNT,), [("count", str(value))])


@pytest.mark.parametrize("written", ["", " 3", "+3", "3.0", "1_0", "٣", "0x3", "3" * 30])
def test_a_number_is_written_in_ascii_digits_alone(written: str) -> None:
    with pytest.raises(BadRequest):
        parsed((COUNT,), [("count", written)])


@given(st.text())
def test_a_word_is_one_of_its_set(value: str) -> None:
    parameter = word("stage", "", Stage)
    if value in set(Stage):
        assert parsed((parameter,), [("stage", value)]) == {"stage": Stage(value)}
    else:
        with pytest.raises(BadRequest, match="must be one of submitted"):
            parsed((parameter,), [("stage", value)])


@pytest.mark.parametrize("stage", Stage)
def test_every_word_of_the_set_is_taken(stage: Stage) -> None:
    assert parsed((word("stage", "", Stage),), [("stage", str(stage))])["stage"] is stage


@pytest.mark.parametrize(("written", "value"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_a_switch_has_two_values(written: str, value: bool) -> None:
    assert parsed((switch("on", ""),), [("on", written)]) == {"on": value}


@pytest.mark.parametrize("written", ["", "yes", "True", "2"])
def test_a_switch_has_no_third_value(written: str) -> None:
    with pytest.raises(BadRequest, match="true or false"):
        parsed((switch("on", ""),), [("on", written)])


def test_an_empty_text_is_no_text() -> None:
    with pytest.raises(BadRequest, match="not empty"):
        parsed((text("key", ""),), [("key", "")])


def test_what_is_not_known_is_refused_with_what_is() -> None:
    with pytest.raises(BadRequest, match="known here: count"):
        parsed((COUNT,), [("cuont", "3")])
