"""Wrong requests are answered with the rows of the error table: cheap ones, that no server can take for an order."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from contracts.conform.exchange import Caller, Exchange, Request
from contracts.conform.lab import Lab
from contracts.conform.purse import PurseEmpty
from contracts.conform.surfaces.surface import Order
from contracts.conform.verdict import Check, Evidence, Finding
from contracts.conform.wrong_bodies import wrong_bodies
from contracts.contract import Contract

ID = "documented-errors"
NO_SESSION = "100000000000000000"


def drive(lab: Lab) -> None:
    """Strangers, things that do not exist, and bodies with one thing wrong."""
    surface = lab.surface
    poll = surface.poll(surface.unknown_task)
    submit = surface.submit(Order(NO_SESSION, lab.sound.having(duration_ms=6000)))
    for request in (poll, submit):
        lab.ask(request, Caller.NOBODY, "without a key", "auth-missing")
        lab.ask(request, Caller.OTHER_SCHEME, "with another scheme than Bearer", "auth-invalid")
        if surface.forges:
            lab.ask(request, Caller.FORGER, "with a token that nobody has signed", "auth-invalid")
        if not lab.takes_any_key:
            lab.ask(request, Caller.WRONG_KEY, "with a key that nobody was given", "auth-invalid")
    for operation in sorted(surface.not_found):
        unknown = surface.poll(surface.unknown_task, operation)
        lab.ask(unknown, label="a task that does not exist", expects="not-found")
    lab.ask(Request("", "GET", f"{submit.path}/no/such/route"), label="no such route", expects="no-route")
    with lab.purse.shut():
        _malformed(lab, submit)
        for request in (submit, surface.identify(lab.video.having(duration_ms=10_000))):
            _wrong(lab, request)


def judge(evidence: Evidence) -> Sequence[Finding]:
    return [
        Finding(
            f"{exchange.label} is answered {_answered(evidence, exchange)}; documented is {wanted}",
            (exchange.quote(),),
        )
        for exchange in evidence.of(ID)
        if exchange.expects and not _is_row(evidence, exchange)
        for wanted in (_row_in_words(evidence.contract, exchange.expects),)
    ]


def _malformed(lab: Lab, submit: Request) -> None:
    broken = replace(submit, raw=b'{"half": ')
    lab.ask(broken, label="a body that is no JSON", expects="invalid-request")
    typed = replace(submit, raw=submit.content, content_type="text/plain")
    # it could be taken for an order, but for one of a session that does not exist
    _try(lab, typed, "a body that is not declared as JSON", "invalid-request")


def _wrong(lab: Lab, request: Request) -> None:
    assert isinstance(request.body, dict), "an order is an object"
    for wrong in wrong_bodies(lab.contract, lab.surface, request.operation, request.body):
        _try(lab, replace(request, body=wrong.body), wrong.says, "invalid-value")


def _try(lab: Lab, request: Request, label: str, expects: str) -> None:
    """Leave it where a server could take it for an order, and orders cost."""
    try:
        lab.ask(request, label=label, expects=expects)
    except PurseEmpty:
        return


def _is_row(evidence: Evidence, exchange: Exchange) -> bool:
    row = evidence.contract.errors[exchange.expects]
    code = evidence.surface.code_of(exchange.body)
    return exchange.status == row.http_status and code in {row.code, ""} and bool(code) == bool(row.code)


def _answered(evidence: Evidence, exchange: Exchange) -> str:
    return f"{exchange.status} {evidence.surface.code_of(exchange.body)}".strip()


def _row_in_words(contract: Contract, name: str) -> str:
    row = contract.errors[name]
    return f"{row.http_status} {row.code} ({name})".replace("  ", " ")


CHECK = Check(ID, "refuses wrong requests with the documented errors", drive, judge)
