"""Precharge: what a task would cost, before it is created."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from contracts.contract import Contract
from mock_server.core.money import amount_text, cost_of
from mock_server.core.task import TaskKind
from mock_server.flow.call import Call
from mock_server.providers.face_choose import text
from mock_server.providers.kirin.request import Generation


async def precharge(call: Call, contract: Contract, generation: Generation) -> dict[str, object]:
    """The price, or the reason why there is none: a lip-sync whose session is unknown has no length to price."""
    model, parameters = generation.model, generation.parameters
    session = None
    if model.kind is TaskKind.LIP_SYNC:
        session_id = text(parameters, "session_id")
        session = call.simulator.store.session(call.tenant, contract.provider, session_id)
    digest = sha256(msgspec.json.encode([model.id, parameters], order="sorted")).hexdigest()
    known: dict[str, object] = {"hash": f"v1:{digest}", "model": model.id, "original_model": model.id}
    if model.kind is TaskKind.LIP_SYNC and session is None:
        return {"status": "failed", "data": {**known, "cost": None, "reason": "COST_CACHE_MISS"}}
    cost = cost_of(contract.prices, model.operation, session.video.duration_ms if session else 0)
    price = {
        "billing_model": model.id,
        "cost": amount_text(cost),
        "currency": "USD",
        "discount": 1,
        "sample_count": 1,
        "updated_at": call.now_ms,
    }
    return {"status": "success", "data": {**known, **price}}
