"""The dialect switches over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.conftest import Desk

NO_FACES = "https://cdn.test/a.mp4?lipflap.faces=0"


def row(desk: Desk, name: str, **more: Any) -> dict[str, Any]:
    """One switch as it is listed."""
    return next(row for row in desk.get("dialects", **more)["dialects"] if row["name"] == name)


def test_every_switch_is_listed_by_name_with_its_default_in_force(desk: Desk) -> None:
    rows = desk.get("dialects")["dialects"]
    table = desk.house.simulator.dialects
    assert [row["name"] for row in rows] == sorted(table)
    assert all(row["value"] == row["default"] == row["values"][0] for row in rows)
    assert {row["set_by"] for row in rows} == {"default"}


def test_the_filter_shows_one_provider_s(desk: Desk) -> None:
    rows = desk.get("dialects", provider="kling")["dialects"]
    assert rows
    assert {row["name"].partition(".")[0] for row in rows} == {"kling"}


def test_a_switch_that_is_set_works_for_its_tenant_from_the_next_request_on(desk: Desk) -> None:
    answer = desk.ask("PUT", "dialects", {"kling.no_face": "empty"})
    assert answer.status_code == 200
    assert (row(desk, "kling.no_face")["value"], row(desk, "kling.no_face")["set_by"]) == ("empty", "tenant")
    assert desk.call("POST", "/v1/videos/identify-face", {"video_url": NO_FACES})["code"] == 0
    assert desk.call("POST", "/v1/videos/identify-face", {"video_url": NO_FACES}, key="key-two")["code"] != 0


def test_what_is_not_named_stays_and_null_gives_back(desk: Desk) -> None:
    desk.ask("PUT", "dialects", {"kling.no_face": "empty", "kling.retry_after": "on"})
    desk.ask("PUT", "dialects", {"kling.no_face": None})
    assert row(desk, "kling.no_face")["set_by"] == "default"
    assert row(desk, "kling.retry_after")["value"] == "on"


def test_the_server_s_setting_stands_between_the_tenant_s_and_the_default(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(dialects={"kling.no_face": "empty"})
    assert (row(desk, "kling.no_face")["value"], row(desk, "kling.no_face")["set_by"]) == ("empty", "server")
    desk.ask("PUT", "dialects", {"kling.no_face": "error"})
    assert row(desk, "kling.no_face")["value"] == "error"
    desk.ask("PUT", "dialects", {"kling.no_face": None})
    assert row(desk, "kling.no_face")["value"] == "empty"


@pytest.mark.parametrize(
    "wrong",
    [{"kling.none": "x"}, {"kling.none": None}, {"kling.no_face": "maybe"}, {"kling.no_face": 1}, [], "x"],
)
def test_one_wrong_switch_changes_none(desk: Desk, wrong: object) -> None:
    body = {"kling.retry_after": "on", **wrong} if isinstance(wrong, dict) else wrong
    assert desk.refused(400, "PUT", "dialects", body)
    assert row(desk, "kling.retry_after")["set_by"] == "default"
