"""What Kling's lip-sync calls cost, in resource units (kling.md § 3 and ambiguity 24)."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.model import Price

PRICES: tuple[Price, ...] = (
    Price("identify", "0.05", 0, "unit", "kling.md § 3 [client: provider catalogue of a dubbing app]"),
    Price("lip-sync", "0.5", 5, "unit", "kling.md § 3 [3p: notes of 2026-09 on the price page]"),
    Price("speech", "0.05", 0, "unit", "kling.md § 3 [3p: notes of 2026-09 on the price page]"),
)
"""A task that failed costs nothing. ASSUMED: kling.md ambiguity 24."""

UNPAID: Mapping[str, str] = {"exhausted": "pack-exhausted", "expired": "pack-exhausted", "arrears": "arrears"}
"""kling.md § 8: 1102 for a pack that is used up or expired, 1101 for arrears."""
