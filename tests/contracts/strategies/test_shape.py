"""A schema as plain alternatives."""

from __future__ import annotations

from contracts.contract import load_contract
from contracts.strategies.shape import shapes_of

KLING = load_contract("kling")


def test_references_are_followed() -> None:
    (shape,) = shapes_of(KLING, {"$ref": "#/components/schemas/Volume"})
    assert (shape["minimum"], shape["maximum"]) == (0, 2)


def test_each_branch_is_a_shape_of_its_own() -> None:
    shapes = shapes_of(KLING, {"$ref": "#/components/schemas/IdentifyFaceRequest"})
    assert [shape["required"] for shape in shapes] == [["video_id"], ["video_url"]]


def test_of_two_limits_the_tighter_holds() -> None:
    (shape,) = shapes_of(KLING, {"maximum": 9, "minLength": 1, "allOf": [{"maximum": 5, "minLength": 3}]})
    assert shape == {"maximum": 5, "minLength": 3}


def test_a_property_of_both_parts_has_to_fulfil_both() -> None:
    (shape,) = shapes_of(
        KLING, {"properties": {"a": {"type": "string"}}, "allOf": [{"properties": {"a": {"minLength": 2}}}]}
    )
    (inner,) = shapes_of(KLING, shape["properties"]["a"])  # type: ignore[index]
    assert inner == {"type": "string", "minLength": 2}


def test_what_nothing_fulfils_is_no_shape() -> None:
    assert shapes_of(KLING, False) == ()
    assert shapes_of(KLING, {"const": 1, "allOf": [{"const": 2}]}) == ()
    assert shapes_of(KLING, {"required": ["a"], "properties": {"a": False}}) == ()


def test_words_that_both_parts_allow_are_left() -> None:
    (shape,) = shapes_of(KLING, {"enum": ["a", "b"], "allOf": [{"enum": ["b", "c"]}]})
    assert shape["enum"] == ["b"]
