"""The two models and their cards, the parameters read from the contract's own schemas."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import cast

from contracts.contract import Contract
from contracts.document import Json
from contracts.model import Price
from mock_server.core.task import TaskKind
from mock_server.flow.call import Call
from mock_server.providers.gmi.iam import org_id

KINDS: Mapping[str, TaskKind] = {
    "kling-identify-face": TaskKind.IDENTIFY,
    "kling-lip-sync": TaskKind.LIP_SYNC,
}
_SCHEMAS = {TaskKind.IDENTIFY: "IdentifyFacePayload", TaskKind.LIP_SYNC: "LipSyncPayload"}
_OPERATIONS = {TaskKind.IDENTIFY: "identify", TaskKind.LIP_SYNC: "lip-sync"}
_MODALITIES: Mapping[TaskKind, Mapping[str, Sequence[str]]] = {
    TaskKind.IDENTIFY: {"input": ("video",), "output": ("json",)},
    TaskKind.LIP_SYNC: {"input": ("video", "audio"), "output": ("video",)},
}
"""The SDK decodes an object (gmi.md § 9); its keys are ASSUMED."""
CARDS_SINCE_S = 1_757_030_400
"""2025-09-05T00:00:00Z. ASSUMED: cards were seen with dates, which ones is of no weight."""


def kinds_of(model: str | None) -> Collection[TaskKind]:
    """The kinds of task that a list filter lets through: all without one, none for a model that does not exist."""
    if model is None:
        return tuple(KINDS.values())
    return (KINDS[model],) if model in KINDS else ()


def card(call: Call, contract: Contract, slug: str) -> dict[str, object]:
    """A model's card, as the SDK decodes it (gmi.md § 9)."""
    kind = KINDS[slug]
    schema = contract.component(_SCHEMAS[kind])
    price = next(row for row in contract.prices if row.operation == _OPERATIONS[kind])
    about = str(schema.get("title", slug)), str(schema.get("description", slug))
    return {
        "model": slug,
        "org_id": org_id(call.tenant),
        "brief_description": about[0],
        "detailed_description": about[1],
        "model_type": "video",
        "modalities": _MODALITIES[kind],
        "host_type": "external",
        "external_provider": "kling",
        "external_api_endpoint": "",
        "external_api_url": "",
        "icon_link": "",
        "background_image_url": "",
        "internal_parameters": {},
        "parameters": _parameters(schema),
        "price_info": _price_info(price),
        "qworkers": 0,
        "tags": ["lip-sync"],
        "created_at": CARDS_SINCE_S,
        "updated_at": CARDS_SINCE_S,
    }


def _price_info(price: Price) -> dict[str, object]:
    """In whole cents: the SDK decodes no fraction."""
    what = f"per_{price.per_s}_seconds" if price.per_s else "per_request"
    return {"price": int(Decimal(price.amount) * 100), "pricing_type": what, "unit": "USD cent"}


def _parameters(schema: Json) -> list[dict[str, object]]:
    required = cast(Sequence[str], schema.get("required", ()))
    return [
        {
            "name": name,
            "type": item.get("type", "string"),
            "required": name in required,
            "description": item.get("description", ""),
        }
        for name, item in cast(Mapping[str, Json], schema["properties"]).items()
    ]
