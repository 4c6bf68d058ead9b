"""A callback on its way out of the door, and what faults may make of it there."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from mock_server.core.plan import Stage


class Parcel(Struct, frozen=True):
    """One POST to a receiver. ``headers`` are complete, signature included, and ``body`` is what they sign.

    ``id`` is the delivery's, and ``secrets`` are what it was signed with (none: unsigned). ``failed_body`` and
    ``earlier`` are there for faults that tell another story: the same task as failed, and the bodies of the stages
    before this one, in order. Parcels of one ``wave`` leave at once, waves one after the other.
    """

    id: str
    body: bytes
    timestamp_s: int
    headers: Mapping[str, str]
    secrets: tuple[str, ...] = ()
    failed_body: bytes = b""
    earlier: tuple[tuple[Stage, bytes], ...] = ()
    wave: int = 0


class Postponed(Struct, frozen=True):
    """The callback is not sent now but after ``wait_ms`` on the tenant's clock."""

    wait_ms: int


class Mail(Struct, frozen=True):
    """What one attempt really sends, and the ids of the faults that had a hand in it. There is a first parcel."""

    parcels: tuple[Parcel, ...]
    faults: tuple[str, ...] = ()


class Held(Struct, frozen=True):
    """A fault keeps the callback back: for ``wait_ms`` on the tenant's clock, or (None) for good."""

    fault: str
    wait_ms: int | None = None
