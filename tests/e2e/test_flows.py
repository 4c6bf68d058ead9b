"""The whole flow of each provider, real socket, real files: identify, submit, poll, be called back, download."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import httpx
import pytest
from standardwebhooks import Webhook

pytestmark = pytest.mark.e2e

SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
KLING = "/v1/videos/advanced-lip-sync"
KLING_LEGACY = "/v1/videos/lip-sync"
GMI = "/api/v1/ie/requestqueue/apikey/requests"
KIRIN = "/model/v1/generation"

Json = dict[str, Any]
Play = Callable[[bytes], tuple[float, set[str], tuple[int, int]]]
Seen = TypeVar("Seen")


class Watch(Protocol):
    def __call__(self, ask: Callable[[], Seen], is_final: Callable[[Seen], bool]) -> Seen: ...


class Receiver(Protocol):
    url: str
    answers: list[int]

    def next(self) -> tuple[dict[str, str], bytes]: ...


@dataclass(frozen=True)
class State:
    """What a poll shows; ``video_url`` is there once the task has succeeded."""

    word: str
    video_url: str = ""

    @property
    def is_final(self) -> bool:
        return self.word in {"succeed", "success", "completed", "failed", "cancelled"}


class Caller:
    """A client of one server under one key; each provider has its own, with its paths and its words."""

    def __init__(self, url: str, key: str, watch: Watch) -> None:
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"})
        self._watch = watch

    def identify(self, **video: str) -> Json:
        raise NotImplementedError

    def submit(self, **fields: object) -> str:
        raise NotImplementedError

    def poll(self, task_id: str) -> State:
        raise NotImplementedError

    def finish(self, task_id: str) -> State:
        return self._watch(lambda: self.poll(task_id), lambda state: state.is_final)

    def lip_sync(self, session: Json, sound: Json, **more: object) -> str:
        """Submit 3 s of ``sound`` for the session's first face, 1 s into the video."""
        entry = {
            "face_id": session["face_data"][0]["face_id"],
            "sound_start_time": 0,
            "sound_end_time": 3000,
            "sound_insert_time": 1000,
            **sound,
        }
        return self.submit(session_id=session["session_id"], face_choose=[entry], **more)

    def sample(self, name: str) -> str:
        return f"{self._http.base_url}/__lipflap/media/{name}".replace("//__", "/__")

    def download(self, url: str) -> bytes:
        return self._http.get(url).raise_for_status().content

    def post(self, path: str, body: object) -> Json:
        return answered(self._http.post(path, json=body))

    def get(self, path: str) -> Json:
        return answered(self._http.get(path))

    def close(self) -> None:
        self._http.close()


class Kling(Caller):
    path = KLING

    def identify(self, **video: str) -> Json:
        session: Json = self.post("/v1/videos/identify-face", video)["data"]
        return session

    def submit(self, **fields: object) -> str:
        return str(self.post(self.path, fields)["data"]["task_id"])

    def poll(self, task_id: str) -> State:
        task = self.task(task_id)
        return State(task["task_status"], "".join(video["url"] for video in task["task_result"]["videos"]))

    def task(self, task_id: str) -> Json:
        task: Json = self.get(f"{self.path}/{task_id}")["data"]
        return task


class KlingLegacy(Kling):
    path = KLING_LEGACY


class Gmi(Caller):
    def identify(self, **video: str) -> Json:
        session: Json = self.post(GMI, {"model": "kling-identify-face", "payload": video})["outcome"]["data"]
        return session

    def submit(self, **fields: object) -> str:
        return str(self.post(GMI, {"model": "kling-lip-sync", "payload": fields})["request_id"])

    def poll(self, task_id: str) -> State:
        record = self.get(f"{GMI}/{task_id}")
        return State(record["status"], (record["outcome"] or {}).get("video_url", ""))


class Kirin(Caller):
    def identify(self, **video: str) -> Json:
        task_id = self._create("kirin_identify_face", video)
        self.finish(task_id)
        session: Json = json.loads(self._content(task_id)["text"])["data"]
        return session

    def submit(self, **fields: object) -> str:
        return self._create("kirin_lipsync", fields)

    def poll(self, task_id: str) -> State:
        word = self.get(f"{KIRIN}/task/{task_id}")["status"]
        return State(word, self._content(task_id).get("url", "") if word == "completed" else "")

    def _create(self, model: str, params: object) -> str:
        return str(self.post(KIRIN, {"model": model, "input": [{"params": params}]})["id"])

    def _content(self, task_id: str) -> Json:
        content: Json = self.get(f"{KIRIN}/task/{task_id}")["output"][0]["content"][0]
        return content


