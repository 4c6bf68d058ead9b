"""What a scenario's form cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_server.core.errors import ConfigurationError
from mock_server.scenarios.checking import complaints, require_playable
from mock_server.scenarios.library import read_text

if TYPE_CHECKING:
    from mock_server.core.dialect import Dialect
    from mock_server.faults.grammar import Grammar


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("faults: [no-such-fault]", "faults[0]: there is no fault"),
        ("faults: [stuck-queued, 'stuck-queued;depth=2']", "faults[1]: stuck-queued has no param"),
        (
            "faults: [auth-missing-typ]\nproviders: [gmi]",
            "faults[0]: auth-missing-typ applies to none of gmi",
        ),
        (
            "faults: ['stuck-queued;provider=gmi']\nproviders: [kling]",
            "faults[0]: stuck-queued applies to none",
        ),
        ("faults: [callback-lost]", "faults[0]: callback-lost shows only with a callback"),
        ("dialects: {kling.no_face: maybe}", "dialects: dialect kling.no_face must be one of"),
        ("dialects: {kling.nose: empty}", "dialects: unknown dialect"),
        ("expect: {outcome: failure, reason: slots-full}\nproviders: [gmi]", "expect.reason: 'slots-full'"),
    ],
)
def test_each_complaint_names_its_place(
    text: str, said: str, grammar: Grammar, dialects: tuple[Dialect, ...]
) -> None:
    (found,) = complaints(read_text(f"name: x\n{text}"), grammar, dialects)
    assert found.startswith(said)


def test_all_complaints_are_told_at_once(grammar: Grammar, dialects: tuple[Dialect, ...]) -> None:
    scenario = read_text("name: x\nfaults: [a, b]\ndialects: {c: d}")
    assert len(list(complaints(scenario, grammar, dialects))) == 3
    with pytest.raises(ConfigurationError, match=r"scenario x: faults.0.: .*; faults.1.: .*; dialects: "):
        require_playable(scenario, grammar, dialects)


def test_a_scenario_without_a_fault_can_be_played(grammar: Grammar, dialects: tuple[Dialect, ...]) -> None:
    require_playable(read_text("name: x"), grammar, dialects)
