"""Which operation a method and a path mean: read from the contract, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contracts.model import Operation

_NO_PARAMETERS: Mapping[str, str] = {}


class Router:
    """Matches paths to the operations of one contract. Paths compare exactly, letter case included.

    A path whose only parameter comes last, as that of a poll, is found by what stands before it.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._exact: dict[tuple[str, str], Operation] = {}
        self._last: dict[tuple[str, str], tuple[Operation, str]] = {}
        self._templates: dict[tuple[str, int], list[tuple[tuple[str, ...], Operation]]] = {}
        for operation in operations:
            if "{" not in operation.path:
                self._exact[operation.method, operation.path] = operation
                continue
            before, _, last = operation.path.rpartition("/")
            if "{" not in before:
                self._last[operation.method, before] = operation, last[1:-1]
                continue
            segments = tuple(operation.path.split("/"))
            self._templates.setdefault((operation.method, len(segments)), []).append((segments, operation))

    def match(self, method: str, path: str) -> tuple[Operation, Mapping[str, str]] | None:
        """The operation and its path parameters; None where the contract has no such path, or not with this method."""
        exact = self._exact.get((method, path))
        if exact is not None:
            return exact, _NO_PARAMETERS
        before, _, last = path.rpartition("/")
        found = self._last.get((method, before))
        if found is not None and last:
            operation, name = found
            return operation, {name: last}
        parts = path.split("/")
        for segments, operation in self._templates.get((method, len(parts)), ()):
            parameters = _fit(segments, parts)
            if parameters is not None:
                return operation, parameters
        return None


def _fit(segments: tuple[str, ...], parts: list[str]) -> Mapping[str, str] | None:
    parameters = {}
    for segment, part in zip(segments, parts, strict=True):
        if segment[:1] == "{":
            if not part:
                return None
            parameters[segment[1:-1]] = part
        elif segment != part:
            return None
    return parameters
