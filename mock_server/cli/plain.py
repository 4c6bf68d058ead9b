"""Read a well-formed ``serve`` command line without the command-line library, which is slow to load.

Whatever is not plainly well-formed is left to that library: it words mistakes, and it prints the help.
"""

from __future__ import annotations

from collections.abc import Sequence

from mock_server.cli.flags import BY_NAME, Flag, Kind, Value


def plain_values(words: Sequence[str]) -> dict[str, Value] | None:
    """The flags in ``words`` by their key; None where a word is not one of ours or a value is missing."""
    given: dict[str, Value] = {}
    left = list(reversed(words))
    while left:
        word = left.pop()
        name, separator, value = word.removeprefix("--").partition("=")
        flag = BY_NAME.get(name.removeprefix("no-") if name not in BY_NAME else name)
        if flag is None or not word.startswith("--"):
            return None
        if flag.kind is Kind.SWITCH:
            if separator:
                return None
            given[flag.key] = not name.startswith("no-")
            continue
        # a value that looks like a flag may be a mistake: not for us to judge
        if name != flag.name or (not separator and (not left or left[-1].startswith("-"))):
            return None
        _note(given, flag, value if separator else left.pop())
    return given


def _note(given: dict[str, Value], flag: Flag, text: str) -> None:
    if flag.kind is Kind.LIST:
        earlier = given.get(flag.key, ())
        given[flag.key] = (*(earlier if isinstance(earlier, tuple) else ()), text)
    else:
        given[flag.key] = text
