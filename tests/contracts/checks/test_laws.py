"""What holds for every check and every case, however odd."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Raw, json
from msgspec.structs import replace

from contracts.checks import CHECKS
from contracts.checks.hearing import LOST, UNSURE
from contracts.checks.model import Case, Check, Verdict
from contracts.checks.wire import DIALECTS
from contracts.contract import load_contract
from contracts.model import Violation
from contracts.witness.witnessed import Body, Line, LineKind, Outcome, TaskSeen

WORDS = ["submitted", "processing", "succeed", "success", "completed", "failed", "COMPLETED", ""]
FAULTS = [
    *sorted(LOST | UNSURE),
    "callback-bad-signature",
    "callback-replay-new-id",
    "html-200",
    "unheard-of",
]
IDS = st.sampled_from(["t1", "t2"])
OPERATIONS = sorted({name for dialect in DIALECTS.values() for name in dialect.acts})


def task_object(task_id: str, word: str) -> dict[str, object]:
    """Readable by each provider's dialect at once."""
    task = {"task_id": task_id, "request_id": task_id, "id": task_id, "task_status": word, "status": word}
    url = "http://h/r.mp4"
    result = {"task_result": {"videos": [{"url": url}]}, "outcome": {"video_url": url}}
    return {**task, **result, "data": {**task, **result}, "model": "kling-lip-sync"}


bodies = st.one_of(
    st.builds(Body),
    st.builds(Body, text=st.text(max_size=20)),
    st.builds(Body, base64=st.text(max_size=8)),
    st.builds(Body, json=st.binary(max_size=8).map(Raw)),
    st.builds(
        lambda task, word: Body(json=Raw(dumped(task_object(task, word)))), IDS, st.sampled_from(WORDS)
    ),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
    ).map(lambda value: Body(json=Raw(dumped(value)))),
)
headers = st.lists(
    st.tuples(
        st.sampled_from(
            ["host", "authorization", "idempotency-key", "webhook-id", "webhook-signature", "x-model"]
        ),
        st.sampled_from(["127.0.0.1:8787", "localhost", "redacted", "kirin_lipsync"]),
    ),
    max_size=3,
).map(tuple)
answers = st.lists(
    st.tuples(
        st.just("Retry-After"),
        st.sampled_from(["7", "0", "99999999999999", "soon", "Thu, 01 Jan 1970 00:00:00 GMT"]),
    ),
    max_size=1,
).map(tuple)


def dumped(value: object) -> bytes:
    return json.encode(value)


@st.composite
def lines(draw: st.DrawFn, ids: st.SearchStrategy[str | None]) -> Line:
    return Line(
        number=draw(st.integers(1, 60)),
        at_ms=draw(st.integers(0, 2_000_000)),
        kind=draw(st.sampled_from(LineKind)),
        provider=draw(st.sampled_from([*DIALECTS, "other"])),
        operation=draw(st.sampled_from([*OPERATIONS, "download", "callback.succeeded", ""])),
        method=draw(st.sampled_from(["GET", "POST"])),
        target=draw(st.sampled_from(["/x", "/x?key=redacted"])),
        status=draw(st.sampled_from([0, 200, 206, 302, 400, 401, 404, 409, 429, 500, 502, 503])),
        error=draw(st.sampled_from([None, "internal", "rate-limited", "unheard-of"])),
        task_id=draw(ids),
        headers=draw(headers),
        request=draw(bodies),
        response=draw(bodies),
        violations=tuple(
            draw(
                st.lists(
                    st.builds(
                        Violation, st.just("a"), st.sampled_from(["type", "video-length"]), st.just("x")
                    ),
                    max_size=1,
                )
            )
        ),
        faults=tuple(draw(st.lists(st.sampled_from(FAULTS), max_size=2))),
        response_digest=draw(st.sampled_from(["", "d1", "d2"])),
        response_headers=draw(answers),
    )


tasks = st.builds(
    TaskSeen,
    id=IDS,
    provider=st.sampled_from(list(DIALECTS)),
    kind=st.sampled_from(["lip-sync", "legacy-lip-sync", "identify"]),
    stage=st.sampled_from(["submitted", "processing", "succeeded", "failed", "cancelled", "odd"]),
    created_ms=st.integers(0, 1_000),
    failure=st.sampled_from([None, "task-failed", "generation-failed"]),
    result_url=st.sampled_from([None, "http://h/r.mp4"]),
)
outcomes = st.builds(
    Outcome,
    exit_code=st.sampled_from([None, 0, 1, 75]),
    stdout=st.sampled_from(["", "http://h/r.mp4", "t1"]),
    stderr=st.sampled_from(["", "error: please try again", "t1 may be running"]),
    output_bytes=st.sampled_from([None, 0, 9]),
    output_digest=st.sampled_from(["", "d1"]),
    is_killed=st.booleans(),
    took_ms=st.integers(0, 1_000_000),
    peak_rss_bytes=st.sampled_from([None, 1, 2**40]),
    effects=st.dictionaries(IDS, st.integers(0, 3), max_size=2),
    strays=st.sampled_from([(), ("a.part",)]),
)
cases = st.builds(
    Case,
    provider=st.shared(st.sampled_from(list(DIALECTS)), key="provider"),
    contract=st.shared(st.sampled_from(list(DIALECTS)), key="provider").map(load_contract),
    scenario=st.sampled_from([{}, {"with_callback": True, "media": 1, "expect": {"reason": "internal"}}]),
    expected=st.sampled_from(["success", "failure", "either"]),
    lines=st.lists(lines(st.none() | IDS), max_size=12, unique_by=lambda line: line.number).map(tuple),
    tasks=st.lists(tasks, max_size=2, unique_by=lambda task: task.id).map(tuple),
    outcome=outcomes,
    key=st.sampled_from(["", "redacted", "secret-key-1"]),
    now_ms=st.integers(0, 1_000_000),
    deadline_ms=st.integers(0, 1_000_000),
    faults=st.dictionaries(st.sampled_from(FAULTS), st.just({"layer": "callback"}), max_size=2),
    is_resumed=st.booleans(),
)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(case=cases)
def test_no_case_is_too_odd_to_be_judged(case):
    for check in CHECKS:
        judgement = check.judge(case)
        assert judgement.check == check.id
        assert bool(judgement.findings) is (judgement.verdict is Verdict.FAIL), check.id
        numbers = {line.number for line in case.lines}
        assert all(set(found.lines) <= numbers for found in judgement.findings), check.id


@quick
@given(case=cases, foreign=st.lists(lines(st.just("foreign")), max_size=3))
def test_lines_about_the_task_of_another_change_no_verdict(case, foreign):
    looking = ("getLipSync", "getRequest", "getGeneration", "download", "callback.succeeded")
    others = tuple(
        replace(line, number=100 + place)
        for place, line in enumerate(foreign)
        if line.operation in looking or line.kind is LineKind.DELIVERY or line.provider != case.provider
    )
    more = replace(case, lines=(*case.lines, *others))
    for check in CHECKS:
        assert check.judge(more).verdict is check.judge(case).verdict, check.id


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_good_job_fails_no_check(check: Check, any_tape, verdict_of: Callable[[Check, Case], Verdict]):
    assert verdict_of(check, any_tape.happy().case()) is not Verdict.FAIL
