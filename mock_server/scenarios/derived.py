"""Scenarios that nobody writes: one for each fault of the catalogue, one for each row of each error table."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.contract import load_contract
from contracts.model import Channel, ErrorCode
from mock_server.core.fault import Occasion
from mock_server.faults.error_rows import ERROR, error_fault
from mock_server.faults.model import ALL_PROVIDERS, Fault
from mock_server.faults.registry import Registry
from mock_server.scenarios.model import Expect, Outcome, Scenario

FAULT_GROUP, ERROR_GROUP = "fault", "error"
_POLLS = 3
_BETWEEN_POLLS = "quick"
"""A task that ends with a poll has told its end before any callback can: it must end while nobody asks."""
_CALLBACKS = {"gmi.callbacks": "kling"}
"""GMI calls nobody back by default."""
_AT_POLL = frozenset({"not-found"})
"""Rows that no create gives: what they say is said of a task."""


def derived_names(registry: Registry) -> Iterator[str]:
    """In the order of the catalogue, then of the tables."""
    for fault in registry:
        yield f"{FAULT_GROUP}/{fault.id}"
    for provider in ALL_PROVIDERS:
        for row in load_contract(provider).errors:
            yield f"{ERROR_GROUP}/{provider}-{row}"


def derived(name: str, registry: Registry) -> Scenario | None:
    """The scenario of that name; None where it is none of these."""
    group, _, rest = name.partition("/")
    if group == FAULT_GROUP and rest in registry:
        return _of_fault(registry.get(rest))
    provider, _, row_name = rest.partition("-")
    if group == ERROR_GROUP and provider in ALL_PROVIDERS:
        row = load_contract(provider).errors.get(row_name)
        return None if row is None else _of_row(provider, row)
    return None


def _of_fault(fault: Fault) -> Scenario:
    stated: dict[str, object] = {
        "name": f"{FAULT_GROUP}/{fault.id}",
        "title": _sentence(f"the server {fault.says}", 200),
        "says": f"{_sentence(f'the server {fault.says}')} {_sentence(f'a good client must {fault.client_must}')}",
        "providers": list(fault.providers),
        "pace": _pace(fault),
        "faults": [fault.id],
        "expect": Expect(outcome=Outcome(fault.expected.value)),
        "motive": _sentence(fault.motive),
    }
    if fault.with_callback:
        stated |= {"dialects": _CALLBACKS, "with_callback": True}
    if fault.link:
        stated["link"] = fault.link
    return Scenario.model_validate(stated)


def _pace(fault: Fault) -> str:
    """Enough polls for the whole window to be met before the task ends; by time where a callback is to come first."""
    if fault.with_callback:
        return _BETWEEN_POLLS
    if fault.occasions[0] is not Occasion.POLL:
        return f"polls:{_POLLS}"
    return f"polls:{max(_POLLS, (fault.window.last or fault.window.first) + 1)}"


def _of_row(provider: str, row: ErrorCode) -> Scenario:
    in_task = row.channel is Channel.TASK
    fault = error_fault(f"{ERROR}{row.name}{'@task' if in_task else ''}")
    spec: dict[str, object] = {"fault": fault.id, "match": {"provider": provider}}
    if row.name in _AT_POLL:
        spec["on"] = Occasion.POLL.value
    how = "the task is accepted and fails" if in_task else f"the provider answers {row.http_status}"
    is_final = in_task or not row.is_retryable
    return Scenario.model_validate(
        {
            "name": f"{ERROR_GROUP}/{provider}-{row.name}",
            "title": _sentence(f"{provider}: {row.meaning}", 200),
            "says": f"{_sentence(f'{how}: {row.message}')} {_sentence(f'what to do: {row.advice}')}",
            "providers": [provider],
            "pace": f"polls:{_POLLS}",
            "faults": [spec],
            "expect": (
                Expect(outcome=Outcome.FAILURE, reason=row.name)
                if is_final
                else Expect(outcome=Outcome.EITHER)
            ),
            "motive": _sentence(f"a row of the provider's error table, {row.source}"),
        }
    )


def _sentence(text: str, longest: int = 2_000) -> str:
    """With a capital and a full stop."""
    whole = f"{text[:1].upper()}{text[1:]}".rstrip(".")
    return f"{whole[: longest - 1]}."
