"""``datetime.now`` and ``utcnow``; ``today`` asks ``time.time``, which is replaced already.

The class stays the same object, so that nothing that knows it (pickle, isinstance, code in C) sees a difference: only
its two methods are replaced, in the class's own dictionary, which Python hides from assignment.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, cast

from contracts.lockstep.swap import Swaps

if TYPE_CHECKING:
    from contracts.lockstep.step import LockStep


def replace(step: LockStep, swaps: Swaps) -> None:
    """Replace the two methods. Other Pythons than CPython keep them as they are."""
    if sys.implementation.name != "cpython":
        return
    (own,) = cast("list[dict[str, object]]", gc.get_referents(datetime.__dict__))
    real = {name: own[name] for name in ("now", "utcnow")}
    real_now, real_utcnow = datetime.now, datetime.utcnow

    def now(cls: type[datetime], tz: tzinfo | None = None) -> datetime:
        if step.governs():
            return cls.fromtimestamp(step.unix_ns() / 1e9, tz)
        return _as(cls, real_now(tz))

    def utcnow(cls: type[datetime]) -> datetime:
        if step.governs():
            return cls.fromtimestamp(step.unix_ns() / 1e9, UTC).replace(tzinfo=None)
        return _as(cls, real_utcnow())

    swaps.callback(_write, own, real)
    _write(own, {"now": classmethod(now), "utcnow": classmethod(utcnow)})


def _as(cls: type[datetime], moment: datetime) -> datetime:
    if cls is datetime:
        return moment
    clock = (moment.hour, moment.minute, moment.second, moment.microsecond)
    return cls(moment.year, moment.month, moment.day, *clock, tzinfo=moment.tzinfo, fold=moment.fold)


def _write(own: dict[str, object], methods: dict[str, object]) -> None:
    own.update(methods)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime))
