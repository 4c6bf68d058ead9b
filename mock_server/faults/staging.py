"""How the firings of one request act on it, step by step."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from mock_server.core.fault import Occasion
from mock_server.core.session import Session
from mock_server.core.task import Task
from mock_server.faults.book import Book
from mock_server.faults.firing import Firing
from mock_server.faults.model import (
    BeforeReply,
    Hook,
    InPlace,
    OnAnswer,
    OnDelivery,
    OnMoment,
    OnSession,
    OnTask,
    OnWire,
    Reply,
)
from mock_server.faults.scenes import SceneOf
from mock_server.flow.call import Answer, Call


def hooks_at(firing: Firing, occasion: Occasion) -> tuple[Hook, ...]:
    """The hooks of a firing that act at ``occasion``; the main one only where the firing was counted."""
    main, *others = firing.fault.hooks
    mains = (main,) if firing.nth and occasion in main.at else ()
    return (*mains, *(hook for hook in others if occasion in hook.at))


def sift(
    book: Book, tenant: str, occasion: Occasion, firings: Sequence[Firing], scene_of: SceneOf
) -> tuple[Reply | None, list[Firing]]:
    """The first reply in place of everything, with the firing it comes from; else those that act, each counted."""
    silent = []
    for firing in firings:
        in_place = next((hook for hook in hooks_at(firing, occasion) if isinstance(hook, InPlace)), None)
        reply = in_place.act(scene_of(firing)) if in_place else None
        if reply is not None and book.note(tenant, firing):
            return reply, [firing]
        if in_place is None:
            silent.append(firing)
    return None, [firing for firing in silent if book.note(tenant, firing)]


def prepare(call: Call, occasion: Occasion, firings: Sequence[Firing], scene_of: SceneOf) -> None:
    """Hang on the call what acts while the request is decided."""
    pairs = [(hook, firing) for firing in firings for hook in hooks_at(firing, occasion)]
    sessions = [(hook, firing) for hook, firing in pairs if isinstance(hook, OnSession)]

    def on_session(session: Session) -> Session:
        for hook, firing in sessions:
            session = hook.act(session, scene_of(firing))
        return session

    if sessions:
        call.on_session = on_session
    for hook, firing in pairs:
        if isinstance(hook, OnMoment):
            call.looks_from_ms = hook.act(scene_of(firing))
    tasks = [(hook, firing) for hook, firing in pairs if isinstance(hook, OnTask)]
    if tasks:
        _prepare_task(call, occasion, tasks, scene_of)


def _prepare_task(
    call: Call, occasion: Occasion, tasks: Sequence[tuple[OnTask, Firing]], scene_of: SceneOf
) -> None:
    bind = call.on_accept

    def on_accept(task: Task) -> Task:
        for hook, firing in tasks:
            task = hook.act(task, scene_of(firing))
        return bind(task) if bind else task

    def on_end(before: Task, task: Task) -> Task:
        for hook, firing in tasks:
            task = hook.act(task, replace(scene_of(firing), task=before))
        return task

    if occasion is Occasion.CANCEL:
        call.on_end = on_end
    else:
        call.on_accept = on_accept


def holds_reply(firings: Sequence[Firing], occasion: Occasion) -> bool:
    """Whether callbacks go out before the reply."""
    return any(isinstance(hook, BeforeReply) for firing in firings for hook in hooks_at(firing, occasion))


def rendered(answer: Answer, occasion: Occasion, firings: Sequence[Firing], scene_of: SceneOf) -> Answer:
    """The answer as changed by every firing in turn, then put on the wire in the way of the first that has one."""
    pairs = [(hook, firing) for firing in firings for hook in hooks_at(firing, occasion)]
    for hook, firing in pairs:
        if isinstance(hook, OnAnswer):
            answer = hook.act(answer, scene_of(firing))
    for hook, firing in pairs:
        if isinstance(hook, OnWire):
            return replace(answer, script=hook.act(answer, scene_of(firing)))
    return answer


def deliveries_at(firings: Sequence[Firing]) -> list[tuple[OnDelivery, Firing]]:
    """The hooks that change a callback, in order."""
    pairs = [(hook, firing) for firing in firings for hook in hooks_at(firing, Occasion.CALLBACK)]
    return [(hook, firing) for hook, firing in pairs if isinstance(hook, OnDelivery)]
