"""The grammar of a fault as people write it: one form for JSON, YAML and the compact text."""

from __future__ import annotations

import re
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from mock_server.core.errors import ConfigurationError
from mock_server.core.fault import Occasion, ParamValue

Count = Annotated[int, Meta(ge=1, le=1_000_000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]


class MatchForm(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which requests: by provider, tenant, task id, or a part of the path."""

    provider: Name | None = None
    tenant: Name | None = None
    task: Name | None = None
    path: Name | None = None


class FaultForm(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which occasions (``nth``, or ``from`` and ``to``, or ``every``), how likely (``p``), how often (``times``).

    ``ttl`` is in seconds of the tenant's clock, ``until_clock`` a Unix time in ms or an ISO 8601 text on it.
    """

    fault: Name
    on: Occasion | None = None
    match: MatchForm = MatchForm()
    nth: Count | None = None
    from_: Count | None = field(name="from", default=None)
    to: Count | UnsetType | None = UNSET
    every: Count | None = None
    times: Count | None = None
    ttl: Annotated[float, Meta(gt=0)] | None = None
    until_clock: int | str | None = None
    p: Annotated[float, Meta(ge=0, le=1)] | None = None
    seed: int | None = None
    params: dict[str, ParamValue] = {}


_SHAPE = re.compile(r"(?P<fault>[^@#;]+)(?:@(?P<on>[a-z]+))?(?:#(?P<window>[^;#]*))?(?P<rest>(?:;[^;]*)*)")
_WINDOW = re.compile(r"(?P<first>\d+)(?:(?P<dash>-)(?P<last>\d*))?|(?P<all>\*)|/(?P<every>\d+)")
_MATCHED = ("provider", "tenant", "task", "path")
_NUMBERS = {"times": int, "ttl": float, "p": float, "seed": int}


def form_of_text(text: str) -> dict[str, object]:
    """The form that a compact text such as ``gateway-502-html@poll#2-4;times=2;retry_after_s=7`` stands for.

    ``#2`` is the second, ``#2-4`` from to, ``#2-`` from on, ``#*`` all, ``#/3`` every third. After ``;`` come
    ``name=value`` pairs: ``provider``, ``tenant``, ``task``, ``path``, ``times``, ``ttl``, ``until_clock``, ``p``,
    ``seed``; any other name is a param of the fault. Raises ConfigurationError.
    """
    shape = _SHAPE.fullmatch(text.strip())
    if shape is None:
        raise ConfigurationError(
            f"{text!r} is no fault: write ID@ON#WINDOW;name=value, such as rate-429-seconds@poll#2-3"
        )
    form: dict[str, object] = {"fault": shape["fault"].strip()}
    if shape["on"] == "task" and shape["fault"].startswith("error:"):
        form["fault"] = f"{form['fault']}@task"
    elif shape["on"]:
        form["on"] = shape["on"]
    form.update(_window(shape["window"] or ""))
    match: dict[str, object] = {}
    params: dict[str, object] = {}
    for pair in filter(None, shape["rest"].split(";")):
        name, separator, value = (part.strip() for part in pair.partition("="))
        if not separator or not name:
            raise ConfigurationError(f"{pair!r} in {text!r} is no name=value")
        if name in _MATCHED:
            match[name] = value
        elif name in _NUMBERS or name == "until_clock":
            form[name] = _number(name, value)
        else:
            params[name] = value
    return {**form, **({"match": match} if match else {}), **({"params": params} if params else {})}


def is_window(text: str) -> bool:
    """Whether ``text`` is one of the forms that may follow ``#``."""
    return _WINDOW.fullmatch(text) is not None


def _window(text: str) -> dict[str, object]:
    if not text:
        return {}
    window = _WINDOW.fullmatch(text)
    if window is None:
        raise ConfigurationError(f"#{text} is no window: write #2, #2-4, #2-, #* or #/3")
    if window["all"]:
        return {"from": 1, "to": None}
    if window["every"]:
        return {"every": int(window["every"])}
    if not window["dash"]:
        return {"nth": int(window["first"])}
    return {"from": int(window["first"]), "to": int(window["last"]) if window["last"] else None}


def _number(name: str, value: str) -> object:
    if name == "until_clock" and not value.isdigit():
        return value
    try:
        return _NUMBERS.get(name, int)(value)
    except ValueError:
        raise ConfigurationError(f"{name} must be a number, not {value!r}") from None
