"""Read a provider's OpenAPI document: YAML for people, and its JSON kept beside it as Python keeps its bytecode."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import cast

import msgspec

Json = Mapping[str, object]

_HERE = Path(__file__).parent
KEPT_IN = _HERE / "__pycache__"


def contract_text(provider: str) -> bytes:
    """The OpenAPI document as it is published, YAML."""
    return (_HERE / provider / "openapi.yaml").read_bytes()


def load_document(provider: str, kept_in: Path = KEPT_IN) -> Json:
    """The document as values. Parsed from YAML once for each content, then from JSON: 1 ms in the place of 60.

    What is kept is named by the content it was made of. Where it cannot be read it is made again; where it
    cannot be written, or bytecode is not to be written either, it is not kept.
    """
    text = contract_text(provider)
    kept = kept_in / f"{provider}.{sha256(text).hexdigest()[:16]}.json"
    with suppress(OSError, msgspec.DecodeError):
        return cast(Json, msgspec.json.decode(kept.read_bytes()))
    document = _parse(text)
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            _keep(kept, msgspec.json.encode(document))
    return document


def _parse(text: bytes) -> Json:
    import yaml  # slow to load, and seldom needed

    return cast(Json, yaml.load(text, Loader=yaml.CSafeLoader))


def _keep(target: Path, data: bytes) -> None:
    """Whole or not at all, also when two processes start at once."""
    target.parent.mkdir(exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    draft.write_bytes(data)
    draft.replace(target)
