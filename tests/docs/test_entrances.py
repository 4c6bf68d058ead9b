"""Each entrance to faults has one complete example, and it does what the page shows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.form import FaultForm, MatchForm
from mock_server.faults.grammar import Grammar

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = "docs/entrances.md"
ENTRANCES = ("Magic value", "Header", "Admin", "Flag", "Environment", "Scenario file")


@pytest.fixture
def sections(page_text: Callable[[str], str]) -> dict[str, str]:
    """The text of the page by heading."""
    parts = re.split(r"^## (.+)$", page_text(PAGE), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_an_example_does_what_is_shown(
    entrance: str, sections: dict[str, str], play: Callable[[str], None]
) -> None:
    play(sections[entrance])


def test_the_table_of_entrances_is_the_sections_of_the_page(sections: dict[str, str]) -> None:
    assert list(sections) == ["Grammar", "How it counts", *ENTRANCES]


def test_every_word_of_the_grammar_is_explained(sections: dict[str, str]) -> None:
    fields = {*FaultForm.__struct_encode_fields__, *MatchForm.__struct_encode_fields__}
    for word in fields:
        assert f"`{word}`" in sections["Grammar"], word


def test_every_example_in_the_grammar_is_obeyed(sections: dict[str, str]) -> None:
    grammar = Grammar(CATALOGUE)
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \|", sections["Grammar"], re.MULTILINE)[2:]
    examples = [example for row in rows for example in re.findall(r"`([^`]+)`", row)]
    assert len(examples) > 10
    for example in examples:
        grammar.parse(f"rate-429-seconds{example}", "x", now_ms=0)


def test_text_and_form_of_the_example_are_the_same_rule(sections: dict[str, str]) -> None:
    grammar = Grammar(CATALOGUE)
    compact = re.search(r"`(rate-429-seconds@[^`]+)` is", sections["Grammar"])
    form = re.search(r"```json\n(.*?)```", sections["Grammar"], re.DOTALL)
    assert compact
    assert form
    as_text = grammar.parse(compact[1], "x", now_ms=0)
    assert as_text == grammar.read(json.loads(form[1]), "x", now_ms=0)
