"""Stating media over HTTP."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from mock_server.admin import media, table
from mock_server.media.samples import SAMPLES, Sample, sample_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.conftest import Desk, Json

VIDEO_URL = "https://cdn.test/talk.mp4"
IDENTIFY = "/v1/videos/identify-face"


def faces(desk: Desk, video_url: str, *, key: str = "key-one") -> list[tuple[int, int]]:
    """The intervals that identify-face finds."""
    data = desk.call("POST", IDENTIFY, {"video_url": video_url}, key=key)["data"]
    return [(face["start_time"], face["end_time"]) for face in data["face_data"]]


def complaint(desk: Desk, video_url: str) -> str:
    """Why identify-face refuses the video."""
    message: str = desk.call("POST", IDENTIFY, {"video_url": video_url})["message"]
    return message


def stated(desk: Desk, body: Json) -> Json:
    answer = desk.ask("POST", "media", body)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def encoded(name: str) -> str:
    return base64.b64encode(sample_bytes(name)).decode()


def test_samples_are_listed_with_facts_and_urls_that_work(desk: Desk) -> None:
    samples = desk.get("media")["samples"]
    assert [sample["name"] for sample in samples] == [sample.name for sample in SAMPLES]
    for sample in samples:
        answer = desk.run(desk.asked("GET", sample["url"]))
        assert answer.headers["content-type"] == sample["content_type"]
        assert len(answer.content) == sample["facts"]["size_bytes"]
        assert sample["facts"]["duration_ms"] > 0


def test_links_begin_with_the_public_url_where_there_is_one(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(public_url="https://lipflap.example")
    assert desk.get("media")["samples"][0]["url"].startswith("https://lipflap.example/__lipflap/media/")


def test_stated_facts_are_what_the_tenant_s_requests_find(desk: Desk) -> None:
    stated(desk, {"url": VIDEO_URL, "duration_ms": 9_000, "face_intervals": [[0, 5_200], [6_000, 9_000]]})
    assert faces(desk, VIDEO_URL) == [(0, 5_200), (6_000, 9_000)]
    assert len(faces(desk, VIDEO_URL, key="key-two")) == 1
    (row,) = desk.get("media")["stated"]
    assert (row["url"], row["facts"]["duration_ms"]) == (VIDEO_URL, 9_000)


def test_a_count_of_faces_means_faces_all_along(desk: Desk) -> None:
    stated(desk, {"url": VIDEO_URL, "duration_ms": 9_000, "faces": 3})
    assert faces(desk, VIDEO_URL) == [(0, 9_000)] * 3


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ({"duration_ms": 1_999}, "2000 to 60000 ms"),
        ({"size_bytes": 104_857_601}, "larger than 100 MB"),
        ({"width": 511}, "512 to 2160 px"),
        ({"height": 2_161}, "512 to 2160 px"),
        ({"format": "wav"}, "the content is wav"),
        ({"format": "unknown"}, "unreadable"),
        ({"moderation": "reject"}, "moderation"),
        ({"reachable": False}, "cannot be downloaded"),
        ({"faces": 0}, "no human"),
    ],
)
def test_each_fact_can_be_made_one_that_the_provider_refuses(desk: Desk, fact: Json, reason: str) -> None:
    stated(desk, {"url": VIDEO_URL, **fact})
    assert reason in complaint(desk, VIDEO_URL)


def test_what_is_not_stated_stays_as_presumed(desk: Desk) -> None:
    presumed = stated(desk, {"url": VIDEO_URL})["facts"]
    changed = stated(desk, {"url": VIDEO_URL, "duration_ms": 9_000, "has_audio": False})["facts"]
    assert changed == {**presumed, "duration_ms": 9_000, "has_audio": False}


def test_facts_as_they_are_shown_can_be_stated_again(desk: Desk) -> None:
    first = stated(
        desk, {"url": VIDEO_URL, "format": "mov", "duration_ms": 9_000, "faces": 2, "moderation": "reject"}
    )
    body = {name: value for name, value in first["facts"].items() if name not in {"digest", "is_kept"}}
    assert stated(desk, {"url": VIDEO_URL, **body})["facts"] == first["facts"]


def test_a_video_behind_a_sound_s_name_has_sides(desk: Desk) -> None:
    facts = stated(desk, {"url": "https://cdn.test/line.mp3", "format": "mp4"})["facts"]
    assert facts["width"] >= 512
    assert stated(desk, {"url": VIDEO_URL, "format": "mp3"})["facts"]["width"] == 0


def test_a_url_that_does_not_tell_needs_a_format_or_something_that_only_a_video_has(desk: Desk) -> None:
    url = "https://cdn.test/file?id=3#top"
    assert "state the format" in desk.refused(400, "POST", "media", {"url": url, "duration_ms": 3_000})
    assert stated(desk, {"url": url, "format": "wav"})["facts"]["format"] == "wav"
    assert stated(desk, {"url": url, "faces": 1})["facts"]["format"] == "mp4"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"faces": 1},
        {"url": "ftp://cdn.test/a.mp4"},
        {"url": "https://cdn.test/a b.mp4"},
        {"url": "https://cdn.test/a\x00.mp4"},
        {"url": "https://"},
        {"url": "https://cdn.test/" + "a" * 8_192},
        {"url": "https://[cdn.test/a.mp4"},
        {"url": "https://cdn.test/a.mp4?lipflap.duration=3"},
        {"url": VIDEO_URL, "duration_ms": -1},
        {"url": VIDEO_URL, "duration_ms": 1.5},
        {"url": VIDEO_URL, "duration_ms": "9000"},
        {"url": VIDEO_URL, "duration_ms": 86_400_001},
        {"url": VIDEO_URL, "format": "avi"},
        {"url": VIDEO_URL, "faces": 101},
        {"url": VIDEO_URL, "faces": 1, "face_intervals": [[0, 1], [2, 3]]},
        {"url": VIDEO_URL, "face_intervals": [[5, 5]]},
        {"url": VIDEO_URL, "face_intervals": [[1, 2, 3]]},
        {"url": VIDEO_URL, "moderation": "maybe"},
        {"url": VIDEO_URL, "reachable": 0},
        {"url": VIDEO_URL, "name": "x.mp4"},
        {"base64": "not base64"},
        {"base64": ""},
        {"base64": "aGVsbG8="},
        {"base64": "aGVsbG8=", "name": "x.exe"},
        {"base64": "aGVsbG8=", "name": "x.mp4", "duration_ms": 3},
    ],
)
def test_a_statement_that_makes_no_sense_is_refused_and_states_nothing(desk: Desk, body: Json) -> None:
    assert desk.refused(400, "POST", "media", body)
    assert desk.get("media")["stated"] == []


def test_a_file_as_base64_gets_a_url_of_its_own(desk: Desk) -> None:
    answer = stated(desk, {"base64": encoded("talk.mp4")})
    assert answer["url"] == f"http://lipflap.test/__lipflap/media/{answer['facts']['digest']}.mp4"
    assert answer["facts"]["is_kept"]
    served = desk.run(desk.asked("GET", answer["url"]))
    assert (served.content, served.headers["content-type"]) == (sample_bytes("talk.mp4"), "video/mp4")
    assert len(faces(desk, answer["url"])) == 1
    assert desk.get("media")["stated"] == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_kind_of_file_is_taken_as_it_is(desk: Desk, sample: Sample) -> None:
    content = sample_bytes(sample.name)
    answer = desk.ask("POST", "media", content=content, headers={"Content-Type": sample.content_type})
    assert answer.status_code == 201
    assert answer.json()["facts"]["duration_ms"] == sample.facts.duration_ms
    assert desk.run(desk.asked("GET", answer.json()["url"])).content == content


def test_bytes_can_stand_for_any_url(desk: Desk) -> None:
    desk.ask(
        "POST",
        "media",
        content=sample_bytes("silent.mp4"),
        headers={"Content-Type": "application/octet-stream"},
        params={"url": VIDEO_URL},
    )
    (row,) = desk.get("media")["stated"]
    assert (row["url"], row["facts"]["duration_ms"], row["facts"]["has_audio"]) == (VIDEO_URL, 5_000, False)
    assert faces(desk, VIDEO_URL)[0][1] - 5_000 in range(43)


def test_a_wrong_name_stays_wrong_so_that_a_mismatch_can_be_tried(desk: Desk) -> None:
    answer = stated(desk, {"base64": encoded("speech.wav"), "name": "voice.MP4"})
    assert answer["url"].endswith(".mp4")
    assert answer["facts"]["format"] == "wav"
    assert "the content is wav" in complaint(desk, answer["url"])


def test_bytes_that_are_no_media_are_kept_under_a_name(desk: Desk) -> None:
    headers = {"Content-Type": "video/mp4"}
    assert "give a name" in desk.refused(400, "POST", "media", content=b"hello", headers=headers)
    answer = desk.ask(
        "POST", "media", content=b"hello", headers=headers, params={"name": "broken.mp4"}
    ).json()
    assert answer["facts"]["format"] == "unknown"
    assert "unreadable" in complaint(desk, answer["url"])


def test_faces_can_be_stated_of_a_real_file(desk: Desk) -> None:
    answer = stated(desk, {"base64": encoded("talk.mp4"), "faces": 2})
    assert faces(desk, answer["url"]) == [(0, 8_000)] * 2
    assert len(faces(desk, answer["url"], key="key-two")) == 1


@pytest.mark.parametrize(
    "params", [{"name": "x.exe"}, {"name": ""}, {"url": "nowhere"}, {"url": "https://a b"}]
)
def test_the_query_of_a_file_is_checked_as_a_body_would_be(desk: Desk, params: dict[str, str]) -> None:
    headers = {"Content-Type": "video/mp4"}
    reason = desk.refused(
        400, "POST", "media", content=sample_bytes("talk.mp4"), headers=headers, params=params
    )
    assert "must be" in reason


@pytest.mark.parametrize("extra", [0, 1])
def test_a_file_may_be_as_large_as_its_cap_and_no_larger(desk: Desk, extra: int) -> None:
    post = next(item for item in table.OPERATIONS if item.handler is media.post_media)
    assert post.raw_cap_bytes == 100 * 2**20
    headers = {"Content-Type": "video/mp4", "Content-Length": str(post.raw_cap_bytes + extra)}
    answer = desk.ask("POST", "media", content=b"x", headers=headers, params={"name": "x.mp4"})
    assert answer.status_code == (413 if extra else 201)


def test_a_json_body_may_be_larger_than_elsewhere(desk: Desk) -> None:
    body = {"base64": base64.b64encode(bytes(3 * 2**20)).decode(), "name": "zeros.mp4"}
    assert stated(desk, body)["facts"]["size_bytes"] == 3 * 2**20
