"""A task: what was asked, the plan made of it, and the facts its result is rendered from."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from mock_server.core.media import Interval, MediaFacts
from mock_server.core.plan import TERMINAL_STAGES, Failure, Plan, Stage


class TaskKind(StrEnum):
    """What is asked for. Each provider has those that its contract has operations for."""

    IDENTIFY = "identify"
    LIP_SYNC = "lip-sync"
    LEGACY_LIP_SYNC = "legacy-lip-sync"
    SPEECH = "speech"


class Clip(Struct, frozen=True, gc=False):
    """A stretch of an audio file laid over the video. Times in ms; volumes 0 to 2."""

    face_id: str
    audio: MediaFacts
    start_ms: int
    end_ms: int
    insert_ms: int
    volume: float = 1.0
    original_volume: float = 1.0

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def inserted(self) -> Interval:
        """Where the clip lies on the video's clock."""
        return Interval(self.insert_ms, self.insert_ms + self.length_ms)


class Task(Struct, frozen=True, gc=False):
    """One accepted job.

    ``number`` counts the tenant's tasks from 1. ``callback_stages`` are those that are announced. ``request``
    is the JSON to echo where a provider echoes it. ``result_id`` names the result video; ``upstream_id`` is the
    id that a gateway shows for the job behind the job. ``base_url`` is where the client reached us: links in
    answers and callbacks start with it.
    """

    id: str
    tenant: str
    provider: str
    kind: TaskKind
    number: int
    plan: Plan
    base_url: str
    model: str = ""
    request: bytes = b""
    external_id: str | None = None
    callback_url: str | None = None
    callback_stages: tuple[Stage, ...] = TERMINAL_STAGES
    holds_slot: bool = False
    polls: int = 0
    result_id: str = ""
    upstream_id: str = ""
    session_id: str | None = None
    video_url: str = ""
    video_id: str = ""
    video: MediaFacts | None = None
    clips: tuple[Clip, ...] = ()
    speech_id: str | None = None
    wants_watermark: bool = False
    is_untouched: bool = False
    """The result is the source as it was."""
    result_ms: int | None = None
    """How long the result lasts, where that is not as long as the video."""

    @property
    def created_ms(self) -> int:
        return self.plan.starts_ms

    def polled(self, now_ms: int) -> Task:
        """The task after one more poll; itself where its plan does not wait for polls."""
        if not self.plan.waits_for_polls:
            return self
        polls = self.polls + 1
        return replace(self, polls=polls, plan=self.plan.polled(polls, now_ms))

    def ended(self, stage: Stage, now_ms: int, failure: Failure | None = None) -> Task:
        """The task brought to an end by hand; itself where it has ended already."""
        return replace(self, plan=self.plan.ended(stage, now_ms, failure))
