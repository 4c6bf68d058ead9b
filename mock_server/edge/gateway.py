"""The ASGI application in front of the three providers: from a request to a call, from an answer to bytes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from contracts.model import Violation
from mock_server.core.errors import Refused
from mock_server.core.wire import at_rate
from mock_server.edge.body import ClientGone, read_body
from mock_server.edge.caps import BodyCaps
from mock_server.edge.json_guard import parse_json
from mock_server.edge.routing import Router
from mock_server.edge.witness import Witness
from mock_server.faults.engine import Engine
from mock_server.flow.call import Answer, Call, Headers
from mock_server.flow.raw_socket import play
from mock_server.flow.simulator import ANONYMOUS, Simulator
from mock_server.providers.base import Provider

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger("mock_server.edge")

_OWN_STAGES = ("auth", "route", "json")
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
        self._by_prefixes = [(provider.prefixes, provider) for provider in providers]
        self._routers: dict[str, Router] = {}
        self._stages: dict[str, tuple[str, ...]] = {}
        self._caps = BodyCaps(simulator.settings)
        self._witness = Witness(simulator.settings.journal_body_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        provider = self._provider_of(scope["path"]) if scope["type"] == "http" else None
        if provider is None:
            await self._elsewhere(scope, receive, send)
            return
        call = _call_of(self._simulator, scope)
        try:
            answer = await self._answer(provider, call, receive)
        except ClientGone:
            log.info("client went away during its request", extra={"path": call.path})
            return
        query = scope["query_string"].decode("latin-1")
        entry = self._witness.entry(call, provider.name, query, answer)
        await self._simulator.store.append(entry)
        if answer.script:
            await play(scope.get("extensions") or {}, at_rate(answer.script, call.home.clock.rate))
        else:
            await _send(send, answer)

    def _provider_of(self, path: str) -> Provider | None:
        for prefixes, provider in self._by_prefixes:
            if path.startswith(prefixes):
                return provider
        return None

    async def _answer(self, provider: Provider, call: Call, receive: Receive) -> Answer:
        try:
            stranger = await self._enter(provider, call)
            for stage in self._stages.get(provider.name) or self._stages_of(provider):
                if stage == "json":
                    await self._read_json(provider, call, receive)
                elif stage == "auth":
                    if stranger is not None:
                        raise stranger
                elif call.operation is None:
                    raise Refused("no-route")
            assert call.operation is not None, "the route stage has found it"
            handle = provider.handlers[call.operation.id]
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

    async def _enter(self, provider: Provider, call: Call) -> Refused | None:
        """Find tenant and operation. A key that does not open anything is returned, to be raised in its turn."""
        tenant, stranger = ANONYMOUS, None
        try:
            account = await provider.caller(call)
            if account is not None:
                tenant = account.tenant
        except Refused as refused:
            stranger = refused
        simulator = self._simulator
        call.world = await simulator.world(tenant)
        call.now_ms = simulator.now_ms(call.world)
        call.number = await simulator.store.next_number(tenant, "request")
        router = self._routers.get(provider.name) or self._router_of(provider)
        found = router.match(call.method, provider.path_of(call))
        if found is not None:
            call.operation, call.path_parameters = found
        return stranger

    async def _read_json(self, provider: Provider, call: Call, receive: Receive) -> None:
        if call.operation is None or call.operation.request_schema is None:
            return
        header = call.headers.get
        if header("content-encoding") is not None:
            raise _refused_form("Content-Encoding", "is not supported")
        if not _is_json(header("content-type") or ""):
            raise _refused_form("Content-Type", "must be application/json")
        cap_bytes = self._caps.cap_bytes(provider.contract, call.operation)
        call.raw = await read_body(receive, header("content-length"), cap_bytes)
        call.body = parse_json(call.raw)

    def _stages_of(self, provider: Provider) -> tuple[str, ...]:
        """Those of the provider's checks that are made here, in its order."""
        stages = tuple(stage for stage in provider.contract.order if stage in _OWN_STAGES)
        self._stages[provider.name] = stages
        return stages

    def _router_of(self, provider: Provider) -> Router:
        router = self._routers[provider.name] = Router(provider.contract.operations.values())
        return router

    @staticmethod
    def _refuse(provider: Provider, call: Call, refused: Refused) -> Answer:
        call.error, call.violations = refused.error, refused.violations
        return provider.refusal(call, refused)


def _call_of(simulator: Simulator, scope: Scope) -> Call:
    headers = _headers_of(tuple(scope["headers"]))
    query = scope["query_string"]
    return Call(
        simulator=simulator,
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)) if query else {},
        headers=headers,
        base_url=simulator.settings.public_url or base_url_of(scope, headers.get("host")),
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


@lru_cache(maxsize=512)
def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def _refused_form(header: str, reason: str) -> Refused:
    return Refused("invalid-request", (Violation(header, "form", reason),))


async def _send(send: Send, answer: Answer) -> None:
    length = (b"content-length", b"%d" % len(answer.body))
    if not answer.headers:
        headers = [_JSON_TYPE, length]
    else:
        headers = [length, *answer.headers, _JSON_TYPE] if answer.is_json else [length, *answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
