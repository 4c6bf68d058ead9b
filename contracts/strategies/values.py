"""Values that fulfil a schema of a contract: first simple ones, and those that a service has to take as well."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from hypothesis import strategies as st

from contracts.contract import Contract
from contracts.strategies.shape import Json, shapes_of

LONGEST_TEXT = 40
LARGEST = 2**63 - 1
_HOSTS = ("cdn.test", "media.example", "xn--bcher-kva.example", "198.51.100.7", "cdn.test:8443")
_PATHS = ("/talk.mp4", "/speech.mp3", "/a%20b.mov", "/v", "/v.mp4?token=a%2Bb&x=1", "/V.MP4#t=1")
_LETTERS = st.characters(exclude_categories=("Cs", "Cc"))


def valid(contract: Contract, schema: object) -> st.SearchStrategy[object]:
    """Values that fulfil ``schema``. Raises ValueError for a schema that nothing fulfils."""
    shapes = shapes_of(contract, schema)
    if not shapes:
        raise ValueError(f"nothing fulfils {schema}")
    return st.one_of([_of_shape(contract, shape) for shape in shapes])


def _of_shape(contract: Contract, shape: Json) -> st.SearchStrategy[object]:
    if "const" in shape:
        return st.just(shape["const"])
    if "enum" in shape:
        return st.sampled_from(cast("Sequence[object]", shape["enum"]))
    kind = shape.get("type", "object" if "properties" in shape else None)
    kinds = cast("Sequence[object]", kind if isinstance(kind, list) else [kind])
    return st.one_of([_of_kind(contract, shape, one) for one in kinds])


def _of_kind(contract: Contract, shape: Json, kind: object) -> st.SearchStrategy[object]:
    if kind == "object":
        return objects(contract, shape)
    if kind == "array":
        return _lists(contract, shape)
    plain: Mapping[object, Callable[[Json], st.SearchStrategy[object]]] = {
        "string": texts,
        "integer": lambda shape: st.integers(_low(shape), _high(shape)),
        "number": _numbers,
        "boolean": lambda _: st.booleans(),
    }
    return plain[kind](shape) if kind in plain else st.none()


def objects(contract: Contract, shape: Json) -> st.SearchStrategy[object]:
    """Every required field, some of the others, and never one that is not named."""
    properties = cast("Mapping[str, object]", shape.get("properties", {}))
    required = cast("Sequence[str]", shape.get("required", ()))
    needed = {name: valid(contract, properties.get(name, True)) for name in required}
    optional = {
        name: valid(contract, inner)
        for name, inner in properties.items()
        if name not in needed and shapes_of(contract, inner)
    }
    return st.fixed_dictionaries(needed, optional=optional)


def _lists(contract: Contract, shape: Json) -> st.SearchStrategy[object]:
    fewest, most = int(cast(int, shape.get("minItems", 0))), int(cast(int, shape.get("maxItems", 3)))
    first = [valid(contract, item) for item in cast("Sequence[object]", shape.get("prefixItems", ()))]
    if first:
        return st.tuples(*first).map(list)
    return st.lists(valid(contract, shape.get("items", True)), min_size=fewest, max_size=most)


def texts(shape: Json) -> st.SearchStrategy[object]:
    """Texts of a fitting length and pattern; a URL where the pattern wants one."""
    fewest, most = (
        int(cast(int, shape.get("minLength", 0))),
        int(cast(int, shape.get("maxLength", LONGEST_TEXT))),
    )
    pattern = str(shape.get("pattern", ""))
    if "://" in pattern:
        found = urls() if fewest or not re.search(pattern, "") else st.just("") | urls()
        return found if most else st.just("")
    free = st.text(_LETTERS, min_size=fewest, max_size=min(most, max(LONGEST_TEXT, fewest)))
    if not pattern:
        return free
    fits = re.compile(pattern).search
    # a bare search would be taken for an order to make texts from the pattern, with line breaks at their ends
    return free.filter(lambda text: fits(text) is not None)


def urls() -> st.SearchStrategy[str]:
    """Addresses of the web, odd but correct ones among them."""
    parts = st.tuples(st.sampled_from(("https", "http")), st.sampled_from(_HOSTS), st.sampled_from(_PATHS))
    return parts.map(lambda found: f"{found[0]}://{found[1]}{found[2]}")


def _numbers(shape: Json) -> st.SearchStrategy[object]:
    low, high = shape.get("minimum"), shape.get("maximum")
    return st.sampled_from((1, 1.0)) | st.floats(
        cast("float | None", low),
        cast("float | None", high),
        allow_nan=False,
        allow_infinity=False,
    )


def _low(shape: Json) -> int:
    return int(cast(int, shape.get("minimum", -LARGEST)))


def _high(shape: Json) -> int:
    return int(cast(int, shape.get("maximum", LARGEST)))
