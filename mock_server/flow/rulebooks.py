"""The rulebook of each table of each provider, made when it is first needed."""

from __future__ import annotations

from functools import cache

from contracts.contract import load_contract
from mock_server.core.rules import Rulebook


@cache
def rulebook(provider: str, table: str) -> Rulebook:
    """The rules of ``contracts/<provider>/rules.py`` under ``table``. Raises KeyError where there are none."""
    contract = load_contract(provider)
    return Rulebook(contract.rules[table], contract.order)
