"""What is drawn as valid passes the contract, also at its edges; what is drawn as invalid does not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.contract import PROVIDERS, load_contract
from contracts.strategies.requests import (
    Request,
    boundary_requests,
    invalid_requests,
    valid_requests,
    violations,
)

OPERATIONS = [(provider, name) for provider in PROVIDERS for name in load_contract(provider).operations]
WITH_BODY = [
    (provider, name)
    for provider, name in OPERATIONS
    if load_contract(provider).operations[name].request_schema
]
few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.mark.parametrize(("provider", "operation"), OPERATIONS)
def test_a_valid_request_is_accepted(provider: str, operation: str) -> None:
    contract = load_contract(provider)

    @few
    @given(valid_requests(contract, operation))
    def law(request: Request) -> None:
        assert violations(contract, request) == ()
        assert "{" not in request.url(contract), "every parameter of the path has a value"

    law()


@pytest.mark.parametrize(("provider", "operation"), WITH_BODY)
def test_a_request_at_an_edge_is_accepted(provider: str, operation: str) -> None:
    contract = load_contract(provider)

    @few
    @given(boundary_requests(contract, operation))
    def law(request: Request) -> None:
        assert violations(contract, request) == ()
        assert request.says

    law()


@pytest.mark.parametrize(("provider", "operation"), WITH_BODY)
def test_an_invalid_request_is_refused_and_says_why(provider: str, operation: str) -> None:
    contract = load_contract(provider)

    @few
    @given(invalid_requests(contract, operation))
    def law(request: Request) -> None:
        assert violations(contract, request) != ()
        assert request.says

    law()


@few
@given(st.data())
def test_parameters_go_where_the_contract_has_them(data: st.DataObject) -> None:
    contract = load_contract("gmi")
    request = data.draw(valid_requests(contract, "getRequest"))
    assert set(request.headers(contract)) <= {"X-Organization-ID"}
    assert request.url(contract).startswith("/api/v1/ie/requestqueue/apikey/requests/")


def test_a_switch_in_a_query_is_spelled_as_json_spells_it() -> None:
    request = Request("listModels", "GET", "/api/v1/skill/models", {"include_curl": True, "page": 2})
    url = request.url(load_contract("kirin"))
    assert url == "/api/v1/skill/models?page=2&include_curl=true"


def test_only_bodies_are_broken() -> None:
    with pytest.raises(ValueError, match="takes no body"):
        invalid_requests(load_contract("kling"), "getLipSync")
