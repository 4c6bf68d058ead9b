"""Faults of the async layer around faces: none is found, a session ends too soon, a face is another session's."""

from __future__ import annotations

from msgspec.structs import replace

from mock_server.core.fault import Occasion, Window
from mock_server.core.session import Session
from mock_server.faults.catalogue.asynchronous.pace import DAY_MS
from mock_server.faults.model import Expected, Fault, Layer, OnSession, Param, Scene


def _without_faces(session: Session, scene: Scene) -> Session:  # noqa: ARG001
    return replace(session, faces=())


def _aged(session: Session, scene: Scene) -> Session:
    """Made so long ago that ``after_ms`` from now on it is too old by the provider's own rule."""
    age = scene.contract.rule("lip-sync", "session-age")
    older_ms = int(age.limits["max_age_s"] * 1000) + 1 - scene.number("after_ms")
    return replace(session, created_ms=session.created_ms - older_ms)


def _with_other_faces(session: Session, scene: Scene) -> Session:  # noqa: ARG001
    count = len(session.faces)
    faces = tuple(replace(face, id=str(number)) for number, face in enumerate(session.faces, start=count))
    return replace(session, faces=faces)


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="face-none",
        layer=Layer.ASYNC,
        says="finds no face in the video",
        client_must="report it, and submit nothing",
        hooks=(OnSession(_without_faces),),
        expected=Expected.FAILURE,
        motive="a video in which no face is found ended in an exception far from its cause",
        link="https://github.com/bytedance/LatentSync/issues/44",
        notes={
            "kling": "a refusal, or by the dialect kling.no_face an empty list",
            "gmi": "a refusal without the reason, or by the dialect gmi.no_face an empty list",
            "kirin": "a failed task, or by the dialect kirin.no_face an empty list",
        },
    ),
    Fault(
        id="face-session-expired",
        layer=Layer.ASYNC,
        says="refuses a session as too old long before its day is over",
        client_must="identify the faces once more and submit with the new session; the refused submit made no job",
        hooks=(OnSession(_aged),),
        expected=Expected.EITHER,
        motive="a session that was fine when it was made may be over when a queued job gets to use it",
        window=Window(1, 1),
        params=(
            Param("after_ms", 0, "how long the session is good, in ms of the tenant's clock", 0, DAY_MS),
        ),
        notes={
            "gmi": "by default the job is accepted and fails, as with any session that is too old",
            "kirin": "by default the job is accepted and fails, as with any session that is too old",
        },
    ),
    Fault(
        id="face-id-stale",
        layer=Layer.ASYNC,
        says="does not know the face that the submit names: it is none of this session",
        client_must="report it, and take faces and session from one and the same answer",
        hooks=(OnSession(_with_other_faces, (Occasion.SUBMIT,)),),
        expected=Expected.FAILURE,
        motive="faces of an earlier look at a video are sent with the session of a later one",
        notes={
            "gmi": "by default the job is accepted and fails",
            "kirin": "by default the job is accepted and fails",
        },
    ),
)
