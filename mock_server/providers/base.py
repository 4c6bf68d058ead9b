"""What a provider is to the rest of the house: wire on one side, core on the other."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Protocol

from contracts.contract import Contract
from contracts.model import Violation
from mock_server.core.account import Account
from mock_server.core.anatomy import Anatomy
from mock_server.core.dialect import Dialect
from mock_server.core.errors import Refused
from mock_server.core.fault import Occasion
from mock_server.core.task import Task
from mock_server.flow.call import Answer, Call
from mock_server.stores.base import Store

DialectOf = Callable[[str], str]
"""The value of a switch for the tenant at hand."""
Handler = Callable[[Call], Awaitable[Answer]]


class Provider(Protocol):
    """One provider's surface. ``handlers`` has one entry for each operation of the contract."""

    @property
    def name(self) -> str: ...

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Paths that begin so are this provider's, unknown ones included."""

    @property
    def signs_callbacks(self) -> bool: ...

    @property
    def dialects(self) -> tuple[Dialect, ...]: ...

    @property
    def handlers(self) -> Mapping[str, Handler]: ...

    @property
    def contract(self) -> Contract:
        """Loaded on first use: a server that plays one provider reads one contract."""

    def caller(self, call: Call) -> Account | None:
        """The account behind the request's key; None where the operation asks for no key. Raises Refused."""

    def path_of(self, call: Call) -> str:
        """The path to look up: the request's own, unless a dialect forgives a spelling."""

    @property
    def anatomy(self) -> Anatomy: ...

    def occasion_of(self, call: Call) -> Occasion | None:
        """What the request is about, once its body is read; None for what no fault can meet."""

    def refusal(self, call: Call, refused: Refused) -> Answer:
        """The provider's wording of a refusal."""

    def callback(self, store: Store, task: Task, moment_ms: int, dialect: DialectOf) -> bytes:
        """The body of a callback: the task as it stood at ``moment_ms``."""


def bearer_token(call: Call) -> str:
    """The token after ``Bearer``. Raises Refused: "auth-missing" without one, "auth-invalid" for another scheme."""
    return _token_in(call.headers.get("authorization") or "")


@lru_cache(maxsize=512)
def _token_in(header: str) -> str:
    value = header.strip()
    if not value or value.lower() == "bearer":
        raise Refused("auth-missing")
    scheme, _, token = value.partition(" ")
    if scheme.lower() != "bearer" or not token or token != token.strip() or " " in token:
        raise Refused("auth-invalid")
    return token


def body_of(call: Call, contract: Contract) -> Mapping[str, object]:
    """The JSON object of the request, once its shape is the contract's. Raises Refused("invalid-value")."""
    assert call.operation is not None, "the route is known"
    assert call.operation.request_schema is not None, "the operation takes a body"
    refuse_violations(contract.violations(call.operation.request_schema, call.body))
    assert isinstance(call.body, dict), "the contract demands an object"
    return call.body


def refuse_violations(violations: tuple[Violation, ...]) -> None:
    """Raises Refused("invalid-value") where there are any."""
    if violations:
        raise Refused("invalid-value", violations)


def query_number(call: Call, name: str) -> int:
    """A whole-number query parameter within the contract's range, or its default. Raises Refused("invalid-value")."""
    schema = _query_schema(call, name)
    low, high, default = (schema[word] for word in ("minimum", "maximum", "default"))
    assert isinstance(low, int), "the contract gives a minimum"
    assert isinstance(high, int), "the contract gives a maximum"
    assert isinstance(default, int), "the contract gives a default"
    text = call.query.get(name)
    if text is None:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    if not low <= number <= high:
        raise Refused(
            "invalid-value", (Violation(name, "range", f"must be a whole number from {low} to {high}"),)
        )
    return number


def query_text(call: Call, name: str) -> str:
    """A text query parameter within the contract's length and pattern, or empty. Raises Refused("invalid-value")."""
    schema, text = _query_schema(call, name), call.query.get(name, "")
    longest, pattern = schema["maxLength"], schema["pattern"]
    assert isinstance(longest, int), "the contract gives a length"
    assert isinstance(pattern, str), "the contract gives a pattern"
    if len(text) > longest:
        raise Refused(
            "invalid-value", (Violation(name, "maxLength", f"must have at most {longest} characters"),)
        )
    if re.search(pattern, text) is None:
        raise Refused("invalid-value", (Violation(name, "pattern", "has characters that are not allowed"),))
    return text


def query_flag(call: Call, name: str) -> bool:
    """A boolean query parameter, false where it is absent. Raises Refused("invalid-value")."""
    text = call.query.get(name, "false")
    if text not in {"true", "false"}:
        raise Refused("invalid-value", (Violation(name, "type", "must be true or false"),))
    return text == "true"


def _query_schema(call: Call, name: str) -> Mapping[str, object]:
    assert call.operation is not None, "the route is known"
    return next(parameter.schema for parameter in call.operation.parameters if parameter.name == name)
