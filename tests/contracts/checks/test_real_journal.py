"""The checks on a journal that a server has written: what the judge reads fits what the server tells."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import msgspec
import pytest

from contracts.cells.coverage import coverage_of
from contracts.checks import CHECKS
from contracts.checks.model import Case, Verdict
from contracts.checks.story import ends
from contracts.checks.wire import Act, act_of
from contracts.contract import load_contract
from contracts.witness.witnessed import Body, Line, Outcome, TaskSeen

KEY = "key-of-a-cell"
VIDEO, AUDIO = "https://cdn.test/a.mp4", "https://cdn.test/a.mp3"


class Kling:
    """One job, request by request, as a client without any care would do it."""

    def __init__(self, url: str) -> None:
        headers = {"Authorization": f"Bearer {KEY}"}
        self.http = httpx.Client(base_url=url, headers=headers, timeout=5, trust_env=False)
        self.task_id = self.link = ""

    def admin(self, method: str, path: str, **more: object) -> dict[str, object]:
        return self.http.request(method, f"/__lipflap/{path}", params={"key": KEY}, **more).json()

    def wait(self, seconds: float) -> None:
        self.admin("POST", "clock/advance", json={"seconds": seconds})

    def start(self) -> None:
        data = self.http.post("/v1/videos/identify-face", json={"video_url": VIDEO}).json()["data"]
        self.order = {
            "session_id": data["session_id"],
            "external_task_id": "mine-1",
            "face_choose": [
                {
                    "face_id": data["face_data"][0]["face_id"],
                    "sound_file": AUDIO,
                    "sound_start_time": 0,
                    "sound_end_time": 4000,
                    "sound_insert_time": 0,
                }
            ],
        }
        answer = self.http.post("/v1/videos/advanced-lip-sync", json=self.order).json()
        self.task_id = answer["data"]["task_id"]

    def poll(self) -> dict[str, object]:
        answer = self.http.get(f"/v1/videos/advanced-lip-sync/{self.task_id}").json()
        videos = answer.get("data", {}).get("task_result", {}).get("videos", [])
        self.link = videos[0]["url"] if videos else ""
        return answer


@pytest.fixture
def kling(make_server: Callable[..., str]) -> Kling:
    client = Kling(make_server(clock="manual", pace="polls:2"))
    client.admin("POST", "reset", json={"what": ["all"]})
    yield client
    client.http.close()


def line_of(entry: dict[str, object]) -> Line:
    bodies = {}
    for name in ("request", "response"):
        told = dict(entry[name])
        if "json" in told:
            told["json"] = msgspec.Raw(msgspec.json.encode(told["json"]))
        bodies[name] = Body(**told)
    return msgspec.structs.replace(msgspec.convert({**entry, "request": {}, "response": {}}, Line), **bodies)


def case_of(client: Kling, outcome: Outcome, **changes: object) -> Case:
    entries = client.admin("GET", "journal")["entries"]
    tasks = [
        TaskSeen(one["id"], one["provider"], one["kind"], one["stage"], one["created_ms"])
        for one in client.admin("GET", "tasks")["tasks"]
    ]
    usual = {"scenario": {}, "expected": "success", "now_ms": 0, "deadline_ms": 600_000}
    return Case(
        provider="kling",
        contract=load_contract("kling"),
        lines=tuple(map(line_of, entries)),
        tasks=tuple(tasks),
        outcome=outcome,
        key=KEY,
        **{**usual, **changes},
    )


def failed(case: Case) -> set[str]:
    return {check.id for check in CHECKS if check.judge(case).verdict is Verdict.FAIL}


def test_every_field_of_a_line_is_told(kling: Kling):
    kling.start()
    (entry, *_) = kling.admin("GET", "journal")["entries"]
    assert set(Line.__struct_fields__) <= set(entry)
    assert set(entry["request"]) <= set(Body.__struct_fields__)


def test_a_whole_job_is_read_and_fails_nothing(kling: Kling):
    kling.start()
    for seconds in (2.0, 3.3):
        kling.wait(seconds)
        kling.poll()
    with httpx.Client(trust_env=False) as plain:
        digest = plain.get(kling.link).headers["etag"].strip('"')
    case = case_of(kling, Outcome(exit_code=0, output_bytes=1, output_digest=digest))
    acts = [act_of(line) for line in case.lines]
    assert acts == [Act.IDENTIFY, Act.SUBMIT, Act.POLL, Act.POLL, Act.DOWNLOAD]
    assert ends(case)[kling.task_id].line.number == 4
    assert failed(case) == set()
    met = coverage_of(case.contract, case.lines, case.tasks).met
    assert met == ("identify:http:200", "poll:http:200", "poll:stage:succeeded", "submit:http:200")


def test_a_careless_one_fails_where_it_was_careless(kling: Kling):
    kling.admin("POST", "faults", json="rate-429-seconds@poll#1")
    kling.start()
    for seconds in (2.0, 0.2, 0.2, 2.0):
        kling.wait(seconds)
        kling.poll()
    broken = {**kling.order, "session_id": 7, "external_task_id": "mine-2"}
    kling.http.post("/v1/videos/advanced-lip-sync", json=broken)
    case = case_of(kling, Outcome(exit_code=1, stderr="please try again"))
    assert failed(case) == {
        "survives",
        "one-submit",
        "same-task",
        "no-poll-after-end",
        "poll-cadence",
        "retry-after",
        "ambiguous-words",
        "contract-obeyed",
        "no-request-after-end",
    }
