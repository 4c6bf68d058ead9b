"""The ASGI application in front of the three providers: from a request to a call, from an answer to bytes."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from contracts.model import Violation
from mock_server.core.errors import Refused
from mock_server.core.wire import at_rate
from mock_server.edge.body import ClientGone, capped, read_body
from mock_server.edge.caps import BodyCaps
from mock_server.edge.desk import Desk
from mock_server.edge.json_guard import parse_json
from mock_server.edge.witness import Witness
from mock_server.faults.asked import MARK
from mock_server.faults.engine import Engine
from mock_server.flow.call import Answer, Call, Headers
from mock_server.flow.raw_socket import answered, body_at_hand, play
from mock_server.flow.simulator import ANONYMOUS, Simulator
from mock_server.providers.base import Provider

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger("mock_server.edge")

Extensions = Mapping[str, object]
_JSON_TYPE = (b"content-type", b"application/json")


class Gateway:
    """Plays the providers at their own paths; every other path goes to ``elsewhere``.

    The providers' paths are answered here, ahead of any router or middleware: they are the hot path.
    """

    def __init__(
        self, simulator: Simulator, providers: Sequence[Provider], faults: Engine, elsewhere: ASGIApp
    ) -> None:
        self._simulator = simulator
        self._faults = faults
        self._elsewhere = elsewhere
        self._providers = providers
        self._desks: dict[str, Desk] = {}
        # clients ask for the same paths again and again
        self._desk_of = lru_cache(maxsize=512)(self._found_desk)
        self._caps = BodyCaps(simulator.settings)
        self._witness = Witness(simulator.settings.journal_body_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        desk = self._desk_of(scope["path"]) if scope["type"] == "http" else None
        if desk is None:
            await self._elsewhere(scope, receive, send)
            return
        call = _call_of(self._simulator, scope)
        extensions = scope.get("extensions") or {}
        try:
            answer = await self._answer(desk, call, extensions, receive)
        except ClientGone:
            log.info("client went away during its request", extra={"path": call.path})
            return
        query = scope["query_string"].decode("latin-1")
        entry = self._witness.entry(call, desk.provider.name, query, answer)
        self._simulator.store.append(entry)
        if answer.script:
            await play(extensions, at_rate(answer.script, call.home.clock.rate))
            return
        headers = (*answer.headers, _JSON_TYPE) if answer.is_json else answer.headers
        if not answered(extensions, answer.status, headers, answer.body):
            length = (b"content-length", b"%d" % len(answer.body))
            await send(
                {"type": "http.response.start", "status": answer.status, "headers": (*headers, length)}
            )
            await send({"type": "http.response.body", "body": answer.body})

    def _found_desk(self, path: str) -> Desk | None:
        provider = next((one for one in self._providers if path.startswith(one.prefixes)), None)
        if provider is None:
            return None
        # opened when somebody comes: a server that plays one provider reads one contract
        return self._desks.get(provider.name) or self._desks.setdefault(provider.name, Desk(provider))

    async def _answer(self, desk: Desk, call: Call, extensions: Extensions, receive: Receive) -> Answer:
        provider = desk.provider
        try:
            stranger = self._enter(desk, call)
            operation = call.operation
            for stage in desk.stages:
                if stage == "auth" and stranger is not None:
                    raise stranger
                if stage == "route" and operation is None:
                    raise Refused("no-route")
                if stage == "json" and operation is not None and operation.request_schema is not None:
                    _require_json(call.headers)
                    cap_bytes = self._caps.cap_bytes(provider.contract, operation)
                    whole = body_at_hand(extensions)
                    raw = await _read(call, receive, cap_bytes) if whole is None else capped(whole, cap_bytes)
                    call.raw, call.is_magic = raw, MARK in raw
                    call.body = parse_json(raw)
            assert operation is not None, "the route stage has found it"
            handle = provider.handlers[operation.id]
            if self._faults.is_quiet(call):
                return await handle(call)
            return await self._faults.answer(provider, call, handle)
        except Refused as refused:
            return self._refuse(provider, call, refused)
        except ClientGone:
            raise
        except Exception:
            # a bug of ours must look like the provider's own bad day, and be loud in our log
            log.exception("%s %s failed", call.method, call.path)
            return self._refuse(provider, call, Refused("internal"))

    def _enter(self, desk: Desk, call: Call) -> Refused | None:
        """Find tenant and operation. A key that does not open anything is returned, to be raised in its turn."""
        provider = desk.provider
        tenant, stranger = ANONYMOUS, None
        try:
            account = provider.caller(call)
            if account is not None:
                tenant = account.tenant
        except Refused as refused:
            stranger = refused
        simulator = self._simulator
        call.enter(simulator.world(tenant), simulator.store.next_number(tenant, "request"))
        found = desk.router.match(call.method, provider.path_of(call))
        if found is not None:
            call.operation, call.path_parameters = found
        return stranger

    @staticmethod
    def _refuse(provider: Provider, call: Call, refused: Refused) -> Answer:
        call.error, call.violations = refused.error, refused.violations
        return provider.refusal(call, refused)


def _call_of(simulator: Simulator, scope: Scope) -> Call:
    headers = _headers_of(tuple(scope["headers"]))
    query = scope["query_string"]
    return Call(
        simulator,
        scope["method"],
        scope["path"],
        dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)) if query else {},
        headers,
        simulator.settings.public_url or base_url_of(scope, headers.get("host")),
    )


# clients repeat their headers
_headers_of = lru_cache(maxsize=512)(Headers)


def base_url_of(scope: Scope, host: str | None) -> str:
    """``http://host:port`` as the client wrote it: links that we hand out must lead back to us."""
    if not host:
        address, port = scope.get("server") or ("127.0.0.1", 80)
        host = f"{address}:{port}"
    return _origin(scope.get("scheme", "http"), host)


@lru_cache(maxsize=512)
def _origin(scheme: str, host: str) -> str:
    # kept with every task: thousands share one text
    return f"{scheme}://{host}"


async def _read(call: Call, receive: Receive, cap_bytes: int) -> bytes:
    return await read_body(receive, call.headers.get("content-length"), cap_bytes)


def _require_json(headers: Headers) -> None:
    unreadable = _unreadable(headers)
    if unreadable is not None:
        raise Refused("invalid-request", (unreadable,))


@lru_cache(maxsize=512)
def _unreadable(headers: Headers) -> Violation | None:
    """Why a body with these headers is none that we can read; None for JSON as it is."""
    if headers.get("content-encoding") is not None:
        return Violation("Content-Encoding", "form", "is not supported")
    kind = (headers.get("content-type") or "").partition(";")[0].strip().lower()
    if kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json")):
        return None
    return Violation("Content-Type", "form", "must be application/json")
