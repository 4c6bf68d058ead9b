"""What Schemathesis reports of a run: every case, what it was answered, and which checks it did not pass."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from contracts.conform.exchange import part, text_at


class GeneratedCase(Struct, frozen=True):
    """One case and its answer. ``status`` is 0 where none came.

    ``is_in_shape`` says whether the request was meant to keep the contract, ``failed`` which checks it did not pass,
    and ``reasons`` why not, in the order of ``failed``.
    """

    case_id: str
    phase: str
    is_in_shape: bool
    method: str
    path: str
    request: bytes
    status: int
    answer: bytes
    failed: tuple[str, ...]
    reasons: tuple[str, ...] = ()

    def quote(self) -> str:
        """The case as evidence is quoted."""
        sent = self.request.decode(errors="replace")[:300]
        said = self.answer.decode(errors="replace")[:300]
        return f"{self.method} {self.path} {sent} -> {self.status or 'no answer'} {said}"


class GeneratedRun(Struct, frozen=True):
    """One run. ``phases`` gives each phase its end, such as ``success``; ``checks`` are those that were made.

    ``exit_code`` is 0 for none, 1 for some findings; anything else says that the tool itself broke.
    """

    exit_code: int
    output: str
    phases: Mapping[str, str]
    checks: frozenset[str]
    exchanges: tuple[GeneratedCase, ...]

    @property
    def failed(self) -> frozenset[str]:
        """The checks that did not pass somewhere."""
        return frozenset(name for exchange in self.exchanges for name in exchange.failed)


def read_run(exit_code: int, output: str, ndjson: Path) -> GeneratedRun:
    """The run that left ``ndjson``, one event a line; empty where there is none."""
    phases: dict[str, str] = {}
    cases: list[GeneratedCase] = []
    checks: set[str] = set()
    for line in ndjson.read_bytes().splitlines() if ndjson.exists() else ():
        [(event, about)] = msgspec.json.decode(line, type=dict[str, object]).items()
        if event == "PhaseFinished":
            phases[text_at(about, "phase", "name")] = text_at(about, "status")
        if event == "ScenarioFinished":
            recorder = part(about, "recorder")
            cases += _cases(text_at(about, "phase"), recorder)
            checks |= {
                text_at(check, "name") for made in _values(recorder, "checks") for check in _items(made)
            }
    return GeneratedRun(exit_code, output, phases, frozenset(checks), tuple(cases))


def _cases(phase: str, recorder: object) -> Iterator[GeneratedCase]:
    cases = part(recorder, "cases")
    for case_id, made in cases.items() if isinstance(cases, dict) else ():
        sent = part(recorder, "interactions", case_id)
        failed = [
            check
            for check in _items(part(recorder, "checks", case_id))
            if text_at(check, "status") == "failure"
        ]
        yield GeneratedCase(
            case_id=case_id,
            phase=phase,
            is_in_shape=text_at(made, "value", "meta", "generation", "mode") == "positive",
            method=text_at(made, "value", "method"),
            path=text_at(made, "value", "path"),
            request=_bytes(part(sent, "request", "body")),
            status=int(text_at(sent, "response", "status_code") or 0),
            answer=_bytes(part(sent, "response", "content")),
            failed=tuple(text_at(check, "name") for check in failed),
            reasons=tuple(_reason(check) for check in failed),
        )


def _reason(check: object) -> str:
    failure = part(check, "failure_info", "failure")
    title, message = text_at(failure, "title"), text_at(failure, "message")
    return ": ".join(filter(None, (title, " ".join(message.split()))))[:400]


def _bytes(content: object) -> bytes:
    return b64decode(text_at(content, "$base64"))


def _values(holder: object, name: str) -> list[object]:
    found = part(holder, name)
    return list(found.values()) if isinstance(found, dict) else []


def _items(found: object) -> list[object]:
    return found if isinstance(found, list) else []
