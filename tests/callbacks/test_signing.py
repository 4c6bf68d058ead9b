"""The Standard Webhooks signature."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from mock_server.callbacks.signing import key_of, sign, signature_headers, webhook_id_of
from mock_server.core.errors import ConfigurationError

SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
OTHER_SECRET = "whsec_" + base64.b64encode(bytes(range(24))).decode()
NOW_S = 1_781_080_794


def test_the_official_vector_of_the_documentation() -> None:
    body = (
        b'{"id":"1234567890","status":"succeeded","message":"",'
        b'"create_time":1781080778802,"update_time":1781080794151}'
    )
    assert sign(SECRET, "9876543210", NOW_S, body) == "v1,UsKlJP00XoQyOn410NM9xv34sP+Gl0jnOO9Lcpr7NJ4="


@given(
    key=st.binary(min_size=1, max_size=64),
    delivery_id=st.from_regex(r"[0-9]{1,19}", fullmatch=True),
    timestamp_s=st.integers(0, 4_000_000_000),
    body=st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
)
def test_it_agrees_with_the_reference_library(
    key: bytes, delivery_id: str, timestamp_s: int, body: str
) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    moment = datetime.fromtimestamp(timestamp_s, UTC)
    assert sign(secret, delivery_id, timestamp_s, body.encode()) == Webhook(secret).sign(
        delivery_id, moment, body
    )


def test_every_secret_signs_while_they_rotate() -> None:
    headers = dict(signature_headers([SECRET, OTHER_SECRET], "8001.succeeded", NOW_S, b"{}"))
    webhook_id = headers["webhook-id"]
    assert headers["webhook-timestamp"] == str(NOW_S)
    assert headers["webhook-signature"].split(" ") == [
        sign(SECRET, webhook_id, NOW_S, b"{}"),
        sign(OTHER_SECRET, webhook_id, NOW_S, b"{}"),
    ]


def test_without_a_secret_there_is_no_header() -> None:
    assert signature_headers([], "8001.succeeded", NOW_S, b"{}") == ()


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_webhook_id_has_19_digits_and_belongs_to_one_delivery(one: str, other: str) -> None:
    assert len(webhook_id_of(one)) == 19
    assert webhook_id_of(one).isdigit()
    assert (webhook_id_of(one) == webhook_id_of(other)) == (one == other)


def test_prefix_and_padding_are_optional() -> None:
    key = b"testsecrettestsecrettestsecret12"
    assert key_of(SECRET) == key_of(SECRET.removeprefix("whsec_")) == key_of(SECRET.rstrip("=")) == key


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_====", "whsec_not base64", "whsec_a", "whsec_ä", "whsec_a-_b"]
)
def test_a_bad_secret_is_a_configuration_error_that_does_not_quote_it(secret: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        sign(secret, "1", NOW_S, b"")
    assert secret.removeprefix("whsec_") == "" or secret not in str(refusal.value)
