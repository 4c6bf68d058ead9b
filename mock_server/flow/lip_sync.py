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
from mock_server.flow.rulebooks import rulebook

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
    session = await call.simulator.store.session(call.home.tenant, contract.provider, session_id)
    if session is not None and call.on_session is not None:
        session = call.on_session(session)
    cases = [await _case(call, contract, session, entry) for entry in entries]
    stage, broken = rules.judge_clips(cases)
    if broken:
        return Job(session, (), _refusal(broken), stage)
    clips = tuple([_clip(case) for case in cases])
    broken = rules.judge_together("face_choose", clips)
    return Job(session, clips, _refusal(broken), "timing") if broken else Job(session, clips)


async def _case(call: Call, contract: Contract, session: Session | None, entry: Entry) -> ClipCase:
    face = session.face(entry.face_id) if session else None
    if entry.speech_id:
        speech = await call.simulator.store.speech(call.tenant, contract.provider, entry.speech_id)
        return ClipCase(entry, call.now_ms, session, face, speech, speech.audio if speech else None)
    if session is None:
        return ClipCase(entry, call.now_ms)
    cap = int(contract.rule(TABLE, "audio-size").limits["max_bytes"])
    facts = (await call.simulator.library.find(call.home, entry.sound, is_video=False, max_bytes=cap)).facts
    return ClipCase(entry, call.now_ms, session, face, None, facts, is_not_base64=facts is None)


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
