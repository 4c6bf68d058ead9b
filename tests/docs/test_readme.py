"""What README shows is what happens: its examples run against a live server, and its answers are compared."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mock_server.cli.commands import app
from mock_server.cli.flags import FLAGS
from mock_server.cli.options import resolve
from mock_server.cli.plain import plain_values
from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings

if TYPE_CHECKING:
    from tests.docs.conftest import Block

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LANGUAGES = ("bash", "python", "javascript")


@pytest.fixture(scope="module")
def blocks(read_blocks: Callable[[str], list[Block]]) -> list[Block]:
    return read_blocks(README)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with BackgroundServer(Settings(port=0, pace="instant")) as server:
        yield server.url.removeprefix("http://")


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_give_the_answers_that_are_shown(
    language: str, blocks: list[Block], address: str, tmp_path: Path
) -> None:
    examples = [block for block in blocks if block.language == language]
    assert examples
    for block in examples:
        block.check(address, tmp_path)


def test_shell_blocks_name_what_exists(blocks: list[Block], tmp_path: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    lines = [line for block in blocks if block.language == "shell" for line in block.code.splitlines()]
    assert lines
    for line in lines:
        program, *words = shlex.split(line)
        match program:
            case "make":
                assert set(words) <= set(targets), line
            case ".":
                assert words == [".venv/bin/activate"], line
            case "lipflap" if words[0] == "serve":
                given = plain_values(words[1:])
                assert given is not None, line
                resolve(given, {}, tmp_path)
            case "lipflap":
                assert words[0] in commands(), line
            case _:
                pytest.fail(f"nobody checks {line!r}")


def test_every_language_of_a_block_is_checked_by_a_test(blocks: list[Block]) -> None:
    assert {block.language for block in blocks} == {*LANGUAGES, "shell"}
    assert shutil.which("node"), "Node 20 runs the JavaScript examples"


def test_every_flag_is_documented_with_its_default() -> None:
    section = README[README.index("## Settings") : README.index("## Media")]
    rows = [line for line in section.splitlines() if line.startswith("| `--")]
    for flag in FLAGS:
        row = next((row for row in rows if f"`--{flag.name}`" in row), None)
        assert row is not None, flag.name
        assert not flag.default or f"`{flag.default}`" in row, flag.name


def test_every_command_is_documented() -> None:
    for name in commands():
        assert f"lipflap {name}" in README, name


def commands() -> set[str]:
    named = {command.name for command in app.registered_commands if command.name}
    return named | {group.name for group in app.registered_groups if group.name}
