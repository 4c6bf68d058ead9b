"""Faults of one tenant: switched on by a test, and expected to fire in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec
from msgspec import Struct

from contracts.witness.admin import Admin, AdminError

SCENARIO = "scenario."
"""How the ids of a scenario's rules begin."""


class Rule(Struct, frozen=True):
    """A fault that is switched on. ``seen`` counts the occasions that it was asked about, ``fired`` those it took."""

    id: str
    fault: str
    on: str
    window: str
    seen: int
    fired: int
    bound_to: str | None = None

    def said(self) -> str:
        """As in ``gateway-502-html@poll#2 (f1)``."""
        return f"{self.fault}@{self.on}#{self.window} ({self.id})"


class _Rules(Struct):
    faults: list[Rule]


class Faults:
    """``lipflap.faults("gateway-502-html@poll#2-4")`` switches faults on, in any form that the server takes."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin
        self._expected: list[str] = []

    def __call__(self, *specs: str | Mapping[str, object], optional: bool = False) -> tuple[str, ...]:
        """Switch on all of them or none; the ids of the rules, in order.

        A test fails whose faults have not fired in the end, unless they are ``optional``. Raises AdminError with the
        server's reason for what cannot be.
        """
        __tracebackhide__ = True
        made: list[str] = []
        for spec in specs:
            # the server takes a text as well as a form
            try:
                answer = self._admin.send("POST", "faults", cast("Mapping[str, object]", spec))
            except AdminError as wrong:
                # again from here: the way to the server says nothing about the test
                raise AdminError(str(wrong)) from None
            made += [rule.id for rule in _read(answer)]
        if not optional:
            self._expected += made
        return tuple(made)

    def rules(self) -> tuple[Rule, ...]:
        """What is switched on for this tenant now."""
        return tuple(self._admin.read("faults", _Rules).faults)

    def fired(self, name: str) -> int:
        """How often a fault fired, by its id in the catalogue or by that of its rule."""
        return sum(rule.fired for rule in self.rules() if name in {rule.id, rule.fault})

    def clear(self) -> None:
        """Switch off everything, and expect nothing any more."""
        self._admin.send("DELETE", "faults")
        self._expected.clear()

    def unused(self) -> tuple[Rule, ...]:
        """Those that were to fire and have not; of a scenario's faults one is enough."""
        rules = [rule for rule in self.rules() if rule.bound_to is None]
        idle = [rule for rule in rules if rule.id in self._expected and not rule.fired]
        of_scenario = [rule for rule in rules if rule.id.startswith(SCENARIO)]
        if not any(rule.fired for rule in of_scenario):
            idle += of_scenario
        return tuple(idle)


def _read(answer: bytes) -> list[Rule]:
    return msgspec.json.decode(answer, type=_Rules).faults
