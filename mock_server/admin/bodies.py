"""The JSON bodies of admin requests. Imported when the first one arrives: see ``operation``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, model_validator

from mock_server.admin.media_url import media_name, media_url
from mock_server.callbacks.outbox import MAX_JUMP_MS
from mock_server.core.clock import ClockMode
from mock_server.core.media import MediaFormat
from mock_server.core.plan import Stage
from mock_server.media.duration import MAX_DURATION_MS
from mock_server.media.hint_values import MAX_FACES

MAX_RATE = 1_000_000
MAX_SIDE_PX = 16_384
MAX_SIZE_BYTES = 2**40


class Body(BaseModel):
    """Strict: JSON's own types, and no field that nobody reads."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Reset(Body):
    """What to forget. ``tasks`` takes sessions, speech clips and deliveries along; ``all`` is everything."""

    what: list[Literal["tasks", "journal", "media", "clock", "dialects", "all"]] = Field(
        min_length=1, max_length=20
    )


class ClockSetting(Body):
    """Another mode from the present moment on. ``rate`` is virtual time by real time, for a scaled clock."""

    mode: ClockMode
    rate: float | None = Field(None, gt=0, le=MAX_RATE, allow_inf_nan=False)

    @model_validator(mode="after")
    def _rate_goes_with_scaled(self) -> Self:
        if (self.rate is not None) != (self.mode is ClockMode.SCALED):
            raise ValueError("a scaled clock needs a rate, and no other clock takes one")
        return self


class Advance(Body):
    """How far to go: so many seconds, or until time alone would bring nothing more."""

    seconds: float | None = Field(None, ge=0, le=MAX_JUMP_MS // 1000, allow_inf_nan=False)
    until: Literal["idle"] | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.seconds is None) == (self.until is None):
            raise ValueError('give either "seconds" or "until"')
        return self


class DialectSetting(RootModel[dict[str, str | None]]):
    """Switches by name. null gives a switch back to the server's own setting; what is not named stays."""

    model_config = ConfigDict(strict=True, frozen=True)


class TaskError(Body):
    """A row of the provider's error table, by name or by code; ``message`` in place of the row's own."""

    name: str | None = Field(None, min_length=1)
    code: str | None = Field(None, min_length=1)
    message: str | None = Field(None, min_length=1, max_length=2_000)

    @model_validator(mode="after")
    def _one_row(self) -> Self:
        if self.name is not None and self.code is not None:
            raise ValueError('name the row by "name" or by "code", not by both')
        return self


class TaskEnd(Body):
    """How a task is to end. Only a failure has an error."""

    status: Literal[Stage.SUCCEEDED, Stage.FAILED, Stage.CANCELLED]
    error: TaskError | None = None

    @model_validator(mode="after")
    def _error_goes_with_failed(self) -> Self:
        if self.error is not None and self.status is not Stage.FAILED:
            raise ValueError("an error goes with the status failed")
        return self


Moment = Annotated[int, Field(ge=0, le=MAX_DURATION_MS)]
_READ_FROM_BYTES = ("format", "duration_ms", "size_bytes", "width", "height", "has_audio")


def _worded(check: Callable[[str], str]) -> AfterValidator:
    """``check``, whose ValueError completes "must be ...", as pydantic takes it."""

    def checked(value: str) -> str:
        try:
            return check(value)
        except ValueError as fault:
            raise ValueError(f"must be {fault}") from None

    return AfterValidator(checked)


class MediaStatement(Body):
    """Facts of the file behind ``url``, or a file (``base64``, with a ``name`` whose extension its own URL gets).

    Both together give the bytes for a URL. What is not stated is read from the bytes, or presumed as for any URL.
    """

    url: Annotated[str, _worded(media_url)] | None = None
    base64: str | None = None
    name: Annotated[str, _worded(media_name)] | None = None
    format: MediaFormat | None = None
    duration_ms: Moment | None = None
    size_bytes: int | None = Field(None, ge=0, le=MAX_SIZE_BYTES)
    width: int | None = Field(None, ge=0, le=MAX_SIDE_PX)
    height: int | None = Field(None, ge=0, le=MAX_SIDE_PX)
    has_audio: bool | None = None
    faces: int | None = Field(None, ge=0, le=MAX_FACES)
    face_intervals: list[tuple[Moment, Moment]] | None = Field(None, max_length=MAX_FACES)
    moderation: Literal["reject", "pass"] | None = None
    reachable: bool | None = None

    @model_validator(mode="after")
    def _something_to_keep(self) -> Self:
        if self.base64 is None and (self.url is None or self.name is not None):
            raise ValueError('give a "url", or the bytes as "base64", or both; "name" goes with "base64"')
        stated = [name for name in _READ_FROM_BYTES if getattr(self, name) is not None]
        if self.base64 is not None and stated:
            raise ValueError(f"{stated[0]} is read from the bytes and cannot be stated beside them")
        return self

    @model_validator(mode="after")
    def _faces_agree(self) -> Self:
        if self.face_intervals is None:
            return self
        if any(start >= end for start, end in self.face_intervals):
            raise ValueError("each of face_intervals must end behind its start")
        if self.faces not in {None, len(self.face_intervals)}:
            raise ValueError("faces must be the number of face_intervals")
        return self
