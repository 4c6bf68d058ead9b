"""What generated requests have brought to light, one example each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

KIRIN_MODELS = "/api/v1/skill/models"
SPEECH = {"model": "kirin_tts", "text": "Good morning.", "voice_id": "oversea_male1", "voice_language": "en"}


@pytest.mark.parametrize(
    "query", ["type=a%00b", f"type={'x' * 65}", f"keywords={'x' * 257}", "provider=%00", "include_curl=yes"]
)
def test_query_parameters_outside_their_schema_are_refused(client: TestClient, query: str) -> None:
    assert client.get(f"{KIRIN_MODELS}?{query}").status_code == 400


def test_models_are_filtered_by_their_provider(client: TestClient) -> None:
    assert client.get(f"{KIRIN_MODELS}?provider=kling").json()["data"]["total"] == 3
    assert client.get(f"{KIRIN_MODELS}?provider=another").json()["data"]["total"] == 0


@pytest.mark.parametrize("header", ["", "kirin_lipsync"])
def test_x_model_must_name_the_model_of_the_body(client: TestClient, header: str) -> None:
    answer = client.post("/model/v1/generation", json=SPEECH, headers={"X-Model": header})
    assert answer.status_code == 400


def test_x_model_does_not_stand_in_for_a_model_that_is_null(client: TestClient) -> None:
    body = {"model": None, "input": [{"params": SPEECH}]}
    assert client.post("/model/v1/generation", json=body, headers={"X-Model": "kirin_tts"}).status_code == 400


def test_a_source_video_that_was_named_by_its_id_has_a_url(make_client: Callable[..., TestClient]) -> None:
    client = make_client(pace="instant")
    said = {name: value for name, value in SPEECH.items() if name != "model"} | {"mode": "text2video"}
    first = _legacy(client, {**said, "video_url": "https://cdn.test/clip.mp4?lipflap.duration_ms=8000"})
    video = first["task_result"]["videos"][0]
    second = _legacy(client, {**said, "video_id": video["id"]})
    assert second["task_info"]["parent_video"]["url"] == video["url"]


def _legacy(client: TestClient, given: dict[str, str]) -> dict[str, Any]:
    task_id = client.post("/v1/videos/lip-sync", json={"input": given}).json()["data"]["task_id"]
    data: dict[str, Any] = client.get(f"/v1/videos/lip-sync/{task_id}").json()["data"]
    return data
