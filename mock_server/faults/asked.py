"""Faults that a request asks for itself: by a magic value in its body, or by a header where that is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from contracts.model import Violation
from mock_server.core.errors import ConfigurationError, Refused
from mock_server.core.fault import FaultRule, Occasion
from mock_server.faults.firing import Firing
from mock_server.faults.grammar import Grammar
from mock_server.faults.model import Fault
from mock_server.flow.call import Call, Headers

HEADER = "x-lipflap-fault"
WORD = "lipflap.fault"
MARK = WORD.encode()
_ERROR = "error:"
MAX_DEPTH = 8


class Asked(Struct, frozen=True):
    """``now`` fire at this request, ``later`` hold for the task that it creates."""

    now: tuple[Firing, ...] = ()
    later: tuple[FaultRule, ...] = ()


NOTHING = Asked()


def asked_rules(
    call: Call, provider: str, occasion: Occasion | None, grammar: Grammar, *, reads_header: bool
) -> Asked:
    """What the request asks for. Raises Refused("invalid-value") for words that cannot be obeyed."""
    asked = _header(call.headers) if reads_header else []
    headers, words = len(asked), [*asked, *_magic_words(call)]
    if not words:
        return NOTHING
    now, later = [], []
    for position, text in enumerate(words):
        try:
            rule, fault = grammar.parse(
                text, f"r{call.number}.{position}", provider=provider, now_ms=call.now_ms
            )
        except ConfigurationError as fault_of_words:
            raise _refused(str(fault_of_words)) from None
        at = _place(rule, fault, occasion, is_header=position < headers)
        if at is occasion:
            now.append(Firing(rule, fault, 1))
        elif occasion is not Occasion.SUBMIT:
            raise _refused(
                f"{fault.id} acts at {at}, and this request makes no task that could carry it there"
            )
        if at is not occasion:
            later.append(rule)
    return Asked(tuple(now), tuple(later))


def asked_at_download(headers: Headers, provider: str, now_ms: int, grammar: Grammar) -> tuple[Firing, ...]:
    """What the header of a download asks for. Raises ConfigurationError for words that cannot be obeyed there."""
    firings = []
    for position, text in enumerate(_header(headers)):
        rule, fault = grammar.parse(text, f"download.{position}", provider=provider, now_ms=now_ms)
        at = _place(rule, fault, Occasion.DOWNLOAD, is_header=True)
        if at is not Occasion.DOWNLOAD:
            raise ConfigurationError(f"{fault.id} acts at {at}, and this request is a download")
        firings.append(Firing(rule, fault, 1))
    return tuple(firings)


def _place(rule: FaultRule, fault: Fault, occasion: Occasion | None, *, is_header: bool) -> Occasion:
    """Where the fault is meant to act: a header that names no place means its own request, if that can be."""
    if rule.on is not None:
        return rule.on
    is_here = is_header and rule.window is None and occasion in fault.occasions
    return occasion if is_here and occasion is not None else fault.occasions[0]


def _header(headers: Headers) -> list[str]:
    return [part.strip() for part in (headers.get(HEADER) or "").split(",") if part.strip()]


def _magic_words(call: Call) -> Iterator[str]:
    if call.is_magic:
        # the error rows are obeyed where the provider reads its fields, in its own order of checks
        yield from (words for words in _magic(call.body, 0) if not words.startswith(_ERROR))


def _magic(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str) and WORD in value:
        if value.startswith(f"{WORD}="):
            yield value.removeprefix(f"{WORD}=").partition("#!")[0]
        else:
            yield from parse_qs(urlsplit(value).query).get(WORD, [])
    elif isinstance(value, dict) and depth < MAX_DEPTH:
        for item in value.values():
            yield from _magic(item, depth + 1)
    elif isinstance(value, list) and depth < MAX_DEPTH:
        for item in value:
            yield from _magic(item, depth + 1)


def _refused(reason: str) -> Refused:
    return Refused("invalid-value", (Violation(WORD, "magic", reason),))
