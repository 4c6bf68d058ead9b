"""``lipflap timeline``."""

from __future__ import annotations

import json

import httpx


def task_of(url: str) -> str:
    headers = {"Authorization": "Bearer k"}
    session = httpx.post(
        f"{url}/v1/videos/identify-face", json={"video_url": "https://cdn.test/a.mp4"}, headers=headers
    ).json()["data"]["session_id"]
    times = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 1000}
    face = {"face_id": "0", "sound_file": "https://cdn.test/a.mp3", **times}
    body = {"session_id": session, "face_choose": [face]}
    created = httpx.post(f"{url}/v1/videos/advanced-lip-sync", json=body, headers=headers).json()
    task_id: str = created["data"]["task_id"]
    return task_id


def test_the_story_of_a_task_is_told_in_order(lipflap, serve) -> None:
    url = serve("--pace", "polls:2").url
    task_id = task_of(url)
    told = lipflap("timeline", task_id, "--url", url, "--key", "k").stdout.splitlines()
    assert told[0] == f"Task {task_id} of kling"
    assert "/v1/videos/advanced-lip-sync" in told[1]
    assert told[-1].startswith("later ")
    whole = json.loads(lipflap("timeline", task_id, "--url", url, "--key", "k", "--json").stdout)
    assert len(whole["events"]) == len(told) - 1


def test_gaps_faults_and_advice_are_told(lipflap, serve) -> None:
    url = serve("--pace", "polls:2", "--fault", "gateway-502-html@poll#1").url
    task_id = task_of(url)
    httpx.get(f"{url}/v1/videos/advanced-lip-sync/{task_id}", headers={"Authorization": "Bearer k"})
    told = lipflap("timeline", task_id, "--url", url, "--key", "k").stdout
    poll = next(line for line in told.splitlines() if "GET" in line)
    assert " +0." in poll
    assert "answered with 502, met by the fault gateway-502-html" in poll
    assert "A good client would try the poll again" in told


def test_a_task_that_does_not_exist_is_a_mistake(lipflap, serve) -> None:
    done = lipflap("timeline", "no/such", "--url", serve().url)
    assert done.returncode == 2
    assert "404" in done.stderr
