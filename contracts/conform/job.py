"""One whole lip-sync job, from the faces to the polls after its end; made once and read by many checks."""

from __future__ import annotations

from msgspec import Struct

from contracts.conform.exchange import Caller, Exchange
from contracts.conform.lab import CALLBACK_TIMEOUT_S, Lab
from contracts.conform.surfaces.surface import Order, is_end
from contracts.conform.verdict import Skip

SUBMITS = 2
"""What a job costs: identify-face and the lip-sync."""
AFTER_THE_END = 3
SETTLED_TIMEOUT_S = 2.0
"""How long a callback may be on its way whose moment has come."""
FIRST_STEP_S = 0.25
LONGEST_STEP_S = 120.0
_GROWTH = 1.4
SIMULATOR_POLLS = 25
"""A quarter of an hour of its clock, in such steps."""
VIDEO_FACTS = {"duration_ms": 10_000, "faces": 1}
SOUND_FACTS = {"duration_ms": 6_000}


class Job(Struct, frozen=True):
    """A task of ours that has ended. ``external_id`` is empty where the provider takes none, or it was given to us."""

    task_id: str
    external_id: str
    session_id: str
    callback_url: str = ""


def finished_job(lab: Lab) -> Job:
    """The run's job: made by the first check that asks. Raises Skip where it cannot be had, and why."""
    if "job" not in lab.kept:
        try:
            with lab.under("job"):
                lab.kept["job"] = _given(lab) if lab.target.task_id else _made(lab)
        except Skip as skip:
            lab.kept["job"] = skip
    job = lab.kept["job"]
    if isinstance(job, Skip):
        raise job
    assert isinstance(job, Job), "nothing else is kept there"
    return job


def session(lab: Lab, video_url: str, label: str = "") -> tuple[str, Exchange]:
    """The session of identify-face, empty where it was refused; and the exchange that decided it."""
    surface = lab.surface
    answer = lab.ask(surface.identify(video_url), label=label)
    told = surface.told(answer.body)
    while told is not None and not is_end(surface, told.word) and not surface.session_of(answer.body):
        answer, is_over = polled_to_end(lab, told.id, label)
        if not is_over:
            break
        told = surface.told(answer.body)
    return surface.session_of(answer.body), answer


def polled_to_end(
    lab: Lab, task_id: str, label: str = "", caller: Caller = Caller.OWN
) -> tuple[Exchange, bool]:
    """The last poll, and whether the task had ended by then."""
    step_s = FIRST_STEP_S
    clock = lab.other_clock if caller is Caller.OTHER else lab.clock
    answer = lab.ask(lab.surface.poll(task_id), caller, label)
    for _ in range(SIMULATOR_POLLS if clock.can_jump else lab.target.polls):
        told = lab.surface.told(answer.body)
        if told is None or is_end(lab.surface, told.word):
            return answer, told is not None
        clock.advance(step_s)
        step_s = min(step_s * _GROWTH, LONGEST_STEP_S)
        answer = lab.ask(lab.surface.poll(task_id), caller, label)
    return answer, False


def _made(lab: Lab) -> Job:
    lab.must_spend(SUBMITS)
    session_id, answer = session(lab, lab.video.having(**VIDEO_FACTS))
    if not session_id:
        raise Skip(f"no session could be had: {answer.quote()}")
    order = Order(
        session_id,
        lab.sound.having(**SOUND_FACTS),
        external_id=lab.fresh("job") if lab.surface.has_external_ids else "",
        callback_url=(lab.target.callback_url or lab.listener.url) if lab.listener else "",
    )
    answer = lab.ask(lab.surface.submit(order))
    told = lab.surface.told(answer.body)
    if told is None:
        raise Skip(f"no task could be made: {answer.quote()}")
    answer, is_over = polled_to_end(lab, told.id)
    if not is_over:
        raise Skip(f"the task did not end: {answer.quote()}")
    _look_again(lab, told.id)
    if order.callback_url and lab.surface.calls_back:
        _hear(lab, told.id)
    return Job(told.id, order.external_id, session_id, order.callback_url)


def _given(lab: Lab) -> Job:
    """The old task that we were told of; it costs nothing to read."""
    answer, is_over = polled_to_end(lab, lab.target.task_id)
    if not is_over:
        raise Skip(f"--task names none that has ended: {answer.quote()}")
    _look_again(lab, lab.target.task_id)
    return Job(lab.target.task_id, "", "")


def _look_again(lab: Lab, task_id: str) -> None:
    for _ in range(AFTER_THE_END):
        if lab.clock.can_jump:
            lab.clock.advance(1)
        lab.ask(lab.surface.poll(task_id))


def _hear(lab: Lab, task_id: str) -> None:
    """Wait until the end of the task was called back, as long as anything arrives."""
    listener, surface = lab.listener, lab.surface
    assert listener is not None, "a callback was asked for"
    heard = -1
    while heard < len(listener.bodies):
        heard = len(listener.bodies)
        told = [surface.called_back(body.json) for body in listener.bodies]
        if any(one and one.id == task_id and is_end(surface, one.word) for one in told):
            return
        lab.clock.settle()
        listener.wait_for_more(heard, SETTLED_TIMEOUT_S if lab.clock.can_jump else CALLBACK_TIMEOUT_S)
