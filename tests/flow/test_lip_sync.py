"""A job held against the rules: stage by stage, in the provider's order, until one does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from contracts.contract import Contract, load_contract
from mock_server.core.cases import Entry
from mock_server.core.session import Session
from mock_server.flow.call import Call
from mock_server.flow.identify import open_session
from mock_server.flow.lip_sync import Job, prepare
from mock_server.flow.speech import Script, make_speech

if TYPE_CHECKING:
    from tests.flow.conftest import MakeCall, Run

VIDEO = "https://cdn.test/talk.mp4?lipflap.duration_ms=10000&lipflap.faces=2"
SOUND = "https://cdn.test/line.mp3?lipflap.duration_ms=6000"
ENTRY = Entry("face_choose[0]", "0", "sound_file", "", SOUND, 0, 3_000, 0)
DAY_MS = 86_400_000


@pytest.fixture
def session(run: Run, call: Call, kling: Contract) -> Session:
    return run(open_session(call, kling, video_url=VIDEO, video_id=""))


def prepared(run: Run, call: Call, contract: Contract, session_id: str, **changes: object) -> Job:
    return run(prepare(call, contract, session_id, [replace(ENTRY, **changes)]))  # type: ignore[arg-type]


def verdict(job: Job) -> tuple[str, str, list[tuple[str, str]]]:
    assert job.refused is not None
    return job.stage, job.refused.error, [(found.path, found.rule) for found in job.refused.violations]


def test_a_good_job_has_its_session_and_its_clips(
    run: Run, call: Call, kling: Contract, session: Session
) -> None:
    job = prepared(run, call, kling, session.id, insert_ms=500, volume=0.5)
    assert (job.session, job.refused, job.stage) == (session, None, "")
    (clip,) = job.clips
    assert (clip.face_id, clip.start_ms, clip.end_ms, clip.insert_ms) == ("0", 0, 3_000, 500)
    assert (clip.volume, clip.original_volume, clip.audio.duration_ms) == (0.5, 1.0, 6_000)


@pytest.mark.parametrize(
    ("changes", "stage", "error", "found"),
    [
        ({"face_id": "7"}, "identity", "invalid-value", [("face_choose[0].face_id", "face-known")]),
        ({"speech_id": "7"}, "identity", "invalid-value", [("face_choose[0].audio_id", "audio-known")]),
        ({"sound": "AAA"}, "audio", "invalid-value", [("face_choose[0].sound_file", "audio-base64")]),
        ({"sound": "http://["}, "audio", "invalid-value", [("face_choose[0].sound_file", "audio-reachable")]),
        (
            {"sound": f"{SOUND}&lipflap.moderation=reject"},
            "audio",
            "moderation",
            [("face_choose[0].sound_file", "audio-moderation")],
        ),
        ({"end_ms": 6_001}, "timing", "invalid-value", [("face_choose[0].sound_end_time", "clip-end")]),
        (
            {"end_ms": 1_000, "insert_ms": 9_500},
            "timing",
            "invalid-value",
            [
                ("face_choose[0].sound_end_time", "clip-length"),
                ("face_choose[0].sound_insert_time", "insert-end"),
                ("face_choose[0].sound_insert_time", "overlap"),
            ],
        ),
        (
            {"face_id": "7", "sound": "AAA", "end_ms": 1},
            "identity",
            "invalid-value",
            [("face_choose[0].face_id", "face-known")],
        ),
    ],
)
def test_the_first_stage_that_does_not_hold_ends_it(
    run: Run,
    call: Call,
    kling: Contract,
    session: Session,
    changes: dict[str, object],
    stage: str,
    error: str,
    found: list[tuple[str, str]],
) -> None:
    job = prepared(run, call, kling, session.id, **changes)
    assert verdict(job) == (stage, error, found)
    assert (job.clips, job.session) == ((), session)


def test_an_unknown_session_is_told_before_anything_is_looked_up(
    run: Run, call: Call, kling: Contract
) -> None:
    job = prepared(run, call, kling, "7", sound="https://cdn.test/a.mp3?lipflap.colour=red")
    assert job.session is None
    assert verdict(job) == ("identity", "invalid-value", [("session_id", "session-known")])


def test_a_session_is_its_tenants_and_its_providers(
    run: Run, call: Call, make_call: MakeCall, kling: Contract, session: Session
) -> None:
    assert prepared(run, make_call("another"), kling, session.id).session is None
    assert prepared(run, call, load_contract("gmi"), session.id).session is None


@pytest.mark.parametrize(("later_ms", "is_allowed"), [(DAY_MS, True), (DAY_MS + 1, False)])
def test_a_session_lasts_a_day(
    run: Run, make_call: MakeCall, kling: Contract, session: Session, later_ms: int, is_allowed: bool
) -> None:
    job = prepared(run, make_call(later_ms=later_ms), kling, session.id)
    assert (job.refused is None) is is_allowed


def test_speech_is_used_by_its_id(run: Run, call: Call, kling: Contract, session: Session) -> None:
    script = Script("A text that takes longer than two seconds to say.", "oversea_male1", "en", 1.0)
    speech = run(make_speech(call, kling, script))
    job = prepared(run, call, kling, session.id, speech_id=speech.id, sound="", end_ms=2_000)
    assert [clip.audio for clip in job.clips] == [speech.audio]


def test_every_entry_is_judged_and_each_told_by_its_path(run: Run, call: Call, session: Session) -> None:
    gmi = load_contract("gmi")
    opened = run(open_session(call, gmi, video_url=VIDEO, video_id=""))
    second = replace(ENTRY, path="face_choose[1]", face_id="1", end_ms=6_001)
    job = run(prepare(call, gmi, opened.id, [replace(ENTRY, end_ms=6_002), second]))
    assert [path for path, _ in verdict(job)[2]] == [
        "face_choose[0].sound_end_time",
        "face_choose[1].sound_end_time",
    ]


def test_entries_that_clash_are_told_last_and_keep_their_clips(run: Run, call: Call) -> None:
    gmi = load_contract("gmi")
    opened = run(open_session(call, gmi, video_url=VIDEO, video_id=""))
    job = run(prepare(call, gmi, opened.id, [ENTRY, replace(ENTRY, path="face_choose[1]", insert_ms=1_000)]))
    assert verdict(job) == ("timing", "invalid-value", [("face_choose", "no-overlapping-inserts")])
    apart = run(prepare(call, gmi, opened.id, [ENTRY, replace(ENTRY, path="face_choose[1]", face_id="1")]))
    assert apart.refused is None
    assert len(apart.clips) == 2
