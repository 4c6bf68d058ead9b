"""Downloads that work, of files that are not what they should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.errors import ProbeError
from mock_server.faults.catalogue.media.content import without_moov
from mock_server.media.probe import probe
from mock_server.media.samples import sample_bytes

Start = Callable[..., Any]


def fetched(rig: Start, provider: str, *faults: str, **headers: str) -> Any:
    job = rig(*faults).job(provider)
    return job.download(job.poll(job.start()), headers=headers)


def test_a_page_goes_by_the_name_of_the_video(rig: Start, provider: str) -> None:
    wire = fetched(rig, provider, "media-is-html")
    assert (wire.status, wire.headers["content-type"]) == (200, "video/mp4")
    assert wire.body.startswith(b"<!DOCTYPE html>")
    assert wire.headers["content-length"] == str(len(wire.body))


def test_a_page_may_be_called_one(rig: Start) -> None:
    wire = fetched(rig, "kling", "media-is-html;content_type=text/html")
    assert wire.headers["content-type"] == "text/html"


def test_parts_of_a_page_are_parts_of_the_page(rig: Start) -> None:
    wire = fetched(rig, "kling", "media-is-html", range="bytes=0-13")
    assert (wire.status, wire.body) == (206, b"<!DOCTYPE html")


def test_the_index_is_missing(rig: Start, provider: str) -> None:
    wire = fetched(rig, provider, "media-no-moov")
    assert (wire.status, wire.headers["content-type"], wire.body[4:8]) == (200, "video/mp4", b"ftyp")
    assert b"mdat" in wire.body[:64]
    with pytest.raises(ProbeError):
        probe(wire.body)


def test_all_but_the_index_is_kept() -> None:
    movie = sample_bytes("talk.mp4")
    cut = without_moov(movie)
    assert b"moov" not in cut
    assert 0 < len(cut) < len(movie)


@given(st.binary(max_size=200))
def test_whatever_the_source_is_something_of_it_is_missing_or_it_had_no_index(data: bytes) -> None:
    cut = without_moov(data)
    assert len(cut) <= len(data)
    assert b"moov" not in cut or b"moov" in data


def test_the_file_is_empty(rig: Start, provider: str) -> None:
    wire = fetched(rig, provider, "media-zero-bytes")
    assert (wire.status, wire.headers["content-length"], wire.body) == (200, "0", b"")
    assert wire.headers["content-type"] == "video/mp4"


def test_the_result_is_the_source_byte_by_byte_where_the_server_has_it(rig: Start, provider: str) -> None:
    here = rig("media-unchanged-video")
    job = here.job(provider)
    job.identify(video=f"{here.server.url}/__lipflap/media/silent.mp4")
    entry = {"sound_start_time": 0, "sound_end_time": 2000, "sound_insert_time": 0}
    audio = f"{here.server.url}/__lipflap/media/speech.mp3"
    job.face_choose = lambda _: [{"face_id": "0", "sound_file": audio, **entry}]
    wire = job.download(job.poll(job.task_id_of(job.submit())))
    assert wire.body == sample_bytes("silent.mp4")


def test_the_result_has_no_sound_where_the_source_is_only_known_by_its_facts(
    rig: Start, provider: str
) -> None:
    plain, unchanged = fetched(rig, provider), fetched(rig, provider, "media-unchanged-video")
    assert probe(plain.body).has_audio
    assert not probe(unchanged.body).has_audio
    assert probe(unchanged.body).duration_ms == probe(plain.body).duration_ms


@pytest.mark.parametrize(("rule", "length_ms"), [("", 2_000), (";fraction=0.25", 1_000)])
def test_the_result_is_over_before_the_sound(rig: Start, provider: str, rule: str, length_ms: int) -> None:
    job = rig(f"media-duration-mismatch{rule}").job(provider)
    done = job.poll(job.start())
    facts = probe(job.download(done).body)
    # the sound lies at 1 to 4 s of a video of 9 s
    assert abs(facts.duration_ms - length_ms) <= 40
    if provider == "kling":
        # the answer knows nothing of it
        assert done.json["data"]["task_result"]["videos"][0]["duration"] == "9"
