"""Uploads: PUT to a signed address, then named like any other file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_server.media.samples import sample_bytes
from mock_server.results import uploads
from mock_server.results.upload_address import UPLOAD_S

if TYPE_CHECKING:
    from tests.results.conftest import Desk

TALK = sample_bytes("talk.mp4")


def put(desk: Desk, url: str, data: bytes, content_type: str | None = "video/mp4") -> int:
    headers = {} if content_type is None else {"Content-Type": content_type}
    return desk.client.put(url, content=data, headers=headers).status_code


def test_an_uploaded_file_can_be_read_and_named_as_a_source(desk: Desk) -> None:
    put_url, public_url = desk.upload_addresses("mp4")
    assert desk.get(public_url).status_code == 404
    assert put(desk, put_url, TALK) == 200
    answer = desk.get(public_url)
    assert (answer.content, answer.headers["content-type"]) == (TALK, "video/mp4")
    assert desk.identify(public_url)["face_data"][0]["end_time"] >= 8_000


def test_a_picture_that_no_rule_can_read_is_kept_all_the_same(desk: Desk) -> None:
    put_url, public_url = desk.upload_addresses("png")
    assert put(desk, put_url, b"not really a picture", "image/png") == 200
    assert desk.get(public_url).content == b"not really a picture"


def test_a_second_upload_replaces_the_first(desk: Desk) -> None:
    put_url, public_url = desk.upload_addresses("mp4")
    put(desk, put_url, TALK)
    put(desk, put_url, sample_bytes("silent.mp4"))
    assert desk.get(public_url).content == sample_bytes("silent.mp4")


def test_two_addresses_are_never_the_same(desk: Desk) -> None:
    assert desk.upload_addresses("mp4")[1] != desk.upload_addresses("mp4")[1]


def test_the_content_type_must_be_the_one_that_was_signed(desk: Desk) -> None:
    put_url, public_url = desk.upload_addresses("mp4")
    assert put(desk, put_url, TALK, None) == 400
    assert put(desk, put_url, TALK, "video/quicktime") == 403
    assert desk.get(public_url).status_code == 404


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("signature=", "signature=0"),
        ("signature=", "sig="),
        ("until=", "until=9"),
        ("until=", "until=x"),
        ("until=", "until=\u0661"),
        ("until=", "til="),
        (".mp4?", ".mp3?"),
        ("uploads/", "uploads/../uploads/x"),
    ],
)
def test_an_address_that_was_tampered_with_is_refused(desk: Desk, old: str, new: str) -> None:
    put_url, _ = desk.upload_addresses("mp4")
    assert put(desk, put_url.replace(old, new), TALK) == 403


def test_an_address_is_good_for_its_seconds_and_not_longer(desk: Desk) -> None:
    # the wall's time counts, as it does for the service's own addresses; only the server's own wall is moved here
    put_url, _ = desk.upload_addresses("mp4")
    simulator = desk.client.app.house.simulator  # type: ignore[attr-defined]
    now_ms = simulator.wall_ms()
    simulator.wall_ms = lambda: now_ms + UPLOAD_S * 1000 - 1_000
    assert put(desk, put_url, TALK) == 200
    simulator.wall_ms = lambda: now_ms + UPLOAD_S * 1000 + 1_000
    assert put(desk, put_url, TALK) == 403


@pytest.mark.parametrize(("size", "status"), [(1000, 200), (1001, 413)])
def test_an_upload_may_be_just_so_large(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, size: int, status: int
) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOAD_BYTES", 1_000)
    put_url, _ = desk.upload_addresses("mp4")
    assert put(desk, put_url, b"\0" * size) == status


def test_no_key_is_needed_beside_the_signature(desk: Desk) -> None:
    put_url, _ = desk.upload_addresses("mp4")
    del desk.client.headers["authorization"]
    assert put(desk, put_url, TALK) == 200
