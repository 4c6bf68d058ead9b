"""Identify the faces of a video: judge the file, find its faces, open a session."""

from __future__ import annotations

from contracts.contract import Contract
from contracts.model import Violation
from mock_server.core.cases import VideoCase
from mock_server.core.errors import Refused
from mock_server.core.faces import faces_of
from mock_server.core.media import MediaFacts
from mock_server.core.plan import Stage
from mock_server.core.session import Session
from mock_server.flow.call import Call
from mock_server.flow.rulebooks import max_bytes, rulebook

NO_FACE = Violation("", "no-face", "there is no human in the video")


async def open_session(
    call: Call, contract: Contract, *, video_url: str, video_id: str, path: str = ""
) -> Session:
    """A new session for the video that the request names by URL or by the id of an earlier result.

    Raises Refused with the row of the first rule that the video breaks. A session may have no faces.
    """
    case = await judged_video(call, contract, "video", video_url=video_url, video_id=video_id, path=path)
    number = call.simulator.store.next_number(call.tenant, "session")
    session = Session(
        id=call.choices.decimal_id("session", contract.provider, number),
        tenant=call.tenant,
        provider=contract.provider,
        created_ms=call.now_ms,
        video_url=video_url,
        video_id=video_id or call.choices.decimal_id("source", contract.provider, number),
        video=case.facts,
        faces=faces_of(case.facts, call.choices),
    )
    if call.on_session is not None:
        session = call.on_session(session)
    call.simulator.store.add_session(session)
    return session


async def judged_video(
    call: Call, contract: Contract, table: str, *, video_url: str, video_id: str, path: str = ""
) -> VideoCase:
    """The video with its facts, once every rule of ``table`` holds. Raises Refused otherwise."""
    if video_url:
        cap = max_bytes(contract.provider, table, "video-size")
        found = await call.simulator.library.find(call, video_url, is_video=True, max_bytes=cap)
        assert found.facts is not None, "a reference to a video is a URL"
        case = VideoCase(path, "video_url", call.now_ms, found.facts)
    else:
        facts, made_ms = _own_result(call, contract, video_id, path)
        case = VideoCase(path, "video_id", call.now_ms, facts, made_ms)
    for rule, violation in rulebook(contract.provider, table).judge_video(case):
        raise Refused(rule.error, (violation,))
    return case


def _own_result(call: Call, contract: Contract, video_id: str, path: str) -> tuple[MediaFacts, int]:
    task = call.simulator.store.task_by_result_id(call.tenant, contract.provider, video_id)
    state = task.plan.at(call.now_ms) if task else None
    if task is None or task.video is None or state is None or state.stage is not Stage.SUCCEEDED:
        where = f"{path}.video_id" if path else "video_id"
        raise Refused(
            contract.rule("video", "video-id-age").error,
            (Violation(where, "video-id", "is not a video of yours"),),
        )
    return task.video, state.since_ms
