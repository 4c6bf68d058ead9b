"""O8: the key goes to the API's own host, in a header, and nowhere else; and no link leads the client to others' keys.

The server redacts secrets before it writes a header down, so a header that reads ``redacted`` is the evidence that
there was one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from contracts.checks.evidence import finding, numbered
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import requests
from contracts.checks.wire import Act, act_of
from contracts.witness.witnessed import Body, Line

ID = "secret-stays-home"
GOOD = "It sends its key in the Authorization header to the API alone, and drops it where a link leads elsewhere."
GOOD_AT_LINKS = "It looks at where a link leads before it goes there, and into no network of its own."

SECRET_HEADERS = frozenset({"authorization", "x-api-key"})
SHORTEST_SECRET = 6
"""A shorter key would be found by chance."""
_IN_QUERY = re.compile(r"[?&](?:api_?key|key|token)=redacted", re.IGNORECASE)


def judge(case: Case) -> Judgement:
    """FAIL for a key in a URL, in a body, in another header, or in any header to another host; and for going within."""
    lines = requests(case)
    home = next(
        (host for line in lines if act_of(line) is not Act.DOWNLOAD and (host := line.header("host"))), None
    )
    if not lines:
        return skipped(ID, Verdict.NOT_EXERCISED)
    sent = (_abroad(lines, home), _in_url(case, lines), _in_body(case, lines), _in_header(case, lines))
    found = (*sent, _within(case, lines))
    return judged(ID, [one for part in found for one in part])


def _abroad(lines: tuple[Line, ...], home: str | None) -> Iterator[Finding]:
    away = [
        line
        for line in lines
        if home and line.header("host") not in {None, home} and any(map(line.header, SECRET_HEADERS))
    ]
    if away:
        yield finding(
            f"{numbered(away)} took the key to {away[0].header('host')}, while the API is at {home}",
            GOOD,
            *away,
        )


def _in_url(case: Case, lines: tuple[Line, ...]) -> Iterator[Finding]:
    shown = [
        line
        for line in lines
        if _IN_QUERY.search(line.target) or any(secret in line.target for secret in _secrets(case))
    ]
    if shown:
        yield finding(f"{numbered(shown)} had the key in the URL, where every log keeps it", GOOD, *shown)


def _in_body(case: Case, lines: tuple[Line, ...]) -> Iterator[Finding]:
    shown = [line for line in lines if any(secret in _words(case, line.request) for secret in _secrets(case))]
    if shown:
        yield finding(f"{numbered(shown)} had the key in the body", GOOD, *shown)


def _in_header(case: Case, lines: tuple[Line, ...]) -> Iterator[Finding]:
    shown = [
        (line, name)
        for line in lines
        for name, value in line.headers
        if any(secret in value for secret in _secrets(case))
    ]
    if shown:
        yield finding(
            f"{numbered([shown[0][0]])} had the key in the header {shown[0][1]}",
            GOOD,
            *(line for line, _ in shown),
        )


def _within(case: Case, lines: tuple[Line, ...]) -> Iterator[Finding]:
    """Clouds keep the keys of a machine at an address of its own network."""
    inner = [host for host in case.outcome.reached if not _is_public(host)]
    if inner:
        led = [line for line in lines if act_of(line) is Act.DOWNLOAD and 300 <= line.status < 400]
        says = f"it followed a link to {', '.join(inner)}, an address within, where a machine's own keys are kept"
        yield finding(says, GOOD_AT_LINKS, *led[:1])


def _is_public(host: str) -> bool:
    """Of ``address:port``. A name is nobody's address yet."""
    try:
        return ip_address(host.rpartition(":")[0].strip("[]")).is_global
    except ValueError:
        return True


def _secrets(case: Case) -> tuple[str, ...]:
    """The key, and of a pair also its second half, which signs."""
    halves = (case.key, case.key.rpartition(":")[2])
    return tuple(half for half in dict.fromkeys(halves) if len(half) >= SHORTEST_SECRET)


def _words(case: Case, body: Body) -> str:
    """The body without the address for callbacks, which is the judge's own and may name the cell."""
    try:
        words = body.data.decode("utf-8", "replace")
    except ValueError:
        return ""
    return words.replace(case.callback_url, "") if case.callback_url else words


CHECK = Check(ID, "O8", "The key stays with the API", GOOD, judge)
