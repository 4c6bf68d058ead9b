"""What Kirin's calls cost, in US dollars (kirin.md ambiguity 30)."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.model import Price

_SOURCE = "ASSUMED: kirin.md ambiguity 30: Kling's units at 0.14 USD; the gateway's own prices were not seen"

PRICES: tuple[Price, ...] = (
    Price("identify", "0.007", 0, "USD", _SOURCE),
    Price("lip-sync", "0.07", 5, "USD", _SOURCE),
    Price("speech", "0.007", 0, "USD", _SOURCE),
)
"""A task that failed carries no ``usage`` and costs nothing (ambiguity 32)."""

UNPAID: Mapping[str, str] = dict.fromkeys(("exhausted", "expired", "arrears"), "insufficient-credits")
"""kirin.md ambiguity 20: 403 by default; the 402 of one client comes as ``error:payment-required``."""
