"""The JSON bodies of admin requests. Imported when the first one arrives: see ``operation``."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, RootModel, model_validator

from mock_server.admin.media_url import media_name, media_url
from mock_server.callbacks.outbox import MAX_JUMP_MS
from mock_server.core.clock import ClockMode
from mock_server.core.plan import Stage
from mock_server.scenarios.fault_spec import FaultSpecs
from mock_server.scenarios.model import Scenario
from mock_server.scenarios.stated import StatedFacts, Strict

__all__ = ["Scenario"]  # a body that has a room of its own

MAX_RATE = 1_000_000


class Reset(Strict):
    """What to forget. ``tasks`` takes sessions, speech clips and deliveries along; ``all`` is everything."""

    what: list[Literal["tasks", "journal", "media", "clock", "dialects", "faults", "all"]] = Field(
        min_length=1, max_length=20
    )


class ClockSetting(Strict):
    """Another mode from the present moment on. ``rate`` is virtual time by real time, for a scaled clock."""

    mode: ClockMode
    rate: float | None = Field(None, gt=0, le=MAX_RATE, allow_inf_nan=False)

    @model_validator(mode="after")
    def _rate_goes_with_scaled(self) -> Self:
        if (self.rate is not None) != (self.mode is ClockMode.SCALED):
            raise ValueError("a scaled clock needs a rate, and no other clock takes one")
        return self


class Advance(Strict):
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


class FundsSetting(Strict):
    """What an account may spend at one provider: ``credits`` in its currency, null for no bound."""

    provider: Literal["kirin", "gmi", "kling"]
    credits: Decimal | None = Field(None, ge=0, le=10**12, decimal_places=6, strict=False)
    expires_ms: int | None = Field(None, ge=0)
    in_arrears: bool = False


class TaskError(Strict):
    """A row of the provider's error table, by name or by code; ``message`` in place of the row's own."""

    name: str | None = Field(None, min_length=1)
    code: str | None = Field(None, min_length=1)
    message: str | None = Field(None, min_length=1, max_length=2_000)

    @model_validator(mode="after")
    def _one_row(self) -> Self:
        if self.name is not None and self.code is not None:
            raise ValueError('name the row by "name" or by "code", not by both')
        return self


class TaskEnd(Strict):
    """How a task is to end. Only a failure has an error."""

    status: Literal[Stage.SUCCEEDED, Stage.FAILED, Stage.CANCELLED]
    error: TaskError | None = None

    @model_validator(mode="after")
    def _error_goes_with_failed(self) -> Self:
        if self.error is not None and self.status is not Stage.FAILED:
            raise ValueError("an error goes with the status failed")
        return self


_READ_FROM_BYTES = ("format", "duration_ms", "size_bytes", "width", "height", "has_audio")


def _worded(check: Callable[[str], str]) -> AfterValidator:
    """``check``, whose ValueError completes "must be ...", as pydantic takes it."""

    def checked(value: str) -> str:
        try:
            return check(value)
        except ValueError as fault:
            raise ValueError(f"must be {fault}") from None

    return AfterValidator(checked)


class MediaStatement(StatedFacts):
    """Facts of the file behind ``url``, or a file (``base64``, with a ``name`` whose extension its own URL gets).

    Both together give the bytes for a URL. What is not stated is read from the bytes, or presumed as for any URL.
    """

    url: Annotated[str, _worded(media_url)] | None = None
    base64: str | None = None
    name: Annotated[str, _worded(media_name)] | None = None

    @model_validator(mode="after")
    def _something_to_keep(self) -> Self:
        if self.base64 is None and (self.url is None or self.name is not None):
            raise ValueError('give a "url", or the bytes as "base64", or both; "name" goes with "base64"')
        stated = [name for name in _READ_FROM_BYTES if getattr(self, name) is not None]
        if self.base64 is not None and stated:
            raise ValueError(f"{stated[0]} is read from the bytes and cannot be stated beside them")
        return self


class FaultRequest(RootModel[FaultSpecs]):
    """Faults to switch on: a form, the compact text, or a list of them."""
