"""Submit: which model, is the payload in shape, and what Kling makes of it behind the queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec
from msgspec import Struct

from contracts.contract import Contract
from contracts.model import Violation
from mock_server.core.errors import Refused
from mock_server.core.plan import TERMINAL_STAGES, Failure, Plan, Stage, Step
from mock_server.core.session import Session
from mock_server.core.task import Task, TaskKind
from mock_server.flow.call import Call
from mock_server.flow.identify import NO_FACE, open_session
from mock_server.flow.lip_sync import Job, prepare
from mock_server.flow.magic import asked_failure
from mock_server.flow.tasks import plan_of
from mock_server.providers.face_choose import parse_face_choose, sounds_of, text
from mock_server.providers.gmi.models import KINDS

STAGES = (Stage.QUEUED, Stage.DISPATCHED, Stage.PROCESSING, Stage.SUCCEEDED)
ONE_FACE_ONLY = Violation(
    "payload.face_choose", "maxItems", "must have one entry: this dialect refuses several faces"
)


class Submission(Struct, frozen=True):
    """A submit in shape."""

    model: str
    kind: TaskKind
    payload: Mapping[str, object]


def parse_submission(call: Call, contract: Contract) -> Submission:
    """The model first, then the payload: genblaze's probe leans on it (gmi.md § 8).

    Raises Refused: "unknown-model", or "invalid-value" with the first fault of shape.
    """
    body = call.body
    schema = cast(str, call.operation.request_schema) if call.operation else ""
    model = body.get("model") if isinstance(body, dict) else None
    if isinstance(body, dict) and isinstance(model, str) and model:
        branch = contract.branch(schema, body)
        if branch is None or model not in KINDS:
            raise Refused("unknown-model")
        violations = contract.violations(branch, body)
        if violations:
            raise Refused("invalid-value", _told(violations))
        return Submission(model, KINDS[model], cast("Mapping[str, object]", body["payload"]))
    if not isinstance(body, dict):
        raise Refused("invalid-value", (Violation("", "type", "request body must be an object"),))
    reason = "must be a string that is not empty" if "model" in body else "is required"
    raise Refused("invalid-value", (Violation("model", "required", reason),))


def _told(violations: tuple[Violation, ...]) -> tuple[Violation, ...]:
    """The first fault, or all fields that are missing where one is: a client should not learn of them one by one."""
    missing = tuple(violation for violation in violations if violation.rule == "required")
    return missing or violations[:1]


async def task_for(call: Call, contract: Contract, submission: Submission) -> Task:
    """The task of a submission. Raises Refused where the queue, or a synchronous upstream, turns it down."""
    if submission.kind is TaskKind.IDENTIFY:
        return await _identify_task(call, contract, submission)
    return await _lip_sync_task(call, contract, submission)


async def _identify_task(call: Call, contract: Contract, submission: Submission) -> Task:
    payload = submission.payload
    failure = asked_failure(contract, text(payload, "external_task_id"), [text(payload, "video_url")])
    try:
        session = await open_session(
            call,
            contract,
            video_url=text(payload, "video_url"),
            video_id=text(payload, "video_id"),
        )
        if not session.faces and call.dialect("gmi.no_face") == "error":
            raise Refused("invalid-value", (NO_FACE,))
    except Refused as refused:
        if call.dialect("gmi.upstream_faults") == "create":
            raise Refused("invalid-value", refused.violations) from refused
        # the queue hides the reason of a synchronous call (gmi.md § 8); the journal keeps it
        hidden = Refused("upstream-error", refused.violations)
        hidden.message = contract.errors["upstream-error"].message
        raise hidden from refused
    number, task_id = _next_id(call)
    is_sync = call.dialect("gmi.identify") == "sync"
    plan = _at_once(call, failure) if is_sync else plan_of(call, STAGES, task_id, failure)
    return _task(call, submission, number, task_id, plan, session, None)


async def _lip_sync_task(call: Call, contract: Contract, submission: Submission) -> Task:
    payload = submission.payload
    # Kling sees the payload only, so its faults have paths that begin there (gmi.md § 12, the failed task)
    entries = parse_face_choose(payload)
    if len(entries) > 1 and call.dialect("gmi.several_faces") == "refuse":
        raise Refused("invalid-value", (ONE_FACE_ONLY,))
    failure = asked_failure(contract, text(payload, "external_task_id"), sounds_of(entries))
    job = await prepare(call, contract, text(payload, "session_id"), entries)
    if job.refused is not None:
        if call.dialect("gmi.upstream_faults") == "create":
            raise Refused("invalid-value", job.refused.violations)
        row = contract.errors["task-failed"]
        failure = Failure(row.name, f"{row.message}: {job.refused.message}")
    number, task_id = _next_id(call)
    return _task(call, submission, number, task_id, plan_of(call, STAGES, task_id, failure), job.session, job)


def _next_id(call: Call) -> tuple[int, str]:
    number = call.simulator.store.next_number(call.tenant, "task")
    return number, call.choices.uuid("task", "gmi", number)


def _at_once(call: Call, failure: Failure | None) -> Plan:
    """A synchronous call is over when it answers."""
    end = Stage.FAILED if failure else Stage.SUCCEEDED
    return Plan((Step(Stage.QUEUED, call.now_ms), Step(end, call.now_ms)), failure)


def _task(
    call: Call,
    submission: Submission,
    number: int,
    task_id: str,
    plan: Plan,
    session: Session | None,
    job: Job | None,
) -> Task:
    payload = submission.payload
    calls_back = call.dialect("gmi.callbacks") == "kling" and job is not None and session is not None
    choices = call.choices
    return Task(
        id=task_id,
        tenant=call.tenant,
        provider="gmi",
        kind=submission.kind,
        number=number,
        plan=plan,
        base_url=call.base_url,
        model=submission.model,
        request=msgspec.json.encode(payload),
        callback_url=(text(payload, "callback_url") or None) if calls_back else None,
        callback_stages=(Stage.PROCESSING, *TERMINAL_STAGES),
        result_id=choices.decimal_id("result", "gmi", number),
        session_id=session.id if session else None,
        video_url=session.video_url if session else "",
        video_id=session.video_id if session else "",
        video=session.video if session else None,
        clips=job.clips if job else (),
    )
