"""With a file of accounts only its keys open anything, and only the providers that they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jwt
import pytest

from mock_server.core.account import DEMO_ACCESS_KEY, DEMO_SECRET_KEY

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from tests.conftest import MakeClient

ACCOUNTS = """
[[accounts]]
name = "studio@example.test"
keys = ["first-key", "second-key"]
access_key = "studio-access"
secret_key = "short"

[[accounts]]
name = "only-kirin"
keys = ["kirin-key"]
access_key = "kirin-access"
secret_key = "secret-of-an-account-that-has-no-kling"
scopes = ["kirin"]
"""
PATHS = {
    "kling": "/v1/videos/advanced-lip-sync",
    "gmi": "/api/v1/ie/requestqueue/apikey/requests",
    "kirin": "/api/v1/skill/models",
}
LATER_S = 9_999_999_999


@pytest.fixture
def client(make_client: MakeClient, tmp_path: Path) -> TestClient:
    path = tmp_path / "accounts.toml"
    path.write_text(ACCOUNTS, encoding="utf-8")
    return make_client(auth=str(path))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("provider", PATHS)
@pytest.mark.parametrize("key", ["first-key", "second-key"])
def test_key_of_the_file_is_welcome(client: TestClient, provider: str, key: str) -> None:
    assert client.get(PATHS[provider], headers=bearer(key)).status_code == 200


@pytest.mark.parametrize("provider", PATHS)
@pytest.mark.parametrize(
    "key", ["third-key", "FIRST-KEY", "first-key2", "studio@example.test", "studio-access", "short"]
)
def test_any_other_key_is_401(client: TestClient, provider: str, key: str) -> None:
    assert client.get(PATHS[provider], headers=bearer(key)).status_code == 401


@pytest.mark.parametrize(("provider", "status"), [("kling", 403), ("gmi", 403), ("kirin", 200)])
def test_key_without_the_right_to_a_provider_is_403(client: TestClient, provider: str, status: int) -> None:
    assert client.get(PATHS[provider], headers=bearer("kirin-key")).status_code == status


def test_kling_words_the_missing_right_with_its_own_code(client: TestClient) -> None:
    assert client.get(PATHS["kling"], headers=bearer("kirin-key")).json()["code"] == 1103
    token = jwt.encode({"iss": "kirin-access", "exp": LATER_S}, "secret-of-an-account-that-has-no-kling")
    assert client.get(PATHS["kling"], headers=bearer(token)).json()["code"] == 1103


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_access_key_of_the_file_signs_with_its_secret_however_short(client: TestClient) -> None:
    claims = {"iss": "studio-access", "exp": LATER_S}
    assert client.get(PATHS["kling"], headers=bearer(jwt.encode(claims, "short"))).status_code == 200
    assert client.get(PATHS["kling"], headers=bearer(jwt.encode(claims, "longer"))).json()["code"] == 1002


@pytest.mark.parametrize(("issuer", "secret"), [(DEMO_ACCESS_KEY, DEMO_SECRET_KEY), ("nobody", "x" * 32)])
def test_access_key_that_is_not_in_the_file_is_unknown(client: TestClient, issuer: str, secret: str) -> None:
    token = jwt.encode({"iss": issuer, "exp": LATER_S}, secret)
    assert client.get(PATHS["kling"], headers=bearer(token)).json()["code"] == 1002


def test_both_keys_of_an_account_see_the_same_requests(client: TestClient) -> None:
    body = {"model": "kling-identify-face", "payload": {"video_url": "https://cdn.test/a.mp4"}}
    assert client.post(PATHS["gmi"], json=body, headers=bearer("first-key")).status_code == 200
    assert client.get(PATHS["gmi"], headers=bearer("second-key")).json()["total"] == 1


@pytest.mark.parametrize(
    ("email", "password", "status"),
    [
        ("studio@example.test", "first-key", 200),
        ("studio@example.test", "second-key", 200),
        ("studio@example.test", "kirin-key", 401),
        ("studio@example.test", "wrong", 401),
        ("nobody@example.test", "first-key", 401),
    ],
)
def test_login_takes_the_name_of_an_account_and_one_of_its_keys(
    client: TestClient, email: str, password: str, status: int
) -> None:
    answer = client.post("/api/v1/me/auth-tokens", json={"email": email, "password": password})
    assert answer.status_code == status
    if status == 401:
        assert answer.json() == {"message": "Invalid credentials"}


def test_discovery_of_kirin_asks_for_no_key_and_refuses_a_wrong_one(client: TestClient) -> None:
    assert client.get(PATHS["kirin"], headers={"Authorization": ""}).status_code == 200
    assert client.get(PATHS["kirin"], headers=bearer("wrong")).status_code == 401
