"""Kling's two kinds of key: which fault of a token is which code, and at which second."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mock_server.core.account import DEMO_ACCESS_KEY, DEMO_SECRET_KEY
from mock_server.core.clock import MANUAL_EPOCH_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    from tests.conftest import MakeClient

    Ask = Callable[[str | None], tuple[int, int]]

NOW_S = MANUAL_EPOCH_MS // 1000
PATH = "/v1/videos/advanced-lip-sync"
GENERIC, MISSING, INVALID, EARLY, EXPIRED = ((401, code) for code in range(1000, 1005))
WELCOME = (200, 0)
CLAIMS = {"iss": DEMO_ACCESS_KEY, "exp": NOW_S + 1800, "nbf": NOW_S - 5}


def signed(claims: dict[str, Any], secret: str = DEMO_SECRET_KEY, **header: object) -> str:
    """A token with these claims; a claim of None is left out."""
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, secret, algorithm="HS256", headers=header or None)


def part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


GOOD = signed(CLAIMS)
HEAD, BODY, SIGNATURE = GOOD.split(".")


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    """A server that judges the times of tokens by the tenant's clock, which stands still at ``NOW_S``."""
    return make_client(dialects={"kling.jwt_clock": "virtual"})


@pytest.fixture
def ask(client: TestClient) -> Ask:
    """Status and code for a value of the Authorization header; None sends none."""

    def send(value: str | None) -> tuple[int, int]:
        headers = {"Authorization": value or ""}
        body = client.get(PATH, headers=headers).json()
        assert set(body) == (
            {"code", "message", "request_id", "data"}
            if body["code"] == 0
            else {"code", "message", "request_id"}
        )
        return client.get(PATH, headers=headers).status_code, body["code"]

    return send


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", MISSING),
        ("   ", MISSING),
        ("Bearer", MISSING),
        ("Bearer ", MISSING),
        ("Basic dXNlcjpwYXNz", INVALID),
        ("Key abc", INVALID),
        ("abc", INVALID),
        ("Bearer a b", INVALID),
        ("Bearer  a", INVALID),
        (f"Bearer {GOOD}", WELCOME),
        (f"bearer {GOOD}", WELCOME),
        ("Bearer any-opaque-key", WELCOME),
        ("Bearer key.with.dots", WELCOME),
        ("Bearer tests/a_b.py::c.d", WELCOME),
    ],
)
def test_header_is_read_by_its_scheme(ask: Ask, value: str, expected: tuple[int, int]) -> None:
    assert ask(value) == expected


def test_request_without_the_header_is_told_so(client: TestClient) -> None:
    del client.headers["authorization"]
    assert client.get(PATH).json()["code"] == 1001


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, WELCOME),
        ({"nbf": None}, WELCOME),
        ({"nbf": NOW_S}, WELCOME),
        ({"nbf": NOW_S + 0.001}, EARLY),
        ({"nbf": NOW_S + 1}, EARLY),
        ({"nbf": 10**30}, EARLY),
        ({"nbf": -(10**30)}, WELCOME),
        ({"exp": NOW_S + 1}, WELCOME),
        ({"exp": NOW_S + 0.5}, WELCOME),
        ({"exp": NOW_S}, EXPIRED),
        ({"exp": NOW_S - 1}, EXPIRED),
        ({"exp": 0}, EXPIRED),
        ({"exp": -(10**30)}, EXPIRED),
        ({"exp": NOW_S + 10**9}, WELCOME),
        ({"exp": 10**30}, WELCOME),
        ({"nbf": NOW_S + 1, "exp": NOW_S - 1}, EARLY),
        ({"exp": None}, INVALID),
        ({"exp": str(NOW_S + 60)}, INVALID),
        ({"exp": True}, INVALID),
        ({"exp": [NOW_S + 60]}, INVALID),
        ({"nbf": "soon"}, INVALID),
        ({"nbf": False}, INVALID),
        ({"iss": None}, INVALID),
        ({"iss": ""}, INVALID),
        ({"iss": 7}, INVALID),
        ({"iss": [DEMO_ACCESS_KEY]}, INVALID),
        ({"iat": NOW_S}, WELCOME),
        ({"iat": NOW_S + 10**6}, WELCOME),
        ({"iat": "today", "aud": 5, "sub": 7, "jti": [1], "more": {"a": [1]}}, WELCOME),
    ],
    ids=repr,
)
def test_claims_are_judged_to_the_second(ask: Ask, claims: dict[str, Any], expected: tuple[int, int]) -> None:
    body = part({name: value for name, value in {**CLAIMS, **claims}.items() if value is not None})
    assert ask(f"Bearer {resigned(HEAD, body)}") == expected


def resigned(head: str, body: str) -> str:
    """A token of these parts with a right signature, whatever they hold."""
    key = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = key.sign(f"{head}.{body}".encode(), DEMO_SECRET_KEY.encode())
    return f"{head}.{body}.{part(signature)}"


