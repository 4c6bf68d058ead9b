"""Values that fulfil a schema."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.contract import load_contract
from contracts.strategies.values import urls, valid

KLING = load_contract("kling")
few = settings(max_examples=40, deadline=None, database=None)


@few
@given(valid(KLING, {"type": "string", "minLength": 2, "maxLength": 5, "pattern": r"^[^\x00/]+$"}))
def test_texts_keep_length_and_pattern(value: object) -> None:
    assert isinstance(value, str)
    assert 2 <= len(value) <= 5
    assert "/" not in value


@few
@given(valid(KLING, {"type": ["integer", "null"], "minimum": 3, "maximum": 4}))
def test_of_several_types_any_is_drawn(value: object) -> None:
    assert value in {None, 3, 4}


@few
@given(valid(KLING, {"type": "array", "minItems": 2, "maxItems": 2, "items": {"const": "a"}}))
def test_lists_keep_their_length(value: object) -> None:
    assert value == ["a", "a"]


@few
@given(urls())
def test_urls_are_taken_by_the_contract(url: str) -> None:
    assert KLING.violations("OptionalUrl", url) == ()


@few
@given(st.data())
def test_a_url_may_be_empty_where_the_pattern_says_so(data: st.DataObject) -> None:
    value = data.draw(valid(KLING, {"$ref": "#/components/schemas/OptionalUrl"}))
    assert KLING.violations("OptionalUrl", value) == ()


def test_what_nothing_fulfils_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="nothing fulfils"):
        valid(KLING, False)
