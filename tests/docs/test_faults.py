"""The catalogue is complete, and its page says what the code does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mock_server.faults.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
IDS = [
    line
    for line in (ROOT / "fixtures" / "faults-catalogue.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_the_catalogue_has_every_public_id_but_those_that_the_page_leaves_out(
    page_text: Callable[[str], str],
) -> None:
    assert len(IDS) == len(set(IDS)) == 101
    left_out = set(
        re.findall(r"^- `([^`]+)`: \S", page_text("docs/faults.md").partition("## Left out")[2], re.MULTILINE)
    )
    assert set(IDS) - set(CATALOGUE.ids()) == left_out
    assert len(left_out) <= 5


def test_every_fault_of_ours_is_in_the_catalogue() -> None:
    assert set(CATALOGUE.ids()) <= set(IDS)


def test_pages_made_from_the_code_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "make_docs.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_links_between_pages_lead_somewhere(page_text: Callable[[str], str]) -> None:
    pages = sorted((ROOT / "docs").glob("*.md"))
    assert len(pages) >= 3
    for page in pages:
        for target in re.findall(r"\]\(([\w./#-]+)\)", page.read_text(encoding="utf-8")):
            path, _, anchor = target.partition("#")
            file = page.parent / path if path else page
            assert file.exists(), f"{page.name}: {target}"
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert not anchor or anchor in {heading.lower().replace(" ", "-") for heading in headings}, target
