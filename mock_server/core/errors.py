"""What can go wrong in the core's terms, before a provider words it.

LipflapError
├── Refused            a request that the provider would answer with an error
├── TaskEnded          a task cannot be ended by hand: it has ended
├── ProbeError         bytes that are not a media file we can read
├── NoSocket           a fault wants the raw socket, and there is none
└── ConfigurationError a setting that cannot work; ends the process with exit code 2
"""

from __future__ import annotations

from collections.abc import Sequence

from contracts.model import Violation
from mock_server.core.plan import Stage


class LipflapError(Exception):
    """Root of every error that lipflap raises on purpose."""


class Refused(LipflapError):
    """A request is turned down. ``error`` names the row in the provider's error table.

    ``violations`` carry the JSON path and the reason; without any, the row's own message is sent.
    """

    def __init__(self, error: str, violations: Sequence[Violation] = (), message: str | None = None) -> None:
        self.error = error
        self.violations = tuple(violations)
        self.message = message or "; ".join(v.sentence() for v in self.violations) or None
        super().__init__(self.message or error)


class TaskEnded(LipflapError):
    """A task is to be ended by hand and has ended already, with ``stage``."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        super().__init__(f"the task has ended already: {stage}")


class ProbeError(LipflapError):
    """The bytes cannot be read as media; the text says why, and never quotes them."""


class NoSocket(LipflapError):
    """A fault acts on the raw socket, and the application is called in process, without one."""


class ConfigurationError(LipflapError):
    """A setting that cannot work, worded for the person who typed it."""
