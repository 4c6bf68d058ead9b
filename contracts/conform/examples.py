"""The recorded examples: messages that a provider's pages and clients show, with the page and the day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

_HERE = Path(__file__).parent
FOLDERS = (_HERE / "examples", _HERE.parents[1] / "fixtures" / "examples")
"""Where they are in an installed package, and in a checkout."""


class Example(Struct, frozen=True):
    """One message. ``kind`` is request, response, callback, or a table; ``operation`` is empty for a table."""

    kind: str
    page: str = ""
    read: str = ""
    operation: str = ""
    status: int = 0
    body: object = None
    name: str = ""


def recorded(provider: str) -> Iterator[Example]:
    """The answers and callbacks of ``provider``, in the order of their names."""
    folder = next((folder for folder in FOLDERS if folder.is_dir()), None)
    for file in sorted((folder / provider).glob("*.json")) if folder else ():
        example = msgspec.json.decode(file.read_bytes(), type=Example)
        if example.kind in {"response", "callback"}:
            yield msgspec.structs.replace(example, name=file.stem)
