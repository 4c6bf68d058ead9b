"""Faults of callbacks, when and how often they come: early, late, twice, out of order, a thousand at once, never."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from mock_server.callbacks.packing import sealed
from mock_server.core.delivery import delivery_id
from mock_server.core.fault import Window
from mock_server.core.parcel import Parcel, Postponed
from mock_server.core.plan import Step
from mock_server.core.task import Task
from mock_server.faults.model import (
    BeforeReply,
    Expected,
    Fault,
    Layer,
    OnDelivery,
    OnTask,
    Param,
    Scene,
)

NOTES = {"gmi": "calls back only with the dialect gmi.callbacks=kling"}
_COPIES = "how many leave in all"
_MAX_COPIES = 100


def _ends_at_once(task: Task, scene: Scene) -> Task:  # noqa: ARG001
    """The plan goes from its first stage to its last in no time, whatever the pace."""
    if not task.callback_url:
        return task
    first, last = task.plan.steps[0], task.plan.steps[-1]
    steps = (first, Step(last.stage, task.plan.starts_ms))
    return replace(task, plan=replace(task.plan, steps=steps))


def _one_after_another(parcel: Parcel, scene: Scene) -> Sequence[Parcel]:
    # each is made anew, a second after the one before, so that no two are the same bytes where they are signed
    return [
        sealed(replace(parcel, timestamp_s=parcel.timestamp_s + nth, wave=parcel.wave + nth))
        for nth in range(scene.number("copies"))
    ]


def _all_at_once(parcel: Parcel, scene: Scene) -> Sequence[Parcel]:
    return (parcel,) * scene.number("copies")


def _end_first(parcel: Parcel, scene: Scene) -> Sequence[Parcel]:
    task, stage = scene.task, scene.announced
    assert task is not None, "a callback is about a task"
    assert stage is not None, "a callback is about a stage"
    if not stage.is_terminal:
        # it goes out behind the end, if there will be one
        return () if task.plan.steps[-1].stage.is_terminal else (parcel,)
    if not parcel.earlier:
        return (parcel,)
    before, body = parcel.earlier[-1]
    late = replace(parcel, id=delivery_id(task.id, before), body=body, wave=parcel.wave + 1)
    return (parcel, sealed(late))


def _never(parcel: Parcel, scene: Scene) -> Sequence[Parcel]:  # noqa: ARG001
    return ()


def _later(parcel: Parcel, scene: Scene) -> Postponed:  # noqa: ARG001
    return Postponed(scene.number("after_s") * 1000)


def _storm(parcel: Parcel, scene: Scene) -> Sequence[Parcel]:
    return (parcel,) * scene.number("count")


def _is_about_the_end(scene: Scene) -> bool:
    return scene.announced is not None and scene.announced.is_terminal


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="callback-before-reply",
        layer=Layer.CALLBACK,
        says="ends the task at once, delivers its callback, and only then answers the submit",
        client_must="accept a callback for a task that it does not know yet, and reconcile when the answer comes",
        hooks=(OnTask(_ends_at_once), BeforeReply()),
        expected=Expected.SUCCESS,
        motive="a worker that is quick enough reports before the request that started it has been answered",
        link="https://github.com/Helicone/helicone/pull/3434",
        with_callback=True,
        notes=NOTES,
    ),
    Fault(
        id="callback-duplicate",
        layer=Layer.CALLBACK,
        says="sends the same event several times, one after another, each with a fresh timestamp and signature",
        client_must="act once for each task, however often it is told",
        hooks=(OnDelivery(_one_after_another),),
        expected=Expected.SUCCESS,
        motive="delivery at least once is the contract, and side effects of the second copy were paid for",
        link="https://fal.ai/docs/documentation/model-apis/inference/webhooks.md",
        params=(Param("copies", 3, _COPIES, low=2, high=_MAX_COPIES),),
        with_callback=True,
        notes=NOTES,
    ),
    Fault(
        id="callback-duplicate-concurrent",
        layer=Layer.CALLBACK,
        says="sends the same event several times at the same moment",
        client_must="act once, which takes a unique key and not a look followed by a write",
        hooks=(OnDelivery(_all_at_once),),
        expected=Expected.SUCCESS,
        motive="two deliveries at once both found the event new, and both acted on it",
        link="https://github.com/jhuckaby/Cronicle/issues/663",
        params=(Param("copies", 5, _COPIES, low=2, high=_MAX_COPIES),),
        with_callback=True,
        notes=NOTES,
    ),
    Fault(
        id="callback-out-of-order",
        layer=Layer.CALLBACK,
        says="keeps the callbacks of earlier stages back, sends that of the end, then the last one before it",
        client_must="never let an earlier state replace the end",
        hooks=(OnDelivery(_end_first),),
        expected=Expected.SUCCESS,
        motive="events that arrived out of order set a finished job back to a state that it had left",
        link="https://github.com/CERNDocumentServer/cds-videos/pull/397",
        with_callback=True,
        notes=NOTES,
    ),
    Fault(
        id="callback-lost",
        layer=Layer.CALLBACK,
        says="never sends the callback",
        client_must="sweep by polling, and not depend on callbacks alone",
        hooks=(OnDelivery(_never),),
        expected=Expected.SUCCESS,
        motive="a service accepted the address of a webhook and then never called it",
        link="https://github.com/google-gemini/cookbook/issues/1297",
        with_callback=True,
        notes=NOTES,
    ),
    Fault(
        id="callback-late",
        layer=Layer.CALLBACK,
        says="sends the callback hours after it was due, on the tenant's clock",
        client_must="accept it late without submitting again, having asked by polling meanwhile",
        hooks=(OnDelivery(_later),),
        expected=Expected.SUCCESS,
        motive="a job stayed in progress for days with no webhook, long after everybody had given up on it",
        link="https://github.com/CALLE-AI/awesome-phone-call-agents/issues/97",
        params=(Param("after_s", 21_600, "seconds on the tenant's clock", low=1, high=30 * 86_400),),
        with_callback=True,
        notes=NOTES,
    ),
    Fault(
        id="callback-storm",
        layer=Layer.CALLBACK,
        says="sends the callback of the end a thousand times, as fast as the receiver takes it, 64 at once",
        client_must="answer 2xx at once and do the work from a queue, once for each task",
        hooks=(OnDelivery(_storm),),
        expected=Expected.SUCCESS,
        motive="a sender that comes back after an outage sends everything that it has at once",
        window=Window(1, 1),
        params=(Param("count", 1_000, _COPIES, low=2, high=10_000),),
        counts=_is_about_the_end,
        with_callback=True,
        notes=NOTES,
    ),
)
