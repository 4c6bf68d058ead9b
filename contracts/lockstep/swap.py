"""Put something in the place of an attribute, also where a module has taken it by name; and put everything back."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from types import ModuleType
from typing import cast

_ABSENT = object()
_KEPT_AS_IS = sys.stdlib_module_names | {
    "contracts",
    "mock_server",
    "_pytest",
    "pytest",
    "xdist",
    "hypothesis",
}
_known: dict[str, tuple[int, int, tuple[str, ...]]] = {}
"""By module: which object it was, how many names it had, and which of them were swapped last time."""


class Swaps(ExitStack):
    """What was swapped goes back when the block ends, last first."""

    def put(self, owner: object, name: str, value: object) -> None:
        """``value`` in the place of ``owner.name``, which may be inherited."""
        before = vars(owner).get(name, _ABSENT)
        if before is _ABSENT:
            self.callback(delattr, owner, name)
        else:
            self.callback(setattr, owner, name, before)
        setattr(owner, name, value)

    def everywhere(self, values: Mapping[object, object]) -> None:
        """The same wherever a module of the client has one of the keys under a name of its own.

        A module that was looked through before is looked through again only if it has changed.
        """
        by_id = {id(old): new for old, new in values.items()}
        for module in tuple(sys.modules.values()):
            if isinstance(module, ModuleType) and module.__name__.partition(".")[0] not in _KEPT_AS_IS:
                for name in _names_in(module, by_id):
                    self.put(module, name, by_id[id(vars(module)[name])])


def _names_in(module: ModuleType, by_id: Mapping[int, object]) -> tuple[str, ...]:
    names = cast("dict[str, object]", vars(module))
    known = _known.get(module.__name__)
    if known is not None and known[:2] == (id(module), len(names)):
        return tuple(name for name in known[2] if id(names.get(name)) in by_id)
    found = tuple(name for name, value in tuple(names.items()) if id(value) in by_id)
    _known[module.__name__] = (id(module), len(names), found)
    return found
