"""Read and change JSON at a path, in a document and in the body of an answer; everything else stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

import msgspec
from msgspec.structs import replace

from mock_server.core.anatomy import Anatomy, Path
from mock_server.flow.call import Answer

Edit = Callable[[object], object]
"""From a parsed JSON value to another; the one given is left as it was."""


class Missing(Enum):
    """The type of MISSING: JSON's null is a value, and so None cannot mean that there is none."""

    MISSING = "missing"


MISSING = Missing.MISSING


def get(document: object, path: Path) -> object:
    """The value at ``path``, or MISSING."""
    value = document
    for key in path:
        value = _child(value, key)
        if value is MISSING:
            break
    return value


def put(document: object, path: Path, value: object) -> object:
    """The document with ``value`` at ``path``.

    A key that is not there is added to its object; without that object, or beyond a list's end, nothing changes.
    """
    if not path:
        return value
    key, *rest = path
    if isinstance(document, dict) and isinstance(key, str):
        if rest and key not in document:
            return document
        return {**document, key: put(document.get(key), tuple(rest), value)}
    if _child(document, key) is MISSING or not isinstance(document, list):
        return document
    items = list(document)
    items[int(key)] = put(items[int(key)], tuple(rest), value)
    return items


def delete(document: object, path: Path) -> object:
    """The document without what is at ``path``; the same where nothing is there, or where the path is the root."""
    if not path or get(document, path) is MISSING:
        return document
    *parent, key = path
    holder = get(document, tuple(parent))
    if isinstance(holder, dict):
        kept: object = {name: value for name, value in holder.items() if name != key}
    else:
        assert isinstance(holder, list), "only lists and objects have children"
        kept = [value for position, value in enumerate(holder) if position != key]
    return put(document, tuple(parent), kept)


def edit_body(answer: Answer, edit: Edit) -> Answer:
    """The answer with its JSON body edited; as it was where the body is none."""
    if not answer.is_json:
        return answer
    try:
        document = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return answer
    return replace(answer, body=msgspec.json.encode(edit(document)))


def edit_tasks(answer: Answer, anatomy: Anatomy, edit: Edit) -> Answer:
    """The answer with every task object in it edited: the one of a poll, or all those of a list."""

    def edited(document: object) -> object:
        for path in task_paths(document, anatomy):
            document = put(document, path, edit(get(document, path)))
        return document

    return edit_body(answer, edited)


def task_paths(document: object, anatomy: Anatomy) -> Iterator[Path]:
    """Where the task objects of an answer are."""
    listed = None if anatomy.listed is None else get(document, anatomy.listed)
    if isinstance(listed, list) and anatomy.listed is not None:
        yield from ((*anatomy.listed, position) for position in range(len(listed)))
    elif isinstance(get(document, anatomy.task), dict):
        yield anatomy.task


def _child(value: object, key: str | int) -> object:
    if isinstance(value, dict):
        return value.get(key, MISSING)
    if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
        return value[key]
    return MISSING
