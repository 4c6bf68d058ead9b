"""Answers that Schemathesis would count as failures and that are none, each with its reason; never a whole check."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schemathesis.core.transport import Response

from contracts.conform.generated import known
from contracts.conform.generated.sense import Generated, provider_of
from contracts.contract import load_contract


def is_excused(check: str, case: Generated, response: Response) -> bool:
    """Whether what ``check`` found is no failure."""
    excuse = _EXCUSES.get(check)
    return excuse is not None and excuse(case, response)


def _asked_for_or_documented(case: Generated, response: Response) -> bool:
    """A 5xx that the request asked for by a magic value, or GMI's row for a synchronous call that Kling refused."""
    body = response.request.body or b""
    if b"lipflap.fault=" in (body if isinstance(body, bytes) else body.encode()):
        return True
    return provider_of(case) == "gmi" and _is_row(case, response, "upstream-error")


def _refused_as_the_provider_does(case: Generated, response: Response) -> bool:
    """No provider here documents 405; a wrong verb is an unknown route, in the words of its own table."""
    return _is_row(case, response, "no-route")


def _is_cancelled(case: Generated, response: Response) -> bool:
    """GMI's DELETE cancels: the request stays and can be read (gmi.md, decision 15)."""
    return (
        provider_of(case) == "gmi"
        and response.status_code == 200
        and response.json()["status"] == "cancelled"
    )


def _has_too_many_tasks(case: Generated, response: Response) -> bool:
    """A request in shape may find all slots taken: how many there are is no matter of shape."""
    return provider_of(case) == "kling" and _is_row(case, response, "slots-full")


def _takes_any_key(_: Generated, response: Response) -> bool:
    """A simulator may be told to take any key; it still wants one."""
    sent = response.request.headers.get("Authorization", "")
    return known.setting().takes_any_key and sent.startswith("Bearer ")


def _is_row(case: Generated, response: Response, name: str) -> bool:
    row = load_contract(provider_of(case)).errors[name]
    return response.status_code == row.http_status and f'"{row.message}"' in response.text


_EXCUSES: Mapping[str, Callable[[Generated, Response], bool]] = {
    "not_a_server_error": _asked_for_or_documented,
    "unsupported_method": _refused_as_the_provider_does,
    "use_after_free": _is_cancelled,
    "positive_data_acceptance": _has_too_many_tasks,
    "ignored_auth": _takes_any_key,
}
