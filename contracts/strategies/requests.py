"""Requests to a provider, from its contract: valid ones, ones at an edge, and ones that break exactly one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote, urlencode

from hypothesis import strategies as st
from msgspec import Struct, field

from contracts.contract import Contract
from contracts.model import Operation, Violation
from contracts.strategies.edges import Change, breaks, changed, edges
from contracts.strategies.values import valid

BODY = "body"


class Request(Struct, frozen=True):
    """One request, before it is put on a wire. ``says`` is what is special about it; empty where nothing is."""

    operation: str
    method: str
    path: str
    """As the contract has it, with names in braces."""
    parameters: Mapping[str, object] = field(default_factory=dict)
    """By name, wherever the contract has them."""
    body: object = None
    has_body: bool = False
    says: str = ""

    def url(self, contract: Contract) -> str:
        """Path and query."""
        path = self.path
        query: dict[str, object] = {}
        for one in contract.operations[self.operation].parameters:
            if one.name not in self.parameters:
                continue
            value = self.parameters[one.name]
            if one.location == "path":
                path = path.replace(f"{{{one.name}}}", quote(_text(value), safe=""))
            elif one.location == "query":
                query[one.name] = _text(value)
        return f"{path}?{urlencode(query)}" if query else path

    def headers(self, contract: Contract) -> dict[str, str]:
        """Those that are parameters of the operation."""
        return {
            one.name: _text(self.parameters[one.name])
            for one in contract.operations[self.operation].parameters
            if one.location == "header" and one.name in self.parameters
        }


def violations(contract: Contract, request: Request) -> tuple[Violation, ...]:
    """In which ways the body breaks its schema; nothing where the operation takes none."""
    schema = contract.operations[request.operation].request_schema
    return contract.violations(schema, request.body) if schema and request.has_body else ()


def valid_requests(contract: Contract, operation: str) -> st.SearchStrategy[Request]:
    """Requests that the contract accepts. Raises KeyError for an operation that is none."""
    found = contract.operations[operation]
    bodies = _bodies(contract, found)
    return st.builds(
        lambda parameters, body: Request(
            found.id, found.method, found.path, parameters, body, bodies is not None
        ),
        _parameters(contract, found),
        st.none() if bodies is None else bodies,
    ).filter(lambda request: not violations(contract, request))


def boundary_requests(contract: Contract, operation: str) -> st.SearchStrategy[Request]:
    """Requests that the contract accepts, with one field exactly at an edge that it names."""
    return _changed_requests(contract, operation, edges, lambda request: not violations(contract, request))


def invalid_requests(contract: Contract, operation: str) -> st.SearchStrategy[Request]:
    """Requests that the contract refuses because of one change; ``says`` words it.

    Raises ValueError for an operation without a body: only bodies are broken here.
    """
    return _changed_requests(contract, operation, breaks, lambda request: bool(violations(contract, request)))


def _changed_requests(
    contract: Contract,
    operation: str,
    changes: Callable[[Contract, object, object], Iterator[Change]],
    is_meant: Callable[[Request], bool],
) -> st.SearchStrategy[Request]:
    if contract.operations[operation].request_schema is None:
        raise ValueError(f"{operation} takes no body")
    reference = {"$ref": f"#/components/schemas/{contract.operations[operation].request_schema}"}

    def with_one(request: Request) -> st.SearchStrategy[Request]:
        found = changes(contract, reference, request.body)
        meant = [one for one in (_with(request, change) for change in found) if is_meant(one)]
        return st.sampled_from(meant) if meant else st.nothing()

    return valid_requests(contract, operation).flatmap(with_one)


def _with(request: Request, change: Change) -> Request:
    place = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in change.path).lstrip(".")
    return Request(
        request.operation,
        request.method,
        request.path,
        request.parameters,
        changed(request.body, change),
        True,
        f"{place or BODY} {change.says}",
    )


def _bodies(contract: Contract, operation: Operation) -> st.SearchStrategy[object] | None:
    if operation.request_schema is None:
        return None
    return valid(contract, {"$ref": f"#/components/schemas/{operation.request_schema}"})


def _parameters(contract: Contract, operation: Operation) -> st.SearchStrategy[dict[str, object]]:
    needed = {one.name: valid(contract, one.schema) for one in operation.parameters if one.is_required}
    optional = {one.name: valid(contract, one.schema) for one in operation.parameters if not one.is_required}
    return st.fixed_dictionaries(needed, optional=optional)


def _text(value: object) -> str:
    """As a URL or a header has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
