"""The page of functions: its client is saved and checked, and what it says of a Job and an ending holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contracts.bench.function import WORK_LIMIT_S
from contracts.cells.cell import DEFAULT_TIMEOUT_S
from contracts.client.model import Job

if TYPE_CHECKING:
    from tests.docs.conftest import Block

PAGE = "docs/callable.md"


@pytest.fixture(scope="module")
def blocks(read_blocks: Callable[[str], list[Block]], page_text: Callable[[str], str]) -> list[Block]:
    return read_blocks(page_text(PAGE))


def test_its_client_is_judged_as_the_page_shows(blocks: list[Block], tmp_path: Path) -> None:
    client, _ = (block.code for block in blocks if block.language == "python")
    (shown,) = (block for block in blocks if block.language == "bash")
    (tmp_path / "client.py").write_text(client)
    assert shown.ran_as_shown(tmp_path) == 1


def test_a_client_that_reads_its_environment_is_adapted_so(
    blocks: list[Block], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, adapter = (block.code for block in blocks if block.language == "python")
    monkeypatch.setattr("os.environ", {})
    names: dict[str, object] = {}
    exec(adapter, names)
    import os

    names["main"] = lambda: int(os.environ["CODE"])
    job = Job("id", "kling", "", "", "", "", tmp_path, tmp_path, environment={"CODE": "75"})
    assert names["run"](job) == 75  # type: ignore[operator]


def test_every_field_of_a_job_is_told(page_text: Callable[[str], str]) -> None:
    rows = re.findall(r"^\| (`.*?) \|(.*)\|$", page_text(PAGE), re.MULTILINE)
    told = set(re.findall(r"`(\w+)`", " ".join(name + says for name, says in rows)))
    assert set(Job.__struct_fields__) <= told


def test_the_limits_are_those_that_hold(page_text: Callable[[str], str]) -> None:
    limits = f"({DEFAULT_TIMEOUT_S:g}) and a little more, and {WORK_LIMIT_S:g} s of the machine's work"
    assert limits in page_text(PAGE)
