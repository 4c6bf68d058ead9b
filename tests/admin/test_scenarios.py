"""Scenarios over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_server.faults.catalogue import CATALOGUE
from mock_server.scenarios.library import names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.admin.conftest import Desk, Json

FIRST: Json = {
    "name": "first",
    "pace": "polls:2",
    "clock": "60x",
    "seed": 7,
    "media": {"video": {"duration_ms": 1999}},
    "faults": ["gateway-502-html@poll#1"],
    "dialects": {"kling.no_face": "empty"},
    "expect": {"outcome": "failure", "reason": "invalid-value"},
}
SECOND: Json = {"name": "second", "faults": ["empty-200@poll#1"]}


def played(desk: Desk, body: object, **more: object) -> Json:
    answer = desk.ask("POST", "scenarios", body, **more)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def test_the_list_is_everything_that_can_be_played_by_name(desk: Desk) -> None:
    found = desk.get("scenarios")
    assert [row["name"] for row in found["scenarios"]] == list(names(CATALOGUE))
    assert found["playing"] is None


def test_the_list_can_be_narrowed(desk: Desk) -> None:
    rows = desk.get("scenarios", group="error", provider="gmi")["scenarios"]
    assert rows
    assert all(row["name"].startswith("error/gmi-") for row in rows)


@pytest.mark.parametrize("name", ["happy", "fault/stuck-queued", "error/kling-moderation", "incident/wedged"])
def test_what_is_shown_can_be_posted_and_is_what_the_name_means(desk: Desk, name: str) -> None:
    shown = desk.get(f"scenarios/{name}", key=None)
    assert shown["yaml"].startswith(f"name: {name}\n")
    as_body = played(desk, shown["scenario"], key="a")
    as_name = played(desk, {"name": name}, key="a")
    assert as_body == as_name
    assert desk.get("scenarios", key="a")["playing"] == name


def test_a_name_that_nobody_has_is_refused_with_its_neighbours(desk: Desk) -> None:
    assert "happy" in desk.refused(404, "GET", "scenarios/hapy", key=None)
    assert "fault/stuck-queued" in desk.refused(404, "GET", "scenarios/fault/stuck-queue", key=None)
    assert "there is no scenario" in desk.refused(400, "POST", "scenarios", {"name": "nobody"})


def test_a_scenario_holds_for_its_tenant_from_then_on(desk: Desk) -> None:
    told = played(desk, FIRST)
    assert (told["pace"], told["clock"], told["rate"], told["seed"]) == ("polls:2", "scaled", 60.0, 7)
    assert told["hints"] == {"video": {"duration_ms": "1999"}}
    assert [rule["id"] for rule in told["faults"]] == ["scenario.1"]
    assert told["expect"] == {"outcome": "failure", "reason": "invalid-value"}
    too_short = desk.call("POST", "/v1/videos/identify-face", {"video_url": "https://cdn.test/a.mp4"})
    assert too_short["code"] == 1201
    other = desk.call(
        "POST", "/v1/videos/identify-face", {"video_url": "https://cdn.test/a.mp4"}, key="key-two"
    )
    assert other["code"] == 0


def test_hints_of_a_url_win_over_the_scenario_s(desk: Desk) -> None:
    played(desk, FIRST)
    url = "https://cdn.test/a.mp4?lipflap.duration_ms=9000"
    assert desk.call("POST", "/v1/videos/identify-face", {"video_url": url})["code"] == 0


def test_a_task_goes_at_the_pace_of_the_scenario(desk: Desk) -> None:
    played(desk, {"name": "slow", "pace": "polls:2"})
    task_id = desk.task()
    assert [desk.poll(task_id)["task_status"] for _ in range(2)] == ["processing", "succeed"]


def test_the_next_scenario_takes_the_place_of_the_former_with_all_it_turned(desk: Desk) -> None:
    desk.ask("PUT", "dialects", {"kling.retry_after": "on"})
    desk.ask("POST", "faults", "stuck-queued")
    before = desk.get("clock")
    played(desk, FIRST)
    told = played(desk, SECOND)
    assert (told["pace"], told["clock"], told["seed"]) == ("quick", before["mode"], 0)
    assert (told["hints"], told["dialects"]) == ({}, {"kling.retry_after": "on"})
    assert [rule["fault"] for rule in told["faults"]] == ["stuck-queued", "empty-200"]
    assert desk.get("clock")["now_ms"] >= before["now_ms"]


def test_the_same_scenario_again_counts_from_one(desk: Desk) -> None:
    body = {"name": "again", "faults": ["gateway-502-html@list#1"]}
    for _ in range(2):
        played(desk, body)
        headers = {"Authorization": "Bearer key-one"}
        answers = [
            desk.run(desk.asked("GET", "/v1/videos/advanced-lip-sync", headers=headers)) for _ in range(2)
        ]
        assert [answer.status_code for answer in answers] == [502, 200]


def test_what_was_turned_by_hand_meanwhile_stays(desk: Desk) -> None:
    played(desk, FIRST)
    desk.ask("PUT", "clock", {"mode": "real"})
    desk.ask("PUT", "dialects", {"kling.no_face": "error"})
    told = desk.ask("DELETE", "scenarios").json()
    assert (told["clock"], told["dialects"]) == ("real", {"kling.no_face": "error"})
    assert (told["name"], told["expect"], told["faults"]) == (None, None, [])


def test_ending_what_is_not_played_is_a_conflict(desk: Desk) -> None:
    assert "plays no scenario" in desk.refused(409, "DELETE", "scenarios")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"name": "x", "faults": ["no-such-fault"]}, r"faults[0]: there is no fault"),
        ({"name": "x", "pace": "fast"}, "pace: "),
        ({"name": "x", "clock": "soon"}, "clock: "),
        ({"name": "x", "dialects": {"kling.no_face": "maybe"}}, "dialects: "),
        ({"name": "x", "speed": 1}, "speed: "),
        ({"name": "X y", "title": "t"}, "name: "),
        ({"name": "x", "expect": {"outcome": "failure", "reason": "no-such-row"}}, "expect.reason: "),
        ({"name": "x", "faults": ["callback-lost"]}, "with_callback"),
    ],
)
def test_a_scenario_that_cannot_be_played_changes_nothing(desk: Desk, body: Json, reason: str) -> None:
    assert reason in desk.refused(400, "POST", "scenarios", body)
    assert desk.get("scenarios")["playing"] is None


def test_a_server_s_scenario_is_where_every_tenant_begins(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(scenario="fault/gateway-502-html", clock="real")
    assert desk.get("scenarios", key="new")["playing"] == "fault/gateway-502-html"
    assert [rule["id"] for rule in desk.get("faults", key="new")["faults"]] == ["scenario.1"]
    desk.ask("POST", "reset", {"what": ["faults"]}, key="new")
    assert [rule["id"] for rule in desk.get("faults", key="new")["faults"]] == ["scenario.1"]


def test_a_setting_of_the_server_wins_over_its_scenario(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("name: mine\npace: polls:9\nseed: 5\nclock: manual\ndialects: {kling.no_face: empty}\n")
    plain = make_desk(scenario=str(file), clock="real")
    assert desk_told(plain) == ("polls:9", 5, "manual", "empty")
    told = make_desk(
        scenario=str(file), clock="60x", pace="instant", seed=3, dialects={"kling.no_face": "error"}
    )
    assert desk_told(told) == ("instant", 3, "scaled", "error")


def desk_told(desk: Desk) -> tuple[str, int, str, str]:
    """Pace, seed, clock and a switch that hold for a tenant of its own."""
    simulator = desk.house.simulator
    world = simulator.world("somebody")
    return simulator.pace(world).name, world.seed, world.clock.mode, simulator.dialect(world, "kling.no_face")
