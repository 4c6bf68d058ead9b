"""Audio by its bytes: strict Base64, the size after decoding, and the format that the content has."""

from __future__ import annotations

import base64
import struct
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.providers.conftest import Json, Kirin, Kling, Surface, Verdict

MB_5 = 5 * 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n" + bytes(4000)


def sample(name: str) -> bytes:
    return files("mock_server.media").joinpath("samples", name).read_bytes()


def wave_of(size_bytes: int) -> bytes:
    """A WAV file of exactly so many bytes: 16-bit stereo at 44.1 kHz, about 30 s for 5 MB."""
    riff = struct.pack("<4sI4s", b"RIFF", size_bytes - 8, b"WAVE")
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 44_100, 176_400, 4, 16)
    head = riff + form + struct.pack("<4sI", b"data", size_bytes - 44)
    return head.ljust(size_bytes, b"\0")


def inline(surface: Surface, data: bytes, text: str = "") -> Verdict:
    session_id = surface.session("https://cdn.test/a.mp4?lipflap.duration_ms=10000")
    sound = {"face_id": "0", "sound_file": text or base64.b64encode(data).decode()}
    times = {"sound_start_time": 0, "sound_end_time": 2000, "sound_insert_time": 0}
    return surface.lip_sync(session_id, {**sound, **times})


def refused_for(surface: Surface, verdict: Verdict, words: str) -> None:
    assert verdict.place is surface.rules_show_at
    assert verdict.reason is not None
    assert verdict.reason.startswith("face_choose[0].sound_file ")
    assert words in verdict.reason


def test_exactly_5_mb_of_base64_are_accepted(surface: Surface) -> None:
    assert inline(surface, wave_of(MB_5)).reason is None


def test_5_mb_of_base64_and_one_byte_are_refused(surface: Surface) -> None:
    refused_for(surface, inline(surface, wave_of(MB_5 + 1)), f"is larger than 5 MB ({MB_5 + 1} bytes)")


@pytest.mark.parametrize("name", ["speech.mp3", "speech.wav", "speech.m4a"])
def test_real_sound_of_each_format_is_accepted_inline_and_by_url(surface: Surface, name: str) -> None:
    assert inline(surface, sample(name)).is_accepted
    assert inline(surface, b"", f"http://lipflap.test/__lipflap/media/{name}").is_accepted


def test_aac_is_accepted_by_kling_and_gmi_and_refused_by_kirin(
    surface: Surface, url: Callable[..., str]
) -> None:
    for verdict in (
        inline(surface, sample("speech.aac")),
        inline(surface, b"", "http://lipflap.test/__lipflap/media/speech.aac"),
        inline(surface, b"", url("line.aac")),
    ):
        if surface.name == "kirin":
            refused_for(surface, verdict, "format mismatch: the content is aac")
        else:
            assert verdict.is_accepted


def test_wav_named_mp3_is_a_wav_because_the_content_decides(
    surface: Surface, url: Callable[..., str]
) -> None:
    assert inline(surface, b"", url("line.mp3", format="wav")).is_accepted


@pytest.mark.parametrize(
    ("hints", "found"),
    [({"format": "mp4"}, "mp4"), ({"format": "mov"}, "mov"), ({"format": "unknown"}, "unreadable")],
)
def test_other_content_under_the_name_of_an_mp3_is_refused(
    surface: Surface, url: Callable[..., str], hints: dict[str, object], found: str
) -> None:
    named = url("line.mp3", size_bytes=90_000, **hints)
    refused_for(surface, inline(surface, b"", named), f"format mismatch: the content is {found}")


@pytest.mark.parametrize("name", ["line.ogg", "line.flac", "line.png", "line.mp4"])
def test_name_of_another_format_is_refused(surface: Surface, url: Callable[..., str], name: str) -> None:
    refused_for(surface, inline(surface, b"", url(name, size_bytes=90_000)), "format mismatch")


@pytest.mark.parametrize(
    ("data", "found"),
    [(PNG, "unreadable"), (b"", "unreadable"), (b"ID3 and then nothing", "unreadable")],
    ids=["png", "nothing", "half an mp3"],
)
def test_bytes_that_are_no_sound_are_refused(surface: Surface, data: bytes, found: str) -> None:
    text = base64.b64encode(data).decode() or "=="
    verdict = inline(surface, b"", text)
    refused_for(surface, verdict, found if data else "neither a URL nor valid Base64")


def test_video_in_place_of_sound_is_refused(surface: Surface) -> None:
    refused_for(surface, inline(surface, sample("talk.mp4")), "format mismatch: the content is mp4")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: text[:50] + "\n" + text[51:],
        lambda text: text[:50] + "*" + text[51:],
        lambda text: "data:audio/wav;base64," + text,
        lambda text: text.replace("A", "-"),
    ],
    ids=["cut", "one more", "line break", "foreign sign", "data prefix", "url alphabet"],
)
def test_base64_is_read_strictly(surface: Surface, spoil: Callable[[str], str]) -> None:
    text = spoil(base64.b64encode(wave_of(400_000)).decode())
    refused_for(surface, inline(surface, b"", text), "neither a URL nor valid Base64")


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param("http://", id="no host"),
        pytest.param("http://[::1/a.mp3", id="broken host"),
        pytest.param("https://cdn.test/\x00.mp3", id="nul"),
        pytest.param("https://cdn.test/a b.mp3", id="blank"),
        pytest.param("https://cdn.test/" + "a" * 2100, id="too long"),
    ],
)
def test_malformed_url_cannot_be_downloaded(surface: Surface, reference: str) -> None:
    verdict = inline(surface, b"", reference)
    assert verdict.reason is not None
    assert "face_choose[0].sound_file " in verdict.reason


def test_moderated_audio_is_refused_with_the_code_of_content_policy(
    kling: Kling, kirin: Kirin, url: Callable[..., str], choice: Callable[..., Json]
) -> None:
    entry = choice(url(moderation="reject"))
    body = {"session_id": kling.session(url("a.mp4")), "face_choose": [entry]}
    answer = kling.client.post("/v1/videos/advanced-lip-sync", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, 1301)
    body = {"model": "kirin_lipsync", "session_id": kirin.session(url("a.mp4")), "face_choose": [entry]}
    created = kirin.client.post("/model/v1/generation", json=body)
    error = kirin.client.get(f"/model/v1/generation/task/{created.json()['id']}").json()["error"]
    assert error["error_message"].startswith("upstream HTTP 400: code 1301, face_choose[0].sound_file ")
