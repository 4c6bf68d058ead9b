"""The page of scenarios shows what happens, names every field, and its example can be played."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import jsonschema_rs

from mock_server.scenarios.model import Scenario
from mock_server.scenarios.yaml_form import load_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.docs.conftest import Block

PAGE = "docs/scenarios.md"


def test_the_examples_do_what_is_shown(page_text: Callable[[str], str], play: Callable[[str], None]) -> None:
    play(page_text(PAGE))


def test_the_table_has_every_field_and_no_other(page_text: Callable[[str], str]) -> None:
    table = page_text(PAGE).partition("| field |")[2].partition("\n\n")[0]
    named = {
        word
        for row in re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
        for word in re.findall(r"`(\w+)`", row)
    }
    assert named == set(Scenario.model_fields)


def test_the_published_schema_takes_the_example(
    page_text: Callable[[str], str], read_blocks: Callable[[str], list[Block]]
) -> None:
    schema = json.loads(page_text("docs/scenario.schema.json"))
    (example,) = [block for block in read_blocks(page_text(PAGE)) if block.language == "yaml"]
    validator = jsonschema_rs.Draft202012Validator(schema)
    validator.validate(load_yaml(example.code))
    assert not validator.is_valid({"name": "x", "fault": ["stuck-queued"]})
