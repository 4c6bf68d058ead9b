"""The journal as the server tells it, line by line, in the judge's own values."""

from __future__ import annotations

from msgspec import Raw, Struct
from msgspec.structs import asdict

from contracts.admin import Admin
from contracts.witnessed import Body, Line

_NONE = Raw(b"")


class _Told(Struct, frozen=True):
    """A body: exactly one of the last three is there. What stands under ``json`` is kept as it was written."""

    bytes: int = 0
    is_cut: bool = False
    json: Raw = _NONE
    text: str | None = None
    base64: str | None = None

    def body(self) -> Body:
        # a copy: the original is a view into the whole answer
        json = Raw(bytes(self.json)) if bytes(self.json) else None
        return Body(self.bytes, self.is_cut, json, self.text, self.base64)


class _Entry(Line, frozen=True):
    request: _Told = _Told()  # type: ignore[assignment]  # read so, and given away as a Line
    response: _Told = _Told()  # type: ignore[assignment]

    def line(self) -> Line:
        fields = {**asdict(self), "request": self.request.body(), "response": self.response.body()}
        return Line(**fields)


def journal_of(admin: Admin) -> tuple[Line, ...]:
    """Every line, in the order in which the exchanges began. Raises AdminError."""
    entries = admin.pages("journal", "entries", _Entry)
    return tuple(sorted((entry.line() for entry in entries), key=lambda line: line.number))
