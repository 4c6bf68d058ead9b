"""The page about holding servers against contracts: its examples run, and it names every check and flag."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contracts.conform import drift
from contracts.conform.checks import CHECKS
from contracts.conform.trials import TRIALS
from mock_server.cli.conforming import Given

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = "docs/conform.md"
TITLES = {
    **{check.id: check.title for check in CHECKS},
    drift.ID: drift.TITLE,
    **{trial.id: trial.title for trial in TRIALS},
}
UNSAID = {"url", "provider", "account", "admin_token", "key"}
"""What the examples show, or only a guarded server asks for."""


def test_the_examples_do_what_is_shown(page_text: Callable[[str], str], play: Callable[[str], None]) -> None:
    play(page_text(PAGE))


def test_the_table_has_every_check_in_its_order_and_words(page_text: Callable[[str], str]) -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| ([^|]+) \|", page_text(PAGE), re.MULTILINE)
    assert dict(rows) == TITLES
    assert [name for name, _ in rows] == list(TITLES)


def test_every_flag_is_explained(page_text: Callable[[str], str]) -> None:
    text = page_text(PAGE)
    flags = {name.replace("_", "-") for name in set(Given.__struct_fields__) - UNSAID}
    assert {flag for flag in flags if f"--{flag}" not in text} == set()
