"""Facts of a file as a person states them, in the words of the hints."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mock_server.core.media import MediaFormat
from mock_server.media.duration import MAX_DURATION_MS
from mock_server.media.hint_values import MAX_FACES

MAX_SIDE_PX = 16_384
MAX_SIZE_BYTES = 2**40

Moment = Annotated[int, Field(ge=0, le=MAX_DURATION_MS)]


class Strict(BaseModel):
    """JSON's own types, and no field that nobody reads."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class StatedFacts(Strict):
    """Facts of one file. What is not stated is presumed to fit the rules."""

    format: Annotated[MediaFormat, Field(strict=False)] | None = None
    duration_ms: Moment | None = None
    size_bytes: int | None = Field(default=None, ge=0, le=MAX_SIZE_BYTES)
    width: int | None = Field(default=None, ge=0, le=MAX_SIDE_PX)
    height: int | None = Field(default=None, ge=0, le=MAX_SIDE_PX)
    has_audio: bool | None = None
    faces: int | None = Field(default=None, ge=0, le=MAX_FACES)
    face_intervals: list[Annotated[tuple[Moment, Moment], Field(strict=False)]] | None = Field(
        default=None, max_length=MAX_FACES
    )
    moderation: Literal["reject", "pass"] | None = None
    reachable: bool | None = None

    @model_validator(mode="after")
    def _faces_agree(self) -> Self:
        if self.face_intervals is None:
            return self
        if any(start >= end for start, end in self.face_intervals):
            raise ValueError("each of face_intervals must end behind its start")
        if self.faces not in {None, len(self.face_intervals)}:
            raise ValueError("faces must be the number of face_intervals")
        return self

    def hints(self) -> dict[str, str]:
        """The same facts as a URL would hint at them, without the prefix."""
        found: dict[str, str] = {}
        for name in StatedFacts.model_fields:
            value = getattr(self, name)
            if name == "face_intervals" and value is not None:
                found[name] = ",".join(f"{start}-{end}" for start, end in value)
            elif isinstance(value, bool):
                found[name] = str(int(value))
            elif value is not None:
                found[name] = str(value)
        return found
