"""Every operation of the admin surface in one table, and the router made of it."""

from __future__ import annotations

import asyncio
from functools import cache

import msgspec
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router

from mock_server.admin import (
    clock,
    contracts,
    deliveries,
    dialects,
    faults,
    journal,
    ledger,
    media,
    meta,
    reset,
    scenarios,
    tasks,
    timeline,
)
from mock_server.admin.ask import Ask
from mock_server.admin.door import Door
from mock_server.admin.index import index_page
from mock_server.admin.openapi import document
from mock_server.admin.operation import JSON, Operation
from mock_server.house import House


async def get_openapi(ask: Ask) -> Response:  # noqa: ARG001
    """The OpenAPI document of this surface."""
    return Response(await asyncio.to_thread(_document), media_type=JSON)


async def get_index(ask: Ask) -> Response:
    """Every operation in one page, for people."""
    return HTMLResponse(index_page(OPERATIONS, [provider.name for provider in ask.house.providers]))


OPERATIONS: tuple[Operation, ...] = (
    *meta.OPERATIONS,
    *reset.OPERATIONS,
    *clock.OPERATIONS,
    *dialects.OPERATIONS,
    *faults.OPERATIONS,
    *scenarios.OPERATIONS,
    *tasks.OPERATIONS,
    *timeline.OPERATIONS,
    *journal.OPERATIONS,
    *deliveries.OPERATIONS,
    *media.OPERATIONS,
    *ledger.OPERATIONS,
    *contracts.OPERATIONS,
    Operation("GET", "/openapi.json", get_openapi),
    Operation("GET", "/", get_index, content_type="text/html"),
)
"""Every operation there is. Router, document and index page are made of it."""


def router_of(house: House) -> Router:
    """Answers every path of the table."""
    by_path: dict[str, list[Operation]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.full_path, []).append(operation)
    return Router([Route(path, Door(house, operations), name=path) for path, operations in by_path.items()])


@cache
def _document() -> bytes:
    return msgspec.json.encode(document(OPERATIONS))
