"""Who and what a request names: sessions, faces, the one audio source, the caller's own ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.providers.conftest import Gmi, Json, Kirin, Kling, Surface, Verdict

    Choice = Callable[..., Json]
    Url = Callable[..., str]

TWO_FACES = "0-9000,1000-10000"


def refused(surface: Surface, verdict: Verdict, sentence: str) -> None:
    """By the service behind the gateways, and by Kling itself."""
    assert (verdict.reason, verdict.place) == (sentence, surface.rules_show_at)


def refused_at_once(verdict: Verdict, words: str) -> None:
    assert verdict.place == "create"
    assert verdict.reason is not None
    assert words in verdict.reason


def test_unknown_session_is_refused(surface: Surface, url: Url, choice: Choice) -> None:
    refused(surface, surface.lip_sync("812345678901234567", choice(url())), "session_id is unknown")


def test_unknown_face_is_refused(surface: Surface, url: Url, choice: Choice) -> None:
    session_id = surface.session(url("a.mp4", faces=1))
    verdict = surface.lip_sync(session_id, choice(url(), face_id="1"))
    refused(surface, verdict, "face_choose[0].face_id is not a face of this session")


def test_face_of_another_session_is_refused(surface: Surface, url: Url, choice: Choice) -> None:
    two, one = surface.session(url("a.mp4", faces=2)), surface.session(url("b.mp4", faces=1))
    assert surface.lip_sync(two, choice(url(), face_id="1")).is_accepted
    verdict = surface.lip_sync(one, choice(url(), face_id="1"))
    refused(surface, verdict, "face_choose[0].face_id is not a face of this session")


def test_session_of_another_provider_is_unknown(kling: Kling, url: Url, choice: Choice) -> None:
    session_id = kling.session(url("a.mp4"))
    for kind in ("gmi", "kirin"):
        other = kling.beside(kind)
        refused(other, other.lip_sync(session_id, choice(url())), "session_id is unknown")


def test_unknown_audio_id_is_refused(surface: Surface, url: Url, choice: Choice) -> None:
    verdict = surface.lip_sync(surface.session(url("a.mp4")), choice(audio_id="812345678901234567"))
    refused(surface, verdict, "face_choose[0].audio_id is unknown")


@pytest.mark.parametrize("name", ["kling", "kirin"])
def test_audio_id_drives_a_lip_sync(
    request: pytest.FixtureRequest, name: str, url: Url, choice: Choice
) -> None:
    surface: Kling | Kirin = request.getfixturevalue(name)
    audio_id = surface.speak("Words enough to last well beyond the two seconds that are needed.").data["id"]
    session_id = surface.session(url("a.mp4"))
    assert surface.lip_sync(session_id, choice(audio_id=audio_id, end=2000)).is_accepted
    assert surface.lip_sync(session_id, choice(audio_id=audio_id, sound_file="", end=2000)).is_accepted


@pytest.mark.parametrize("name", ["kling", "kirin"])
def test_speech_shorter_than_two_seconds_cannot_drive_a_lip_sync(
    request: pytest.FixtureRequest, name: str, url: Url, choice: Choice
) -> None:
    surface: Kling | Kirin = request.getfixturevalue(name)
    audio_id = surface.speak("Hi.").data["id"]
    verdict = surface.lip_sync(surface.session(url("a.mp4")), choice(audio_id=audio_id, end=2000))
    assert verdict.place is surface.rules_show_at
    assert verdict.reason is not None
    assert verdict.reason.startswith("face_choose[0].audio_id must last 2000 to 60000 ms")


@pytest.mark.parametrize(
    "sources",
    [
        {},
        {"sound_file": ""},
        {"audio_id": ""},
        {"audio_id": "", "sound_file": ""},
        {"audio_id": "8", "sound_file": "x"},
    ],
    ids=["none", "empty file", "empty id", "both empty", "both"],
)
def test_exactly_one_audio_source_is_needed(
    surface: Surface, url: Url, choice: Choice, sources: Json
) -> None:
    verdict = surface.lip_sync(surface.session(url("a.mp4")), choice(**sources))
    refused_at_once(
        verdict, f"{surface.shape_prefix}face_choose[0] needs exactly one of audio_id and sound_file"
    )


@pytest.mark.parametrize(
    "videos", [{}, {"video_url": ""}, {"video_id": "", "video_url": ""}], ids=["none", "empty", "both empty"]
)
def test_exactly_one_video_is_needed(surface: Surface, videos: Json) -> None:
    refused_at_once(surface.identify(**videos), "needs exactly one of video_id and video_url")


def test_two_videos_are_one_too_many(surface: Surface, url: Url) -> None:
    refused_at_once(
        surface.identify(url("a.mp4"), video_id="8"), "needs exactly one of video_id and video_url"
    )


def test_empty_texts_count_as_absent(surface: Surface, url: Url, choice: Choice) -> None:
    session_id = surface.session(url("a.mp4"), video_id="")
    entry = choice(url(), audio_id="")
    first = surface.lip_sync(session_id, entry, external_task_id="", callback_url="")
    second = surface.lip_sync(session_id, entry, external_task_id="", callback_url="")
    assert first.is_accepted
    assert second.is_accepted


@pytest.mark.parametrize("entries", [0, 2])
def test_kling_and_kirin_take_exactly_one_face(
    kling: Kling, kirin: Kirin, url: Url, choice: Choice, entries: int
) -> None:
    chosen = [choice(url(), face_id=str(number)) for number in range(entries)]
    for surface in (kling, kirin):
        verdict = surface.lip_sync(surface.session(url("a.mp4", faces=2)), *chosen)
        refused_at_once(verdict, "face_choose must hold exactly one entry")


def test_gmi_takes_several_faces_each_under_its_own_rules(gmi: Gmi, url: Url, choice: Choice) -> None:
    session_id = gmi.session(url("a.mp4", duration_ms=10_000, face_intervals=TWO_FACES, faces=2))
    sound = url(duration_ms=6000)
    assert gmi.lip_sync(session_id, choice(sound), choice(sound, face_id="1", insert=1000)).is_accepted
    verdict = gmi.lip_sync(session_id, choice(sound), choice(sound, face_id="1", end=1999))
    assert verdict.reason is not None
    assert verdict.reason.startswith("face_choose[1].sound_end_time ")
    assert not gmi.lip_sync(session_id).is_accepted


def test_gmi_refuses_two_entries_for_one_face_and_overlapping_ones_first(
    gmi: Gmi, url: Url, choice: Choice
) -> None:
    session_id = gmi.session(url("a.mp4", duration_ms=10_000, faces=1))
    sound = url(duration_ms=6000)
    apart = gmi.lip_sync(session_id, choice(sound), choice(sound, insert=3000))
    refused(gmi, apart, "face_choose names face_id '0' more than once")
    overlapping = gmi.lip_sync(session_id, choice(sound), choice(sound, insert=2999))
    refused(gmi, overlapping, "face_choose inserts two overlapping clips on face_id '0'")


@pytest.mark.parametrize("name", ["kling", "kirin"])
def test_external_id_is_unique_for_a_caller(
    request: pytest.FixtureRequest, name: str, url: Url, choice: Choice
) -> None:
    surface: Surface = request.getfixturevalue(name)
    session_id = surface.session(url("a.mp4"))
    assert surface.lip_sync(session_id, choice(url()), external_task_id="take-1").is_accepted
    again = surface.lip_sync(session_id, choice(url()), external_task_id="take-1")
    refused_at_once(again, "external_task_id is already used by another of your tasks")
    assert surface.lip_sync(session_id, choice(url()), external_task_id="take-2").is_accepted


def test_external_id_is_free_for_other_callers_and_other_providers(
    kling: Kling, url: Url, choice: Choice
) -> None:
    for key in ("first-key", "second-key"):
        kling.client.headers["authorization"] = f"Bearer {key}"
        for name in ("kling", "kirin"):
            surface = kling.beside(name)
            verdict = surface.lip_sync(
                surface.session(url("a.mp4")), choice(url()), external_task_id="take-1"
            )
            assert verdict.is_accepted, (key, name, verdict)


def test_gmi_echoes_an_external_id_and_does_nothing_with_it(gmi: Gmi, url: Url, choice: Choice) -> None:
    session_id = gmi.session(url("a.mp4"))
    for _ in range(2):
        assert gmi.lip_sync(session_id, choice(url()), external_task_id="take-1").is_accepted
    assert gmi.client.get("/api/v1/ie/requestqueue/apikey/requests/take-1").status_code == 404


def test_refused_request_leaves_its_external_id_free(kling: Kling, url: Url, choice: Choice) -> None:
    session_id = kling.session(url("a.mp4"))
    assert not kling.lip_sync(session_id, choice(url(), end=1999), external_task_id="take-1").is_accepted
    assert kling.lip_sync(session_id, choice(url()), external_task_id="take-1").is_accepted


def test_task_is_found_by_either_id_and_the_task_id_wins(
    kling: Kling, kirin: Kirin, url: Url, choice: Choice
) -> None:
    for surface, path in ((kling, "/v1/videos/advanced-lip-sync/"), (kirin, "/model/v1/generation/task/")):
        session_id = surface.session(url("a.mp4"))
        first = surface.lip_sync(session_id, choice(url()), external_task_id="mine").data["task_id"]
        assert first in surface.client.get(f"{path}mine").text
        second = surface.lip_sync(session_id, choice(url()), external_task_id=first)
        assert second.data["task_id"] not in surface.client.get(f"{path}{first}").text


@pytest.mark.parametrize("name", ["kling", "kirin"])
def test_external_id_of_256_characters_is_the_longest(
    request: pytest.FixtureRequest, name: str, url: Url, choice: Choice
) -> None:
    surface: Surface = request.getfixturevalue(name)
    session_id = surface.session(url("a.mp4"))
    assert surface.lip_sync(session_id, choice(url()), external_task_id="é" * 256).is_accepted
    refused_at_once(
        surface.lip_sync(session_id, choice(url()), external_task_id="é" * 257), "external_task_id"
    )
