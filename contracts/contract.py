"""Load a provider's contract: operations, compiled validators, and the tables that OpenAPI cannot hold."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, cast

from contracts.document import Json, load_document
from contracts.model import ErrorCode, Operation, Parameter, Price, Rule, Violation
from contracts.wording import violation_of

if TYPE_CHECKING:
    import jsonschema_rs

PROVIDERS = ("kirin", "gmi", "kling")
_METHODS = ("get", "post", "put", "patch", "delete")
_COMPONENT = "#/components/schemas/"


@dataclass(frozen=True)
class Contract:
    """What one provider promises.

    ``document`` is the OpenAPI document, and ``operations`` are read from it. The rest are the tables that stand
    beside it: ``errors`` by name, ``rules`` by what they judge, the ``order`` of checks, what things cost and which
    row refuses an account that cannot pay (``unpaid``, by reason), and how long results last.
    """

    provider: str
    document: Json
    operations: Mapping[str, Operation]
    errors: Mapping[str, ErrorCode]
    rules: Mapping[str, tuple[Rule, ...]]
    order: tuple[str, ...]
    prices: tuple[Price, ...]
    retention: tuple[Rule, ...]
    unpaid: Mapping[str, str]
    _validators: dict[str, jsonschema_rs.Validator] = field(default_factory=dict, repr=False, compare=False)
    _rows: dict[tuple[str, str], Rule] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for table, rules in self.rules.items():
            self._rows.update({(table, rule.id): rule for rule in rules})

    def violations(self, schema: str, value: object, path: str = "") -> tuple[Violation, ...]:
        """Every way in which ``value`` breaks the component schema ``schema``; paths start with ``path``."""
        validator = self._validators.get(schema) or self._compile(schema)
        if validator.is_valid(value):
            return ()
        return tuple(violation_of(error, self.document, path) for error in validator.iter_errors(value))

    def rule(self, table: str, rule_id: str) -> Rule:
        """The row ``rule_id`` of the table of rules ``table``. Raises KeyError."""
        return self._rows[table, rule_id]

    def branch(self, schema: str, value: Mapping[str, object]) -> str | None:
        """The component that the discriminator of ``schema`` picks for ``value``; None where it picks none."""
        discriminator = cast(Json, self.component(schema).get("discriminator", {}))
        mapping = cast(Mapping[str, str], discriminator.get("mapping", {}))
        chosen = value.get(cast(str, discriminator.get("propertyName", "")))
        target = mapping.get(chosen) if isinstance(chosen, str) else None
        return target.removeprefix(_COMPONENT) if target else None

    def component(self, schema: str) -> Json:
        """The component schema named ``schema``. Raises KeyError."""
        components = cast(Mapping[str, Json], self.document["components"])
        return cast(Json, components["schemas"][schema])

    def _compile(self, schema: str) -> jsonschema_rs.Validator:
        # imported when the first body comes: start-up need not wait for it
        import jsonschema_rs

        bundle = {"$ref": _COMPONENT + schema, "components": self.document["components"]}
        validator = jsonschema_rs.Draft202012Validator(bundle)
        self._validators[schema] = validator
        return validator


@cache
def load_contract(provider: str) -> Contract:
    """The contract of ``provider``, read from its folder once. Raises KeyError for a name that is none."""
    if provider not in PROVIDERS:
        raise KeyError(provider)
    tables = importlib.import_module(f"contracts.{provider}.rules")
    errors: Sequence[ErrorCode] = importlib.import_module(f"contracts.{provider}.errors").ERRORS
    money = importlib.import_module(f"contracts.{provider}.prices")
    prices: Sequence[Price] = money.PRICES
    document = load_document(provider)
    return Contract(
        provider=provider,
        document=document,
        operations={operation.id: operation for operation in _operations(document)},
        errors=_unique_by_name(provider, errors),
        rules=tables.RULES,
        order=tables.ORDER,
        prices=tuple(prices),
        retention=tables.RETENTION,
        unpaid=money.UNPAID,
    )


def _unique_by_name(provider: str, errors: Sequence[ErrorCode]) -> Mapping[str, ErrorCode]:
    table = {error.name: error for error in errors}
    if len(table) != len(errors):
        raise ValueError(f"two rows of the error table of {provider} share a name")
    return table


def _operations(document: Json) -> list[Operation]:
    paths = cast(Mapping[str, Json], document["paths"])
    return [
        _operation(document, path, method, item)
        for path, item in paths.items()
        for method in _METHODS
        if method in item
    ]


def _operation(document: Json, path: str, method: str, path_item: Json) -> Operation:
    item = cast(Json, path_item[method])
    parameters = [
        parameter
        for holder in (path_item, item)
        for parameter in cast(Sequence[Json], holder.get("parameters", ()))
    ]
    responses = cast(Mapping[str, object], item["responses"])
    return Operation(
        id=cast(str, item["operationId"]),
        method=method.upper(),
        path=path,
        request_schema=_request_schema(document, item),
        parameters=tuple(_parameter(_resolve(document, parameter)) for parameter in parameters),
        statuses=tuple(int(status) for status in responses if status.isdigit()),
    )


def _request_schema(document: Json, item: Json) -> str | None:
    if "requestBody" not in item:
        return None
    body = _resolve(document, cast(Json, item["requestBody"]))
    content = cast(Mapping[str, Json], body["content"])
    schema = cast(Mapping[str, str], content["application/json"]["schema"])
    return schema["$ref"].removeprefix(_COMPONENT)


def _parameter(item: Json) -> Parameter:
    return Parameter(
        name=cast(str, item["name"]),
        location=cast(str, item["in"]),
        is_required=bool(item.get("required", False)),
        schema=cast(Json, item["schema"]),
    )


def _resolve(document: Json, item: Json) -> Json:
    reference = item.get("$ref")
    if not isinstance(reference, str):
        return item
    found: object = document
    for word in reference.removeprefix("#/").split("/"):
        found = cast(Json, found)[word]
    return cast(Json, found)
