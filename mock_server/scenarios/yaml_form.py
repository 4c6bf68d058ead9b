"""YAML as scenario files have it: the core schema of YAML 1.2, where ``on`` and ``off`` are words and no booleans."""

from __future__ import annotations

import re
from collections.abc import Hashable

import yaml

_MEANINGS: tuple[tuple[str, str, list[str]], ...] = (
    ("bool", r"true|false", ["t", "f"]),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"[-+]?(?:0|[1-9]\d*)", list("-+0123456789")),
    ("float", r"[-+]?(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?", list("-+.0123456789")),
)
"""Plain words that are no text: the type, the pattern, and the characters that it can begin with."""


class _Loader(yaml.SafeLoader):
    """YAML 1.1 would read the key ``on`` of a fault as true, and a moment as a date."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        keys = [key.value for key, _ in node.value]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {twice} stands twice", node.start_mark
            )
        found: dict[Hashable, object] = super().construct_mapping(node, deep)
        return found


# begins anew: what is added to the inherited table is added to YAML 1.1
_Loader.yaml_implicit_resolvers = {}
for _kind, _pattern, _starts in _MEANINGS:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"(?:{_pattern})$"), _starts)


def load_yaml(text: str) -> object:
    """What the text says. Raises ValueError with the place of the fault."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506  # derived from SafeLoader, with fewer types
    except (yaml.YAMLError, RecursionError) as fault:
        raise ValueError(" ".join(str(fault).split())) from None


def dump_yaml(value: object) -> str:
    """Block style, keys in their order; words that YAML 1.1 would misread are quoted."""
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110)
    return text
