"""O5: an answer that says when to come back is obeyed, in either of the forms of Retry-After."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import mktime_tz, parsedate_tz

from contracts.checks.evidence import after, finding, seconds
from contracts.checks.hearing import Heard, heard
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import has_fault, requests
from contracts.checks.wire import Act, act_of
from contracts.witness.witnessed import Line

ID = "retry-after"
GOOD = "It sends nothing to the API before the time that Retry-After names, be it seconds or a date."

SLACK_MS = 100
"""Clocks of two processes, one of them scaled, do not agree to the millisecond."""
DATE_SLACK_MS = 1_000
"""A date is exact to the second."""

MAY_ASK = frozenset(
    {
        "rate-429-seconds",
        "rate-429-http-date",
        "rate-429-huge-retry-after",
        "submit-503-not-accepted",
        "concurrency-429-submit",
    }
)
"""Faults whose answers name a time."""

_LATEST_S = 10**9


def judge(case: Case) -> Judgement:
    """FAIL for each request to the API that came before the time that the answer before it named."""
    asked = [(line, wait) for line in _api(case) if (wait := wait_ms(line)) is not None]
    if not asked:
        is_possible = has_fault(case, MAY_ASK)
        return skipped(ID, Verdict.NOT_EXERCISED if is_possible else Verdict.NOT_APPLICABLE)
    return judged(ID, list(_too_early(case, asked)))


def _too_early(case: Case, asked: list[tuple[Line, int]]) -> Iterator[Finding]:
    requests_sent = _api(case)
    for line, wait in asked:
        following = next((other for other in requests_sent if other.number > line.number), None)
        if following is None or following.at_ms - line.at_ms >= wait - _slack_ms(line):
            continue
        says = (
            f"#{following.number} came {after(following, line)} after #{line.number}, "
            f"whose answer ({line.status}) asked for {seconds(wait)}"
        )
        yield finding(says, GOOD, line, following)


def _api(case: Case) -> list[Line]:
    return [line for line in requests(case) if act_of(line) is not Act.DOWNLOAD]


def wait_ms(line: Line) -> int | None:
    """How long the answer asks its client to wait, from the moment of the request; None where it does not ask."""
    value = _header(line)
    if value is None or heard(line) is Heard.NO:
        return None
    if _is_seconds(value):
        return min(int(value[:10]), _LATEST_S) * 1000
    parts = parsedate_tz(value)
    if parts is None:
        return None
    try:
        # a date without a zone is meant as GMT, as HTTP has it
        return max(0, mktime_tz((*parts[:9], parts[9] or 0)) * 1000 - line.at_ms)
    except (ValueError, OverflowError):
        return None


def _header(line: Line) -> str | None:
    return next(
        (value.strip() for name, value in line.response_headers if name.lower() == "retry-after"), None
    )


def _is_seconds(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _slack_ms(line: Line) -> int:
    return SLACK_MS if _is_seconds(_header(line) or "") else DATE_SLACK_MS


CHECK = Check(ID, "O5", "Retry-After is obeyed", GOOD, judge)
