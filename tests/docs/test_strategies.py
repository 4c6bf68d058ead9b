"""Every example on the page of strategies is a test, and passes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.docs.conftest import Block

ROOT = Path(__file__).resolve().parents[2]


def test_the_examples_pass(
    read_blocks: Callable[[str], list[Block]], page_text: Callable[[str], str], tmp_path: Path
) -> None:
    examples = [
        block.code for block in read_blocks(page_text("docs/strategies.md")) if block.language == "python"
    ]
    (client,) = [block.code for block in read_blocks(page_text("docs/fuzz.md")) if block.language == "python"]
    assert len(examples) == 4
    (tmp_path / "client.py").write_text(client)
    for position, example in enumerate(examples):
        (tmp_path / f"test_example_{position}.py").write_text(example)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "6 passed" in done.stdout
