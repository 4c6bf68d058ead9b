"""The page about pytest: its examples do what it shows, and it leaves nothing out."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contracts import pytest_plugin
from contracts.plugin.marker import WORDS
from contracts.plugin.tenant import Lipflap

if TYPE_CHECKING:
    from tests.contracts.plugin.conftest import RunFiles

pytest_plugins = ["pytester"]

PAGE = (Path(__file__).resolve().parents[3] / "docs/pytest.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```python\n# (\S+\.py)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
SHOWN = re.findall(
    r"^```python\n# (test_\S+\.py)\n.*?^```\n\n```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize(("name", "shown"), SHOWN, ids=[name for name, _ in SHOWN])
def test_an_example_does_what_is_shown(run_files: RunFiles, name: str, shown: str) -> None:
    result = run_files(FILES, name, "-p", "anyio")
    result.stdout.fnmatch_lines(shown.replace("[", "[[]").splitlines())


def test_every_example_is_shown_with_its_end() -> None:
    assert len(SHOWN) == len([name for name in FILES if name.startswith("test_")]) > 5


def test_every_part_is_explained() -> None:
    fixtures = re.findall(r"^def (\w*lipflap\w*)\(", inspect.getsource(pytest_plugin), re.MULTILINE)
    options = re.findall(r'"(--lipflap-[\w-]+)"', inspect.getsource(pytest_plugin))
    parts = [
        f".{name}" for name in vars(Lipflap) if not name.startswith("_") and name not in {"begin", "close"}
    ]
    assert len(fixtures) == 4
    for word in [*(f"`{name}`" for name in fixtures), *options, *WORDS, *set(parts) - {".spending"}]:
        assert word in PAGE, word
