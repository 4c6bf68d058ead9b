"""What answers are made of: structs that encode themselves and describe themselves in the OpenAPI document."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

_LAST_MS = 253_402_300_799_999
"""The end of the year 9999, where calendars of the ``datetime`` kind stop. A scaled clock can run past it."""


class View(msgspec.Struct):
    """The JSON of an answer. Fields that are UNSET are left out."""


class ErrorView(View):
    """Why a request was not answered."""

    error: str


def iso(moment_ms: int) -> str:
    """ISO 8601 in UTC to the millisecond; later moments than the year 9999 can hold show its end."""
    seconds, rest_ms = divmod(min(moment_ms, _LAST_MS), 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest_ms:03}Z"
