"""The source as a tree of modules: what each imports, and what it is made of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("mock_server", "contracts")


@dataclass(frozen=True)
class Module:
    """One file. ``name`` is dotted and without ``__init__``; ``path`` is from the project's root."""

    name: str
    path: str
    source: str
    tree: ast.Module

    @property
    def imports(self) -> set[str]:
        """Modules named anywhere in the file, inside functions and for types alone included."""
        return {name for node in ast.walk(self.tree) for name in self._imported(node)}

    @property
    def loads(self) -> set[str]:
        """Modules that are loaded with this one."""
        return {name for node in self.tree.body for name in self._imported(node)}

    def _imported(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{self.path} imports by a relative path"
            base = node.module or ""
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if _is_module(inner) else base


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return name.split(".", maxsplit=1)[0] in PACKAGES and (path.is_dir() or path.with_suffix(".py").is_file())


@cache
def modules_of(*folders: str) -> tuple[Module, ...]:
    """Every file below the folders, in order of its path."""
    files = (file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))
    return tuple(_module(file) for file in files if "node_modules" not in file.parts)


def _module(file: Path) -> Module:
    path = file.relative_to(ROOT)
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    source = file.read_text(encoding="utf-8")
    return Module(name, path.as_posix(), source, ast.parse(source))


@pytest.fixture(scope="session")
def sources() -> tuple[Module, ...]:
    """The two packages."""
    return modules_of(*PACKAGES)


@pytest.fixture(scope="session")
def tests() -> tuple[Module, ...]:
    return modules_of("tests")
