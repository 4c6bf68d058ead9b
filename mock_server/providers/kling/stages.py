"""The way of a Kling task, and which of its changes are called back (kling.md § 5 and ambiguity 21)."""

from mock_server.core.plan import TERMINAL_STAGES, Stage
from mock_server.flow.call import Call

STAGES = (Stage.SUBMITTED, Stage.PROCESSING, Stage.SUCCEEDED)

_FROM_THE_SECOND = (Stage.PROCESSING, *TERMINAL_STAGES)
_FROM_THE_FIRST = (Stage.SUBMITTED, *_FROM_THE_SECOND)


def callback_stages(call: Call) -> tuple[Stage, ...]:
    """``processing`` and the end; the first status only where the dialect asks for it."""
    return _FROM_THE_FIRST if call.dialect("kling.callback_submitted") == "on" else _FROM_THE_SECOND
