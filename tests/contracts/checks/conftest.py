"""Cases built line by line: a tape of what a server has seen, one request after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
import pytest

from contracts.checks.model import Case, Check, Judgement, Verdict
from contracts.contract import load_contract
from contracts.model import Violation
from contracts.witness.witnessed import Body, Line, LineKind, Outcome, TaskSeen

START_MS = 1_767_225_600_000
HOST = "127.0.0.1:8787"
KEY = "secret-key-1"
VIDEO = "d" * 32
LINK = "http://127.0.0.1:8787/__lipflap/results/1.mp4"
WORDS = {
    "kling": ("processing", "succeed", "failed"),
    "gmi": ("processing", "success", "failed"),
    "kirin": ("in_progress", "completed", "failed"),
}

MakeTape = Callable[..., "Tape"]
Expect = Callable[..., Judgement]


class Tape:
    """Adds one line for each call, at the moment that ``wait`` has brought; ``case`` closes it."""

    def __init__(self, provider: str = "kling") -> None:
        self.provider = provider
        self.now_ms = START_MS
        self.lines: list[Line] = []
        self.tasks: dict[str, TaskSeen] = {}
        self.running, self.done, self.failed = WORDS[provider]

    def wait(self, ms: int) -> Tape:
        self.now_ms += ms
        return self

    def add(self, operation: str, **changes: object) -> Line:
        """A line as it stands, but for its number and moment."""
        usual: dict[str, object] = {
            "kind": LineKind.EXCHANGE,
            "provider": self.provider,
            "method": "GET",
            "target": f"/{operation}",
            "status": 200,
            "headers": (("host", HOST), ("authorization", "redacted")),
        }
        line = Line(
            number=len(self.lines) + 1, at_ms=self.now_ms, operation=operation, **{**usual, **changes}
        )
        self.lines.append(line)
        return line

    def task(self, task_id: str = "t1", stage: str = "processing", **changes: object) -> TaskSeen:
        """A render as the server knows it in the end."""
        usual: dict[str, object] = {"provider": self.provider, "kind": "lip-sync", "created_ms": self.now_ms}
        task = TaskSeen(id=task_id, stage=stage, **{**usual, **changes})
        self.tasks[task_id] = task
        return task

    def identify(self, video: str = "https://cdn.test/a.mp4", **changes: object) -> Line:
        usual = {
            "method": "POST",
            "request": body(self._create("kling-identify-face", "kirin_identify_face", video_url=video)),
            "response": body({"code": 0, "data": {"session_id": "s1", "face_data": []}}),
        }
        return self.add(self._creates("identifyFace"), **{**usual, **changes})

    def submit(self, task_id: str | None = "t1", own_id: str = "", **changes: object) -> Line:
        """An accepted submit, unless told otherwise."""
        given = {"session_id": "s1", **({"external_task_id": own_id} if own_id else {})}
        usual = {
            "method": "POST",
            "task_id": task_id,
            "request": body(self._create("kling-lip-sync", "kirin_lipsync", **given)),
            "response": body(self.view(task_id, self.running)) if task_id else Body(),
        }
        return self.add(self._creates("createLipSync"), **{**usual, **changes})

    def poll(self, word: str | None = None, task_id: str = "t1", **changes: object) -> Line:
        """``word`` is the provider's: the tape's ``running``, ``done`` or ``failed``."""
        operation = {"kling": "getLipSync", "gmi": "getRequest", "kirin": "getGeneration"}[self.provider]
        said = self.view(task_id, word or self.running)
        return self.add(operation, **{"task_id": task_id, "response": body(said), **changes})

    def download(self, task_id: str = "t1", **changes: object) -> Line:
        usual: dict[str, object] = {
            "task_id": task_id,
            "headers": (("host", HOST),),
            "response": Body(bytes=9, is_cut=True),
            "response_digest": VIDEO,
        }
        return self.add("download", **{**usual, **changes})

    def callback(self, word: str | None = None, task_id: str = "t1", **changes: object) -> Line:
        said = self.view(task_id, word or self.done)
        usual = {
            "kind": LineKind.DELIVERY,
            "method": "POST",
            "task_id": task_id,
            "request": body(said.get("data", said)),
            "headers": (("webhook-id", str(len(self.lines))), ("webhook-signature", f"v1,{len(self.lines)}")),
        }
        return self.add("callback.succeeded", **{**usual, **changes})

    def refusal(
        self, operation: Callable[..., Line], status: int, error: str | None, words: str = ""
    ) -> Line:
        """An answer with an error in the provider's own form."""
        forms: Mapping[str, Mapping[str, object]] = {
            "kling": {"code": 1, "message": words},
            "gmi": {"error": words},
            "kirin": {"error": {"code": "X", "error_message": words}, "message": words},
        }
        return operation(task_id=None, status=status, error=error, response=body(forms[self.provider]))

    def happy(self, **changes: object) -> Tape:
        """Accepted, polled to its end, downloaded."""
        self.identify()
        self.submit()
        self.wait(2_000).poll()
        self.wait(3_200).poll(self.done)
        self.download()
        self.task(stage="succeeded", **changes)
        return self

    def case(self, outcome: Outcome | None = None, **changes: object) -> Case:
        usual: dict[str, object] = {
            "provider": self.provider,
            "contract": load_contract(self.provider),
            "scenario": {},
            "expected": "success",
            "lines": tuple(self.lines),
            "tasks": tuple(self.tasks.values()),
            "outcome": outcome or Outcome(exit_code=0, output_bytes=9, output_digest=VIDEO),
            "key": KEY,
            "now_ms": self.now_ms,
            "deadline_ms": 600_000,
        }
        return Case(**{**usual, **changes})  # type: ignore[arg-type]

    def gave_up(self, words: str = "error: no", **changes: object) -> Case:
        """The case of a client that has exited with 1."""
        return self.case(Outcome(exit_code=1, stderr=words), **changes)

    def view(self, task_id: str, word: str) -> dict[str, object]:
        """The task object as this provider shows it, with a result or a reason where the word calls for one."""
        is_done, reason = word == self.done, "the face is not visible" if word == self.failed else ""
        if self.provider == "kling":
            result = {"videos": [{"url": LINK}] if is_done else []}
            task = {"task_id": task_id, "task_status": word, "task_status_msg": reason, "task_result": result}
            return {"code": 0, "message": "SUCCEED", "data": task}
        if self.provider == "gmi":
            outcome = {"video_url": LINK} if is_done else {"error": reason} if reason else None
            return {"request_id": task_id, "status": word, "outcome": outcome}
        task = {"id": task_id, "status": word}
        if is_done:
            return {**task, "output": [{"content": [{"type": "video", "url": LINK}]}]}
        return {**task, "error": {"code": "014002095", "error_message": reason}} if reason else task

    def _creates(self, kling: str) -> str:
        return {"kling": kling, "gmi": "submitRequest", "kirin": "createGeneration"}[self.provider]

    def _create(self, gmi_model: str, kirin_model: str, **params: object) -> dict[str, object]:
        if self.provider == "gmi":
            return {"model": gmi_model, "payload": params}
        if self.provider == "kirin":
            return {"model": kirin_model, "input": [{"params": params}]}
        return params


