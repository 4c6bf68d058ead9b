"""The tutorial is done as it is written: its client is saved, checked, mended by its diffs, and checked again."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mock_server.cli.commands import app

if TYPE_CHECKING:
    from tests.docs.conftest import Block

PAGE = "docs/tutorial.md"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def blocks(read_blocks: Callable[[str], list[Block]], page_text: Callable[[str], str]) -> list[Block]:
    return read_blocks(page_text(PAGE))


def test_the_client_goes_from_red_to_green_as_the_page_shows(blocks: list[Block], tmp_path: Path) -> None:
    file = tmp_path / "client.py"
    codes = []
    for block in blocks:
        match block.language:
            case "python":
                assert block.code.startswith("# client.py\n")
                file.write_text(block.code)
            case "diff":
                file.write_text(patched(file.read_text(), block.code))
            case "bash":
                codes.append(block.ran_as_shown(tmp_path))
    assert codes == [1, 1, 0]


def test_the_other_lines_name_what_there_is(blocks: list[Block]) -> None:
    assert {block.language for block in blocks} == {"shell", "python", "diff", "bash"}
    install, further = (block.code.splitlines() for block in blocks if block.language == "shell")
    assert install == ["python -m venv .venv", ". .venv/bin/activate", "pip install ."]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "lipflap" in project["scripts"]
    assert all(line.startswith("lipflap check --provider kling ") for line in further)
    assert "check" in {command.name for command in app.registered_commands}


@pytest.mark.parametrize(
    ("actual", "shown", "agrees"),
    [
        ("a 1.5 s\nb\nc\n", "a 2 s\n...\nc", True),
        ("a\nb\nc\n", "...\nb\n...", True),
        ("a\nb\nc\n", "...\nb", False),
        ("a\nb\nc\n", "b\n...", False),
        ("a\nb\nc\n", "...\nc\n...\na\n...", False),
        ("task 869849581253428074", "task 802434054403368768", True),
    ],
)
def test_shown_and_actual_are_compared_with_what_varies_left_out(
    agree: Callable[[str, str], bool], actual: str, shown: str, *, agrees: bool
) -> None:
    assert agree(actual, shown) is agrees


def patched(text: str, diff: str) -> str:
    """The text after a hunk of a unified diff; what the hunk takes away is there, and once."""
    lines = diff.splitlines()
    old = "".join(f"{line[1:]}\n" for line in lines if line[:1] in {" ", "-"})
    new = "".join(f"{line[1:]}\n" for line in lines if line[:1] in {" ", "+"})
    assert text.count(old) == 1, diff
    return text.replace(old, new)
