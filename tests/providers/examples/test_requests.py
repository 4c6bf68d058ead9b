"""Every documented request is accepted by the running server, once the ids in it are real."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contracts.contract import PROVIDERS, load_contract

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

    from tests.providers.conftest import Gmi, Surface

    Json = dict[str, Any]
    WithRealIds = Callable[[Surface, Json], Json]

EXAMPLES_DIR = Path(__file__).parents[3] / "fixtures" / "examples"
REQUESTS = [
    (path.parent.name, path.stem)
    for path in sorted(EXAMPLES_DIR.glob("*/*.json"))
    if json.loads(path.read_text("utf-8"))["kind"] == "request"
]
FIVE_SECONDS = {"video_url": "https://media.example/five-seconds.mp4?lipflap.duration_ms=5000"}
"""The older endpoint takes videos up to 10 s, and a URL that says nothing is presumed to be longer."""


def iam_session(gmi: Surface) -> Json:
    login = gmi.client.post(
        "/api/v1/me/auth-tokens", json={"email": "dev@client.test", "password": "p"}
    ).json()
    opened = {"type": "native", "authToken": login["authToken"], "otpCode": None}
    return {**login, **gmi.client.post("/api/v1/me/sessions", json=opened).json()}


@pytest.mark.parametrize(("provider", "name"), REQUESTS)
def test_documented_request_is_accepted(
    request: pytest.FixtureRequest, with_real_ids: WithRealIds, provider: str, name: str
) -> None:
    surface: Surface = request.getfixturevalue(provider)
    example = json.loads((EXAMPLES_DIR / provider / f"{name}.json").read_text("utf-8"))
    body, headers = with_real_ids(surface, example["body"]), dict(example.get("headers", {}))
    if "input" in body and provider == "kling" and "video_url" in body["input"]:
        body["input"].update(FIVE_SECONDS)
    if provider == "gmi":
        tokens = iam_session(surface)
        body.update({key: tokens[key] for key in ("authToken", "refreshToken") if key in body})
        if example["operation"].startswith("iam"):
            headers["Authorization"] = f"Bearer {tokens['accessToken']}"
    answer = send(surface, provider, example["operation"], body, headers)
    assert answer.status_code == 200, answer.text


def send(
    surface: Surface, provider: str, operation_id: str, body: Json, headers: dict[str, str]
) -> httpx2.Response:
    operation = load_contract(provider).operations[operation_id]
    return surface.client.request(operation.method, operation.path, json=body, headers=headers)


def test_every_provider_has_documented_requests() -> None:
    assert {provider for provider, _ in REQUESTS} == set(PROVIDERS)


def test_template_payload_of_the_gmi_page_is_refused_naming_what_it_lacks(gmi: Gmi) -> None:
    payload = {"prompt": "your prompt here"}
    for model, fields in (
        ("kling-lip-sync", "payload.session_id is required; payload.face_choose is required"),
        ("kling-identify-face", "payload needs exactly one of video_id and video_url"),
    ):
        answer = gmi.client.post(
            "/api/v1/ie/requestqueue/apikey/requests", json={"model": model, "payload": payload}
        )
        assert (answer.status_code, answer.json()) == (400, {"error": fields})
