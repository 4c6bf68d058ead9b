"""Pages whose examples are run: fenced blocks, the answers shown behind them, and how both are compared."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mock_server.cli.options import resolve
from mock_server.cli.plain import plain_values
from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SHOWN = "127.0.0.1:8787"
RUNNERS = {
    "bash": ["bash", "-euo", "pipefail", "-c"],
    "python": [sys.executable, "-c"],
    "javascript": ["node", "--input-type=module", "--eval"],
}
ANSWERS = ("json", "text")
VARIES = (
    (re.compile(r"\b\d{15,}\b"), "ID"),
    (re.compile(r"\b\d+(?:\.\d+)? (?:ms|s|min)\b"), "N s"),
    (re.compile(r"\s+"), " "),
)
"""What differs from run to run where a page shows only a part of what a command says."""
MOMENT = re.compile(r"\b1[78]\d{8}(?:\d{3})?(?:\.\d+)?\b|\b20\d\d-\d\d-\d\dT[\d:.]+Z")


@dataclass(frozen=True)
class Block:
    """A fenced block and, where another follows that shows an answer, that answer."""

    language: str
    code: str
    answer_language: str = ""
    answer: str = ""

    @property
    def runs(self) -> bool:
        return self.language in RUNNERS

    def check(self, address: str, folder: Path) -> None:
        """Run it in ``folder`` against the server at ``address``: it must end well, with the answer that is shown."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [*RUNNERS[self.language], self.code.replace(SHOWN, address)],
            cwd=folder,
            env={**os.environ, "PATH": path, "LIPFLAP_URL": f"http://{address}"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{self.code}\n{done.stderr}"
        if self.answer_language:
            actual = done.stdout.replace(address, SHOWN)
            assert _comparable(actual, self.answer_language) == _comparable(
                self.answer, self.answer_language
            ), self.code

    def ran_as_shown(self, folder: Path) -> int:
        """The exit code of it in ``folder``, after its output was found to be the one that is shown."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIPFLAP_")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [*RUNNERS["bash"], self.code],
            cwd=folder,
            env={**kept, "PATH": path, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert self.answer, f"nothing is shown for {self.code}"
        assert _agree(done.stdout, self.answer), f"{done.stdout}\n{done.stderr}"
        return done.returncode


def _agree(actual: str, shown: str) -> bool:
    """A line of three dots stands for any lines."""
    parts = [re.escape(_steady(part)) for part in re.split(r"^\.\.\.$", shown, flags=re.MULTILINE)]
    return re.compile(".*".join(parts), re.DOTALL).fullmatch(_steady(actual)) is not None


def _steady(text: str) -> str:
    for pattern, stands in VARIES:
        text = pattern.sub(stands, text)
    return text.strip()


@pytest.fixture(scope="session")
def agree() -> Callable[[str, str], bool]:
    """Whether what a command said is what a page shows."""
    return _agree


def _comparable(text: str, language: str) -> object:
    masked = MOMENT.sub("0", text.strip())
    return json.loads(masked) if language == "json" else masked


def blocks_of(text: str) -> list[Block]:
    found = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    paired = []
    for position, (language, code) in enumerate(found):
        follower = found[position + 1] if position + 1 < len(found) else ("", "")
        if language not in ANSWERS:
            paired.append(Block(language, code, *(follower if follower[0] in ANSWERS else ("", ""))))
    return paired


@pytest.fixture(scope="session")
def read_blocks() -> Callable[[str], list[Block]]:
    """The blocks of a Markdown text, answers paired with what they answer."""
    return blocks_of


@pytest.fixture(scope="session")
def page_text() -> Callable[[str], str]:
    """A page by its path from the project's root."""
    return lambda path: (ROOT / path).read_text(encoding="utf-8")


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Does what a text shows: writes its YAML by the name in it, serves as its ``serve`` line says, runs the rest."""
    monkeypatch.chdir(tmp_path)

    def played(text: str) -> None:
        blocks = blocks_of(text)
        for block in blocks:
            if block.language == "yaml":
                (name,) = re.findall(r"^name: (\S+)$", block.code, re.MULTILINE)
                (tmp_path / f"{name}.yaml").write_text(block.code)
        (line,) = [block.code for block in blocks if block.language == "shell"]
        examples = [block for block in blocks if block.runs]
        assert examples
        with BackgroundServer(_settings_of(line, tmp_path)) as server:
            for block in examples:
                block.check(server.url.removeprefix("http://"), tmp_path)

    return played


def _settings_of(line: str, folder: Path) -> Settings:
    """What a ``serve`` line asks for, on a free port."""
    words = shlex.split(line)
    environment = dict(word.split("=", 1) for word in words[: words.index("lipflap")])
    given = plain_values(words[words.index("serve") + 1 :])
    assert given is not None, line
    return resolve({**given, "port": "0"}, environment, folder).settings
