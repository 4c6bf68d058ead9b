"""What GMI Cloud's two models cost, in US dollars (gmi.md § 7)."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.model import Price

PRICES: tuple[Price, ...] = (
    Price("identify", "0.05", 0, "USD", "gmi.md § 7.1 [field: C]"),
    Price(
        "lip-sync",
        "0.5",
        5,
        "USD",
        "ASSUMED: gmi.md § 7.2 has no price; Kling's 0.5 unit per 5 s (kling.md § 3), at the dollar a unit "
        "that the 0.05 of identify implies",
    ),
)
"""ASSUMED: a request that failed or was cancelled costs nothing, as on Kling (kling.md ambiguity 24)."""

UNPAID: Mapping[str, str] = dict.fromkeys(("exhausted", "expired", "arrears"), "insufficient-credits")
"""gmi.md § 6: one 402 for every account without credits."""
