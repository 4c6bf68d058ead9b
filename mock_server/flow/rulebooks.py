"""The rulebook of each table of each provider, and what of it is asked for apart; made when first needed."""

from __future__ import annotations

from functools import cache

from contracts.contract import load_contract
from mock_server.core.rules import Rulebook


@cache
def rulebook(provider: str, table: str) -> Rulebook:
    """The rules of ``contracts/<provider>/rules.py`` under ``table``. Raises KeyError where there are none."""
    contract = load_contract(provider)
    return Rulebook(contract.rules[table], contract.order)


@cache
def max_bytes(provider: str, table: str, rule_id: str) -> int:
    """How large the file may be that the rule ``rule_id`` of the table is about. Raises KeyError."""
    return int(load_contract(provider).rule(table, rule_id).limits["max_bytes"])
