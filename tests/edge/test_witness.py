"""The journal tells everything but secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import jwt
import pytest

from mock_server.core.account import DEMO_ACCESS_KEY, DEMO_SECRET_KEY

if TYPE_CHECKING:
    import httpx2
    from starlette.testclient import TestClient

    from mock_server.app import App
    from tests.conftest import MakeClient

CANARY = "canary-5f1e0c2b"
QUEUE = "/api/v1/ie/requestqueue/apikey"


def everything(client: TestClient) -> str:
    """What the journals of all tenants hold, as text: in the store, and as the admin API shows it."""
    store = cast("App", client.app).house.simulator.store

    def stored() -> str:
        worlds = store.worlds()
        return repr([store.journal(world.tenant) for world in worlds])

    assert client.portal is not None
    shown = client.get("/__lipflap/journal")
    assert shown.status_code == 200
    return str(client.portal.call(stored)) + shown.text


def entries(client: TestClient) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", client.get("/__lipflap/journal").json()["entries"])


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {CANARY}"},
        {"Authorization": f"Basic {CANARY}"},
        {"Authorization": CANARY},
        {"AUTHORIZATION": f"bearer  {CANARY}  x"},
        {
            "Authorization": "",
            "X-Api-Key": CANARY,
            "Cookie": f"session={CANARY}",
            "Proxy-Authorization": CANARY,
        },
    ],
)
@pytest.mark.parametrize(
    "path", ["/v1/videos/advanced-lip-sync", f"{QUEUE}/requests", "/model/v1/generation/task/x"]
)
def test_key_in_a_header_is_never_written_down(
    client: TestClient, path: str, headers: dict[str, str]
) -> None:
    client.get(path, headers=headers)
    text = everything(client)
    assert CANARY not in text
    assert "redacted" in text


def test_signed_token_is_never_written_down(client: TestClient) -> None:
    claims = {"iss": DEMO_ACCESS_KEY, "exp": 9_999_999_999, "note": CANARY}
    token = jwt.encode(claims, DEMO_SECRET_KEY, algorithm="HS256")
    answer = client.get("/v1/videos/advanced-lip-sync", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert token not in everything(client)
    assert token.rpartition(".")[2] not in everything(client)


@pytest.mark.parametrize(
    "query",
    [
        f"key={CANARY}",
        f"a=1&api_key={CANARY}",
        f"token={CANARY}&b=2",
        f"X-Amz-Signature={CANARY}",
        f"KEY={CANARY}",
    ],
)
def test_secret_in_a_query_is_never_written_down(client: TestClient, query: str) -> None:
    client.get(f"/v1/videos/advanced-lip-sync?{query}")
    assert CANARY not in everything(client)


def test_rest_of_a_query_is_kept(client: TestClient) -> None:
    client.get("/v1/videos/advanced-lip-sync?pageNum=2&key=x&monkey=y")
    (entry,) = entries(client)
    assert entry["target"] == "/v1/videos/advanced-lip-sync?pageNum=2&key=redacted&monkey=y"


def send(client: TestClient, method: str, path: str, raw: str) -> httpx2.Response:
    return client.request(method, path, content=raw.encode(), headers={"Content-Type": "application/json"})


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps({"email": "a@b.test", "password": CANARY}),
        json.dumps({"email": "", "password": CANARY}),
        json.dumps({"password": CANARY}),
        json.dumps([CANARY]),
        f'{{"email": "a@b.test", "password": "{CANARY}"',
        f'{{"password": "{CANARY}", "password": "{CANARY}"}}',
        f'{{"password": "{CANARY}", "x": NaN}}',
    ],
    ids=["login", "bad e-mail", "no e-mail", "no object", "half", "key twice", "no JSON"],
)
def test_password_is_never_written_down_however_it_is_sent(client: TestClient, raw: str) -> None:
    assert CANARY not in send(client, "POST", "/api/v1/me/auth-tokens", raw).text
    assert CANARY not in everything(client)


def test_tokens_of_a_login_are_never_written_down(client: TestClient) -> None:
    login = client.post("/api/v1/me/auth-tokens", json={"email": "a@b.test", "password": CANARY}).json()
    opened = {"type": "native", "authToken": login["authToken"], "otpCode": None}
    tokens = client.post("/api/v1/me/sessions", json=opened).json()
    renewed = client.patch("/api/v1/me/sessions", json={"refreshToken": tokens["refreshToken"]}).json()
    bearer = {"Authorization": f"Bearer {renewed['accessToken']}"}
    assert client.get("/api/v1/me/profile", headers=bearer).status_code == 200
    text = everything(client)
    for secret in (login["authToken"], *tokens.values(), *renewed.values(), CANARY):
        assert secret not in text


def test_exchange_is_told_with_its_operation_bodies_and_violations(client: TestClient) -> None:
    answer = client.post("/v1/videos/identify-face", json={"video_url": "ftp://x"})
    (entry,) = entries(client)
    told = {
        name: entry[name] for name in ("kind", "provider", "operation", "method", "target", "status", "error")
    }
    assert told == {
        "kind": "exchange",
        "provider": "kling",
        "operation": "identifyFace",
        "method": "POST",
        "target": "/v1/videos/identify-face",
        "status": 400,
        "error": "invalid-value",
    }
    assert [violation["path"] for violation in entry["violations"]] == ["video_url"]
    assert "ftp://x" in json.dumps(entry["request"])
    assert answer.json()["request_id"] in json.dumps(entry["response"])


def test_reason_that_a_client_is_not_told_is_in_the_journal(client: TestClient) -> None:
    payload = {"video_url": "https://cdn.test/a.mp4?lipflap.duration_ms=61000"}
    answer = client.post(f"{QUEUE}/requests", json={"model": "kling-identify-face", "payload": payload})
    assert answer.json() == {"error": "Backend error (400). Please try again."}
    (entry,) = entries(client)
    assert (entry["violations"][0]["path"], entry["violations"][0]["rule"]) == ("video_url", "video-length")


def test_long_bodies_are_cut_and_their_size_is_kept(make_client: MakeClient) -> None:
    client = make_client(journal_body_bytes=100)
    raw = json.dumps({"video_url": "https://cdn.test/" + "a" * 500})
    send(client, "POST", "/v1/videos/identify-face", raw)
    store = cast("App", client.app).house.simulator.store

    def read() -> list[tuple[int, int]]:
        pages = [store.journal(world.tenant) for world in store.worlds()]
        return [(len(entry.request), entry.request_bytes) for page in pages for entry in page.entries]

    assert client.portal is not None
    assert client.portal.call(read) == [(100, len(raw))]


def test_requests_of_nobody_are_kept_apart(client: TestClient) -> None:
    client.get("/v1/videos/advanced-lip-sync", headers={"Authorization": ""})
    client.get("/v1/videos/advanced-lip-sync")
    tenants = [entry["tenant"] for entry in entries(client)]
    assert len(set(tenants)) == 2
    assert "anonymous" in tenants


def test_entries_of_a_tenant_are_numbered_without_a_gap(client: TestClient) -> None:
    for _ in range(4):
        client.get("/v1/nowhere")
    assert [entry["number"] for entry in entries(client)] == [1, 2, 3, 4]
