"""All faults by id. What is registered wrongly is refused when the program starts, not when the fault is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from mock_server.core.fault import Occasion
from mock_server.faults.model import ALL_PROVIDERS, HOOKS, Fault

RESERVED = frozenset(
    {"on", "nth", "from", "to", "every", "times", "ttl", "until_clock", "p", "seed", "provider", "tenant"}
    | {"task", "path", "fault", "match", "params"}
)
"""Words of the grammar: no param may be called so."""


class UnknownFault(LookupError):
    """There is no fault of that id; the text names the nearest ones."""


class Registry:
    """Faults by id, in the order of the catalogue. Raises ValueError for a row that cannot be."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._faults: dict[str, Fault] = {}
        for fault in faults:
            if fault.id in self._faults:
                raise ValueError(f"two faults are called {fault.id}")
            complaint = _complaint(fault)
            if complaint:
                raise ValueError(f"{fault.id} {complaint}")
            self._faults[fault.id] = fault

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults.values())

    def __len__(self) -> int:
        return len(self._faults)

    def __contains__(self, fault_id: object) -> bool:
        return fault_id in self._faults

    def get(self, fault_id: str) -> Fault:
        """The fault. Raises UnknownFault."""
        fault = self._faults.get(fault_id)
        if fault is None:
            near = get_close_matches(fault_id, self._faults, n=3)
            hint = f"; did you mean {', '.join(near)}?" if near else "; `lipflap faults` lists them"
            raise UnknownFault(f"there is no fault {fault_id!r}{hint}")
        return fault

    def ids(self) -> Mapping[str, Fault]:
        return dict(self._faults)


def _complaint(fault: Fault) -> str:
    names = [param.name for param in fault.params]
    unknown = [type(hook).__name__ for hook in fault.hooks if not isinstance(hook, HOOKS)]
    if not fault.hooks:
        return "has no hook"
    if unknown:
        return f"has an unknown hook: {unknown[0]}"
    if not all(hook.at and all(isinstance(at, Occasion) for at in hook.at) for hook in fault.hooks):
        return "has a hook without an occasion"
    if len(set(names)) < len(names) or RESERVED & set(names):
        return "has two params of one name, or one that is a word of the grammar"
    if set(fault.providers) - set(ALL_PROVIDERS) or not fault.providers:
        return "names no provider, or one that is none"
    return ""
