"""The way of a Kling task, and which of its changes are called back (kling.md § 5 and ambiguity 21)."""

from mock_server.core.plan import TERMINAL_STAGES, Stage
from mock_server.flow.call import Call

STAGES = (Stage.SUBMITTED, Stage.PROCESSING, Stage.SUCCEEDED)


def callback_stages(call: Call) -> tuple[Stage, ...]:
    """``processing`` and the end; the first status only where the dialect asks for it."""
    first = (Stage.SUBMITTED,) if call.dialect("kling.callback_submitted") == "on" else ()
    return (*first, Stage.PROCESSING, *TERMINAL_STAGES)
