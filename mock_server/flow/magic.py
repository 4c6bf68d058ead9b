"""Magic values: a request that asks for its own error, by a media URL's hint or by its external id.

``lipflap.fault=error:1301`` answers with that row of the provider's error table (by code or by name);
``lipflap.fault=error:1301@task`` accepts the job and lets it fail with that row. Rows that the provider
reports on tasks only do so either way. As an ``external_task_id`` the same words may be followed by
``#`` and anything, so that the id stays unique. A text to be spoken may be the words themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from contracts.contract import Contract
from contracts.model import Channel, ErrorCode, Violation
from mock_server.core.errors import Refused
from mock_server.core.plan import Failure
from mock_server.flow.library import is_url
from mock_server.media.hints import fault_of_url

_WORD = "lipflap.fault"
_PREFIX = f"{_WORD}="
_ERROR = "error:"


def asked_failure(contract: Contract, external_id: str | None, references: Iterable[str]) -> Failure | None:
    """The failure that a task is asked to end with, or None.

    Raises Refused with the row where an HTTP error is asked for, and Refused("invalid-value") where the
    words name no row.
    """
    for words in _asked(external_id, references):
        if not words.startswith(_ERROR):
            # another fault: those who know the catalogue have seen it already
            continue
        error, in_task = _row(contract, words)
        if not in_task and error.channel is Channel.HTTP:
            raise Refused(error.name, message=error.message)
        return Failure(error.name, error.message)
    return None


def _asked(external_id: str | None, references: Iterable[str]) -> Iterable[str]:
    if external_id and external_id.startswith(_PREFIX):
        yield external_id.removeprefix(_PREFIX).partition("#")[0]
    for reference in references:
        if _WORD not in reference and "%" not in reference:
            # nearly all: a query may spell the word in percents, and nothing else can
            continue
        if reference.startswith(_PREFIX):
            yield reference.removeprefix(_PREFIX)
        words = fault_of_url(reference) if is_url(reference) else None
        if words:
            yield words


def _row(contract: Contract, words: str) -> tuple[ErrorCode, bool]:
    key, _, place = words.removeprefix(_ERROR).partition("@")
    if key and place in {"", "task"}:
        if key in contract.errors:
            return contract.errors[key], place == "task"
        for error in contract.errors.values():
            if error.code == key or (not error.code and str(error.http_status) == key):
                return error, place == "task"
    raise Refused(
        "invalid-value", (Violation("lipflap.fault", "magic", f"names no error of {contract.provider}"),)
    )
