"""The admin surface as the judge asks it: refusals, silence, strange forms, pages."""

from __future__ import annotations

import pytest

from contracts.witness.admin import Admin, AdminError
from contracts.witness.server import ServerAddress


def test_a_refusal_is_told_with_its_reason(admin):
    with pytest.raises(AdminError, match=r"POST scenarios answered 400: .*no-such"):
        admin.send("POST", "scenarios", {"name": "no-such"})


def test_a_server_that_is_gone_is_told_with_its_address():
    with (
        Admin(ServerAddress("http://127.0.0.1:1")) as gone,
        pytest.raises(AdminError, match=r"no lipflap answers at http://127"),
    ):
        gone.send("POST", "clock/advance", {"seconds": 1})


def test_an_answer_of_another_form_is_no_crash(admin):
    with pytest.raises(AdminError, match="clock has an unknown form"):
        admin.read("clock", int)


def test_every_page_of_a_list_is_read(admin, monkeypatch):
    monkeypatch.setattr("contracts.witness.admin._PAGE", 2)
    url, key = admin.server.url, {"Authorization": "Bearer key-of-test_every_page_of_a_list_is_read"}
    import httpx

    for _ in range(5):
        httpx.get(f"{url}/v1/videos/advanced-lip-sync/none", headers=key)
    assert [line["number"] for line in admin.pages("journal", "entries", dict[str, object])] == [
        1,
        2,
        3,
        4,
        5,
    ]
