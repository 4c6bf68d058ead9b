"""A row of the catalogue for others to read: the admin surface, the command line and the documents show this."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from contracts.contract import load_contract
from mock_server.core.fault import Occasion, ParamValue
from mock_server.faults.error_rows import ERROR, error_fault
from mock_server.faults.model import ALL_PROVIDERS, Expected, Fault, Layer
from mock_server.faults.registry import Registry
from mock_server.faults.worded import window_text

_TYPES = {bool: "true or false", int: "whole number", float: "number", str: "text"}


class DescribedParam(Struct, frozen=True):
    """One thing that a fault can be told; ``low`` and ``high`` bound a number."""

    name: str
    type: str
    default: ParamValue
    says: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]


class DescribedFault(Struct, frozen=True):
    """One fault. ``operations`` are where it can act, the usual place first, which ``window`` counts.

    ``commits`` says for a fault at the submit whether the task exists afterwards; null elsewhere. ``expected`` is
    what a good client ends with in an otherwise fine job. ``notes`` are by provider.
    """

    id: str
    layer: Layer
    says: str
    client_must: str
    expected: Expected
    operations: tuple[Occasion, ...]
    providers: tuple[str, ...]
    params: tuple[DescribedParam, ...]
    window: str
    commits: bool | None
    needs_socket: bool
    is_server_wide: bool
    with_callback: bool
    motive: str
    link: str
    notes: Mapping[str, str]


def described(fault: Fault) -> DescribedFault:
    """The row without its hooks."""
    return DescribedFault(
        id=fault.id,
        layer=fault.layer,
        says=fault.says,
        client_must=fault.client_must,
        expected=fault.expected,
        operations=fault.occasions,
        providers=fault.providers,
        params=tuple(
            DescribedParam(
                param.name,
                _TYPES[type(param.default)],
                param.default,
                param.says,
                param.low,
                param.high,
                param.choices,
            )
            for param in fault.params
        ),
        window=window_text(fault.window),
        commits=fault.commits,
        needs_socket=fault.needs_socket,
        is_server_wide=fault.is_server_wide,
        with_callback=fault.with_callback,
        motive=fault.motive,
        link=fault.link,
        notes=fault.notes,
    )


def all_described(
    registry: Registry, layer: Layer | None = None, provider: str | None = None
) -> tuple[DescribedFault, ...]:
    """The catalogue, then the rows of the error tables by name; of one layer or provider where that is given."""
    names = dict.fromkeys(name for known in ALL_PROVIDERS for name in load_contract(known).errors)
    rows = (*registry, *(error_fault(ERROR + name) for name in names))
    return tuple(
        described(fault)
        for fault in rows
        if layer in {None, fault.layer} and (provider is None or provider in fault.providers)
    )
