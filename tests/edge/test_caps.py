"""Operations that take a file inline have the wider cap, and the contract says which they are."""

from __future__ import annotations

from contracts.contract import PROVIDERS, load_contract
from mock_server.edge.caps import BodyCaps, takes_file
from mock_server.settings import Settings


def test_operations_with_base64_take_a_file_and_no_others() -> None:
    found = {
        operation.id
        for contract in map(load_contract, PROVIDERS)
        for operation in contract.operations.values()
        if operation.request_schema and takes_file(contract, operation)
    }
    assert found == {
        "createLipSync",
        "createLegacyLipSync",
        "submitRequest",
        "iamSubmitRequest",
        "createGeneration",
        "prechargeGeneration",
    }


def test_cap_is_the_setting_for_the_kind_of_body() -> None:
    caps = BodyCaps(Settings(json_body_bytes=10, audio_body_bytes=20))
    kling = load_contract("kling")
    for _ in range(2):
        assert caps.cap_bytes(kling, kling.operations["createSpeech"]) == 10
        assert caps.cap_bytes(kling, kling.operations["createLipSync"]) == 20
