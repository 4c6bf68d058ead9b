"""One admin operation. Its handler's signature and docstring are its declaration: nothing is described twice.

A handler is ``async def name(ask: Ask) -> SomeView``, or ``(ask: Ask, body: SomeModel) -> SomeView`` where it takes a
JSON body; ``body: SomeModel | bytes`` takes files as well, of the operation's ``raw_types``. ``SomeModel`` stands in
``bodies`` and is imported there under TYPE_CHECKING only, because pydantic costs a quarter of the start-up.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args, get_type_hints

from starlette.responses import Response

from mock_server.admin.parameter import Parameter
from mock_server.admin.view import View

if TYPE_CHECKING:
    from pydantic import BaseModel

ROOT = "/__lipflap"
MIB = 2**20
JSON = "application/json"

Handler = Callable[..., Awaitable[View | Response]]


@dataclass(frozen=True, slots=True)
class Operation:
    """``path`` begins below ``/__lipflap``; ``errors`` are the statuses that the handler itself can raise.

    ``is_open`` answers without the admin token. ``cap_bytes`` bounds a JSON body, ``raw_cap_bytes`` a file.
    """

    method: str
    path: str
    handler: Handler
    query: tuple[Parameter[object], ...] = ()
    errors: tuple[int, ...] = ()
    status: int = 200
    content_type: str = JSON
    is_open: bool = False
    cap_bytes: int = MIB
    raw_types: tuple[str, ...] = ()
    raw_cap_bytes: int = 0

    @property
    def takes_body(self) -> bool:
        return "body" in self.handler.__annotations__

    @property
    def full_path(self) -> str:
        return ROOT + self.path

    @property
    def summary(self) -> str:
        return self._text().partition("\n")[0].removesuffix(".")

    @property
    def description(self) -> str:
        """What follows the first line."""
        return self._text().partition("\n")[2].strip()

    def body_model(self) -> type[BaseModel]:
        """The model of the JSON body. Imports pydantic."""
        return next(kind for kind in _members(self._hints()["body"]) if kind is not bytes)

    def answer_type(self) -> type[View] | None:
        """The struct of a JSON answer; None where the answer is something else."""
        kind = self._hints()["return"]
        return kind if issubclass(kind, View) else None

    def accepts_raw(self, content_type: str) -> bool:
        """Whether ``content_type`` fits one of ``raw_types``, such as ``video/*``."""
        group = content_type.partition("/")[0]
        return any(kind in {content_type, f"{group}/*"} for kind in self.raw_types)

    def _hints(self) -> dict[str, type]:
        from mock_server.admin import bodies

        return get_type_hints(self.handler, localns=vars(bodies))

    def _text(self) -> str:
        return inspect.getdoc(self.handler) or ""


def _members(kind: type) -> tuple[type, ...]:
    return get_args(kind) or (kind,)
