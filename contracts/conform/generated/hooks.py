"""Hooks of Schemathesis: keys, requests that make sense, and the few answers that are no failure.

Loaded by Schemathesis in its own process.
"""

from __future__ import annotations

import schemathesis
from schemathesis.auths import AuthContext
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.hooks import HookContext

from contracts.conform.generated import known
from contracts.conform.generated.excuses import is_excused
from contracts.conform.generated.sense import Generated, make_sense

_SLOTTED = frozenset({"createLipSync", "createLegacyLipSync"})
"""Operations whose tasks hold one of few slots while they run."""


@schemathesis.auth(refresh_interval=None)
class Key:
    """The key on every operation; a session token on those that ask for one."""

    def get(self, case: Generated, _: AuthContext) -> str:
        schemes = case.operation.definition.raw.get("security", [])
        return known.login().access_token if {"session": []} in schemes else known.setting().key

    def set(self, case: Generated, data: str, _: AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(_: HookContext, case: Generated, __: known.Json) -> None:
    """Let nothing pass that could cost where nothing may; make sense of a request in shape."""
    here = known.setting()
    if here.only_reads and case.method.upper() != "GET":
        raise RuntimeError(f"{case.method} {case.path} could cost, and nothing may")
    if case.operation.definition.raw["operationId"] in _SLOTTED:
        known.make_room()
    if case.meta is not None and not case.meta.generation.mode.is_negative:
        make_sense(case, case.meta)


@schemathesis.hook
def filter_failure(_: HookContext, failure: Failure, case: Generated, response: Response) -> bool:
    """False for a failure that is none."""
    return not (failure.checks and is_excused(failure.checks[0], case, response))
