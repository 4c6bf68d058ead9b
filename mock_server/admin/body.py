"""Read the body of an admin request: type, cap, strict JSON, then the operation's model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request

from mock_server.admin.operation import JSON, Operation
from mock_server.admin.problem import BadRequest, TooLarge, WrongType
from mock_server.core.errors import Refused
from mock_server.edge.body import ClientGone, read_body
from mock_server.edge.json_guard import parse_json

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails


async def body_of(operation: Operation, request: Request) -> BaseModel | bytes:
    """The operation's model, or the bytes of a file. Raises BadRequest, TooLarge, WrongType, ClientDisconnect.

    JSON must say that it is JSON: a web page cannot send that type to another origin without being asked first.
    """
    if "content-encoding" in request.headers:
        raise WrongType("a body with a Content-Encoding is not read")
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if operation.accepts_raw(content_type):
        return await _read(request, operation.raw_cap_bytes)
    if content_type != JSON:
        kinds = " or ".join((JSON, *operation.raw_types))
        raise WrongType(f"Content-Type must be {kinds}")
    return _validated(operation, await _read(request, operation.cap_bytes))


async def _read(request: Request, cap_bytes: int) -> bytes:
    try:
        return await read_body(request.receive, request.headers.get("content-length"), cap_bytes)
    except Refused as refused:
        raise TooLarge(str(refused)) from None
    except ClientGone:
        raise ClientDisconnect from None


def _validated(operation: Operation, raw: bytes) -> BaseModel:
    from pydantic import ValidationError

    try:
        parse_json(raw)
    except Refused as refused:
        raise BadRequest(str(refused)) from None
    try:
        # the text once more: strict validation knows JSON's own types only where it reads JSON
        return operation.body_model().model_validate_json(raw)
    except ValidationError as fault:
        details = fault.errors(include_url=False, include_context=False, include_input=False)
        raise BadRequest("; ".join(_sentence(detail) for detail in details)) from None


def _sentence(detail: ErrorDetails) -> str:
    message = detail["msg"].removeprefix("Value error, ")
    place = _place(detail["loc"])
    return f"{place}: {message}" if place else message


def _place(location: Iterable[int | str]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return text.removeprefix(".")
