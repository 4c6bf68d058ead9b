"""The kept JSON of a document is the document, and nothing depends on its being there."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest
import yaml

from contracts.contract import PROVIDERS
from contracts.document import contract_text, load_document


@pytest.fixture(autouse=True)
def _writes_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_is_kept_is_what_the_yaml_says(provider: str, tmp_path: Path) -> None:
    parsed = yaml.safe_load(contract_text(provider))
    assert load_document(provider, tmp_path) == parsed
    assert len(list(tmp_path.iterdir())) == 1
    assert load_document(provider, tmp_path) == parsed


def test_the_second_reading_comes_from_what_was_kept(tmp_path: Path) -> None:
    load_document("kling", tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(msgspec.json.encode({"openapi": "kept"}))
    assert load_document("kling", tmp_path) == {"openapi": "kept"}


def test_a_broken_copy_is_made_again(tmp_path: Path) -> None:
    document = load_document("kling", tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b'{"openapi": ')
    assert load_document("kling", tmp_path) == document
    assert msgspec.json.decode(kept.read_bytes()) == document


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    in_the_way = tmp_path / "a file"
    in_the_way.write_bytes(b"")
    assert load_document("gmi", in_the_way)["openapi"] == "3.1.0"


def test_nothing_is_kept_where_bytecode_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    load_document("gmi", tmp_path)
    assert list(tmp_path.iterdir()) == []
