"""Put something in the place of an attribute, also where a module has taken it by name; and put everything back."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator, Mapping
from contextlib import ExitStack
from types import ModuleType
from typing import NamedTuple, cast

_ABSENT = object()
_KEPT_AS_IS = sys.stdlib_module_names | {
    "contracts",
    "mock_server",
    "_pytest",
    "pytest",
    "xdist",
    "hypothesis",
}


class _Looked(NamedTuple):
    """A module that was looked through when it had so many names, and which of them were to be swapped."""

    module: object
    names: Mapping[str, object]
    size: int
    found: tuple[str, ...]


class _Imported:
    """The modules of the client, by their names in ``sys.modules``. Only what is new there is sorted out."""

    def __init__(self) -> None:
        self._mark: tuple[int, str] = (0, "")
        self._clients: tuple[str, ...] = ()
        self._looked: dict[str, _Looked] = {}

    def looked(self, wanted: Container[int]) -> Iterator[_Looked]:
        """Each with its names whose values are ``wanted``, by id; looked through only where it has changed."""
        for name in self._names():
            module = sys.modules.get(name)
            known = self._looked.get(name)
            if known is None or known.module is not module or known.size != len(known.names):
                known = self._looked[name] = _look(module, wanted)
            if known.found:
                yield known

    def _names(self) -> tuple[str, ...]:
        mark = (len(sys.modules), next(reversed(sys.modules)))
        if mark != self._mark:
            self._mark = mark
            self._clients = tuple(name for name in sys.modules if name.partition(".")[0] not in _KEPT_AS_IS)
        return self._clients


def _look(module: object, wanted: Container[int]) -> _Looked:
    names = cast("Mapping[str, object]", vars(module)) if isinstance(module, ModuleType) else {}
    found = tuple(name for name, value in tuple(names.items()) if id(value) in wanted)
    return _Looked(module, names, len(names), found)


_IMPORTED = _Imported()


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
        for looked in _IMPORTED.looked(by_id):
            for name in looked.found:
                if id(looked.names.get(name)) in by_id:
                    self.put(looked.module, name, by_id[id(looked.names[name])])
