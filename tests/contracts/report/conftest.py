"""Runs to report on: twenty scenarios of all kinds, some of them red, made by hand and the same every time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import pytest
from msgspec.structs import replace

from contracts.cells.result import Cell, Coverage, Run
from contracts.checks.model import Finding, Judgement, Verdict
from contracts.checks.table import CHECKS
from contracts.witness.witnessed import Body, Event, Line, LineKind, Outcome, StepSeen, TaskSeen

BEGIN_MS = 1_795_340_000_000
TASK = "825449868069810328"
POLL = f"/v1/videos/advanced-lip-sync/{TASK}"
HOSTILE = '</script><b>bold</b><script>alert(1)</script> \x1b[31mred\x1b[0m \x00 \ud800 \u202egnp.exe ]]> & "quotes"'

CREATES = {"gmi": "submitRequest", "kirin": "createGeneration"}
POLLS = {"gmi": "getRequest", "kirin": "getGeneration"}
MODELS = {
    ("gmi", "identify"): "kling-identify-face",
    ("gmi", "submit"): "kling-lip-sync",
    ("kirin", "identify"): "kirin_identify_face",
    ("kirin", "submit"): "kirin_lipsync",
}
OPERATIONS = {
    "identify": ("identifyFace", "POST", "/v1/videos/identify-face"),
    "submit": ("createLipSync", "POST", "/v1/videos/advanced-lip-sync"),
    "poll": ("getLipSync", "GET", POLL),
    "download": ("download", "GET", "/__lipflap/results/882948008887294088.mp4"),
    "callback": ("callback.succeeded", "POST", "http://127.0.0.1:9000/hook"),
}


class Script:
    """A cell that is told step by step: ``at`` moves the clock, the rest adds a line or a stage."""

    def __init__(self, scenario: str, provider: str = "kling") -> None:
        self.scenario, self.provider = scenario, provider
        self.now_ms = BEGIN_MS
        self.lines: list[Line] = []
        self.events: list[Event] = []
        self.steps: dict[str, list[StepSeen]] = {}

    def after(self, seconds: float) -> Script:
        self.now_ms += round(seconds * 1000)
        return self

    def line(
        self, act: str, status: int = 200, *faults: str, task: str | None = TASK, says: str = ""
    ) -> Script:
        operation, method, target = OPERATIONS[act]
        model = MODELS.get((self.provider, act))
        operation = (
            CREATES[self.provider]
            if model
            else POLLS.get(self.provider, operation)
            if act == "poll"
            else operation
        )
        request = Body(bytes=40, json=msgspec.Raw(msgspec.json.encode({"model": model}))) if model else Body()
        number = len(self.lines) + 1
        kind = LineKind.DELIVERY if act == "callback" else LineKind.EXCHANGE
        told = {"code": 0, "data": {"task_id": task, "task_status": says or "processing"}}
        answer = Body(bytes=90, json=msgspec.Raw(msgspec.json.encode(told)))
        if status >= 500:
            answer = Body(bytes=40, text=f"<html><h1>{status} Bad Gateway</h1></html>")
        line = Line(
            number, self.now_ms, kind, self.provider, operation, method, target, status,
            task_id=task, request=request, response=answer if status else Body(), faults=faults,
        )  # fmt: skip
        self.lines.append(line)
        text = f"The client's {method} {target} ({operation}) was answered with {status}."
        advice = "A good client would try the poll again, and not give the job up." if faults else None
        # the server names faults at a request, and at a callback only those that held it back
        told_faults = () if kind is LineKind.DELIVERY else faults
        self.events.append(Event(self.now_ms, kind, text, None, told_faults, advice))
        return self

    def stage(self, stage: str, task: str = TASK) -> Script:
        self.steps.setdefault(task, []).append(StepSeen(stage, self.now_ms))
        self.events.append(Event(self.now_ms, "stage", f"The task reached {stage}."))
        return self

    def polls(self, count: int, every_s: float, *faults: str, status: int = 200) -> Script:
        for _ in range(count):
            self.after(every_s).line("poll", status, *faults)
        return self

    def begun(self) -> Script:
        return self.line("identify", task=None).after(1).line("submit").stage("submitted")

    def finished(self) -> Script:
        return self.stage("succeeded").line("poll", says="succeed").after(0.2).line("download")

    def tasks(self) -> tuple[TaskSeen, ...]:
        return tuple(self._task(task, steps) for task, steps in self.steps.items())

    def _task(self, task: str, steps: Sequence[StepSeen]) -> TaskSeen:
        last = steps[-1]
        ended_ms = last.at_ms if last.stage in {"succeeded", "failed", "cancelled"} else None
        return TaskSeen(
            task, self.provider, "lip-sync", last.stage, steps[0].at_ms or 0, ended_ms, steps=tuple(steps)
        )

    def cell(self, failed: Sequence[Judgement] = (), exit_code: int | None = 0, **more: object) -> Cell:
        took_ms = self.now_ms - BEGIN_MS
        outcome = Outcome(
            exit_code,
            stdout="out.mp4\n" if exit_code == 0 else "",
            stderr="gave up: 502 Bad Gateway\n" if exit_code else "",
            output_bytes=184_320 if exit_code == 0 else None,
            is_killed=exit_code is None,
            took_ms=took_ms,
            wall_ms=took_ms // 40,
        )
        plain = Cell(
            scenario=self.scenario,
            provider=self.provider,
            seed=7,
            title=self.scenario.rpartition("/")[2].replace("-", " ").capitalize(),
            says="One single poll is answered with a gateway's page. The job is well.",
            expected="success",
            judgements=judgements(failed, came_far=len(self.lines) > 4),
            outcome=outcome,
            lines=tuple(self.lines),
            story=tuple(self.events),
            replay=f"lipflap replay {self.scenario}@7 --provider {self.provider} -- node my-client.js '{{output}}'",
            motive="A client gave a job up at the first answer that it could not read.",
            link="https://github.com/datalab-to/sdk/pull/12",
            folder=f"lipflap-out/{self.provider}/{self.scenario}@7",
            tasks=self.tasks(),
        )
        return replace(plain, **more)


def judgements(failed: Sequence[Judgement], *, came_far: bool) -> tuple[Judgement, ...]:
    """A verdict for every check: the failed ones as they are, a few that do not apply, the rest passed."""
    known = {judgement.check: judgement for judgement in failed}
    absent = {"one-effect", "forged-callback", "callbacks-harmless", "ambiguous-words"}
    late = {"terminal-stays", "whole-file", "no-poll-after-end"} if not came_far else set()
    found = []
    for check in CHECKS:
        plain = Verdict.NOT_APPLICABLE if check.id in absent else Verdict.PASS
        verdict = Verdict.NOT_EXERCISED if check.id in late else plain
        found.append(known.pop(check.id, Judgement(check.id, verdict)))
    return (*found, *known.values())


def failure(check: str, says: str, good_client: str, lines: Sequence[Line]) -> Judgement:
    quotes = tuple(line.quote() for line in lines[:6])
    finding = Finding(says, good_client, quotes, tuple(line.number for line in lines))
    return Judgement(check, Verdict.FAIL, (finding,))


def green(name: str, provider: str = "kling", polls: int = 3) -> Cell:
    script = Script(name, provider).begun().polls(1, 2).stage("processing").polls(polls, 5)
    return script.after(5).finished().cell()


def flaky_poll() -> Cell:
    script = Script("incident/one-flaky-poll").begun().polls(1, 5).polls(1, 5, "gateway-502-html", status=502)
    lost = failure(
        "same-task",
        f"task {TASK} was paid for and was submitted and well; the client left it 10 s after it was accepted",
        "It follows the task that it paid for to its end, through bad polls and unknown words, and keeps its result.",
        [script.lines[1], script.lines[3]],
    )
    ended = failure(
        "survives",
        "it ended with exit code 1, where a good client ends in success",
        "It ends with the video where one can be had, and with a code other than 0 where none can.",
        [script.lines[3]],
    )
    return script.after(0.4).cell([ended, lost], exit_code=1)


def paid_twice() -> Cell:
    other = "825449868069810999"
    script = Script("double-pay-trap", "gmi").line("identify", task=None).after(1)
    script.line("submit", 0, "submit-accepted-reply-lost").stage("submitted")
    script.after(30).line("submit", task=other).stage("submitted", other).after(2).stage("processing")
    script.stage("processing", other).polls(3, 5).after(600).stage("succeeded").stage("succeeded", other)
    script.line("poll", says="succeed").after(0.3).line("download")
    twice = failure(
        "one-submit",
        "the job was submitted 2 times, and 2 renders were paid for: #2, #3",
        "It submits once; after a lost answer it looks for the task, and never sends the job again blindly.",
        script.lines[1:3],
    )
    return script.cell([twice])


def polls_for_ever() -> Cell:
    script = Script("forever", "kirin").begun().polls(2, 1).stage("processing")
    script.polls(34, 1, "stuck-processing").after(600).polls(3, 1, "stuck-processing").after(600).line("poll")
    never = failure(
        "gives-up-in-time",
        "it was still polling after 20 min, and had to be killed",
        "It has a deadline for the whole job, and when that is up it says so and names the task.",
        script.lines[-3:],
    )
    fast = failure(
        "poll-cadence",
        "36 polls came 1 s after one another, without any growth",
        "It leaves a second or more between polls, longer while the job takes longer, and a minute at most.",
        script.lines[2:38],
    )
    return script.cell([never, fast], exit_code=None, expected="failure")


def trusts_forgeries() -> Cell:
    script = Script("hostile-callbacks").begun().polls(1, 3).stage("processing").after(2)
    script.line("callback", 200, "callback-bad-signature").after(0.1).line("download", 404)
    script.after(4).stage("succeeded").line("callback", 200).after(1).line("poll", says="succeed").after(0.1)
    script.line("download")
    forged = failure(
        "forged-callback",
        "1 of 1 forged callbacks (callback-bad-signature) were answered 200: #4",
        "It verifies signature, id and time over the raw bytes, answers 401 where one is wrong, and does nothing.",
        [script.lines[3]],
    )
    held = Event(
        script.now_ms - 2_000,
        "delivery",
        "The callback for processing was never sent.",
        None,
        ("callback-lost",),
    )
    return script.cell([forged], story=(*script.events, held))


def at_one_moment() -> Cell:
    """Everything in the same millisecond."""
    script = Script("fault/zero-length").begun().stage("processing").polls(4, 0)
    script.lines = [replace(line, at_ms=BEGIN_MS) for line in script.lines]
    script.steps = {
        task: [replace(step, at_ms=BEGIN_MS) for step in steps] for task, steps in script.steps.items()
    }
    script.now_ms = BEGIN_MS
    return script.finished().cell()


def silent() -> Cell:
    """A client that never asked for anything."""
    gone = Judgement(
        "survives", Verdict.FAIL, (Finding("it ended with exit code 127", "It ends with the video."),)
    )
    return Script("fault/silent").cell([gone], exit_code=127)


def hostile() -> Cell:
    cell = Script("fault/hostile-output").begun().polls(2, 5).cell()
    bad = Judgement("survives", Verdict.FAIL, (Finding(f"it said {HOSTILE}", "It ends.", (HOSTILE,), (1,)),))
    outcome = replace(cell.outcome, exit_code=1, stderr=HOSTILE, stdout=HOSTILE, strays=(HOSTILE,))
    return replace(
        cell,
        title="A title with <i>tags</i>", link="javascript:alert(1)", outcome=outcome,
        judgements=(bad, *cell.judgements[1:]), story=(*cell.story, Event(None, "stage", HOSTILE)),
    )  # fmt: skip


def known_red() -> Cell:
    cell = flaky_poll()
    return replace(cell, scenario="fault/known", title="A known failure", known=("same-task", "survives"))


@pytest.fixture(scope="session")
def sample_run() -> Run:
    """Twenty cells: eleven are plain and green, nine have something to show."""
    greens = ["happy", "bad-gateway-day", "incident/lost-reply", "fault/rate-429-seconds", "fault/drip-body"]
    cells = (
        *(green(name) for name in greens),
        flaky_poll(),
        paid_twice(),
        polls_for_ever(),
        trusts_forgeries(),
        at_one_moment(),
        silent(),
        hostile(),
        known_red(),
        *(green(name, "gmi", polls=12) for name in ("happy", "error/slots-full", "fault/stuck-queued")),
        green("incident/five-days", "kirin", polls=40),
        *(green(name, "kirin") for name in ("happy", "incident/short-body", "error/gmi-upstream")),
    )
    return Run(
        client="node my-client.js {output}",
        cells=cells,
        coverage={
            "kling": Coverage(
                ("submit:http:200", "poll:http:200", "poll:http:503"), ("poll:http:200", "submit:http:200")
            ),
            "gmi": Coverage(
                ("submit:http:200", "poll:failure:moderation"), ("submit:http:200", "poll:http:502")
            ),
        },
        time="40 times as fast, by libfaketime",
        wall_ms=23_400,
        stale=("kling fault/gone: no-poll-after-end",),
        savings="31 renders, 4.2 min of video, 13.2 USD not spent",
        version="0.1.0",
    )


@pytest.fixture(scope="session")
def green_run() -> Run:
    return Run("python client.py", (green("happy"), green("bad-gateway-day")), wall_ms=900, version="0.1.0")


@pytest.fixture(scope="session")
def hostile_text() -> str:
    return HOSTILE


@pytest.fixture(scope="session")
def cell_named(sample_run: Run) -> Callable[[str], Cell]:
    return lambda name: next(cell for cell in sample_run.cells if cell.scenario == name)
