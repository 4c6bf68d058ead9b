"""The journal over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.conftest import Desk

CALLBACK_URL = "http://127.0.0.1:9/callback"


def test_an_exchange_is_shown_whole(desk: Desk) -> None:
    desk.session()
    (entry,) = desk.get("journal")["entries"]
    assert (entry["number"], entry["kind"], entry["provider"]) == (1, "exchange", "kling")
    assert (entry["operation"], entry["method"], entry["target"]) == (
        "identifyFace",
        "POST",
        "/v1/videos/identify-face",
    )
    assert (entry["status"], entry["error"], entry["violations"]) == (200, None, [])
    assert entry["request"]["json"] == {"video_url": "https://cdn.test/talk.mp4"}
    assert entry["response"]["json"]["code"] == 0
    assert ["authorization", "redacted"] in entry["headers"]


def test_a_delivery_attempt_is_shown_with_the_body_that_was_sent(desk: Desk) -> None:
    task_id = desk.task(callback_url=CALLBACK_URL)
    desk.ask("POST", "clock/advance", {"until": "idle"})
    entries = [entry for entry in desk.get("journal")["entries"] if entry["kind"] == "delivery"]
    assert [entry["operation"] for entry in entries] == ["callback.processing", "callback.succeeded"]
    assert {entry["target"] for entry in entries} == {CALLBACK_URL}
    assert all(entry["request"]["json"]["task_id"] == entry["task_id"] == task_id for entry in entries)


def test_no_answer_of_the_surface_holds_a_key(desk: Desk) -> None:
    desk.task(callback_url=CALLBACK_URL)
    desk.run(
        desk.asked(
            "GET",
            "/v1/videos/advanced-lip-sync/x?api_key=key-one",
            headers={"Authorization": "Bearer key-one"},
        )
    )
    desk.ask("POST", "clock/advance", {"until": "idle"})
    for path in ("tasks", "journal", "deliveries", "media", "clock", "dialects", "version"):
        for key in (None,) if path == "version" else (None, "key-one"):
            assert "key-one" not in desk.ask("GET", path, key=key).text


def test_violations_picks_the_exchanges_in_which_the_client_was_wrong(desk: Desk) -> None:
    desk.session()
    desk.call("POST", "/v1/videos/identify-face", {"video_url": 5})
    (entry,) = desk.get("journal", violations="true")["entries"]
    assert entry["status"] == 400
    assert entry["violations"][0]["path"] == "video_url"
    assert set(entry["violations"][0]) == {"path", "rule", "message"}


def test_filters_can_be_combined(desk: Desk) -> None:
    first, second = desk.task(), desk.task()
    desk.poll(first)
    desk.poll(second)
    assert len(desk.get("journal", provider="gmi")["entries"]) == 0
    assert len(desk.get("journal", operation="getLipSync")["entries"]) == 2
    (entry,) = desk.get("journal", operation="getLipSync", task_id=first, provider="kling")["entries"]
    assert entry["target"].endswith(first)


def test_an_entry_s_number_is_a_place_to_go_on_from(desk: Desk) -> None:
    for _ in range(4):
        desk.session()
    assert [entry["number"] for entry in desk.get("journal", after=2)["entries"]] == [3, 4]
    assert desk.get("journal", after=4) == {"entries": [], "next": None, "dropped": 0}


def test_what_the_cap_has_pushed_out_is_counted(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(journal_cap=3)
    for key in ("key-one", "key-one", "key-one", "key-one", "key-one", "key-two"):
        desk.session(key=key)
    page = desk.get("journal")
    assert ([entry["number"] for entry in page["entries"]], page["dropped"]) == ([3, 4, 5], 2)
    assert desk.get("journal", key=None)["dropped"] == 2


@pytest.mark.parametrize("key", ["key-one", None])
def test_delete_empties_the_journal_of_one_or_of_all(desk: Desk, key: str | None) -> None:
    desk.task(key="key-one")
    desk.task(key="key-two")
    assert desk.ask("DELETE", "journal", key=key).status_code == 200
    assert desk.get("journal", key="key-one")["entries"] == []
    assert bool(desk.get("journal", key="key-two")["entries"]) == (key is not None)
    assert desk.get("tasks")["tasks"]


def test_requests_without_a_readable_key_are_the_anonymous_tenant_s(desk: Desk) -> None:
    desk.run(desk.asked("POST", "/v1/videos/identify-face", json={}))
    (entry,) = desk.get("journal", key=None)["entries"]
    assert (entry["tenant"], entry["status"]) == ("anonymous", 401)


def test_admin_requests_are_not_journaled(desk: Desk) -> None:
    desk.get("clock")
    desk.get("tasks")
    assert desk.get("journal", key=None)["entries"] == []
