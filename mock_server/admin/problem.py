"""What an admin request can run into, each with its HTTP status.

Problem
├── BadRequest     400
├── Unauthorized   401
├── NotFound       404
├── NotAllowed     405
├── Conflict       409
├── TooLarge       413
├── WrongType      415
└── NotReady       503
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from mock_server.core.errors import LipflapError


class Problem(LipflapError):
    """A request that cannot be answered. The text is for the person who sent it, and never holds a key."""

    status: ClassVar[int]
    headers: Mapping[str, str] = {}


class BadRequest(Problem):
    """The request itself is wrong."""

    status = 400


class Unauthorized(Problem):
    """The admin token is missing, or another."""

    status = 401
    headers: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


class NotFound(Problem):
    """Nothing has this id or name."""

    status = 404


class NotAllowed(Problem):
    """``allowed`` are the methods that the path has (RFC 9110 § 15.5.6 wants them listed)."""

    status = 405

    def __init__(self, method: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{method} is not served here; {', '.join(allowed)} are")
        self.headers = {"Allow": ", ".join(allowed)}


class Conflict(Problem):
    """Not in this state."""

    status = 409


class TooLarge(Problem):
    """The body passes its cap."""

    status = 413


class WrongType(Problem):
    """The body is of no type that is read here."""

    status = 415


class NotReady(Problem):
    """The store does not answer."""

    status = 503
