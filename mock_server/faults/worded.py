"""From a rule back to the words of a person: reading them again gives the same rule."""

from __future__ import annotations

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from mock_server.core.fault import FaultRule, Window
from mock_server.faults.form import FaultForm, MatchForm


def form_of_rule(rule: FaultRule) -> FaultForm:
    """The form that reads as ``rule``; its ``ttl`` has become the moment at which it ends."""
    form = FaultForm(
        fault=rule.fault,
        on=rule.on,
        nth=rule.window.first if rule.window and _is_one(rule.window) else None,
        from_=rule.window.first if rule.window and _is_range(rule.window) else None,
        to=_end(rule.window),
        every=rule.window.every if rule.window and rule.window.every > 1 else None,
        times=rule.times,
        until_clock=rule.until_ms,
        p=None if rule.chance >= 1 else rule.chance,
        seed=rule.seed,
        params=dict(rule.params),
    )
    match = MatchForm(
        provider=rule.provider or None,
        tenant=rule.tenant or None,
        task=rule.task or None,
        path=rule.path or None,
    )
    # a default that is left alone is left out of JSON
    return form if match == form.match else replace(form, match=match)


def window_text(window: Window) -> str:
    """The window as it stands behind ``#``."""
    if window.every > 1:
        return f"/{window.every}"
    if _is_one(window):
        return str(window.first)
    return "*" if window == Window() else f"{window.first}-{window.last or ''}"


def _is_one(window: Window) -> bool:
    return window.first == window.last and window.every == 1


def _is_range(window: Window) -> bool:
    return window.first != window.last and window.every == 1


def _end(window: Window | None) -> int | UnsetType | None:
    return window.last if window and _is_range(window) else UNSET
