"""What one connection may cost: how long each of its phases may last, and how large a request may be."""

from __future__ import annotations

from dataclasses import dataclass

from mock_server.settings import Settings

LINGER_S = 2.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes; the numbers below are the ones that no setting changes."""

    first_byte_s: float
    head_s: float
    body_s: float
    body_bytes_per_s: int
    idle_s: float
    write_s: float
    body_bytes: int
    connections: int
    stalled: int
    head_bytes: int = 64 * 1024
    header_count: int = 100
    target_bytes: int = 8 * 1024
    framing_bytes: int = 64 * 1024
    """What chunk sizes, extensions and trailers may take; beyond it, no more than the content itself."""
    stall_s: float = 1.0
    """After so long without progress a reader counts as stalled."""
    linger_s: float = LINGER_S
    """How long a refused client may go on sending, so that it can read the refusal instead of a reset."""

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """As ``settings`` have them; the cap on bodies is never below one that the application grants."""
        body_bytes = (settings.request_body_bytes, settings.json_body_bytes, settings.audio_body_bytes)
        return cls(
            first_byte_s=settings.first_byte_timeout_s,
            head_s=settings.head_timeout_s,
            body_s=settings.body_timeout_s,
            body_bytes_per_s=settings.body_bytes_per_s,
            idle_s=settings.idle_timeout_s,
            write_s=settings.write_timeout_s,
            body_bytes=max(body_bytes),
            connections=settings.connections_per_address,
            stalled=settings.stalled_per_address,
            linger_s=min(LINGER_S, settings.idle_timeout_s),
        )

    @property
    def shortest_s(self) -> float:
        """The shortest of the deadlines."""
        return min(self.first_byte_s, self.head_s, self.body_s, self.idle_s, self.write_s, self.linger_s)
