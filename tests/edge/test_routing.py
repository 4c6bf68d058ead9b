"""Paths and methods lead to the operations of the contract, and to nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.contract import PROVIDERS, load_contract
from contracts.model import Operation
from mock_server.edge.routing import Router

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
OPERATIONS = [
    (name, operation) for name in PROVIDERS for operation in load_contract(name).operations.values()
]
SEGMENTS = st.text(st.characters(exclude_characters="/", codec="utf-8"), min_size=1, max_size=20)


def router(provider: str) -> Router:
    return Router(load_contract(provider).operations.values())


def name_of(pair: object) -> str:
    return pair.id if isinstance(pair, Operation) else str(pair)


@pytest.mark.parametrize(("provider", "operation"), OPERATIONS, ids=name_of)
def test_each_operation_is_found_by_its_own_path(provider: str, operation: Operation) -> None:
    path = re.sub(r"\{\w+\}", "x", operation.path)
    found = router(provider).match(operation.method, path)
    assert found is not None
    assert found[0] is operation
    assert list(found[1].values()) == ["x"] * operation.path.count("{")


@pytest.mark.parametrize(("provider", "operation"), OPERATIONS, ids=name_of)
def test_no_other_method_finds_it(provider: str, operation: Operation) -> None:
    path = re.sub(r"\{\w+\}", "x", operation.path)
    documented = {
        item.method for name, item in OPERATIONS if name == provider and item.path == operation.path
    }
    for method in set(METHODS) - documented:
        assert router(provider).match(method, path) is None


@given(segment=SEGMENTS)
def test_parameter_is_whatever_stands_in_its_segment(segment: str) -> None:
    found = router("kling").match("GET", f"/v1/videos/advanced-lip-sync/{segment}")
    assert found is not None
    assert found[1] == {"id": segment}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/videos/identify-face/",
        "//v1/videos/identify-face",
        "/v1/videos/Identify-face",
        "/v1/videos/identify-face/x",
        "/v1/videos/advanced-lip-sync/",
        "/v1/videos/advanced-lip-sync/x/",
        "/v1/videos/advanced-lip-sync/x/y",
        "/v1/videos",
        "/v1/",
        "",
    ],
)
def test_path_is_compared_exactly(path: str) -> None:
    assert router("kling").match("POST", path) is None
    assert router("kling").match("GET", path) is None


def test_exact_path_goes_before_a_template() -> None:
    exact = Operation("exact", "GET", "/tasks/mine", None, (), (200,))
    template = Operation("template", "GET", "/tasks/{id}", None, (), (200,))
    routes = Router((template, exact))
    assert routes.match("GET", "/tasks/mine") == (exact, {})
    assert routes.match("GET", "/tasks/yours") == (template, {"id": "yours"})


def test_templates_of_equal_length_are_told_apart_by_their_words() -> None:
    task = Operation("task", "GET", "/tasks/{id}/log", None, (), (200,))
    user = Operation("user", "GET", "/users/{name}/{part}", None, (), (200,))
    routes = Router((task, user))
    assert routes.match("GET", "/users/ann/log") == (user, {"name": "ann", "part": "log"})
    assert routes.match("GET", "/tasks/7/log") == (task, {"id": "7"})
    assert routes.match("GET", "/tasks/7/lag") is None


def test_an_empty_last_parameter_is_no_route() -> None:
    router = Router(load_contract("kling").operations.values())
    assert router.match("GET", "/v1/videos/advanced-lip-sync/") is None
    assert router.match("POST", "/v1/videos/advanced-lip-sync/1") is None
