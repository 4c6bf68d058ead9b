"""A task as the admin surface shows it: the plan in full, what it was made from, where its results are."""

from __future__ import annotations

from mock_server.admin.facts import FactsView, facts_view
from mock_server.admin.view import View, iso
from mock_server.core.plan import Stage
from mock_server.core.session import Session
from mock_server.core.task import Clip, Task, TaskKind
from mock_server.flow import links
from mock_server.flow.redaction import redacted_url


class StepView(View):
    """``at_ms`` is null while the step waits for the poll numbered ``at_poll``."""

    stage: Stage
    at_ms: int | None
    at_poll: int | None


class FailureView(View):
    """Why the task fails, or will: a row of the provider's error table by name, and the sentence sent."""

    error: str
    message: str


class VideoView(View):
    """The video that the task works on, as the client named it."""

    url: str
    id: str
    facts: FactsView


class ClipView(View):
    """A stretch of audio for one face. Times in ms."""

    face_id: str
    start_ms: int
    end_ms: int
    insert_ms: int
    volume: float
    original_volume: float
    audio: FactsView


class TaskView(View):
    """``links`` lead to what a succeeded task has made: ``video``, ``thumbnail``, ``speech``, ``face-0`` ..."""

    tenant: str
    provider: str
    id: str
    number: int
    kind: TaskKind
    model: str
    external_id: str | None
    stage: Stage
    since_ms: int
    progress: float
    created_ms: int
    created: str
    polls: int
    steps: tuple[StepView, ...]
    failure: FailureView | None
    callback_url: str | None
    session_id: str | None
    video: VideoView | None
    clips: tuple[ClipView, ...]
    links: dict[str, str]


def task_view(task: Task, now_ms: int, session: Session | None) -> TaskView:
    """The task at ``now_ms``. ``session`` is the one that the task has opened, if it has."""
    state = task.plan.at(now_ms)
    failure = task.plan.failure
    return TaskView(
        tenant=task.tenant,
        provider=task.provider,
        id=task.id,
        number=task.number,
        kind=task.kind,
        model=task.model,
        external_id=task.external_id,
        stage=state.stage,
        since_ms=state.since_ms,
        progress=state.progress,
        created_ms=task.created_ms,
        created=iso(task.created_ms),
        polls=task.polls,
        steps=tuple(
            StepView(stage=step.stage, at_ms=step.at_ms, at_poll=step.at_poll) for step in task.plan.steps
        ),
        failure=FailureView(error=failure.error, message=failure.message) if failure else None,
        callback_url=redacted_url(task.callback_url) if task.callback_url else None,
        session_id=task.session_id,
        video=VideoView(url=redacted_url(task.video_url), id=task.video_id, facts=facts_view(task.video))
        if task.video
        else None,
        clips=tuple(map(_clip_view, task.clips)),
        links=_links(task, session) if state.stage is Stage.SUCCEEDED else {},
    )


def _clip_view(clip: Clip) -> ClipView:
    return ClipView(
        face_id=clip.face_id,
        start_ms=clip.start_ms,
        end_ms=clip.end_ms,
        insert_ms=clip.insert_ms,
        volume=clip.volume,
        original_volume=clip.original_volume,
        audio=facts_view(clip.audio),
    )


def _links(task: Task, session: Session | None) -> dict[str, str]:
    if task.kind is TaskKind.SPEECH:
        return {"speech": links.speech_link(task.base_url, task.speech_id)} if task.speech_id else {}
    if task.kind is TaskKind.IDENTIFY:
        faces = session.faces if session else ()
        return {
            f"face-{face.id}": links.face_link(task.base_url, session.id, face.id)
            for face in faces
            if session
        }
    found = {
        "video": links.video_link(task.base_url, task.result_id),
        "thumbnail": links.thumbnail_link(task.base_url, task.result_id),
    }
    if task.wants_watermark:
        found["watermark"] = links.watermark_link(task.base_url, task.result_id)
    return found
