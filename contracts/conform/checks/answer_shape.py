"""Every answer has a documented status, is JSON, and has the shape that the contract gives it; callbacks too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts.conform.exchange import Exchange, part, text_at
from contracts.conform.lab import Lab
from contracts.conform.verdict import Check, Evidence, Finding
from contracts.contract import Contract
from contracts.model import Violation

MAX_TOLD = 4
"""Violations of one message that are put into words."""


def drive(lab: Lab) -> None:
    """It judges what all other checks have asked."""


def judge(evidence: Evidence) -> Sequence[Finding]:
    contract = evidence.contract
    findings = [
        finding
        for exchange in evidence.exchanges
        if exchange.operation
        for finding in _of_answer(contract, exchange)
    ]
    for callback in evidence.callbacks:
        violations = violations_of(contract, evidence.surface.callback_schema, callback.json)
        if violations:
            findings.append(
                Finding(f"a callback breaks the contract: {told_in_words(violations)}", (callback.quote(),))
            )
    return _without_repeats(findings)


def response_schema(contract: Contract, operation: str, status: int) -> str | None:
    """The component that describes the JSON of this answer; None for a status that is not documented."""
    document, row = contract.document, contract.operations[operation]
    response = part(document, "paths", row.path, row.method.lower(), "responses", str(status))
    reference = text_at(response, "$ref")
    if reference:
        response = part(document, *reference.removeprefix("#/").split("/"))
    schema = text_at(response, "content", "application/json", "schema", "$ref")
    return schema.rpartition("/")[2] or None


def _of_answer(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    if exchange.status == 0:
        yield Finding("no answer came", (exchange.quote(),))
        return
    statuses = contract.operations[exchange.operation].statuses
    if exchange.status not in statuses:
        known = ", ".join(str(status) for status in statuses)
        yield Finding(
            f"{exchange.operation} answers {exchange.status}; documented are {known}", (exchange.quote(),)
        )
        return
    if exchange.content_type.partition(";")[0].strip().lower() != "application/json":
        yield Finding(
            f"{exchange.operation} answers as {exchange.content_type or 'no type'}", (exchange.quote(),)
        )
    schema = response_schema(contract, exchange.operation, exchange.status)
    violations = violations_of(contract, schema, exchange.body) if schema else ()
    if violations:
        yield Finding(
            f"{exchange.operation} breaks {schema}: {told_in_words(violations)}", (exchange.quote(),)
        )


def violations_of(contract: Contract, schema: str, value: object) -> tuple[Violation, ...]:
    """What breaks the component ``schema``.

    Where a discriminator picks a branch, the branch's own violations say more than "fits none of these".
    """
    branch = contract.branch(schema, value) if isinstance(value, dict) else None
    return contract.violations(branch or schema, value)


def told_in_words(violations: Sequence[Violation]) -> str:
    """The first few as one clause."""
    told = "; ".join(violation.sentence() for violation in violations[:MAX_TOLD])
    return told if len(violations) <= MAX_TOLD else f"{told}; and {len(violations) - MAX_TOLD} more"


def _without_repeats(findings: Sequence[Finding]) -> list[Finding]:
    """The first of each sentence: one defect shows in every answer."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.says, finding)
    return list(first.values())


CHECK = Check("answer-shape", "answers in the documented shapes", drive, judge)
