"""Looking at tasks, and ending them by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts.contract import load_contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.conftest import Desk

CALLBACK_URL = "http://127.0.0.1:9/callback"
GMI = "/api/v1/ie/requestqueue/apikey/requests"
KIRIN = "/model/v1/generation"


def gmi_task(desk: Desk) -> str:
    """The id of a fresh lip-sync task at GMI."""
    payload = {"video_url": "https://cdn.test/talk.mp4"}
    found = desk.call("POST", GMI, {"model": "kling-identify-face", "payload": payload})
    session_id = found["outcome"]["data"]["session_id"]
    times = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 0}
    entry = {"face_id": "0", "sound_file": "https://cdn.test/line.mp3", **times}
    body = {"model": "kling-lip-sync", "payload": {"session_id": session_id, "face_choose": [entry]}}
    task_id: str = desk.call("POST", GMI, body)["request_id"]
    return task_id


def test_a_task_is_shown_with_its_plan_and_what_it_was_made_from(desk: Desk) -> None:
    task_id = desk.task(callback_url=CALLBACK_URL, external_task_id="mine")
    task = desk.get(f"tasks/{task_id}")
    assert (task["provider"], task["kind"], task["external_id"]) == ("kling", "lip-sync", "mine")
    assert (task["stage"], task["progress"], task["polls"]) == ("submitted", 0, 0)
    assert [step["stage"] for step in task["steps"]] == ["submitted", "processing", "succeeded"]
    assert task["steps"][0]["at_ms"] == task["created_ms"]
    assert task["video"]["url"] == "https://cdn.test/talk.mp4"
    assert task["clips"][0]["audio"]["format"] == "mp3"
    assert (task["clips"][0]["start_ms"], task["clips"][0]["end_ms"]) == (0, 3000)
    assert (task["failure"], task["links"], task["callback_url"]) == (None, {}, CALLBACK_URL)


def test_the_links_of_a_task_that_succeeded_lead_to_files(desk: Desk) -> None:
    task_id = desk.task(watermark_info={"enabled": True})
    desk.ask("POST", "clock/advance", {"until": "idle"})
    links = desk.get(f"tasks/{task_id}")["links"]
    assert set(links) == {"video", "watermark", "thumbnail"}
    for url in links.values():
        assert desk.run(desk.asked("HEAD", url)).status_code == 200


def test_kirin_s_tasks_link_to_what_they_made(desk: Desk) -> None:
    desk.call("POST", KIRIN, {"model": "kirin_identify_face", "video_url": "https://cdn.test/talk.mp4"})
    voice = {"voice_id": "oversea_male1", "voice_language": "en"}
    desk.call("POST", KIRIN, {"model": "kirin_tts", "text": "Good morning", **voice})
    desk.ask("POST", "clock/advance", {"until": "idle"})
    speech, identify = desk.get("tasks")["tasks"]
    assert (speech["kind"], identify["kind"]) == ("speech", "identify")
    assert set(identify["links"]) == {"face-0"}
    for url in (speech["links"]["speech"], identify["links"]["face-0"]):
        assert desk.run(desk.asked("GET", url)).status_code == 200


def test_tasks_are_listed_newest_first_and_by_tenant_without_a_key(desk: Desk) -> None:
    mine = [desk.task() for _ in range(3)]
    theirs = [desk.task(key="key-two") for _ in range(2)]
    assert [task["id"] for task in desk.get("tasks")["tasks"]] == mine[::-1]
    everybody = desk.get("tasks", key=None)["tasks"]
    assert {task["id"] for task in everybody} == {*mine, *theirs}
    order = [(task["tenant"], -task["number"]) for task in everybody]
    assert order == sorted(order)


def test_tasks_are_filtered_by_provider_and_present_stage(desk: Desk) -> None:
    kling_id, gmi_id = desk.task(), gmi_task(desk)
    assert desk.get("tasks", provider="gmi")["tasks"][0]["id"] == gmi_id
    assert {task["provider"] for task in desk.get("tasks", provider="gmi")["tasks"]} == {"gmi"}
    desk.ask("POST", f"tasks/{kling_id}/finish", {"status": "failed"})
    assert [task["id"] for task in desk.get("tasks", status="failed")["tasks"]] == [kling_id]
    assert desk.get("tasks", status="cancelled")["tasks"] == []
    assert "must be one of kirin, gmi, kling" in desk.refused(
        400, "GET", "tasks", params={"provider": "acme"}
    )
    assert "must be one of submitted" in desk.refused(400, "GET", "tasks", params={"status": "succeed"})


def test_a_task_of_another_tenant_does_not_exist(desk: Desk) -> None:
    task_id = desk.task()
    for method, path, body in (
        ("GET", f"tasks/{task_id}", None),
        ("GET", f"tasks/{task_id}/timeline", None),
        ("POST", f"tasks/{task_id}/finish", {"status": "failed"}),
    ):
        assert desk.refused(404, method, path, body, key="key-two") == "there is no task with this id"
    assert desk.poll(task_id)["task_status"] == "submitted"


def test_without_a_key_a_task_is_found_wherever_it_is(desk: Desk) -> None:
    desk.task(key="key-two")
    task_id = desk.task()
    assert desk.get(f"tasks/{task_id}", key=None)["id"] == task_id


@pytest.mark.parametrize(("status", "word"), [("succeeded", "succeed"), ("failed", "failed")])
def test_a_task_ends_at_once_and_the_provider_says_so(desk: Desk, status: str, word: str) -> None:
    task_id = desk.task()
    now_ms = desk.get("clock")["now_ms"]
    ended = desk.ask("POST", f"tasks/{task_id}/finish", {"status": status}).json()
    assert (ended["stage"], ended["since_ms"], ended["progress"]) == (status, now_ms, 1)
    assert desk.poll(task_id)["task_status"] == word


def test_the_end_is_final(desk: Desk) -> None:
    task_id = desk.task()
    desk.ask("POST", f"tasks/{task_id}/finish", {"status": "failed"})
    reason = desk.refused(409, "POST", f"tasks/{task_id}/finish", {"status": "succeeded"})
    assert reason == "the task has ended already: failed"
    assert desk.poll(task_id)["task_status"] == "failed"


def test_a_task_that_waits_for_polls_can_be_ended_too(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(pace="polls:10")
    task_id = desk.task()
    assert desk.get(f"tasks/{task_id}")["steps"][-1] == {"stage": "succeeded", "at_ms": None, "at_poll": 10}
    desk.ask("POST", f"tasks/{task_id}/finish", {"status": "succeeded"})
    assert desk.poll(task_id)["task_status"] == "succeed"


def test_callbacks_follow_the_new_end(desk: Desk) -> None:
    task_id = desk.task(callback_url=CALLBACK_URL)
    desk.ask("POST", f"tasks/{task_id}/finish", {"status": "failed"})
    desk.ask("POST", "clock/advance", {"until": "idle"})
    assert desk.receiver.sent == [f"{task_id}.failed"]


def test_the_first_callback_is_kept_where_the_first_stage_is_announced(desk: Desk) -> None:
    desk.ask("PUT", "dialects", {"kling.callback_submitted": "on"})
    task_id = desk.task(callback_url=CALLBACK_URL)
    desk.ask("POST", f"tasks/{task_id}/finish", {"status": "succeeded"})
    desk.ask("POST", "clock/advance", {"until": "idle"})
    assert desk.receiver.sent == [f"{task_id}.submitted", f"{task_id}.succeeded"]


@pytest.mark.parametrize("provider", ["kling", "gmi", "kirin"])
def test_a_failure_can_be_any_row_by_name(desk: Desk, provider: str) -> None:
    for row in load_contract(provider).errors.values():
        task_id = _task_at(desk, provider)
        body = {"status": "failed", "error": {"name": row.name}}
        ended = desk.ask("POST", f"tasks/{task_id}/finish", body).json()
        assert ended["failure"] == {"error": row.name, "message": row.message}
        assert _poll_at(desk, provider, task_id)


@pytest.mark.parametrize("provider", ["kling", "gmi", "kirin"])
@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_whatever_end_is_accepted_can_be_polled_at_every_provider(
    desk: Desk, provider: str, status: str
) -> None:
    task_id = _task_at(desk, provider)
    answer = desk.ask("POST", f"tasks/{task_id}/finish", {"status": status})
    assert answer.status_code == (400 if status == "cancelled" and provider != "gmi" else 200)
    assert _poll_at(desk, provider, task_id)


def test_a_failure_by_code_with_words_of_its_own(desk: Desk) -> None:
    task_id = desk.task()
    error = {"code": "1301", "message": "not today"}
    desk.ask("POST", f"tasks/{task_id}/finish", {"status": "failed", "error": error})
    assert desk.poll(task_id)["task_status_msg"] == "not today"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "succeed"},
        {"status": "processing"},
        {"status": "succeeded", "error": {"name": "internal"}},
        {"status": "failed", "error": {"name": "no-such-row"}},
        {"status": "failed", "error": {"code": "9999"}},
        {"status": "failed", "error": {"code": ""}},
        {"status": "failed", "error": {"code": 1301}},
        {"status": "failed", "error": {"name": "internal", "code": "5000"}},
        {"status": "failed", "error": {"message": ""}},
        {"status": "cancelled"},
    ],
)
def test_an_end_that_cannot_be_is_refused_and_the_task_goes_on(desk: Desk, body: object) -> None:
    task_id = desk.task()
    assert desk.refused(400, "POST", f"tasks/{task_id}/finish", body)
    assert desk.get(f"tasks/{task_id}")["steps"][-1]["stage"] == "succeeded"


def test_a_task_without_material_cannot_succeed(desk: Desk) -> None:
    created = desk.call(
        "POST", KIRIN, {"model": "kirin_lipsync", "session_id": "0", "face_choose": [_entry()]}
    )
    reason = desk.refused(409, "POST", f"tasks/{created['id']}/finish", {"status": "succeeded"})
    assert "nothing to show" in reason


def _entry() -> dict[str, Any]:
    times = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 0}
    return {"face_id": "0", "sound_file": "https://cdn.test/line.mp3", **times}


def _task_at(desk: Desk, provider: str) -> str:
    if provider == "kling":
        return desk.task()
    if provider == "gmi":
        return gmi_task(desk)
    identify = {"model": "kirin_identify_face", "video_url": "https://cdn.test/talk.mp4"}
    task_id: str = desk.call("POST", KIRIN, identify)["id"]
    return task_id


def _poll_at(desk: Desk, provider: str, task_id: str) -> bool:
    """Whether the provider can word the task: anything but an error of our own."""
    paths = {"kling": "/v1/videos/advanced-lip-sync", "gmi": GMI, "kirin": f"{KIRIN}/task"}
    headers = {"Authorization": "Bearer key-one"}
    return desk.run(desk.asked("GET", f"{paths[provider]}/{task_id}", headers=headers)).status_code == 200
