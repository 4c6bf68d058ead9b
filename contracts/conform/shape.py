"""The shape of a JSON value: which fields it has, by their paths."""

from __future__ import annotations


def differences(then: object, now: object) -> tuple[set[str], set[str]]:
    """Fields that only ``then`` has, and those that only ``now`` has.

    Nothing is said of what is missing below an empty list, or below null.
    """
    before, after = _paths(then), _paths(now)
    gone = {path for path in before - after if not _is_below(path, _bare(now))}
    new = {path for path in after - before if not _is_below(path, _bare(then))}
    return gone, new


def _paths(value: object, at: str = "") -> set[str]:
    found: set[str] = set()
    if isinstance(value, dict):
        for name, inner in value.items():
            path = f"{at}.{name}" if at else name
            found |= {path} | _paths(inner, path)
    elif isinstance(value, list):
        for inner in value:
            found |= _paths(inner, f"{at}[]")
    return found


def _bare(value: object, at: str = "") -> set[str]:
    """Where an empty list or nothing at all stands: what would be below is not known."""
    if value is None or value == []:
        return {at}
    if isinstance(value, dict):
        return {
            path for name, inner in value.items() for path in _bare(inner, f"{at}.{name}" if at else name)
        }
    if isinstance(value, list):
        return {path for inner in value for path in _bare(inner, f"{at}[]")}
    return set()


def _is_below(path: str, places: set[str]) -> bool:
    return any(path.startswith((f"{place}.", f"{place}[]")) for place in places)
