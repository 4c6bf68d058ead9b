"""Rows for readers: everything a person is told of a fault."""

from __future__ import annotations

import json

import msgspec

from contracts.contract import load_contract
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.described import DescribedFault, all_described, described
from mock_server.faults.model import ALL_PROVIDERS, Layer


def test_the_list_is_the_catalogue_and_then_each_name_of_an_error_table_once() -> None:
    rows = all_described(CATALOGUE)
    ids = [row.id for row in rows]
    assert ids[: len(CATALOGUE)] == list(CATALOGUE.ids())
    errors = {f"error:{name}" for provider in ALL_PROVIDERS for name in load_contract(provider).errors}
    assert set(ids[len(CATALOGUE) :]) == errors
    assert len(set(ids)) == len(ids)


def test_filters_keep_what_fits() -> None:
    everything = all_described(CATALOGUE)
    for layer in Layer:
        assert all_described(CATALOGUE, layer) == tuple(row for row in everything if row.layer is layer)
    for provider in ALL_PROVIDERS:
        assert all_described(CATALOGUE, None, provider) == tuple(
            row for row in everything if provider in row.providers
        )


def test_a_row_says_everything_that_a_reader_needs() -> None:
    for fault in CATALOGUE:
        row = described(fault)
        assert row.says, fault.id
        assert row.client_must, fault.id
        assert row.motive, fault.id
        assert row.link == "" or row.link.startswith("https://"), fault.id
        assert row.operations[0] is fault.occasions[0]
        assert set(row.notes) <= set(ALL_PROVIDERS), fault.id
        assert [param.name for param in row.params] == [param.name for param in fault.params]
        assert all(param.says for param in row.params), fault.id


def test_a_row_is_plain_json() -> None:
    rows = msgspec.to_builtins(all_described(CATALOGUE))
    assert msgspec.convert(json.loads(json.dumps(rows)), tuple[DescribedFault, ...]) == all_described(
        CATALOGUE
    )


def test_what_a_fault_says_completes_the_server_and_what_is_asked_completes_a_client_must() -> None:
    for row in all_described(CATALOGUE):
        for words in (row.says, row.client_must):
            assert not words.startswith(("the server", "the task", "a ", "must")), row.id
            assert not words.endswith("."), row.id
        if row.layer is not Layer.ERROR:
            assert row.says[0].islower(), row.id
            assert row.client_must[0].islower(), row.id
