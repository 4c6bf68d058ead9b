"""What one key has made does not exist for another: not to read, not to list, not to cancel, not to build upon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from contracts.contract import PROVIDERS, load_contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.providers.conftest import Gmi, Json, Kirin, Kling, Surface

    Url = Callable[..., str]
    Choice = Callable[..., Json]

STRANGER = {"Authorization": "Bearer key-of-a-stranger"}
OF_EVERYBODY = {"listModels", "getModel", "iamListModels", "iamGetModel", "getModelSpec"}
"""Operations that show no tenant's own things."""
IAM = {"iamListRequests", "iamGetRequest", "iamCancelRequest", "getProfile"}
"""The same handlers behind another kind of key; see test_iam.py."""


@dataclass
class Made:
    """What the first key has made: by operation the method and the path that would show it."""

    paths: dict[str, tuple[str, str]]


@pytest.fixture
def made(kling: Kling, gmi: Gmi, kirin: Kirin, url: Url, choice: Choice) -> Made:
    def task(surface: Surface) -> str:
        fields = {} if surface.name == "gmi" else {"external_task_id": "mine"}
        verdict = surface.lip_sync(surface.session(url("a.mp4")), choice(url()), **fields)
        task_id: str = verdict.data["task_id"]
        return task_id

    sound = {"mode": "audio2video", "audio_type": "url", "audio_url": url(duration_ms=4000)}
    legacy = kling.legacy(video_url=url("v.mp4", duration_ms=5000), **sound).data["task_id"]
    queue = "/api/v1/ie/requestqueue/apikey/requests"
    request_id = task(gmi)
    return Made(
        {
            "getLipSync": ("GET", f"/v1/videos/advanced-lip-sync/{task(kling)}"),
            "getLegacyLipSync": ("GET", f"/v1/videos/lip-sync/{legacy}"),
            "getRequest": ("GET", f"{queue}/{request_id}"),
            "cancelRequest": ("DELETE", f"{queue}/{request_id}"),
            "getGeneration": ("GET", f"/model/v1/generation/task/{task(kirin)}"),
            "listLipSync": ("GET", "/v1/videos/advanced-lip-sync"),
            "listLegacyLipSync": ("GET", "/v1/videos/lip-sync"),
            "listRequests": ("GET", queue),
        }
    )


def test_every_operation_that_shows_something_is_tried(made: Made) -> None:
    operations = {
        name
        for provider in PROVIDERS
        for name, operation in load_contract(provider).operations.items()
        if operation.method in {"GET", "DELETE"}
    }
    assert operations - OF_EVERYBODY - IAM == set(made.paths)


def test_ids_of_another_key_are_404_and_lists_are_empty(kling: Kling, made: Made) -> None:
    for operation, (method, path) in made.paths.items():
        answer = kling.client.request(method, path, headers=STRANGER)
        if operation.startswith("list"):
            assert answer.json().get("data", answer.json().get("requests")) == [], operation
        else:
            assert answer.status_code == 404, operation


def test_answer_for_a_foreign_id_is_that_for_an_unknown_one(kling: Kling, made: Made) -> None:
    for operation, (method, path) in made.paths.items():
        if operation.startswith("list"):
            continue
        unknown = path.rpartition("/")[0] + "/812345678901234567"
        foreign, missing = (
            kling.client.request(method, where, headers=STRANGER).json() for where in (path, unknown)
        )
        foreign.pop("request_id", None)
        missing.pop("request_id", None)
        assert foreign == missing, operation


def test_owner_sees_what_the_stranger_tried_to_cancel(kling: Kling, made: Made) -> None:
    method, path = made.paths["cancelRequest"]
    kling.client.request(method, path, headers=STRANGER)
    assert kling.client.get(path).json()["status"] == "success"


def test_external_id_of_another_key_is_404(kling: Kling, made: Made) -> None:
    assert made.paths
    for path in ("/v1/videos/advanced-lip-sync/mine", "/model/v1/generation/task/mine"):
        assert kling.client.get(path).status_code == 200
        assert kling.client.get(path, headers=STRANGER).status_code == 404


def test_two_endpoints_of_kling_do_not_show_each_others_tasks(kling: Kling, made: Made) -> None:
    for own, other in (
        ("getLipSync", "/v1/videos/lip-sync"),
        ("getLegacyLipSync", "/v1/videos/advanced-lip-sync"),
    ):
        task_id = made.paths[own][1].rpartition("/")[2]
        assert kling.client.get(f"{other}/{task_id}").status_code == 404
    assert len(kling.client.get("/v1/videos/lip-sync").json()["data"]) == 1
    assert len(kling.client.get("/v1/videos/advanced-lip-sync").json()["data"]) == 1


def test_session_audio_and_video_of_another_key_are_unknown(
    surface: Surface, url: Url, choice: Choice
) -> None:
    session_id = surface.session(url("a.mp4"))
    video_id = surface.lip_sync(session_id, choice(url())).data["result_id"]
    surface.client.headers["authorization"] += "-of-a-stranger"
    assert surface.lip_sync(session_id, choice(url())).reason == "session_id is unknown"
    assert not surface.identify(video_id=video_id).is_accepted


@pytest.mark.parametrize("name", ["kling", "kirin"])
def test_audio_of_another_key_is_unknown(
    request: pytest.FixtureRequest, name: str, url: Url, choice: Choice
) -> None:
    surface: Kling | Kirin = request.getfixturevalue(name)
    audio_id = surface.speak("Words enough to last well beyond the two seconds that are needed.").data["id"]
    surface.client.headers["authorization"] += "-of-a-stranger"
    verdict = surface.lip_sync(surface.session(url("a.mp4")), choice(audio_id=audio_id, end=2000))
    assert verdict.reason == "face_choose[0].audio_id is unknown"


def test_two_keys_get_different_ids_for_the_same_requests(surface: Surface, url: Url) -> None:
    first = surface.session(url("a.mp4"))
    surface.client.headers["authorization"] += "-of-a-stranger"
    assert surface.session(url("a.mp4")) != first
