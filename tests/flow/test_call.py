"""A request on its way: what it knows, and from when on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_server.flow.call import Answer, Call, Headers
from mock_server.flow.simulator import Simulator

if TYPE_CHECKING:
    from tests.flow.conftest import MakeCall


def test_a_request_has_no_home_before_its_tenant_is_known(simulator: Simulator) -> None:
    call = Call(simulator, "GET", "/", {}, Headers(()), "http://host")
    with pytest.raises(AttributeError, match="home"):
        _ = call.tenant


def test_ids_of_a_request_follow_from_its_tenant_number_and_kind(make_call: MakeCall) -> None:
    ids = [
        make_call().fresh_uuid("request"),
        make_call(number=2).fresh_uuid("request"),
        make_call("another").fresh_uuid("request"),
        make_call().fresh_uuid("trace"),
    ]
    assert len(set(ids)) == 4
    assert make_call().fresh_uuid("request") == ids[0]


def test_a_dialect_is_that_of_the_tenant(call: Call) -> None:
    assert call.dialect("kling.no_face") == "error"


def test_headers_are_found_by_their_lower_case_name() -> None:
    headers = Headers([(b"content-type", b"application/json"), (b"x-name", "\u00e9".encode("latin-1"))])
    assert headers.get("content-type") == "application/json"
    assert headers.get("x-name") == "\u00e9"
    assert headers.get("authorization") is None


def test_an_answer_is_json_unless_told_otherwise() -> None:
    assert Answer(200, b"{}").headers == ()


def test_tasks_are_shown_as_they_are_now_unless_told_otherwise(call: Call) -> None:
    assert call.shown_ms == call.now_ms
    call.looks_from_ms = 5
    assert (call.shown_ms, call.now_ms != 5) == (5, True)
