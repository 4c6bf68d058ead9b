"""The types that a contract is made of. Values only: no I/O, no library, no provider."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class Channel(StrEnum):
    """Where a provider reports an error."""

    HTTP = "http"
    """The answer to the request itself."""
    TASK = "task"
    """A task that was accepted and then failed."""


class ErrorCode(Struct, frozen=True):
    """One row of a provider's error table.

    ``name`` is our handle on the row (kebab-case, unique in the table); everything else is the
    provider's. ``code`` is text because one provider's codes begin with a zero; it is empty where the
    provider answers with a status and no code.
    """

    name: str
    channel: Channel
    http_status: int
    code: str
    group: str
    meaning: str
    message: str
    """The sentence the provider sends when nothing more precise is known."""
    advice: str
    """What the caller should do."""
    is_retryable: bool
    when: str
    """What brings it about here: the request or the magic value that produces the row."""
    source: str


class Rule(Struct, frozen=True):
    """One rule that OpenAPI cannot hold, because it spans fields, files, or time.

    ``number`` is the one that Kling's page gives it, or 0.
    ``id`` names the function that judges it, in ``mock_server.core.video_rules`` or ``clip_rules``; ``limits`` are
    its numbers, units in their names; ``accepts`` is a closed set of words, where the rule is about one. ``error``
    is the name of the row in the error table of the provider that finds the fault.
    """

    number: int
    id: str
    says: str
    error: str
    source: str
    limits: Mapping[str, int | float]
    accepts: tuple[str, ...] = ()
    field: str = ""
    """The field that a violation names, in the provider's spelling; a leading ``/`` counts from the request's root.

    Empty where it is the field that names the file, whichever that is.
    """


class Violation(Struct, frozen=True, gc=False):
    """One way in which a message breaks its contract. ``path`` is a JSON path such as ``face_choose[0].face_id``."""

    path: str
    rule: str
    message: str

    def sentence(self) -> str:
        """The violation as one clause, path first."""
        return f"{self.path} {self.message}" if self.path else self.message


class Parameter(Struct, frozen=True):
    """One query, path or header parameter, with its JSON Schema."""

    name: str
    location: str
    is_required: bool
    schema: Mapping[str, object]


class Operation(Struct, frozen=True):
    """One operation of a provider: what OpenAPI calls path + method."""

    id: str
    method: str
    path: str
    request_schema: str | None
    """Name of the component schema of the JSON body; None where the operation takes none."""
    parameters: tuple[Parameter, ...]
    statuses: tuple[int, ...]


class Price(Struct, frozen=True):
    """What one call costs: ``amount`` (a decimal, as text) once, or for each begun ``per_s`` seconds of video."""

    operation: str
    amount: str
    per_s: int
    currency: str
    source: str
