"""Model discovery: what can be called, read from the contract's own schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from contracts.contract import Contract
from contracts.document import Json
from mock_server.core.errors import Refused
from mock_server.flow.call import Call
from mock_server.providers.base import query_flag, query_number, query_text
from mock_server.providers.kirin.request import MODELS, WRAPPED, Model

PREFIX = "/api/v1/skill/"
VENDOR = "kling"
_TYPES = {"integer": "integer", "number": "float", "boolean": "boolean", "array": "array", "object": "object"}
_LIMITS = {
    "enum": "enum",
    "default": "default",
    "minimum": "min",
    "maximum": "max",
    "minLength": "min_length",
    "maxLength": "max_length",
    "maxItems": "max_items",
}

Data = dict[str, object]


def is_discovery(path: str) -> bool:
    return path.startswith(PREFIX)


def model_page(call: Call, contract: Contract) -> Data:
    """A page of models, filtered by type, vendor and words. Raises Refused("invalid-value") for a bad parameter."""
    page, size = (query_number(call, name) for name in ("page", "page_size"))
    with_curl = query_flag(call, "include_curl")
    wanted_type, vendor = query_text(call, "type"), query_text(call, "provider")
    words = query_text(call, "keywords").lower()
    rows = [
        row
        for row in (_model_row(call, contract, model, with_curl=with_curl) for model in MODELS.values())
        if wanted_type in {"", row["type"]}
        and vendor in {"", VENDOR}
        and words in f"{row['id']} {row['name']} {row['description']}".lower()
    ]
    shown = rows[(page - 1) * size : page * size]
    pages = -(-len(rows) // size)
    return _found(
        {"models": shown, "total": len(rows), "page": page, "page_size": size, "total_pages": pages}
    )


def model_spec(call: Call, contract: Contract) -> Data:
    """How one model is called. Raises Refused("unknown-model")."""
    model = MODELS.get(call.path_parameters["id"])
    if model is None:
        raise Refused("unknown-model")
    about = _about(contract, model)
    api = {
        "endpoint": f"{call.base_url}/model/v1/generation",
        "method": "POST",
        "headers": {"Authorization": "Bearer {{API_KEY}}"},
    }
    parameters = _parameters(contract, contract.component(model.schema), WRAPPED)
    spec = {"model_id": model.id, "name": about["name"], "vendor": VENDOR, "type": about["type"], "api": api}
    return _found({**spec, "parameters": parameters, "agent_prompt": ""})


def _found(data: Data) -> Data:
    return {"status": {"code": 200, "message": "ok"}, "data": data}


def _about(contract: Contract, model: Model) -> Json:
    return cast(Json, contract.component(model.schema)["x-model"])


def _model_row(call: Call, contract: Contract, model: Model, *, with_curl: bool) -> Data:
    row: Data = {**_about(contract, model), "model_id": model.id, "provider": VENDOR, "has_spec": True}
    if with_curl:
        row["curl"] = (
            f"curl -X POST {call.base_url}/model/v1/generation -H 'Authorization: Bearer $API_KEY'"
            f""" -H 'Content-Type: application/json' -d '{{"model": "{model.id}", "input": [{{"params": {{}}}}]}}'"""
        )
    return row


def _parameters(contract: Contract, schema: Json, path: str) -> list[Data]:
    required = cast(Sequence[str], schema.get("required", ()))
    properties = cast(Mapping[str, Json], schema.get("properties", {}))
    return [
        _parameter(contract, name, _resolved(contract, item), f"{path}.{name}", is_required=name in required)
        for name, item in properties.items()
    ]


def _parameter(contract: Contract, name: str, schema: Json, path: str, *, is_required: bool) -> Data:
    row: Data = {
        "name": name,
        "path": path,
        "type": _TYPES.get(str(schema.get("type", "")), "string"),
        "required": is_required,
        "description": schema.get("description", ""),
    }
    constraints = {ours: schema[theirs] for theirs, ours in _LIMITS.items() if theirs in schema}
    if constraints:
        row["constraints"] = constraints
    items = _resolved(contract, cast(Json, schema.get("items", schema)))
    if "properties" in items:
        row["children"] = _parameters(contract, items, f"{path}[0]" if "items" in schema else path)
    return row


def _resolved(contract: Contract, schema: Json) -> Json:
    """The schema with its reference and its ``allOf`` folded in."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        schema = {**contract.component(reference.rpartition("/")[2]), **beside}
    for part in cast(Sequence[Json], schema.get("allOf", ())):
        schema = {**_resolved(contract, part), **schema}
    return schema
