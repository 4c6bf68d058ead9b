"""The two models and their cards, the parameters read from the contract's own schemas."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import cast

from contracts.contract import Contract, Json
from mock_server.core.money import cost_of
from mock_server.core.task import TaskKind
from mock_server.flow.call import Call
from mock_server.providers.gmi.iam import org_id

KINDS: Mapping[str, TaskKind] = {
    "kling-identify-face": TaskKind.IDENTIFY,
    "kling-lip-sync": TaskKind.LIP_SYNC,
}
_SCHEMAS = {TaskKind.IDENTIFY: "IdentifyFacePayload", TaskKind.LIP_SYNC: "LipSyncPayload"}
_OPERATIONS = {TaskKind.IDENTIFY: "identify", TaskKind.LIP_SYNC: "lip-sync"}
CARDS_SINCE_S = 1_757_030_400
"""2025-09-05T00:00:00Z. ASSUMED: cards were seen with dates, which ones is of no weight."""


def kinds_of(model: str | None) -> Collection[TaskKind]:
    """The kinds of task that a list filter lets through: all without one, none for a model that does not exist."""
    if model is None:
        return tuple(KINDS.values())
    return (KINDS[model],) if model in KINDS else ()


def card(call: Call, contract: Contract, slug: str) -> dict[str, object]:
    """A model's card. The price is in whole cents, because the SDK decodes whole numbers only (gmi.md § 9)."""
    kind = KINDS[slug]
    schema = contract.component(_SCHEMAS[kind])
    cents = int(cost_of(contract.prices, _OPERATIONS[kind], 1) * Decimal(100))
    about = str(schema.get("title", slug)), str(schema.get("description", slug))
    return {
        "model": slug,
        "org_id": org_id(call.tenant),
        "brief_description": about[0],
        "detailed_description": about[1],
        "model_type": "video",
        "modalities": "video-to-video",
        "host_type": "external",
        "external_provider": "kling",
        "external_api_endpoint": "",
        "external_api_url": "",
        "icon_link": "",
        "background_image_url": "",
        "internal_parameters": {},
        "parameters": _parameters(schema),
        "price_info": {"price": cents, "pricing_type": "per_request", "unit": "cent"},
        "qworkers": [],
        "tags": ["lip-sync"],
        "created_at": CARDS_SINCE_S,
        "updated_at": CARDS_SINCE_S,
    }


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
