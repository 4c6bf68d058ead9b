"""A server with one lip-sync job on it, and the files that it serves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.conftest import MakeClient

VIDEO = "https://cdn.test/talk.mp4?lipflap.duration_ms=3000"
SOUND = "http://lipflap.test/__lipflap/media/speech.mp3"
KEY = "key-of-the-tests"
GMI = "/api/v1/ie/requestqueue/apikey"


@dataclass(frozen=True)
class Desk:
    """One tenant at Kling."""

    client: TestClient

    def identify(self, video_url: str = VIDEO) -> dict[str, Any]:
        data: dict[str, Any] = self._post("/v1/videos/identify-face", {"video_url": video_url})
        return data

    def submit(self, *, end_ms: int = 2_000, **fields: object) -> str:
        """The id of a new task."""
        clip = {"sound_file": SOUND, "sound_start_time": 0, "sound_end_time": end_ms, "sound_insert_time": 0}
        choose = [{"face_id": "0", **clip}]
        body = {"session_id": self.identify()["session_id"], "face_choose": choose, **fields}
        task_id: str = self._post("/v1/videos/advanced-lip-sync", body)["task_id"]
        return task_id

    def task(self, task_id: str) -> dict[str, Any]:
        data: dict[str, Any] = self.client.get(f"/v1/videos/advanced-lip-sync/{task_id}").json()["data"]
        return data

    def video(self, **fields: object) -> dict[str, Any]:
        """A finished video: ``url`` and ``watermark_url``."""
        task_id = self.submit(**fields)  # type: ignore[arg-type]
        self.advance()
        video: dict[str, Any] = self.task(task_id)["task_result"]["videos"][0]
        return video

    def speak(self) -> dict[str, Any]:
        """A clip: ``id`` and ``url``."""
        body = {"text": "Good morning.", "voice_id": "oversea_male1", "voice_language": "en"}
        audio: dict[str, Any] = self._post("/v1/audio/tts", body)["task_result"]["audios"][0]
        return audio

    def advance(self, **how: object) -> None:
        answer = self.client.post(f"/__lipflap/clock/advance?key={KEY}", json=how or {"until": "idle"})
        assert answer.status_code == 200, answer.text

    def reset(self, *what: str) -> None:
        answer = self.client.post(f"/__lipflap/reset?key={KEY}", json={"what": what})
        assert answer.status_code == 200, answer.text

    def upload_addresses(self, file_type: str) -> tuple[str, str]:
        """Where to PUT, and where the file will be."""
        answer = self.client.post(f"{GMI}/upload-url", json={"file_type": file_type, "file_name": "a"}).json()
        return answer["upload_url"], answer["public_url"]

    def get(self, url: str, **headers: str) -> Any:
        return self.client.get(url, headers={name.replace("_", "-"): text for name, text in headers.items()})

    def _post(self, path: str, body: object) -> dict[str, Any]:
        answer = self.client.post(path, json=body)
        assert answer.status_code == 200, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data


@pytest.fixture
def desk(client: TestClient) -> Desk:
    return Desk(client)


@pytest.fixture
def make_desk(make_client: MakeClient) -> Callable[..., Desk]:
    """``make_desk(pace="real")``: one tenant on a server with other settings."""
    return lambda **settings: Desk(make_client(**settings))


@pytest.fixture(scope="session")
def path_of() -> Callable[[str], str]:
    return lambda url: urlsplit(url).path
