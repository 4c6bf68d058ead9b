"""The OpenAPI document of the admin surface, made from the operations, their handlers' types and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import msgspec

from mock_server._version import __version__
from mock_server.admin.operation import JSON, Operation
from mock_server.admin.parameter import Parameter
from mock_server.admin.view import ErrorView, View

Json = dict[str, object]

_REF = "#/components/schemas/"
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "header": {"type": "apiKey", "in": "header", "name": "X-Lipflap-Admin-Token"},
}
_INFO = {
    "title": "lipflap admin",
    "version": __version__,
    "description": "Look at a running lipflap server, turn its clock, state media, force the end of a task.",
}


def document(operations: Sequence[Operation]) -> Json:
    """OpenAPI 3.1. Raises ValueError where two schemas of different content share a name."""
    views = [view for view in (operation.answer_type() for operation in operations) if view is not None]
    return {
        "openapi": "3.1.0",
        "info": _INFO,
        "servers": [{"url": "/"}],
        # the empty alternative: a server without an admin token asks for none
        "security": [*({name: []} for name in _SECURITY), {}],
        "paths": _paths(operations),
        "components": {
            "schemas": _merged(_view_schemas([ErrorView, *views]), _body_schemas(operations)),
            "securitySchemes": _SECURITY,
        },
    }


def _paths(operations: Sequence[Operation]) -> Json:
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(operation.full_path, {})[operation.method.lower()] = _described(operation)
    return dict(paths)


def _described(operation: Operation) -> Json:
    item: Json = {
        "operationId": operation.handler.__name__,
        "tags": [operation.handler.__module__.rpartition(".")[2]],
        "summary": operation.summary,
        "parameters": [*_path_parameters(operation), *map(_query_parameter, operation.query)],
        "responses": {
            str(operation.status): _answer(operation),
            **{str(status): _error(status) for status in sorted(_error_statuses(operation))},
        },
    }
    if operation.description:
        item["description"] = operation.description
    if operation.takes_body:
        item["requestBody"] = _body(operation)
    if operation.is_open:
        item["security"] = []
    return item


def _error_statuses(operation: Operation) -> set[int]:
    """What the handler can raise, and what the door in front of it can."""
    statuses = set(operation.errors)
    if not operation.is_open:
        statuses |= {400, 401}
    if operation.takes_body:
        statuses |= {413, 415}
    return statuses


def _path_parameters(operation: Operation) -> list[Json]:
    names = [part.partition("}")[0] for part in operation.path.split("{")[1:]]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameter(parameter: Parameter[object]) -> Json:
    return {"name": parameter.name, "in": "query", "description": parameter.says, "schema": parameter.schema}


def _body(operation: Operation) -> Json:
    content: Json = {JSON: {"schema": _ref(operation.body_model())}}
    content |= {kind: {"schema": {"type": "string", "format": "binary"}} for kind in operation.raw_types}
    return {"required": True, "content": content}


def _answer(operation: Operation) -> Json:
    view = operation.answer_type()
    schema = _ref(view) if view else {"type": "string"} if operation.content_type.startswith("text/") else {}
    return {"description": operation.summary, "content": {operation.content_type: {"schema": schema}}}


def _error(status: int) -> Json:
    return {"description": HTTPStatus(status).phrase, "content": {JSON: {"schema": _ref(ErrorView)}}}


def _ref(kind: type) -> Json:
    return {"$ref": _REF + kind.__name__}


def _view_schemas(views: Sequence[type[View]]) -> Mapping[str, object]:
    _, schemas = msgspec.json.schema_components(views, ref_template=_REF + "{name}")
    return schemas


def _body_schemas(operations: Sequence[Operation]) -> Mapping[str, object]:
    from pydantic.json_schema import models_json_schema

    models = [operation.body_model() for operation in operations if operation.takes_body]
    _, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template=_REF + "{model}"
    )
    definitions: Mapping[str, object] = schemas["$defs"]
    return definitions


def _merged(views: Mapping[str, object], bodies: Mapping[str, object]) -> Json:
    """Both libraries describe the enumerations that they share; their words differ, their values must not."""
    for name in views.keys() & bodies.keys():
        if _values(views[name]) != _values(bodies[name]):
            raise ValueError(f"two schemas of the admin surface are called {name}")
    return {**views, **bodies}


def _values(schema: object) -> object:
    return sorted(schema["enum"]) if isinstance(schema, dict) and "enum" in schema else schema
