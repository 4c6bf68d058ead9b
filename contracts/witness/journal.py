"""The journal as the server tells it, line by line, in the judge's own values."""

from __future__ import annotations

from msgspec import UNSET
from msgspec.structs import replace

from contracts.witness.admin import Admin
from contracts.witness.witnessed import Body, Line


def journal_of(admin: Admin) -> tuple[Line, ...]:
    """Every line, in the order in which the exchanges began. Raises AdminError."""
    lines = sorted(admin.pages("journal", "entries", Line), key=lambda line: line.number)
    return tuple(replace(line, request=_own(line.request), response=_own(line.response)) for line in lines)


def _own(body: Body) -> Body:
    """The body by itself: what was read is a view into the whole answer, and would keep all of it."""
    return body if body.json is UNSET else replace(body, json=body.json.copy())
