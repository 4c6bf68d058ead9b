"""The page of the fuzzer: its client is saved and fuzzed, and what is shown is what is said."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer

from contracts.stories.event import Kind, Tier
from mock_server.cli.commands import app

if TYPE_CHECKING:
    from tests.docs.conftest import Block

PAGE = "docs/fuzz.md"
COUNTED = re.compile(r"\d+ stories, [\d.]+ s")


@pytest.fixture(scope="module")
def blocks(read_blocks: Callable[[str], list[Block]], page_text: Callable[[str], str]) -> list[Block]:
    return read_blocks(page_text(PAGE))


def test_the_bug_is_found_as_the_page_shows(blocks: list[Block], tmp_path: Path) -> None:
    (client,) = [block.code for block in blocks if block.language == "python"]
    (shown,) = [block for block in blocks if block.language == "bash"]
    (tmp_path / "client.py").write_text(client)
    done = subprocess.run(
        [sys.executable, "-m", "mock_server", *shown.code.split()[1:]],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert COUNTED.sub("N", done.stdout.strip()) == COUNTED.sub("N", shown.answer.strip())
    assert (tmp_path / ".lipflap" / "found" / "kling-retry-after.yaml").exists()


def test_the_commands_have_only_options_that_there_are(
    blocks: list[Block], page_text: Callable[[str], str]
) -> None:
    command = typer.main.get_command(app).commands["fuzz"]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts if isinstance(option, str)}
    lines = [
        line for block in blocks if block.language in {"shell", "bash"} for line in block.code.splitlines()
    ]
    assert all(line.startswith("lipflap fuzz --provider ") for line in lines)
    named = {word for line in lines for word in line.partition(" -- ")[0].split() if word.startswith("--")}
    named |= set(re.findall(r"`(--[a-z-]+)", page_text(PAGE)))
    assert named <= known | {"--scenario"}


def test_every_kind_and_tier_is_told(page_text: Callable[[str], str]) -> None:
    words = page_text(PAGE).lower()
    assert all(str(word) in words for word in (*Kind, *Tier))