AnyCaller = TypeVar("AnyCaller", bound=Caller)


class MakeCaller(Protocol):
    def __call__(self, kind: type[AnyCaller], url: str) -> AnyCaller: ...


EACH_PROVIDER = pytest.mark.parametrize("kind", [Kling, Gmi, Kirin])


@pytest.fixture
def caller(key: str, watch: Watch) -> Iterator[MakeCaller]:
    made: list[Caller] = []

    def make(kind: type[AnyCaller], url: str) -> AnyCaller:
        one = kind(url, key, watch)
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="session")
def quick_url(make_server: Callable[..., str]) -> str:
    """A server as it starts by default, signing its callbacks."""
    return make_server(webhook_secrets=(SECRET,))


@EACH_PROVIDER
def test_at_the_default_pace_a_job_takes_seconds_and_ends_in_a_video_that_plays(
    caller: MakeCaller, quick_url: str, play: Play, kind: type[Caller]
) -> None:
    user = caller(kind, quick_url)
    session = user.identify(video_url=user.sample("talk.mp4"))
    task_id = user.lip_sync(session, {"sound_file": user.sample("speech.mp3")})
    assert not user.poll(task_id).is_final
    end = user.finish(task_id)
    assert play(user.download(end.video_url)) == (
        8.0,
        {"audio", "video"},
        (1280, 720),
    )


@EACH_PROVIDER
@pytest.mark.parametrize("name", ["speech.mp3", "speech.wav", "speech.m4a"])
def test_audio_may_be_sent_inline(
    caller: MakeCaller, server_url: str, play: Play, kind: type[Caller], name: str
) -> None:
    user = caller(kind, server_url)
    session = user.identify(video_url=user.sample("silent.mp4"))
    sound = b64encode(user.download(user.sample(name))).decode()
    end = user.poll(user.lip_sync(session, {"sound_file": sound}))
    assert play(user.download(end.video_url)) == (
        5.0,
        {"audio", "video"},
        (1280, 720),
    )


@EACH_PROVIDER
@pytest.mark.parametrize(
    ("name", "duration_s", "size"),
    [("talk.mov", 8.0, (1280, 720)), ("portrait.mp4", 3.0, (1080, 1920))],
)
def test_the_result_keeps_the_length_and_the_size_of_its_source(
    caller: MakeCaller,
    server_url: str,
    play: Play,
    kind: type[Caller],
    name: str,
    duration_s: float,
    size: tuple[int, int],
) -> None:
    user = caller(kind, server_url)
    session = user.identify(video_url=user.sample(name))
    clip = {"sound_file": user.sample("speech.wav"), "sound_end_time": 2000}
    end = user.poll(user.lip_sync(session, clip))
    found_s, _, found_size = play(user.download(end.video_url))
    assert (found_s, found_size) == (duration_s, size)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kling, ["processing", "processing", "succeed"]),
        (Gmi, ["dispatched", "processing", "success"]),
        (Kirin, ["in_progress", "in_progress", "completed"]),
    ],
)
def test_polls_can_drive_a_job(
    caller: MakeCaller, make_server: Callable[..., str], kind: type[Caller], words: list[str]
) -> None:
    user = caller(kind, make_server(pace="polls:3"))
    session = user.identify(video_url=user.sample("talk.mp4"))
    task_id = user.lip_sync(session, {"sound_file": user.sample("speech.mp3")})
    assert [user.poll(task_id).word for _ in words] == words


def test_klings_callbacks_are_signed_retried_and_tell_what_a_poll_tells(
    caller: MakeCaller, quick_url: str, receiver: Receiver
) -> None:
    user = caller(Kling, quick_url)
    session = user.identify(video_url=user.sample("talk.mp4"))
    receiver.answers.append(503)
    task_id = user.lip_sync(
        session,
        {"sound_file": user.sample("speech.mp3")},
        callback_url=receiver.url,
        external_task_id="take 3",
    )
    deliveries = [receiver.next() for _ in range(3)]
    told = {headers["webhook-id"]: Webhook(SECRET).verify(body, headers) for headers, body in deliveries}
    by_status = {task["task_status"]: task for task in told.values()}
    assert sorted(by_status) == ["processing", "succeed"]
    assert len(told) == 2, "the attempt after a failure bears the same id"
    polled = user.task(task_id)
    for result in polled["task_result"]["videos"]:
        del result["watermark_url"]
    del polled["watermark_info"]
    assert by_status["succeed"] == polled
    assert user.task("take 3")["task_id"] == task_id