def body(value: object) -> Body:
    data = msgspec.json.encode(value)
    return Body(bytes=len(data), json=msgspec.Raw(data))


@pytest.fixture
def make_tape() -> MakeTape:
    """``make_tape("gmi")``: an empty tape of that provider, Kling's unless said."""
    return Tape


@pytest.fixture
def tape() -> Tape:
    """An empty tape of Kling's."""
    return Tape()


@pytest.fixture(params=list(WORDS))
def any_tape(request: pytest.FixtureRequest) -> Tape:
    """An empty tape of each provider."""
    return Tape(request.param)


@pytest.fixture
def verdict_of() -> Callable[[Check, Case], Verdict]:
    """The verdict of a check, whose findings agree with it and quote lines of the case."""

    def judge(check: Check, case: Case) -> Verdict:
        judgement = check.judge(case)
        assert judgement.check == check.id
        assert bool(judgement.findings) is (judgement.verdict is Verdict.FAIL)
        known = {line.number: line.quote() for line in case.lines}
        for found in judgement.findings:
            assert set(found.lines) <= set(known)
            assert set(found.quotes) <= {known[number] for number in found.lines}
            assert found.says
            assert found.good_client
        return judgement.verdict

    return judge


@pytest.fixture
def words_of() -> Callable[[Check, Case], Sequence[str]]:
    """What a check's findings say."""
    return lambda check, case: [found.says for found in check.judge(case).findings]


@pytest.fixture
def gone() -> Outcome:
    """A client that had to be killed."""
    return Outcome(exit_code=None, is_killed=True, took_ms=700_000)


@pytest.fixture
def violation() -> Callable[[str, str], Violation]:
    return lambda path, rule: Violation(path, rule, "is required")
