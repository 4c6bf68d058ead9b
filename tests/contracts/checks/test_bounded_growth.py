"""O12 at its edges."""

from __future__ import annotations

import pytest

from contracts.checks.bounded_growth import CHECK, MOST_OPEN_FILES, MOST_RSS_BYTES
from contracts.checks.model import Verdict
from contracts.witness.witnessed import Outcome


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [
        ({}, Verdict.NOT_EXERCISED),
        ({"peak_rss_bytes": MOST_RSS_BYTES, "open_files": MOST_OPEN_FILES}, Verdict.PASS),
        ({"peak_rss_bytes": MOST_RSS_BYTES + 1}, Verdict.FAIL),
        ({"open_files": MOST_OPEN_FILES + 1}, Verdict.FAIL),
    ],
)
def test_only_what_was_measured_is_judged(tape, verdict_of, measured, verdict):
    assert verdict_of(CHECK, tape.case(Outcome(exit_code=0, **measured))) is verdict