def test_kirins_callbacks_are_the_task_object_without_a_signature(
    caller: MakeCaller, make_server: Callable[..., str], receiver: Receiver
) -> None:
    user = caller(Kirin, make_server(pace="instant", webhook_secrets=(SECRET,)))
    session = user.identify(video_url=user.sample("talk.mp4"))
    task_id = user.lip_sync(session, {"sound_file": user.sample("speech.mp3")}, callback_url=receiver.url)
    headers, body = receiver.next()
    assert json.loads(body) == user.get(f"{KIRIN}/task/{task_id}")
    assert not {name for name in headers if name.startswith("webhook-")}


def test_speech_made_from_text_drives_a_face(caller: MakeCaller, server_url: str, play: Play) -> None:
    user = caller(Kling, server_url)
    session = user.identify(video_url=user.sample("talk.mp4"))
    script = {"text": "Hello there, my good old friend.", "voice_id": "oversea_male1", "voice_language": "en"}
    spoken = user.post("/v1/audio/tts", script)["data"]
    assert spoken["task_status"] == "succeed"
    (audio,) = spoken["task_result"]["audios"]
    first, second = user.download(audio["url"])[:2]
    assert (first, second & 0xE0) == (0xFF, 0xE0), "an MPEG audio frame begins with eleven set bits"
    clip = {"audio_id": audio["id"], "sound_end_time": 2000}
    end = user.poll(user.lip_sync(session, clip))
    assert play(user.download(end.video_url))[0] == 8.0


@pytest.mark.parametrize(
    "sound",
    [
        {"mode": "audio2video", "audio_type": "url", "audio_url": "/__lipflap/media/speech.aac"},
        {"mode": "text2video", "text": "Hello there.", "voice_id": "oversea_male1", "voice_language": "en"},
    ],
    ids=["from audio", "from text"],
)
def test_the_older_endpoint_of_kling_still_works(
    caller: MakeCaller, server_url: str, play: Play, sound: dict[str, str]
) -> None:
    user = caller(KlingLegacy, server_url)
    if "audio_url" in sound:
        sound = {**sound, "audio_url": server_url + sound["audio_url"]}
    end = user.poll(user.submit(input={"video_url": user.sample("talk.mp4"), **sound}))
    assert end.word == "succeed"
    assert play(user.download(end.video_url)) == (
        8.0,
        {"audio", "video"},
        (1280, 720),
    )


def test_a_finished_video_can_be_the_source_of_the_next(
    caller: MakeCaller, server_url: str, play: Play
) -> None:
    user = caller(Kling, server_url)
    first = user.identify(video_url=user.sample("talk.mp4"))
    task_id = user.lip_sync(first, {"sound_file": user.sample("speech.mp3")})
    (video,) = user.task(task_id)["task_result"]["videos"]
    second = user.identify(video_id=video["id"], video_url="")
    end = user.poll(
        user.lip_sync(second, {"sound_file": user.sample("speech.wav"), "sound_insert_time": 4500})
    )
    assert play(user.download(end.video_url)) == (
        8.0,
        {"audio", "video"},
        (1280, 720),
    )


@EACH_PROVIDER
def test_one_key_does_not_see_what_another_made(
    caller: MakeCaller, server_url: str, watch: Watch, key: str, kind: type[Caller]
) -> None:
    user = caller(kind, server_url)
    session = user.identify(video_url=user.sample("talk.mp4"))
    task_id = user.lip_sync(session, {"sound_file": user.sample("speech.mp3")})
    stranger = kind(server_url, f"{key}-stranger", watch)
    with pytest.raises(AssertionError, match="404"):
        stranger.poll(task_id)
    stranger.close()


def answered(answer: httpx.Response) -> Json:
    assert answer.status_code == 200, f"{answer.status_code} {answer.text}"
    body: Json = answer.json()
    return body
