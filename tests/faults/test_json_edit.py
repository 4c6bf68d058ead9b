"""Paths into JSON: the laws of get, put and delete, and what an edit leaves alone."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.faults.json_edit import MISSING, delete, edit_body, edit_tasks, get, put, task_paths
from mock_server.flow.call import Answer
from mock_server.providers.gmi.anatomy import ANATOMY as GMI
from mock_server.providers.kirin.anatomy import ANATOMY as KIRIN
from mock_server.providers.kling.anatomy import ANATOMY as KLING

KEYS = st.sampled_from(["a", "b", "c"])
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
PATHS = st.lists(KEYS | st.integers(-1, 3), max_size=4).map(tuple)


def places(document: object) -> list[tuple[str | int, ...]]:
    """Every path that leads somewhere, the root first."""
    found: list[tuple[str | int, ...]] = [()]
    if isinstance(document, dict):
        found += [(key, *rest) for key, value in document.items() for rest in places(value)]
    if isinstance(document, list):
        found += [(key, *rest) for key, value in enumerate(document) for rest in places(value)]
    return found


@given(DOCUMENTS, PATHS)
def test_there_is_something_at_exactly_the_places_of_a_document(document: object, path: Any) -> None:
    assert (get(document, path) is not MISSING) == (path in places(document))


@given(st.data(), LEAVES)
def test_what_was_put_is_found_and_everything_else_stays(data: st.DataObject, value: object) -> None:
    document = data.draw(DOCUMENTS)
    path = data.draw(st.sampled_from(places(document)))
    changed = put(document, path, value)
    assert get(changed, path) == value
    for other in places(document):
        if other[: len(path)] != path and path[: len(other)] != other:
            assert get(changed, other) == get(document, other)


@given(DOCUMENTS, PATHS, LEAVES)
def test_putting_back_what_was_there_changes_nothing(document: object, path: Any, value: object) -> None:
    old = get(document, path)
    changed = put(document, path, value)
    if old is not MISSING:
        assert put(changed, path, old) == document
    elif get(changed, path) is MISSING:
        assert changed == document
    else:
        assert delete(changed, path) == document


@given(DOCUMENTS, PATHS, LEAVES)
def test_the_document_that_was_given_is_never_touched(document: object, path: Any, value: object) -> None:
    before = copy.deepcopy(document)
    put(document, path, value)
    delete(document, path)
    assert document == before


@given(st.data())
def test_what_was_deleted_is_gone_and_everything_before_it_stays(data: st.DataObject) -> None:
    document = data.draw(DOCUMENTS)
    path = data.draw(st.sampled_from(places(document)))
    changed = delete(document, path)
    if not path:
        assert changed == document
    elif isinstance(path[-1], str):
        assert get(changed, path) is MISSING
        assert put(changed, path, get(document, path)) == document
    else:
        holder: Any = get(document, path[:-1])
        assert get(changed, path[:-1]) == holder[: path[-1]] + holder[path[-1] + 1 :]


@given(DOCUMENTS, PATHS)
def test_deleting_what_is_not_there_changes_nothing(document: object, path: Any) -> None:
    if get(document, path) is MISSING:
        assert delete(document, path) == document


def test_a_key_is_added_to_its_object_and_objects_are_not_made_up() -> None:
    assert put({"a": {}}, ("a", "b"), 1) == {"a": {"b": 1}}
    assert put({"a": {}}, ("b", "c"), 1) == {"a": {}}
    assert put({"a": []}, ("a", 0), 1) == {"a": []}
    assert put({"a": None}, ("a", "b"), 1) == {"a": None}


def test_an_edit_keeps_status_and_headers_and_every_digit() -> None:
    answer = Answer(
        418, b'{"big": 123456789012345678901234567890, "a": [1.0, "\xc3\xa9"]}', ((b"x-a", b"1"),)
    )
    edited = edit_body(answer, lambda document: put(document, ("b",), None))
    assert edited.body == b'{"big":123456789012345678901234567890,"a":[1.0,"\xc3\xa9"],"b":null}'
    assert (edited.status, edited.headers) == (418, ((b"x-a", b"1"),))


@pytest.mark.parametrize("body", [b"", b'{"a":', b"<html>", b'"\xff"'])
def test_a_body_that_is_no_json_is_left_alone(body: bytes) -> None:
    answer = Answer(200, body)
    assert edit_body(answer, lambda _: 1) is answer


def test_an_answer_of_another_type_is_left_alone() -> None:
    answer = Answer(200, b"{}", ((b"content-type", b"text/html"),))
    assert edit_body(answer, lambda _: 1) is answer


@pytest.mark.parametrize(
    ("anatomy", "document", "paths"),
    [
        (KLING, {"data": {}}, [("data",)]),
        (KLING, {"data": [{}, {}]}, [("data", 0), ("data", 1)]),
        (KLING, {"code": 1203, "data": None}, []),
        (GMI, {"request_id": "1"}, [()]),
        (GMI, {"requests": [{}]}, [("requests", 0)]),
        (KIRIN, {"id": "1"}, [()]),
        (KIRIN, [], []),
    ],
)
def test_task_objects_are_found_in_polls_and_lists(anatomy: Any, document: object, paths: object) -> None:
    assert list(task_paths(document, anatomy)) == paths


def test_every_task_of_a_list_is_edited() -> None:
    answer = Answer(200, msgspec.json.encode({"requests": [{"status": "a"}, {"status": "b"}], "total": 2}))
    edited = edit_tasks(answer, GMI, lambda task: put(task, GMI.status, "c"))
    assert msgspec.json.decode(edited.body) == {"requests": [{"status": "c"}, {"status": "c"}], "total": 2}
