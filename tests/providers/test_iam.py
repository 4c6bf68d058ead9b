"""GMI's IAM variant: log in, open a session, call with its token, renew it; each token for its own use and time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import jwt
import pytest

from mock_server.providers.gmi.iam import ACCESS_S, LOGIN_S, REFRESH_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    from mock_server.app import App

    AsDocumented = Callable[..., Any]

ME = "/api/v1/me"
QUEUE = "/api/v1/ie/requestqueue"
LOGIN = {"email": "ann@example.test", "password": "p"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def logged_in(client: TestClient) -> str:
    token: str = client.post(f"{ME}/auth-tokens", json=LOGIN).json()["authToken"]
    return token


def opened(client: TestClient, auth_token: str) -> Any:
    return client.post(f"{ME}/sessions", json={"type": "native", "authToken": auth_token, "otpCode": None})


def renewed(client: TestClient, refresh_token: str) -> Any:
    return client.patch(f"{ME}/sessions", json={"refreshToken": refresh_token})


@pytest.fixture
def tokens(client: TestClient) -> dict[str, str]:
    found: dict[str, str] = opened(client, logged_in(client)).json()
    return found


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def pass_wall_time(client: TestClient, seconds: int) -> None:
    """The SDK holds its tokens against the machine's clock, so the server does too."""
    simulator = cast("App", client.app).house.simulator
    later_ms = simulator.wall_ms() + seconds * 1000
    simulator.wall_ms = lambda: later_ms


def test_the_whole_way_works(client: TestClient, as_documented: AsDocumented) -> None:
    login = as_documented("gmi", "createAuthToken", client.post(f"{ME}/auth-tokens", json=LOGIN))
    assert login["is2FARequired"] is False
    tokens = as_documented("gmi", "createSession", opened(client, login["authToken"]))
    access = bearer(tokens["accessToken"])
    profile = as_documented("gmi", "getProfile", client.get(f"{ME}/profile", headers=access))
    body = {"model": "kling-identify-face", "payload": {"video_url": "https://cdn.test/a.mp4"}}
    record = as_documented(
        "gmi", "iamSubmitRequest", client.post(f"{QUEUE}/requests", json=body, headers=access)
    )
    assert record["org_id"] == profile["organization"]["id"]
    again = bearer(
        as_documented("gmi", "refreshSession", renewed(client, tokens["refreshToken"]))["accessToken"]
    )
    polled = client.get(f"{QUEUE}/requests/{record['request_id']}", headers=again)
    assert as_documented("gmi", "iamGetRequest", polled) == record
    listed = as_documented("gmi", "iamListRequests", client.get(f"{QUEUE}/requests", headers=again))
    assert listed["total"] == 1


def test_access_token_names_the_user_and_refresh_token_its_end(tokens: dict[str, str]) -> None:
    assert claims_of(tokens["accessToken"])["userId"].startswith("user_")
    assert "exp" in claims_of(tokens["refreshToken"])


@pytest.mark.parametrize("token", ["accessToken", "refreshToken"])
def test_login_wants_the_login_token(client: TestClient, tokens: dict[str, str], token: str) -> None:
    answer = opened(client, tokens[token])
    assert (answer.status_code, answer.json()) == (401, {"message": "Invalid credentials"})


def test_refresh_wants_the_refresh_token(client: TestClient, tokens: dict[str, str]) -> None:
    for token in (tokens["accessToken"], logged_in(client), "x", "a.b.c"):
        assert renewed(client, token).status_code == 401


def test_queue_wants_the_access_token(client: TestClient, tokens: dict[str, str]) -> None:
    forged = jwt.encode(claims_of(tokens["accessToken"]), "x" * 32)
    unsigned = jwt.encode(claims_of(tokens["accessToken"]), "", algorithm="none")
    for token in (tokens["refreshToken"], logged_in(client), forged, unsigned, "an-api-key"):
        answer = client.get(f"{QUEUE}/models", headers=bearer(token))
        assert (answer.status_code, answer.json()) == (401, {"error": "Invalid API key"})


def test_access_token_holds_for_an_hour_of_wall_time(client: TestClient, tokens: dict[str, str]) -> None:
    headers = bearer(tokens["accessToken"])
    pass_wall_time(client, ACCESS_S - 2)
    assert client.get(f"{QUEUE}/models", headers=headers).status_code == 200
    pass_wall_time(client, 2)
    answer = client.get(f"{QUEUE}/models", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"error": "Access token expired"})
    assert client.get(f"{ME}/profile", headers=headers).json() == {"message": "Access token expired"}


def test_virtual_time_does_not_age_a_token(client: TestClient, tokens: dict[str, str]) -> None:
    moved = client.post(
        "/__lipflap/clock/advance", params={"key": LOGIN["email"]}, json={"seconds": 10 * ACCESS_S}
    )
    assert moved.status_code == 200
    assert client.get(f"{QUEUE}/models", headers=bearer(tokens["accessToken"])).status_code == 200


def test_login_token_holds_for_ten_minutes(client: TestClient) -> None:
    token = logged_in(client)
    pass_wall_time(client, LOGIN_S - 2)
    assert opened(client, token).status_code == 200
    pass_wall_time(client, 2)
    answer = opened(client, token)
    assert (answer.status_code, answer.json()) == (401, {"message": "Access token expired"})


def test_refresh_token_holds_for_thirty_days(client: TestClient, tokens: dict[str, str]) -> None:
    pass_wall_time(client, REFRESH_S - 2)
    assert renewed(client, tokens["refreshToken"]).status_code == 200
    pass_wall_time(client, 2)
    assert renewed(client, tokens["refreshToken"]).status_code == 401


def test_models_are_cards_here_and_ids_for_api_keys(client: TestClient, tokens: dict[str, str]) -> None:
    cards = client.get(f"{QUEUE}/models", headers=bearer(tokens["accessToken"])).json()["models"]
    assert [card["model"] for card in cards] == ["kling-identify-face", "kling-lip-sync"]
    assert all(isinstance(card["price_info"]["price"], int) for card in cards)
    assert client.get(f"{QUEUE}/apikey/models").json() == {"model_ids": [card["model"] for card in cards]}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/auth-tokens"), ("DELETE", "/sessions"), ("GET", "/nowhere"), ("POST", "/profile")],
)
def test_unknown_path_below_me_is_worded_as_the_login_is(
    client: TestClient, tokens: dict[str, str], method: str, path: str
) -> None:
    answer = client.request(method, ME + path, headers=bearer(tokens["accessToken"]))
    assert (answer.status_code, answer.json()) == (404, {"message": "Route not found"})
