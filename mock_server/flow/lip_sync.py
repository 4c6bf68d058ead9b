"""Prepare a lip-sync job: look up what the request refers to, judge it stage by stage, in the provider's order."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from contracts.contract import Contract
from mock_server.core.cases import ClipCase, Entry
from mock_server.core.errors import Refused
from mock_server.core.rules import Broken
from mock_server.core.session import Session
from mock_server.core.task import Clip
from mock_server.flow.call import Call
from mock_server.flow.rulebooks import max_bytes, rulebook

TABLE = "lip-sync"


class Job(Struct, frozen=True):
    """A request held against the rules. Where ``refused`` is set, ``stage`` is the check that it did not pass.

    A provider raises ``refused``, or accepts the job and lets it fail. ``clips`` are complete only without it;
    ``session`` is None where it is unknown.
    """

    session: Session | None
    clips: tuple[Clip, ...]
    refused: Refused | None = None
    stage: str = ""


async def prepare(call: Call, contract: Contract, session_id: str, entries: Sequence[Entry]) -> Job:
    """Look up what the request refers to, and judge it by the table "lip-sync" until a stage does not hold.

    Raises Refused("invalid-value") for a malformed hint.
    """
    rules = rulebook(contract.provider, TABLE)
    session = call.simulator.store.session(call.home.tenant, contract.provider, session_id)
    if session is not None and call.on_session is not None:
        session = call.on_session(session)
    cases = await _cases(call, contract.provider, session, entries)
    stage, broken = rules.judge_clips(cases)
    if broken:
        return Job(session, (), _refusal(broken), stage)
    clips = tuple([_clip(case) for case in cases])
    broken = rules.judge_together("face_choose", clips)
    return Job(session, clips, _refusal(broken), "timing") if broken else Job(session, clips)


async def _cases(
    call: Call, provider: str, session: Session | None, entries: Sequence[Entry]
) -> list[ClipCase]:
    cases: list[ClipCase] = []
    simulator, now_ms = call.simulator, call.now_ms
    for entry in entries:
        face = session.face(entry.face_id) if session else None
        if entry.speech_id:
            speech = simulator.store.speech(call.tenant, provider, entry.speech_id)
            audio = speech.audio if speech else None
            cases.append(ClipCase(entry, now_ms, session, face, speech, audio))
        elif session is None:
            cases.append(ClipCase(entry, now_ms))
        else:
            cap = max_bytes(provider, TABLE, "audio-size")
            found = await simulator.library.find(call, entry.sound, is_video=False, max_bytes=cap)
            cases.append(ClipCase(entry, now_ms, session, face, None, found.facts, found.facts is None))
    return cases


def _clip(case: ClipCase) -> Clip:
    assert case.facts is not None, "the audio stage has found it"
    entry = case.entry
    return Clip(
        face_id=entry.face_id,
        audio=case.facts,
        start_ms=entry.start_ms,
        end_ms=entry.end_ms,
        insert_ms=entry.insert_ms,
        volume=entry.volume,
        original_volume=entry.original_volume,
    )


def _refusal(broken: Broken) -> Refused:
    return Refused(broken[0][0].error, tuple(violation for _, violation in broken))
