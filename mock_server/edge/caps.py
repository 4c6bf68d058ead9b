"""How large a body may be: the operations that take a file inline have the wider cap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from contracts.contract import Contract
from contracts.model import Operation
from mock_server.settings import Settings


class BodyCaps:
    """Looks each operation up in its contract once. Sizes in bytes."""

    def __init__(self, settings: Settings) -> None:
        self._json_bytes = settings.json_body_bytes
        self._audio_bytes = settings.audio_body_bytes
        self._found: dict[tuple[str, str], int] = {}

    def cap_bytes(self, contract: Contract, operation: Operation) -> int:
        """The cap of ``operation``, which takes a body."""
        key = contract.provider, operation.id
        cap = self._found.get(key)
        if cap is None:
            is_wide = takes_file(contract, operation)
            cap = self._found[key] = self._audio_bytes if is_wide else self._json_bytes
        return cap


def takes_file(contract: Contract, operation: Operation) -> bool:
    """Whether a file may come inline: some text in the body may be longer than every other kind of text."""
    assert operation.request_schema is not None, "the operation takes a body"
    return any(length > LONGEST_OTHER_TEXT for length in _lengths(contract, operation.request_schema, set()))


LONGEST_OTHER_TEXT = 64 * 1024
"""Between the longest id, URL, token or text to speak, and Base64 of a file."""


def _lengths(contract: Contract, component: str, seen: set[str]) -> Iterator[int]:
    """Each ``maxLength`` in the component and in those that it refers to."""
    seen.add(component)
    waiting: list[object] = [contract.component(component)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            length, reference = item.get("maxLength"), item.get("$ref")
            if isinstance(length, int):
                yield length
            name = reference.rpartition("/")[2] if isinstance(reference, str) else ""
            if name and name not in seen:
                yield from _lengths(contract, name, seen)
            waiting.extend(item.values())
        elif isinstance(item, Sequence) and not isinstance(item, str):
            waiting.extend(item)
