"""What is read from a bearer token: a JWT's type and times, and nothing from anything else."""

from __future__ import annotations

import base64
import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.faults.catalogue.auth.token import BearerToken, token_of
from mock_server.flow.call import Headers

SECRET = "a-secret-of-at-least-thirty-two-bytes"


def read(value: str) -> BearerToken | None:
    return token_of(Headers([(b"authorization", value.encode("latin-1"))]))


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_jwt_tells_its_type_and_its_times() -> None:
    token = jwt.encode({"nbf": 5, "exp": 9.5}, SECRET)
    assert read(f"Bearer {token}") == BearerToken("JWT", 5.0, 9.5)


def test_what_a_jwt_leaves_out_is_empty() -> None:
    token = jwt.encode({}, SECRET, headers={"typ": None})
    assert read(f"Bearer {token}") == BearerToken("", 0.0, 0.0)


@pytest.mark.parametrize("value", [True, "9", None, [9], {}])
def test_a_time_that_is_no_number_is_none(value: object) -> None:
    token = read(f"Bearer {part({})}.{part({'exp': value})}.x")
    assert token is not None
    assert token.expires_s == 0.0


def test_a_time_beyond_all_years_is_a_late_one() -> None:
    token = read(f"Bearer {part({})}.{part({'exp': 10**400})}.x")
    assert token is None or token.expires_s == 1e15


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer sk-key", "Bearer a.b.c", f"Bearer {part([])}.{part({})}.x", "Bearer a.b"]
)
def test_an_api_key_has_no_times(value: str) -> None:
    assert read(value) is None


@given(st.text(st.characters(codec="latin-1")))
def test_no_header_breaks_the_reader(value: str) -> None:
    assert (
        token_of(Headers([(b"authorization", f"Bearer {value}".encode("latin-1"))])) is None or "." in value
    )
