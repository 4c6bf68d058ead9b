"""One concept a file, one thought a function, and packages that only export."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.architecture.conftest import Module

MAX_LINES = 300
MAX_TEST_LINES = 400
MAX_FUNCTION_LINES = 40

LONG: dict[str, str] = {
    "contracts/stories/event.py": "one table of all that may happen in a story",
    "tests/faults/conftest.py": "the rig, and one plain job for each of three providers",
    "tests/laws/test_stores_agree.py": "one state machine: the model, the moves and what is drawn for them",
}
"""Files beyond the limit, each with its reason."""


def lines_of(module: Module) -> int:
    return module.source.count("\n")


def test_no_file_is_long_without_a_reason(sources: tuple[Module, ...], tests: tuple[Module, ...]) -> None:
    long = {module.path for module in sources if lines_of(module) > MAX_LINES}
    long |= {module.path for module in tests if lines_of(module) > MAX_TEST_LINES}
    assert long == set(LONG), "list the reason of each, and of no other"


def test_functions_fit_the_eye(sources: tuple[Module, ...], tests: tuple[Module, ...]) -> None:
    long = [
        f"{module.path}: {node.name}"
        for module in (*sources, *tests)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
    ]
    assert long == []


def test_packages_only_export(sources: tuple[Module, ...]) -> None:
    for module in sources:
        if module.path.endswith("__init__.py"):
            docstring, *rest = module.tree.body
            assert isinstance(docstring, ast.Expr), module.path
            assert all(isinstance(node, ast.ImportFrom) or _is_all(node) for node in rest), module.path


def _is_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]


def test_no_file_is_named_for_nothing_in_particular(
    sources: tuple[Module, ...], tests: tuple[Module, ...]
) -> None:
    nothing = {"utils", "util", "helpers", "helper", "common", "misc", "base_utils"}
    assert [module.path for module in (*sources, *tests) if module.name.rpartition(".")[2] in nothing] == []


def test_every_module_says_what_it_is_for(sources: tuple[Module, ...], tests: tuple[Module, ...]) -> None:
    silent = [module.path for module in (*sources, *tests) if not ast.get_docstring(module.tree)]
    assert silent == []
