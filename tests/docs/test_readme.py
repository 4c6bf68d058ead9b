"""What README shows is what happens: its examples run against a live server, and its answers are compared."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mock_server.cli.commands import app
from mock_server.cli.flags import FLAGS
from mock_server.cli.options import resolve
from mock_server.cli.plain import plain_values
from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = "127.0.0.1:8787"
RUNNERS = {
    "bash": ["bash", "-euo", "pipefail", "-c"],
    "python": [sys.executable, "-c"],
    "javascript": ["node", "--input-type=module", "--eval"],
}
ANSWERS = ("json", "text")
MOMENT = re.compile(r"\b1[78]\d{8}(?:\d{3})?(?:\.\d+)?\b|\b20\d\d-\d\d-\d\dT[\d:.]+Z")


@dataclass(frozen=True)
class Block:
    """A fenced block and, where another follows that shows an answer, that answer."""

    language: str
    code: str
    answer_language: str = ""
    answer: str = ""


def blocks() -> list[Block]:
    found = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    paired = []
    for position, (language, code) in enumerate(found):
        follower = found[position + 1] if position + 1 < len(found) else ("", "")
        if language not in ANSWERS:
            paired.append(Block(language, code, *(follower if follower[0] in ANSWERS else ("", ""))))
    return paired


def comparable(text: str, language: str) -> object:
    masked = MOMENT.sub("0", text.strip())
    return json.loads(masked) if language == "json" else masked


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with BackgroundServer(Settings(port=0, pace="instant")) as server:
        yield server.url.removeprefix("http://")


@pytest.mark.parametrize("language", RUNNERS)
def test_examples_give_the_answers_that_are_shown(language: str, address: str, tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "LIPFLAP_URL": f"http://{address}"}
    examples = [block for block in blocks() if block.language == language]
    assert examples
    for block in examples:
        command = [*RUNNERS[language], block.code.replace(SHOWN, address)]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{block.code}\n{done.stderr}"
        if block.answer_language:
            actual = done.stdout.replace(address, SHOWN)
            assert comparable(actual, block.answer_language) == comparable(
                block.answer, block.answer_language
            ), block.code


def test_shell_blocks_name_what_exists(tmp_path: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    lines = [line for block in blocks() if block.language == "shell" for line in block.code.splitlines()]
    assert lines
    for line in lines:
        program, *words = line.split()
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


def test_every_language_of_a_block_is_checked_by_a_test() -> None:
    assert {block.language for block in blocks()} == {*RUNNERS, "shell"}
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
