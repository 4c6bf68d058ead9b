"""What faults ask of the task at hand: whether it is the job that was paid for, and how far it is."""

from __future__ import annotations

from mock_server.core.ledger import RENDERS
from mock_server.core.plan import Stage, State
from mock_server.faults.model import Scene


def is_job(scene: Scene) -> bool:
    """Whether the task at hand is a lip-sync: identifying faces and speaking are tasks too, at some providers."""
    return scene.task is not None and scene.task.kind in RENDERS


def state_of(scene: Scene) -> State | None:
    """How far the task at hand is; None where there is none."""
    return scene.task.plan.at(scene.now_ms) if scene.task is not None else None


def is_running(scene: Scene) -> bool:
    """Whether the task at hand is a job that has not ended."""
    return is_job(scene) and not scene.has_ended


def has_ended(scene: Scene) -> bool:
    """Whether the task at hand is a job that has ended, however."""
    return is_job(scene) and scene.has_ended


def has_succeeded(scene: Scene) -> bool:
    """Whether the task at hand is a job that has succeeded."""
    state = state_of(scene)
    return is_job(scene) and state is not None and state.stage is Stage.SUCCEEDED
