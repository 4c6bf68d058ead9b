"""From the words of a person to a rule, and back: every fault that is switched on anywhere goes through here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from mock_server.core.errors import ConfigurationError
from mock_server.core.fault import FaultRule, Occasion, ParamValue, Window
from mock_server.faults.error_rows import ERROR, error_fault
from mock_server.faults.form import FaultForm, form_of_text
from mock_server.faults.model import ALL_PROVIDERS, Fault, Param
from mock_server.faults.registry import Registry, UnknownFault


class Grammar:
    """Reads rules about the faults of one registry. What it cannot obey is a ConfigurationError with the reason."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def fault_of(self, rule: FaultRule) -> Fault:
        """The row behind a rule that was read here."""
        return self.named(rule.fault)

    def parse(
        self, text: str, rule_id: str, *, now_ms: int, provider: str = "", has_socket: bool = True
    ) -> tuple[FaultRule, Fault]:
        """The rule that a compact text means, with its row. ``now_ms`` is when a ``ttl`` begins."""
        return self.read(form_of_text(text), rule_id, now_ms=now_ms, provider=provider, has_socket=has_socket)

    def read(
        self,
        form: object,
        rule_id: str,
        *,
        now_ms: int,
        provider: str = "",
        has_socket: bool = True,
    ) -> tuple[FaultRule, Fault]:
        """The rule that a form means (a mapping, or the compact text), with its row.

        ``provider`` is the only one that matters, where that is known.
        """
        if isinstance(form, str):
            form = form_of_text(form)
        given = _given(form)
        fault = self.named(given.fault)
        provider = provider or given.match.provider or ""
        _check_place(given, fault, provider)
        if fault.needs_socket and not has_socket:
            raise ConfigurationError(
                f"{fault.id} acts on the raw socket, and this server is called without one"
            )
        return _rule(given, fault, rule_id, provider, now_ms), fault

    def named(self, fault_id: str) -> Fault:
        """The row of an id, those of error rows included. Raises ConfigurationError."""
        if fault_id.startswith(ERROR):
            return error_fault(fault_id)
        try:
            return self.registry.get(fault_id)
        except UnknownFault as unknown:
            raise ConfigurationError(str(unknown)) from None


def _given(form: object) -> FaultForm:
    try:
        return msgspec.convert(form, FaultForm)
    except msgspec.ValidationError as fault:
        raise ConfigurationError(f"a fault cannot be read: {fault}") from None


def _rule(given: FaultForm, fault: Fault, rule_id: str, provider: str, now_ms: int) -> FaultRule:
    return FaultRule(
        id=rule_id,
        fault=fault.id,
        on=given.on,
        window=_window(given),
        times=given.times,
        until_ms=_until_ms(given, now_ms),
        chance=1.0 if given.p is None else given.p,
        seed=given.seed,
        provider=provider,
        tenant=given.match.tenant or "",
        task=given.match.task or "",
        path=given.match.path or "",
        params=_params(fault, given.params),
    )


def _check_place(given: FaultForm, fault: Fault, provider: str) -> None:
    if provider and provider not in ALL_PROVIDERS:
        raise ConfigurationError(f"there is no provider {provider!r}; there are {', '.join(ALL_PROVIDERS)}")
    if provider and provider not in fault.providers:
        known = ", ".join(fault.providers)
        raise ConfigurationError(f"{fault.id} cannot apply to {provider}: only {known} can do so")
    if given.on is not None and given.on not in fault.occasions:
        places = ", ".join(fault.occasions)
        raise ConfigurationError(f"{fault.id} cannot apply to {given.on}: it acts at {places}")
    asks_twice = sum((given.nth is not None, given.from_ is not None, given.every is not None))
    if asks_twice > 1 or (given.to is not msgspec.UNSET and given.from_ is None):
        raise ConfigurationError("a fault takes one of nth, every, and from with to")
    if isinstance(given.to, int) and given.from_ is not None and given.to < given.from_:
        raise ConfigurationError(f"a fault's window from {given.from_} to {given.to} is empty")
    if given.ttl is not None and given.until_clock is not None:
        raise ConfigurationError("a fault takes one of ttl and until_clock")
    if given.match.task and fault.occasions[0] in {Occasion.SUBMIT, Occasion.IDENTIFY} and given.on is None:
        raise ConfigurationError(f"{fault.id} acts before there is a task, so it cannot be meant for one")


def _window(given: FaultForm) -> Window | None:
    if given.nth is not None:
        return Window(given.nth, given.nth)
    if given.every is not None:
        return Window(given.every, None, given.every)
    if given.from_ is not None:
        return Window(given.from_, given.to if isinstance(given.to, int) else None)
    return None


def _until_ms(given: FaultForm, now_ms: int) -> int | None:
    if given.ttl is not None:
        return now_ms + round(given.ttl * 1000)
    if not isinstance(given.until_clock, str):
        return given.until_clock
    try:
        moment = datetime.fromisoformat(given.until_clock)
    except ValueError:
        raise ConfigurationError(
            f"until_clock must be a Unix time in ms or ISO 8601, not {given.until_clock!r}"
        ) from None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _params(fault: Fault, given: Mapping[str, ParamValue]) -> dict[str, ParamValue]:
    known = {param.name: param for param in fault.params}
    for name in given:
        if name not in known:
            there = f"it takes {', '.join(known)}" if known else "it takes none"
            raise ConfigurationError(f"{fault.id} has no param {name!r}; {there}")
    return {name: _value(fault, known[name], value) for name, value in given.items()}


def _value(fault: Fault, param: Param, given: ParamValue) -> ParamValue:
    """``given`` in the type of the param's default: texts come so from the command line and from headers."""
    kind = type(param.default)
    words = {"true": True, "false": False}
    try:
        value = words[str(given).lower()] if kind is bool else kind(given)
        is_right = isinstance(given, str) or kind is str or value == given
    except (ValueError, KeyError):
        is_right, value = False, given
    if not is_right:
        raise ConfigurationError(f"{fault.id}: {param.name} must be a {_KINDS[kind]}, not {given!r}")
    if param.choices and value not in param.choices:
        raise ConfigurationError(
            f"{fault.id}: {param.name} must be one of {', '.join(param.choices)}, not {given!r}"
        )
    if isinstance(value, int | float) and not _is_within(param, value):
        raise ConfigurationError(
            f"{fault.id}: {param.name} must be from {param.low:g} to {param.high:g}, not {given}"
        )
    return value


_KINDS = {bool: "true or false", int: "whole number", float: "number", str: "text"}


def _is_within(param: Param, value: float) -> bool:
    low = float("-inf") if param.low is None else param.low
    high = float("inf") if param.high is None else param.high
    return low <= value <= high
