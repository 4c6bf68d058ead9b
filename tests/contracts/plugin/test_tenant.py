"""What a test can ask of its tenant."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from contracts.witness.admin import AdminError
from contracts.witness.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.plugin.stepping import LipflapClock
    from contracts.plugin.tenant import Lipflap

LIP_SYNC = "/v1/videos/advanced-lip-sync"


def submit(lipflap: Lipflap, **more: object) -> str:
    """Begin a job at Kling."""
    headers = {"Authorization": f"Bearer {lipflap.key}"}
    with httpx.Client(base_url=lipflap.url, headers=headers) as http:
        session = http.post("/v1/videos/identify-face", json={"video_url": "https://cdn.test/a.mp4"}).json()
        clip = {"face_id": "0", "sound_file": "https://cdn.test/a.mp3", "sound_insert_time": 1000}
        choose = [{**clip, "sound_start_time": 0, "sound_end_time": 3000}]
        body = {"session_id": session["data"]["session_id"], "face_choose": choose, **more}
        return str(http.post(LIP_SYNC, json=body).json()["data"]["task_id"])


@pytest.mark.parametrize("provider", ["kling", "gmi", "kirin"])
def test_a_client_is_pointed_here_by_its_environment(lipflap: Lipflap, provider: str) -> None:
    environment = lipflap.env(provider)
    assert environment["LIPFLAP_URL"] == lipflap.url
    assert lipflap.key in environment.values()


def test_a_provider_that_is_none_has_no_environment(lipflap: Lipflap) -> None:
    with pytest.raises(KeyError):
        lipflap.env("nobody")


def test_tenants_see_nothing_of_each_other(make_lipflap: Callable[..., Lipflap]) -> None:
    one, other = make_lipflap(), make_lipflap()
    assert one.url == other.url
    assert one.key != other.key
    submit(one)
    assert (len(one.tasks), len(other.tasks)) == (1, 0)
    assert (len(one.journal), len(other.journal)) == (2, 0)


def test_settings_of_its_own_make_a_server_of_its_own(make_lipflap: Callable[..., Lipflap]) -> None:
    lipflap = make_lipflap(pace="instant", seed=3)
    assert lipflap.url != make_lipflap().url
    submit(lipflap)
    assert lipflap.tasks[0].stage == "succeeded"


def test_the_clock_is_moved_by_hand(lipflap: Lipflap) -> None:
    lipflap.clock.hold()
    submit(lipflap)
    before = lipflap.clock.now
    lipflap.clock.advance(3600)
    assert (lipflap.clock.now - before).total_seconds() == 3600
    assert lipflap.tasks[0].stage == "succeeded"


def test_the_clock_goes_until_nothing_comes(lipflap: Lipflap) -> None:
    lipflap.clock.hold()
    submit(lipflap)
    lipflap.clock.advance_until_idle()
    assert lipflap.tasks[0].stage == "succeeded"


def test_the_clock_runs_at_a_rate(lipflap: Lipflap) -> None:
    lipflap.clock.run(1000)
    submit(lipflap)
    lipflap.journal.wait_for("createLipSync")
    lipflap.clock.run()
    lipflap.clock.hold()


def test_both_clocks_go_with_the_clients(lipflap: Lipflap, lipflap_clock: LipflapClock) -> None:
    submit(lipflap)
    before_s = time.monotonic()
    lipflap.clock.advance(600)
    lipflap_clock.advance(600)
    assert time.monotonic() - before_s == pytest.approx(1200, abs=0.01)
    assert lipflap.clock.now_ms / 1000 == pytest.approx(time.time(), abs=0.01)
    with pytest.raises(RuntimeError, match="go together"):
        lipflap.clock.advance_until_idle()


def test_more_tenants_go_along_from_the_clients_present_on(
    lipflap: Lipflap, lipflap_clock: LipflapClock, make_lipflap: Callable[..., Lipflap]
) -> None:
    time.sleep(1_000_000)
    others = [make_lipflap(), make_lipflap(pace="real")]
    time.sleep(500)
    for other in (lipflap, *others):
        assert other.clock.now_ms / 1000 == pytest.approx(time.time(), abs=0.5)


def test_a_callback_is_waited_for_on_both_clocks(lipflap: Lipflap, lipflap_clock: LipflapClock) -> None:
    lipflap.scenario(pace="real")
    with lipflap_clock.on_real_time():
        receiver = Receiver()
        receiver.__enter__()
    task_id = submit(lipflap, callback_url=receiver.url("k"))
    (line,) = lipflap.journal.wait_for("callback.succeeded")
    assert line.task_id == task_id
    assert 60 <= lipflap_clock.elapsed_s <= 300
    with lipflap_clock.on_real_time():
        receiver.__exit__()


def test_the_journal_is_asked_in_the_contracts_words(lipflap: Lipflap) -> None:
    submit(lipflap, nonsense=True)
    task_id = submit(lipflap)
    assert [line.operation for line in lipflap.journal] == ["identifyFace", "createLipSync"] * 2
    assert len(lipflap.journal.lines("createLipSync")) == 2
    assert len(lipflap.journal.lines(task_id=task_id)) == 1
    assert len(lipflap.journal.lines(where=lambda line: line.status == 200)) == 4


def test_waiting_for_what_does_not_come_says_what_is_there(lipflap: Lipflap) -> None:
    submit(lipflap)
    with pytest.raises(TimeoutError, match="POST /v1/videos/identify-face -> 200"):
        lipflap.journal.wait_for("download", timeout_s=0.01)


def test_violations_are_told(lipflap: Lipflap) -> None:
    httpx.post(
        f"{lipflap.url}/v1/videos/identify-face", json={}, headers={"Authorization": f"Bearer {lipflap.key}"}
    )
    assert any("POST /v1/videos/identify-face" in line for line in lipflap.journal.violations())


def test_media_can_be_stated_and_uploaded(lipflap: Lipflap, tmp_path: Path) -> None:
    url = lipflap.media.state("https://cdn.test/short.mp4", duration_ms=100)
    answer = httpx.post(
        f"{lipflap.url}/v1/videos/identify-face",
        json={"video_url": url},
        headers={"Authorization": f"Bearer {lipflap.key}"},
    )
    assert answer.status_code == 400
    file = tmp_path / "mine.mp3"
    file.write_bytes(httpx.get(lipflap.media.audio).content)
    assert httpx.get(lipflap.media.upload(file)).content == file.read_bytes()
    assert lipflap.media.upload(file, "https://cdn.test/mine.mp3") == "https://cdn.test/mine.mp3"


def test_a_timeline_is_of_one_task_or_of_all(lipflap: Lipflap) -> None:
    first, second = submit(lipflap), submit(lipflap)
    assert first != second
    assert lipflap.timeline(first).count("createLipSync") == 1
    assert lipflap.timeline().count("createLipSync") == 2
    with pytest.raises(KeyError):
        lipflap.timeline("nothing")


def test_a_scenario_is_played_changed_or_refused(lipflap: Lipflap) -> None:
    lipflap.scenario("incident/one-flaky-poll", pace="instant", faults=[])
    submit(lipflap)
    assert lipflap.tasks[0].stage == "succeeded"
    with pytest.raises(AdminError, match="no scenario"):
        lipflap.scenario("no/such")


def test_what_is_stated_counts_from_the_ledger(lipflap: Lipflap) -> None:
    lipflap.scenario(pace="instant")
    submit(lipflap)
    (spending,) = lipflap.spending
    assert spending.renders == 1
    assert lipflap.ledger.keys() == {"kling", "gmi", "kirin"}
