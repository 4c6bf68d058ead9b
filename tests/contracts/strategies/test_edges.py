"""Edges of a schema in a value, and what is one step beyond them."""

from __future__ import annotations

from contracts.contract import load_contract
from contracts.strategies.edges import Change, breaks, changed, edges

KLING = load_contract("kling")
NUMBER = {
    "type": "object",
    "required": ["n"],
    "properties": {"n": {"type": "integer", "minimum": 1, "maximum": 9}},
}


def test_both_ends_of_a_range_are_edges() -> None:
    found = [change.value for change in edges(KLING, NUMBER, {"n": 5})]
    assert found == [1, 9]


def test_one_step_beyond_breaks_it() -> None:
    found = {change.says: change.value for change in breaks(KLING, NUMBER, {"n": 5})}
    assert found["is beyond its minimum"] == 0
    assert found["is beyond its maximum"] == 10
    assert "has no n" in found


def test_a_change_leaves_the_original_alone() -> None:
    value = {"a": [{"b": 1}, {"b": 2}], "c": 3}
    assert changed(value, Change(("a", 1, "b"), 9, "")) == {"a": [{"b": 1}, {"b": 9}], "c": 3}
    assert changed(value, Change(("c",), None, "", takes_away=True)) == {"a": [{"b": 1}, {"b": 2}]}
    assert value == {"a": [{"b": 1}, {"b": 2}], "c": 3}


def test_the_longest_url_is_one() -> None:
    schema = {"properties": {"u": {"$ref": "#/components/schemas/OptionalUrl"}}}
    (change,) = edges(KLING, schema, {"u": ""})
    assert len(str(change.value)) == 2048
    assert KLING.violations("OptionalUrl", change.value) == ()


def test_a_text_of_megabytes_is_no_edge_worth_its_price() -> None:
    schema = {"properties": {"t": {"type": "string", "maxLength": 7_000_000}}}
    assert list(edges(KLING, schema, {"t": ""})) == []
