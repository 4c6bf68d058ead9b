"""Health, readiness, versions."""

from __future__ import annotations

import sqlite3
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from contracts.contract import load_contract
from mock_server._version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.conftest import Desk


def test_health_is_ok_whatever_the_query_and_without_a_token(make_desk: Callable[..., Desk]) -> None:
    answer = make_desk(admin_token="secret").ask("GET", "health", params={"anything": 1})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_server_is_ready_while_its_store_answers(make_desk: Callable[..., Desk]) -> None:
    assert make_desk(admin_token="secret").get("ready") == {"status": "ready"}


def test_a_server_whose_store_fails_is_alive_and_not_ready(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> None:
        raise sqlite3.OperationalError("disk I/O error at /secret/place")

    monkeypatch.setattr(desk.store, "world", broken)
    assert desk.refused(503, "GET", "ready") == "the store does not answer"
    assert desk.ask("GET", "health").status_code == 200


def test_version_names_everything_that_answers_depend_on(desk: Desk) -> None:
    found = desk.get("version", key=None)
    assert found["lipflap"] == __version__
    assert found["sqlite"] == sqlite3.sqlite_version
    assert (found["starlette"], found["uvicorn"]) == (version("starlette"), version("uvicorn"))
    assert found["contracts"] == {
        name: load_contract(name).document["info"]["version"]  # type: ignore[index]
        for name in ("kirin", "gmi", "kling")
    }
