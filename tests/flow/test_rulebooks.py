"""A rulebook is made once for each table of each provider."""

from __future__ import annotations

import pytest

from contracts.contract import PROVIDERS, load_contract
from mock_server.flow.rulebooks import rulebook


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_table_has_a_rulebook_made_once(provider: str) -> None:
    for table in load_contract(provider).rules:
        assert rulebook(provider, table) is rulebook(provider, table)


def test_a_table_that_does_not_exist_is_a_bug_of_ours() -> None:
    with pytest.raises(KeyError):
        rulebook("gmi", "speech")
