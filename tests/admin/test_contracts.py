"""The contracts as they are served."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from contracts.contract import PROVIDERS, load_contract
from contracts.document import contract_text

if TYPE_CHECKING:
    from tests.admin.conftest import Desk


def test_every_contract_is_listed_with_paths_that_work(desk: Desk) -> None:
    rows = desk.get("contracts", key=None)["contracts"]
    assert {row["provider"] for row in rows} == set(PROVIDERS)
    for row in rows:
        contract = load_contract(row["provider"])
        assert (row["operations"], row["errors"]) == (len(contract.operations), len(contract.errors))
        for part in ("document_path", "errors_path", "rules_path"):
            assert desk.run(desk.asked("GET", row[part])).status_code == 200


def plain(table: object) -> object:
    """The table as JSON has it."""
    return json.loads(json.dumps(msgspec.to_builtins(table)))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_document_is_the_one_that_the_server_reads(desk: Desk, provider: str) -> None:
    answer = desk.ask("GET", f"contracts/{provider}.yaml", key=None)
    assert answer.headers["content-type"].startswith("application/yaml")
    assert answer.content == contract_text(provider)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_tables_are_whole(desk: Desk, provider: str) -> None:
    contract = load_contract(provider)
    errors = desk.get(f"contracts/{provider}/errors", key=None)["errors"]
    assert errors == plain(list(contract.errors.values()))
    found = desk.get(f"contracts/{provider}/rules", key=None)
    assert found["rules"] == plain(contract.rules)
    assert found["order"] == list(contract.order)
    assert found["retention"] == plain(list(contract.retention))


@pytest.mark.parametrize("path", ["acme.yaml", "acme/errors", "acme/rules", "..%2Fkling.yaml", "Kling.yaml"])
def test_a_provider_that_nobody_plays_has_no_contract(desk: Desk, path: str) -> None:
    assert desk.ask("GET", f"contracts/{path}", key=None).status_code == 404
