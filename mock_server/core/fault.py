"""A fault that is switched on: which one, at which requests, how often, until when."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

ParamValue = str | int | float | bool


class Occasion(StrEnum):
    """What a client does when a fault meets it; CALLBACK is what the server does."""

    IDENTIFY = "identify"
    SUBMIT = "submit"
    POLL = "poll"
    LIST = "list"
    CANCEL = "cancel"
    DOWNLOAD = "download"
    CALLBACK = "callback"
    TTS = "tts"


class Window(Struct, frozen=True):
    """Which of the occasions, counted from 1: ``first`` to ``last`` (None: for ever), every ``every``-th of them."""

    first: int = 1
    last: int | None = None
    every: int = 1

    def holds(self, nth: int) -> bool:
        """Whether occasion number ``nth`` is meant."""
        if nth < self.first or (self.last is not None and nth > self.last):
            return False
        return (nth - self.first) % self.every == 0


ALWAYS = Window()


class FaultRule(Struct, frozen=True):
    """One fault switched on.

    Occasions are counted for each task, or for the tenant where there is no task yet, so that runs do not depend on
    the order of unrelated requests. The window decides first, then ``chance`` (drawn from ``seed``, the rule and the
    occasion), then ``times``. ``on`` and ``window`` are None where the fault's own hold. ``until_ms`` is a moment on
    the tenant's clock. ``provider``, ``tenant``, ``task`` and ``path`` (a part of the request's path) are empty
    where they do not matter.
    """

    id: str
    fault: str
    on: Occasion | None = None
    window: Window | None = None
    times: int | None = None
    until_ms: int | None = None
    chance: float = 1.0
    seed: int | None = None
    provider: str = ""
    tenant: str = ""
    task: str = ""
    path: str = ""
    params: Mapping[str, ParamValue] = field(default_factory=dict)
    is_bound: bool = False
    """Made for one task by the request that created it: what the fault does at that request is done."""
