"""Faults of the HTTP layer at a submit: whether a task was made, and how hard that is to tell."""

from __future__ import annotations

from mock_server.core.errors import Refused
from mock_server.core.fault import Occasion, Window
from mock_server.faults.catalogue.http.gateway import gateway_page
from mock_server.faults.catalogue.http.limits import with_retry_after
from mock_server.faults.model import Expected, Fault, InPlace, Layer, OnAnswer, Param, Reply, Scene
from mock_server.flow.call import Answer

PARALLEL = "parallel task limit reached"
_SLOTS_FULL = {"kling": Refused("slots-full")}
"""Only Kling has a row of its own for it."""


def _lost_in_the_gateway(answer: Answer, scene: Scene) -> Answer:  # noqa: ARG001
    return gateway_page(502, "Bad Gateway")


def _unavailable(scene: Scene) -> Reply:
    return with_retry_after(scene.refuse(Refused("unavailable")), str(scene.number("retry_after_s")))


def _no_slot(scene: Scene) -> Reply | None:
    slots = scene.number("slots")
    if slots:
        active = [task for task in scene.tasks() if not task.plan.has_ended(scene.now_ms)]
        if len(active) < slots:
            return None
    return scene.refuse(_SLOTS_FULL.get(scene.provider) or Refused("rate-limited", message=PARALLEL))


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="submit-accepted-502-html",
        layer=Layer.HTTP,
        says="makes the task and starts it, then answers with a gateway's HTML page and status 502",
        client_must=(
            "not submit again, unless with the same idempotency key; say that the job may be running, "
            "and look for it in the list or by its own id"
        ),
        hooks=(OnAnswer(_lost_in_the_gateway, (Occasion.SUBMIT,)),),
        expected=Expected.EITHER,
        motive="a retried POST after a gateway's error was accepted, and paid for, twice",
        link="https://github.com/ArcReel/ArcReel/pull/793",
        window=Window(1, 1),
    ),
    Fault(
        id="submit-503-not-accepted",
        layer=Layer.HTTP,
        says="answers 503 with Retry-After and makes no task",
        client_must="wait as long as Retry-After says, then submit again",
        hooks=(InPlace(_unavailable, (Occasion.SUBMIT, Occasion.IDENTIFY, Occasion.TTS)),),
        expected=Expected.SUCCESS,
        motive="a proxy that sheds load refuses before the service sees the request: here a retry is safe",
        window=Window(1, 2),
        params=(Param("retry_after_s", 2, "seconds in Retry-After", low=0, high=86_400),),
    ),
    Fault(
        id="concurrency-429-submit",
        layer=Layer.HTTP,
        says="answers 429 because too many tasks run at once, and makes none",
        client_must="keep the job in a queue of its own and submit when one of its tasks has ended",
        hooks=(InPlace(_no_slot, (Occasion.SUBMIT,)),),
        expected=Expected.SUCCESS,
        motive="plans allow 1, 3, 6 or 15 jobs at once, and the refusal has the same status as a rate limit",
        link="https://docs.sync.so/api-reference/rate-limits",
        window=Window(1, 2),
        params=(
            Param(
                "slots",
                0,
                "refuse only while so many of the tenant's tasks run (best with the window #*); 0 asks nobody",
                low=0,
                high=1_000,
            ),
        ),
        notes={
            "gmi": "has no row for it: the text of rate-limited says so",
            "kirin": "has no row for it: the text of rate-limited says so",
            "kling": "1303, slots-full",
        },
    ),
)
