"""Pages of lists that are about one tenant or about all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_server.admin import paging

if TYPE_CHECKING:
    from tests.admin.conftest import Desk, Json

LISTS = {"tasks": "tasks", "journal": "entries", "deliveries": "deliveries"}


def fill(desk: Desk) -> None:
    for key, count in (("key-one", 3), ("key-two", 1), ("key-three", 4)):
        for _ in range(count):
            desk.task(key=key, callback_url="http://127.0.0.1:9/callback")


def walked(desk: Desk, path: str, limit: int, key: str | None) -> list[Json]:
    """Everything, page by page."""
    found: list[Json] = []
    place: dict[str, str] = {}
    while True:
        page = desk.get(path, key=key, limit=limit, **place)
        assert len(page[LISTS[path]]) <= limit
        found += page[LISTS[path]]
        if page["next"] is None:
            return found
        assert page[LISTS[path]], "a page that has a next one is not empty"
        place = {"after": page["next"]}


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("key", ["key-one", None])
@pytest.mark.parametrize("chunk", [1, 2, 200])
def test_pages_of_any_size_hold_everything_once_and_in_order(
    desk: Desk, path: str, key: str | None, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(desk)
    monkeypatch.setattr(paging, "CHUNK", chunk)
    whole = desk.get(path, key=key, limit=1000)
    assert whole["next"] is None
    for limit in (1, 2, 3, 7, len(whole[LISTS[path]])):
        assert walked(desk, path, limit, key) == whole[LISTS[path]]


def test_a_filter_leaves_no_holes_in_the_pages(desk: Desk) -> None:
    fill(desk)
    whole = desk.get("journal", key=None, operation="createLipSync")["entries"]
    assert len(whole) == 8
    place: dict[str, str] = {}
    sizes = []
    while True:
        page = desk.get("journal", key=None, operation="createLipSync", limit=3, **place)
        sizes.append(len(page["entries"]))
        if page["next"] is None:
            break
        place = {"after": page["next"]}
    assert sizes == [3, 3, 2]


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "٣", "", ":1", "t1:2", "t1:", "9" * 30])
def test_a_place_that_no_page_gave_is_refused(desk: Desk, after: str) -> None:
    assert "after must be" in desk.refused(400, "GET", "journal", params={"after": after})


@pytest.mark.parametrize("after", ["3", ":3", "t1:x", "t1"])
def test_without_a_key_a_place_names_its_tenant(desk: Desk, after: str) -> None:
    assert "after must be" in desk.refused(400, "GET", "journal", key=None, params={"after": after})


def test_a_place_of_a_tenant_that_is_gone_leads_to_the_tenants_behind_it(desk: Desk) -> None:
    fill(desk)
    everything = desk.get("tasks", key=None)["tasks"]
    first = everything[0]["tenant"]
    behind = desk.get("tasks", key=None, after=f"{first}a:7")["tasks"]
    assert behind == [task for task in everything if task["tenant"] > first]


@pytest.mark.parametrize("limit", ["0", "1001", "ten"])
def test_a_limit_is_1_to_1000(desk: Desk, limit: str) -> None:
    assert "limit must be a whole number from 1 to 1000" in desk.refused(
        400, "GET", "tasks", params={"limit": limit}
    )
