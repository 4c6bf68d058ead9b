"""What can go wrong in the core's terms, before a provider words it.

LipflapError
├── Refused            a request that the provider would answer with an error
├── ProbeError         bytes that are not a media file we can read
└── ConfigurationError a setting that cannot work; ends the process with exit code 2
"""

from __future__ import annotations

from collections.abc import Sequence

from contracts.model import Violation


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


class ProbeError(LipflapError):
    """The bytes cannot be read as media; the text says why, and never quotes them."""


class ConfigurationError(LipflapError):
    """A setting that cannot work, worded for the person who typed it."""
