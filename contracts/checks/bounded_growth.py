"""O12: memory and open files stay within bounds, whatever the server sends. Only what was measured is judged."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.checks.evidence import finding
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped

ID = "bounded-growth"
GOOD = "It streams files to the disk, closes what it opens, and keeps no answer that it has read."

MIB = 2**20
MOST_RSS_BYTES = 1024 * MIB
"""ASSUMED: a runtime takes up to 300 MiB by itself, and no result here has more than a few MiB."""
MOST_OPEN_FILES = 256
"""ASSUMED: a quarter of what a process may open on most systems."""


def judge(case: Case) -> Judgement:
    """FAIL for a peak beyond a bound."""
    outcome = case.outcome
    if outcome.peak_rss_bytes is None and outcome.open_files is None:
        return skipped(ID, Verdict.NOT_EXERCISED)
    return judged(ID, list(_beyond(outcome.peak_rss_bytes or 0, outcome.open_files or 0)))


def _beyond(rss_bytes: int, open_files: int) -> Iterator[Finding]:
    if rss_bytes > MOST_RSS_BYTES:
        yield finding(f"it took {rss_bytes // MIB} MiB of memory; {MOST_RSS_BYTES // MIB} are plenty", GOOD)
    if open_files > MOST_OPEN_FILES:
        yield finding(f"it held {open_files} files and sockets open; {MOST_OPEN_FILES} are plenty", GOOD)


CHECK = Check(ID, "O12", "Memory and files stay bounded", GOOD, judge)
