"""Bodies with one thing wrong."""

from __future__ import annotations

import pytest

from contracts.conform.surfaces import SURFACES
from contracts.conform.surfaces.surface import Order
from contracts.conform.wrong_bodies import wrong_bodies
from contracts.contract import PROVIDERS, load_contract

ORDER = Order("s", "https://cdn.test/a.mp3")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_required_field_type_and_bound_is_tried(provider: str) -> None:
    contract, surface = load_contract(provider), SURFACES[provider]
    request = surface.submit(ORDER)
    shape = surface.shape(contract, request.operation, request.body)
    assert shape is not None
    assert contract.violations(*shape) == (), "the body that they are made of is right"
    says = {
        wrong.says.replace("payload.", "")
        for wrong in wrong_bodies(contract, surface, request.operation, request.body)
    }
    assert {
        "without session_id",
        "without face_choose",
        "without face_choose[0].sound_end_time",
        "session_id of a wrong type",
        "face_choose[0].sound_start_time of a wrong type",
        "face_choose[0].sound_start_time beyond its minimum",
        "face_choose[0].sound_volume beyond its maximum",
        "face_choose[0].original_audio_volume beyond its minimum",
        "face_choose[0].face_id beyond its maxLength",
    } <= says
    assert "without face_choose[0].sound_volume" not in says, "it may be left out"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_one_step_beyond_is_one_step(provider: str) -> None:
    contract, surface = load_contract(provider), SURFACES[provider]
    request = surface.submit(ORDER)
    wrong = {
        one.says.rpartition(".")[2]: one.body
        for one in wrong_bodies(contract, surface, request.operation, request.body)
    }

    def entry(says: str) -> dict[str, object]:
        body = wrong[says]
        return body.get("payload", body)["face_choose"][0]  # type: ignore[union-attr, index, call-overload, no-any-return, attr-defined]

    assert entry("sound_volume beyond its maximum")["sound_volume"] == pytest.approx(2.01)
    assert entry("sound_insert_time beyond its minimum")["sound_insert_time"] == -1
    assert entry("sound_end_time beyond its maximum")["sound_end_time"] == 2**63
    assert len(str(entry("face_id beyond its maxLength")["face_id"])) == 257