@pytest.mark.parametrize(
    "head",
    [
        *({"alg": algorithm} for algorithm in ("none", "None", "HS512", "RS256", "hs256", None, ["HS256"])),
        {"typ": "JWT"},
        {"alg": "HS256", "crit": ["b64"], "b64": False},
    ],
    ids=repr,
)
def test_algorithm_is_hs256_and_nothing_else(ask: Ask, head: dict[str, Any]) -> None:
    assert ask(f"Bearer {resigned(part(head), BODY)}") == INVALID
    assert ask(f"Bearer {part(head)}.{BODY}.") == INVALID


@pytest.mark.parametrize(
    "head", [{"alg": "HS256"}, {"alg": "HS256", "typ": "JWT", "kid": "../../etc/passwd"}], ids=repr
)
def test_rest_of_the_header_does_not_matter(ask: Ask, head: dict[str, Any]) -> None:
    assert ask(f"Bearer {resigned(part(head), BODY)}") == WELCOME


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(signed(CLAIMS, "another-secret-key-that-is-long-enough"), id="wrong secret"),
        pytest.param(f"{HEAD}.{BODY}.", id="no signature"),
        pytest.param(f"{HEAD}.{BODY}.{SIGNATURE[:-2]}", id="cut"),
        pytest.param(f"{HEAD}.{BODY}.{SIGNATURE}AAAA", id="longer"),
        pytest.param(f"{HEAD}.{BODY}.{SIGNATURE[:20]}!{SIGNATURE[21:]}", id="foreign sign"),
        pytest.param(f"{HEAD}.{BODY}.{SIGNATURE}=", id="padded"),
        pytest.param(f"{HEAD}.{part({**CLAIMS, 'exp': NOW_S + 9999})}.{SIGNATURE}", id="other claims"),
        pytest.param(f"{HEAD}.{part([1, 2])}.{SIGNATURE}", id="claims no object"),
        pytest.param(f"{HEAD}.not-json.{SIGNATURE}", id="claims no JSON"),
        pytest.param(f"{HEAD}..{SIGNATURE}", id="no claims"),
        pytest.param(signed({**CLAIMS, "more": "x" * 9000}), id="huge"),
    ],
)
def test_token_that_is_not_whole_and_signed_is_invalid(ask: Ask, token: str) -> None:
    assert ask(f"Bearer {token}") == INVALID


@given(position=st.integers(0, len(SIGNATURE) - 2), sign=st.sampled_from("ABCxyz059-_"))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_signature_with_another_sign_in_it_is_invalid(ask: Ask, position: int, sign: str) -> None:
    assume(SIGNATURE[position] != sign)
    assert ask(f"Bearer {HEAD}.{BODY}.{SIGNATURE[:position]}{sign}{SIGNATURE[position + 1 :]}") == INVALID


def test_access_key_that_nobody_registered_is_an_account_of_its_own(ask: Ask) -> None:
    assert (
        ask(f"Bearer {signed({**CLAIMS, 'iss': 'my-own-access-key'}, 'a-secret-that-only-the-client-knows')}")
        == WELCOME
    )
    assert ask(f"Bearer {signed({**CLAIMS, 'iss': 'my-own-access-key', 'exp': NOW_S}, 'x' * 40)}") == EXPIRED


def test_token_that_was_good_expires_all_the_same(client: TestClient) -> None:
    headers = {"Authorization": f"Bearer {signed({**CLAIMS, 'exp': NOW_S + 60})}"}
    assert client.get(PATH, headers=headers).status_code == 200
    for seconds, code in ((59, 0), (1, 1004)):
        moved = client.post(
            "/__lipflap/clock/advance", params={"key": DEMO_ACCESS_KEY}, json={"seconds": seconds}
        )
        assert moved.status_code == 200
        assert client.get(PATH, headers=headers).json()["code"] == code


def test_all_keys_of_an_account_open_one_world(client: TestClient) -> None:
    video = {"video_url": "https://cdn.test/a.mp4"}
    by_token = {"Authorization": f"Bearer {GOOD}"}
    session_id = client.post("/v1/videos/identify-face", json=video, headers=by_token).json()["data"][
        "session_id"
    ]
    clip = {
        "face_id": "0",
        "sound_file": "https://cdn.test/a.mp3",
        "sound_start_time": 0,
        "sound_end_time": 3000,
        "sound_insert_time": 0,
    }
    body = {"session_id": session_id, "face_choose": [clip]}
    renewed = {"Authorization": f"Bearer {signed({**CLAIMS, 'exp': NOW_S + 5})}"}
    assert client.post(PATH, json=body, headers=renewed).status_code == 200
    stranger = {"Authorization": "Bearer another-key"}
    assert client.post(PATH, json=body, headers=stranger).json()["code"] == 1201


def test_key_is_asked_for_before_the_route_and_the_body(client: TestClient) -> None:
    nobody = {"Authorization": ""}
    assert client.get("/v1/nowhere", headers=nobody).json()["code"] == 1001
    assert client.post("/v1/audio/tts", content=b"{", headers=nobody).json()["code"] == 1001
    assert client.get("/v1/nowhere").json()["code"] == 1202
