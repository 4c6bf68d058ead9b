"""Loading a contract, what can be asked of it, and that the server serves what it documents and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import contract as loader
from contracts.contract import PROVIDERS, Contract, load_contract
from contracts.model import Channel, ErrorCode
from mock_server.providers.base import Provider
from mock_server.providers.gmi import GmiProvider
from mock_server.providers.kirin import KirinProvider
from mock_server.providers.kling import KlingProvider

SERVED: tuple[Provider, ...] = (KirinProvider(), GmiProvider(), KlingProvider())
each_contract = pytest.mark.parametrize("provider", PROVIDERS)
each_served = pytest.mark.parametrize("served", SERVED, ids=lambda served: served.name)
Json = Mapping[str, object]


@each_contract
def test_a_contract_is_loaded_once(provider: str) -> None:
    assert load_contract(provider) is load_contract(provider)
    assert load_contract(provider).provider == provider


@pytest.mark.parametrize("name", ["", "Kling", "contract", "../kling"])
def test_there_are_no_other_contracts(name: str) -> None:
    with pytest.raises(KeyError):
        load_contract(name)


@each_contract
def test_every_operation_of_the_document_is_loaded(provider: str) -> None:
    contract = load_contract(provider)
    paths = cast(Mapping[str, Json], contract.document["paths"])
    methods = {"get", "post", "put", "patch", "delete"}
    documented = {
        (method.upper(), path) for path, item in paths.items() for method in item if method in methods
    }
    assert {(operation.method, operation.path) for operation in contract.operations.values()} == documented
    assert len(contract.operations) == len(documented)


@each_contract
def test_every_parameter_in_a_path_is_documented_and_required(provider: str) -> None:
    for operation in load_contract(provider).operations.values():
        named = {part[1:-1] for part in operation.path.split("/") if part.startswith("{")}
        documented = {parameter.name for parameter in operation.parameters if parameter.location == "path"}
        assert named == documented
        assert all(
            parameter.is_required for parameter in operation.parameters if parameter.location == "path"
        )


@each_contract
def test_every_request_body_has_a_schema_that_compiles(provider: str) -> None:
    contract = load_contract(provider)
    for operation in contract.operations.values():
        if operation.request_schema is not None:
            assert contract.component(operation.request_schema)
            assert contract.violations(operation.request_schema, None)


@each_contract
def test_every_operation_documents_success_and_refusal(provider: str) -> None:
    for operation in load_contract(provider).operations.values():
        assert any(status < 300 for status in operation.statuses), operation.id
        assert any(status >= 400 for status in operation.statuses), operation.id


@each_contract
def test_rules_and_orders_lead_to_rows_of_the_error_table(provider: str) -> None:
    contract = load_contract(provider)
    named = {rule.error for rules in contract.rules.values() for rule in rules}
    assert named <= set(contract.errors)
    assert len(set(contract.order)) == len(contract.order)
    assert {"auth", "route", "json", "identity", "audio", "timing"} <= set(contract.order)


@each_contract
def test_every_table_of_rules_names_each_rule_once(provider: str) -> None:
    contract = load_contract(provider)
    for table, rules in contract.rules.items():
        assert len({rule.id for rule in rules}) == len(rules)
        assert all(contract.rule(table, rule.id) is rule for rule in rules)


def test_a_rule_that_does_not_stand_in_the_table_is_a_bug_of_ours() -> None:
    with pytest.raises(KeyError):
        load_contract("kling").rule("video", "overlap")


@each_served
def test_served_operations_are_exactly_the_documented_ones(served: Provider) -> None:
    assert set(served.handlers) == set(load_contract(served.name).operations)


def test_every_contract_is_served() -> None:
    assert sorted(served.name for served in SERVED) == sorted(PROVIDERS)


@each_served
def test_every_documented_path_is_its_own_providers(served: Provider) -> None:
    for operation in served.contract.operations.values():
        owners = [other.name for other in SERVED if operation.path.startswith(other.prefixes)]
        assert owners == [served.name], operation.path


@pytest.mark.parametrize(
    ("schema", "value", "component"),
    [
        ("SubmitBody", {"model": "kling-lip-sync"}, True),
        ("SubmitBody", {"model": "kling-identify-face"}, True),
        ("SubmitBody", {"model": "none"}, False),
        ("SubmitBody", {"model": 7}, False),
        ("SubmitBody", {}, False),
        ("UploadUrlRequest", {"model": "kling-lip-sync"}, False),
    ],
)
def test_the_discriminator_picks_the_component(schema: str, value: Json, component: bool) -> None:
    contract = load_contract("gmi")
    found = contract.branch(schema, value)
    assert (found is not None) is component
    assert found is None or contract.component(found)


@each_contract
def test_every_branch_of_every_discriminator_leads_to_a_component(provider: str) -> None:
    contract = load_contract(provider)
    for name, schema in _components(contract).items():
        discriminator = cast(Json, schema.get("discriminator", {}))
        for chosen in cast(Json, discriminator.get("mapping", {})):
            found = contract.branch(name, {cast(str, discriminator["propertyName"]): chosen})
            assert found is not None
            assert contract.component(found)


@given(st.text(max_size=6))
def test_paths_of_violations_start_where_they_are_told_to(root: str) -> None:
    contract = load_contract("kling")
    found = contract.violations("LipSyncRequest", {"session_id": "", "face_choose": []}, root)
    assert found
    lead = f"{root}." if root else ""
    assert {violation.path for violation in found} == {f"{lead}session_id", f"{lead}face_choose"}


def test_what_is_valid_breaks_nothing() -> None:
    entry = {
        "face_id": "0",
        "sound_file": "https://a.test/a.mp3",
        "sound_start_time": 0,
        "sound_end_time": 3000,
    }
    body = {"session_id": "1", "face_choose": [{**entry, "sound_insert_time": 0}]}
    assert load_contract("kling").violations("LipSyncRequest", body) == ()


def test_two_rows_of_one_name_are_refused_when_the_contract_is_loaded() -> None:
    row = ErrorCode("twice", Channel.HTTP, 400, "1", "", "", "", "", False, "", "")
    with pytest.raises(ValueError, match="two rows of the error table of kling share a name"):
        loader._unique_by_name("kling", [row, row])


def _components(contract: Contract) -> Mapping[str, Json]:
    components = cast(Mapping[str, Json], contract.document["components"])
    return cast(Mapping[str, Json], components["schemas"])
