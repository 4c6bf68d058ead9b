"""The older endpoint ``/v1/videos/lip-sync``: one video, and either an audio file or a text to speak."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.contract import Contract
from mock_server.core.cases import ClipCase, Entry, Found, VideoCase
from mock_server.core.errors import Refused
from mock_server.core.media import MediaFacts
from mock_server.core.task import Clip, Task, TaskKind
from mock_server.flow.call import Call
from mock_server.flow.identify import judged_video
from mock_server.flow.magic import asked_failure
from mock_server.flow.rulebooks import max_bytes, rulebook
from mock_server.flow.speech import spoken
from mock_server.flow.tasks import plan_of
from mock_server.providers.face_choose import text, without_data_uri
from mock_server.providers.kling.stages import STAGES, callback_stages
from mock_server.providers.speech import parse_script

ONLY_FACE = "0"


async def legacy_task(call: Call, contract: Contract, body: Mapping[str, object], callback_url: str) -> Task:
    """A task for ``input``, its sound laid over the video from the start. Raises Refused for what the tables forbid."""
    video_url, video_id = text(body, "video_url"), text(body, "video_id")
    failure = asked_failure(contract, None, [video_url, text(body, "audio_url"), text(body, "text")])
    case = await judged_video(
        call, contract, "legacy-video", video_url=video_url, video_id=video_id, path="input"
    )
    audio = await _sound(call, contract, body)
    number = call.simulator.store.next_number(call.tenant, "task")
    choices = call.choices
    task_id, result_id = choices.decimal_pair("task", contract.provider, number)
    return Task(
        id=task_id,
        tenant=call.tenant,
        provider=contract.provider,
        kind=TaskKind.LEGACY_LIP_SYNC,
        number=number,
        plan=plan_of(call, STAGES, task_id, failure),
        base_url=call.base_url,
        callback_url=callback_url or None,
        callback_stages=callback_stages(call),
        holds_slot=True,
        result_id=result_id,
        video_url=video_url,
        video_id=video_id or choices.decimal_id("source", contract.provider, number),
        video=case.facts,
        clips=(_clip(case, audio),),
    )


async def _sound(call: Call, contract: Contract, body: Mapping[str, object]) -> MediaFacts:
    if text(body, "mode") == "text2video":
        return await spoken(call, contract, parse_script(body, "input."))
    field = "audio_url" if text(body, "audio_type") == "url" else "audio_file"
    cap = max_bytes(contract.provider, "legacy-audio", "audio-size")
    sound = text(body, field)
    if field == "audio_file" and call.dialect("kling.data_uri") == "accept":
        sound = without_data_uri(sound)
    found = await call.simulator.library.find(call, sound, is_video=False, max_bytes=cap)
    for rule, violation in rulebook(contract.provider, "legacy-audio").judge_clip(
        "audio", _case(call, field, found)
    ):
        raise Refused(rule.error, (violation,))
    assert found.facts is not None, "the audio stage has found it"
    return found.facts


def _case(call: Call, field: str, found: Found) -> ClipCase:
    entry = Entry("input", ONLY_FACE, field, "", "", 0, 0, 0)
    return ClipCase(entry, call.now_ms, facts=found.facts, is_not_base64=found.facts is None)


def _clip(case: VideoCase, audio: MediaFacts) -> Clip:
    return Clip(ONLY_FACE, audio, 0, min(audio.duration_ms, case.facts.duration_ms), 0, original_volume=0.0)
