"""What every admin request has to pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mock_server.core.world import tenant_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.admin.conftest import Desk

TOKEN = "let-me-in-é"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {TOKEN}".encode()},
        {"authorization": f"bearer {TOKEN}".encode()},
        {"X-Lipflap-Admin-Token": TOKEN.encode()},
    ],
)
def test_the_token_admits_in_either_header(make_desk: Callable[..., Desk], headers: dict[str, bytes]) -> None:
    desk = make_desk(admin_token=TOKEN)
    assert desk.ask("GET", "clock", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": f"Basic {TOKEN}".encode()},
        {"Authorization": b"Bearer"},
        {"Authorization": b"Bearer let-me-in"},
        {"X-Lipflap-Admin-Token": TOKEN.encode() + b"x"},
        {"X-Lipflap-Admin-Token": b"wrong", "Authorization": f"Bearer {TOKEN}".encode()},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("GET", "journal"), ("DELETE", "journal"), ("POST", "reset")]
)
def test_without_the_token_nothing_is_shown_or_done(
    make_desk: Callable[..., Desk], headers: dict[str, bytes], method: str, path: str
) -> None:
    desk = make_desk(admin_token=TOKEN)
    desk.session()
    answer = desk.ask(method, path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in answer.text
    kept = desk.store.journal(tenant_of("key-one"))
    assert len(kept.entries) == 1


def test_another_method_is_405_and_names_those_that_are_served(desk: Desk) -> None:
    answer = desk.ask("DELETE", "clock")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "PUT"}
    assert "DELETE" in answer.json()["error"]


def test_head_is_get_without_a_reason_to_refuse(desk: Desk) -> None:
    assert desk.ask("HEAD", "clock").status_code == 200


def test_answers_are_not_kept_by_caches(desk: Desk) -> None:
    assert desk.ask("GET", "clock").headers["cache-control"] == "no-store"


def test_a_misspelt_query_parameter_is_refused_and_not_ignored(desk: Desk) -> None:
    assert "unknown query parameter 'kye'" in desk.refused(400, "GET", "clock", params={"kye": "x"})


def test_a_query_parameter_given_twice_is_refused(desk: Desk) -> None:
    assert "twice" in desk.refused(400, "GET", "clock", params={"key": ["a", "b"]})


def test_a_refusal_never_repeats_the_key(desk: Desk) -> None:
    secret = "sk-very-secret"
    for path in ("clock?kye=1", "tasks?limit=0", "tasks/none", "tasks?after=x"):
        name, _, query = path.partition("?")
        params = dict([query.split("=")]) if query else {}
        answer = desk.ask("GET", name, key=secret, params=params)
        assert answer.status_code in {400, 404}
        assert secret not in answer.text


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "video/mp4"])
def test_a_body_must_say_that_it_is_json(desk: Desk, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    reason = desk.refused(415, "POST", "reset", content=b'{"what":["all"]}', headers=headers)
    assert reason == "Content-Type must be application/json"


def test_an_encoded_body_is_refused(desk: Desk) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert "Content-Encoding" in desk.refused(415, "POST", "reset", content=b"x", headers=headers)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"what": ["all"], "what": ["all"]}',
        b'{"what": ["all"], "x": NaN}',
        b'{"what": ["all"], "x": 1e999}',
        b'{"what": ["\\ud800"]}',
        b'{"what": ["\xff"]}',
        '{"what": ["all"]}'.encode("utf-16"),
        b"[" * 100_000,
        b"null",
        b"[]",
        b'"all"',
        b'{"what": "all"}',
        b'{"what": []}',
        b'{"what": ["all"], "why": 1}',
    ],
)
def test_anything_but_the_described_json_is_400_and_changes_nothing(desk: Desk, raw: bytes) -> None:
    desk.session()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert desk.refused(400, "POST", "reset", content=raw, headers=headers)
    assert desk.get("journal")["entries"]


@pytest.mark.parametrize("extra", [0, 1])
def test_a_json_body_of_one_mib_is_read_and_one_byte_more_is_not(desk: Desk, extra: int) -> None:
    raw = b'{"what": ["media"]}'
    padded = raw + b" " * (2**20 - len(raw) + extra)
    answer = desk.ask("POST", "reset", content=padded, headers={"Content-Type": "application/json"})
    assert answer.status_code == (413 if extra else 200)


def test_the_cap_counts_where_no_length_is_declared(desk: Desk) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 2**16

    headers: Any = {"Content-Type": "application/json"}
    assert desk.ask("POST", "reset", content=chunks(), headers=headers).status_code == 413


def test_the_account_of_a_key_is_its_tenant(make_desk: Callable[..., Desk], tmp_path: Any) -> None:
    accounts = tmp_path / "accounts.toml"
    accounts.write_text(
        '[[accounts]]\nname = "acme"\nkeys = ["k-1", "k-2"]\naccess_key = "ak"\nsecret_key = "sk"\n'
    )
    desk = make_desk(auth=str(accounts))
    tenants = {desk.get("clock", key=key)["tenant"] for key in ("k-1", "k-2", "ak", "acme")}
    assert len(tenants) == 1
