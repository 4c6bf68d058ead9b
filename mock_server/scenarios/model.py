"""The form of a scenario, and with it its JSON Schema. Imports pydantic: load it when a scenario is wanted."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, model_validator

from mock_server.core.errors import ConfigurationError
from mock_server.core.pace import pace_named
from mock_server.scenarios.fault_spec import FaultSpec
from mock_server.scenarios.stated import StatedFacts, Strict
from mock_server.settings import parse_clock

T = TypeVar("T")

ProviderName = Literal["kirin", "gmi", "kling"]
ROW_NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SCENARIO_NAME = r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$"
HTTP_LINK = r"^https?://\S+$"


class Outcome(StrEnum):
    """How a job ends for a good client."""

    SUCCESS = "success"
    FAILURE = "failure"
    EITHER = "either"


class Expect(Strict):
    """What a good client ends with. ``reason`` names the row of the provider's error table that it should report."""

    outcome: Annotated[Outcome, Field(strict=False)] = Outcome.SUCCESS
    reason: str | None = Field(default=None, pattern=ROW_NAME)

    @model_validator(mode="after")
    def _reason_goes_with_failure(self) -> Self:
        if self.reason is not None and self.outcome is Outcome.SUCCESS:
            raise ValueError("a success has no reason")
        return self


class Media(Strict):
    """Facts that hold for media which a client names and nobody fetches; a URL's own hints win."""

    video: StatedFacts | None = None
    audio: StatedFacts | None = None

    def hints(self) -> dict[str, dict[str, str]]:
        """By kind, in the words of hints."""
        kinds = {"video": self.video, "audio": self.audio}
        return {kind: hints for kind, facts in kinds.items() if facts and (hints := facts.hints())}


class Crash(Strict):
    """Where a client is killed and started again: as soon as so many ``requests`` of ``operation`` were answered."""

    operation: Literal["identify", "submit", "poll", "download", "any"]
    requests: int = Field(default=1, ge=1, le=10_000)


class Job(Strict):
    """What a client that is judged in the scenario is to do. A server by itself does nothing with it."""

    video_url: str | None = Field(default=None, pattern=HTTP_LINK, max_length=2_048)
    audio_url: str | None = Field(default=None, pattern=HTTP_LINK, max_length=2_048)
    crash: Crash | None = None


def _pace(text: str) -> str:
    return _worded(lambda: pace_named(text).name)


def _clock(text: str) -> str:
    _worded(lambda: parse_clock(text, 0))
    return text


def _worded(read: Callable[[], T]) -> T:
    try:
        return read()
    except ConfigurationError as fault:
        raise ValueError(str(fault)) from None


class Scenario(Strict):
    """What a server does, from how fast its tasks go to what goes wrong, and what a good client makes of it.

    Everything but the name may be left out: what is not stated stays as the server was told.
    """

    name: str = Field(pattern=SCENARIO_NAME, max_length=100, description="incident/lost-reply, for example.")
    title: str = Field(default="", max_length=200, description="One line for a list.")
    says: str = Field(default="", max_length=2_000, description="What happens, in plain words.")
    providers: list[ProviderName] = Field(
        default=["kirin", "gmi", "kling"], min_length=1, description="Where it can be played."
    )
    pace: Annotated[str, AfterValidator(_pace)] | None = Field(
        default=None, description="instant, quick, real, or polls:N."
    )
    clock: Annotated[str, AfterValidator(_clock)] | None = Field(
        default=None, description="real, manual, or a rate such as 60x."
    )
    seed: int | None = Field(
        default=None, ge=-(2**63), lt=2**63, description="Ids and durations follow from it."
    )
    media: Media = Media()
    faults: list[FaultSpec] = Field(default=[], max_length=100, description="What goes wrong, in order.")
    dialects: dict[str, str] = Field(
        default={}, description="Dialect switches by name; `lipflap dialects` lists them."
    )
    with_callback: bool = Field(
        default=False, description="It shows only to a client that asks for callbacks."
    )
    job: Job = Job()
    expect: Expect = Expect()
    motive: str = Field(default="", max_length=2_000, description="The incident behind it, in one sentence.")
    link: str | None = Field(default=None, pattern=HTTP_LINK, description="Where the incident is told.")
