"""gmicloud 0.1.10, the provider's own SDK, its host assigned after import: log in, the flow, lists, models."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import jwt
import pytest
from gmicloud import Client  # type: ignore[import-untyped]
from gmicloud._internal._client import _iam_client, _video_client  # type: ignore[import-untyped]
from gmicloud._internal._enums import RequestStatus  # type: ignore[import-untyped]
from gmicloud._internal._exceptions import UnauthorizedError  # type: ignore[import-untyped]
from gmicloud._internal._manager._video_manager import VideoManager  # type: ignore[import-untyped]
from gmicloud._internal._models import SubmitRequestRequest  # type: ignore[import-untyped]

pytestmark = pytest.mark.e2e

LogIn = Callable[..., Client]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own: the SDK keeps its refresh token there."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def log_in(home: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> LogIn:
    """Logs in at a server under the name of this test."""

    def client(url: str, password: str = "any") -> Client:
        for module in (_iam_client, _video_client):
            monkeypatch.setattr(module, "IAM_SERVICE_BASE_URL", f"{url}/api/v1")
        return Client(email=f"{key}@lipflap.test", password=password)

    return client


@pytest.fixture
def videos(log_in: LogIn, server_url: str) -> VideoManager:
    return log_in(server_url).video_manager


def test_logging_in_gives_a_token_with_a_user_and_an_organization(log_in: LogIn, server_url: str) -> None:
    iam = log_in(server_url).iam_client
    claims = jwt.decode(iam.get_access_token(), options={"verify_signature": False})
    assert claims["userId"] == iam.get_user_id()
    assert iam.get_user_id().startswith("user_")
    assert iam.get_organization_id().startswith("org_")


def test_the_next_log_in_uses_the_refresh_token_that_was_kept(
    log_in: LogIn, server_url: str, home: Path
) -> None:
    first = log_in(server_url).iam_client
    (kept,) = json.loads((home / ".gmicloud.config.json").read_text()).values()
    assert kept == {"refresh_token": first.get_refresh_token()}
    again = log_in(server_url, password="not asked for").iam_client
    assert again.get_user_id() == first.get_user_id()
    assert again.get_organization_id() == first.get_organization_id()


def test_only_the_right_password_opens_an_account(
    log_in: LogIn, make_server: Callable[..., str], tmp_path: Path, key: str
) -> None:
    accounts = tmp_path / "accounts.toml"
    accounts.write_text(f'[[accounts]]\nname = "{key}@lipflap.test"\nkeys = ["the password"]\n')
    url = make_server(auth=str(accounts))
    with pytest.raises(UnauthorizedError, match="401"):
        log_in(url, password="wrong")
    assert log_in(url, password="the password").iam_client.get_organization_id().startswith("org_")


def test_a_token_that_is_none_of_the_servers_opens_nothing(videos: VideoManager) -> None:
    videos.iam_client._access_token = jwt.encode({"userId": "user_x"}, "another secret of 32 characters!")
    assert videos.get_models() == {"code": " 401", "error": "Access token expired or invalid."}


def test_the_flow_from_identify_to_a_video_that_plays(
    videos: VideoManager, server_url: str, play: Callable[[bytes], object]
) -> None:
    from gmicloud._internal._models import SubmitRequestRequest

    session_id = identify(videos, server_url)
    queued = videos.create_request(
        SubmitRequestRequest(model="kling-lip-sync", payload=lip_sync_payload(server_url, session_id))
    )
    done = videos.get_request_detail(queued.request_id)
    assert (done.model, done.status) == ("kling-lip-sync", RequestStatus.SUCCESS)
    assert done.payload == lip_sync_payload(server_url, session_id)
    assert (done.created_at, done.queued_at) == (queued.created_at, queued.queued_at)
    video = httpx.get(done.outcome["media_urls"][0]["url"]).content
    assert play(video) == (8.0, {"audio", "video"}, (1280, 720))


def test_each_status_on_the_way_is_one_that_it_knows(log_in: LogIn, make_server: Callable[..., str]) -> None:
    url = make_server(pace="polls:3")
    videos = log_in(url).video_manager
    payload = lip_sync_payload(url, identify(videos, url))
    queued = videos.create_request(SubmitRequestRequest(model="kling-lip-sync", payload=payload))
    seen = [queued.status, *(videos.get_request_detail(queued.request_id).status for _ in range(3))]
    assert [status.value for status in seen] == ["queued", "dispatched", "processing", "success"]


def test_a_list_holds_the_requests_of_one_model_newest_first(videos: VideoManager, server_url: str) -> None:
    payload = lip_sync_payload(server_url, identify(videos, server_url))
    request = SubmitRequestRequest(model="kling-lip-sync", payload=payload)
    ids = [videos.create_request(request).request_id for _ in range(2)]
    assert [row.request_id for row in videos.get_requests("kling-lip-sync")] == ids[::-1]
    assert len(videos.get_requests("kling-identify-face")) == 1
    assert videos.get_requests("kling-text2video") is None


def test_the_models_are_cards_that_it_can_read(videos: VideoManager) -> None:
    cards = videos.get_models()
    assert [card.model for card in cards] == ["kling-identify-face", "kling-lip-sync"]
    assert [card.price_info.price for card in cards] == [5, 50]
    assert videos.get_model_detail("kling-lip-sync") == cards[1]


def test_each_refusal_is_a_dictionary_with_status_and_text(videos: VideoManager, server_url: str) -> None:
    unknown = videos.get_request_detail("6f1d7c1e-90a4-4b5b-9a55-0d4f7be1c001")
    assert unknown == {"code": " 404", "error": "Request not found"}
    assert videos.get_model_detail("kling-lip-synk") == {"code": " 404", "error": "Model not found"}
    payload = {"prompt": "your prompt here"}
    refused = videos.create_request(SubmitRequestRequest(model="kling-lip-sync", payload=payload))
    assert refused["code"] == " 400"
    assert "session_id" in refused["error"]
    asked = {
        **lip_sync_payload(server_url, "any"),
        "external_task_id": "lipflap.fault=error:insufficient-credits",
    }
    broke = videos.create_request(SubmitRequestRequest(model="kling-lip-sync", payload=asked))
    assert broke["code"] == " 402"


def identify(videos: VideoManager, url: str) -> str:
    """A session. The SDK's submit answer has no ``outcome``: a GET has it."""
    payload = {"video_url": f"{url}/__lipflap/media/talk.mp4"}
    answer = videos.create_request(SubmitRequestRequest(model="kling-identify-face", payload=payload))
    found = videos.get_request_detail(answer.request_id).outcome["data"]
    assert [face["face_id"] for face in found["face_data"]] == ["0"]
    return str(found["session_id"])


def lip_sync_payload(url: str, session_id: str) -> dict[str, object]:
    entry = {
        "face_id": "0",
        "sound_file": f"{url}/__lipflap/media/speech.wav",
        "sound_start_time": 0,
        "sound_end_time": 3000,
        "sound_insert_time": 1000,
    }
    return {"session_id": session_id, "face_choose": [entry]}
