"""The mutation test of the examiner: silent on the simulator, loud for each way in which it is broken on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from contracts.conform.checks import CHECKS
from contracts.conform.run import examine
from contracts.conform.target import Target
from contracts.conform.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = tuple(check.id for check in CHECKS)
KLING, KIRIN, GMI = ("kling",), ("kirin",), ("gmi",)
EVERYBODY = (*KLING, *KIRIN, *GMI)


@dataclass(frozen=True)
class Found:
    """By which check a break is found, at whom it can happen, and what it entails besides: the same lie elsewhere."""

    check: str
    at: tuple[str, ...] = EVERYBODY
    besides: dict[str, set[str]] = field(default_factory=dict)


FOUND = {
    "wrong status word": Found("answer-shape"),
    "milliseconds for seconds": Found(
        "time-units",
        besides={
            "kling": {"callback-equals-poll"},
            "kirin": {"callback-equals-poll"},
            "gmi": {"answer-shape"},
        },
    ),
    "terminal regress": Found("terminal-final"),
    "missing field": Found("answer-shape"),
    # an error's body under a 200 is no task either
    "200 for 404": Found("documented-errors", besides={provider: {"answer-shape"} for provider in EVERYBODY}),
    "foreign task visible": Found("own-tasks-only"),
    "duplicate accepted": Found("external-id-once", KLING + KIRIN),
    "expired session accepted": Found("session-expiry"),
    "callback differs from poll": Found("callback-equals-poll", KLING + KIRIN),
    "rule off by one": Found("timing-rules"),
    "list lags behind": Found("list-contains", KLING + GMI),
    "one id for all answers": Found("unique-ids", KLING + KIRIN),
    "status flaps": Found("status-order", KLING + GMI),
}
SKIPPED = {"kling": set(), "kirin": {"list-contains"}, "gmi": {"callback-equals-poll", "external-id-once"}}
LEAST_COMPARED = {"kling": 7, "kirin": 12, "gmi": 12}
CASES = [(name, provider) for name, found in FOUND.items() for provider in found.at]


@pytest.mark.parametrize(("name", "provider"), CASES)
def test_a_break_is_found_by_the_check_that_is_about_it(
    name: str, provider: str, broken_server: Callable[[str], str]
) -> None:
    found = FOUND[name]
    target = Target(provider, broken_server(name), "mutant", checks=OWN)
    report = examine(target)
    assert {result.check for result in report.failed} == {found.check} | found.besides.get(provider, set())


@pytest.mark.parametrize("provider", EVERYBODY)
def test_the_simulator_as_it_is_passes_every_check(
    provider: str, broken_server: Callable[[str], str]
) -> None:
    report = examine(Target(provider, broken_server("not at all"), "sound", checks=(*OWN, "drift")))
    assert [finding for result in report.results for finding in result.findings] == []
    assert {result.check for result in report.results if result.verdict is Verdict.SKIPPED} == SKIPPED[
        provider
    ]
    assert not [row for row in report.drift if row.who not in {"nobody", "unknown"}]
    assert sum(row.who == "nobody" for row in report.drift) >= LEAST_COMPARED[provider]


def test_every_break_is_tried(break_names: set[str]) -> None:
    assert set(FOUND) == break_names - {"not at all"}
