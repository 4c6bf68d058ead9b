"""The receiver that takes every callback."""

from __future__ import annotations

import httpx

from contracts.witness.receiver import LARGEST_BYTES, Receiver


def test_every_callback_is_taken_and_remembered_under_its_path():
    with Receiver() as receiver:
        for word in ("one", "two"):
            assert httpx.post(receiver.url("cell-1"), content=word.encode()).status_code == 200
        assert httpx.post(receiver.url("cell-2"), json={}, headers={"webhook-id": "7"}).status_code == 200
        assert [one.body for one in receiver.received("cell-1")] == [b"one", b"two"]
        (other,) = receiver.received("cell-2")
        assert dict(other.headers)["webhook-id"] == "7"
        assert receiver.received("cell-3") == ()


def test_the_answer_can_be_chosen():
    with Receiver(lambda path, body: 410 if body == b"gone" else 202) as receiver:
        assert httpx.post(receiver.url("a"), content=b"gone").status_code == 410
        assert httpx.post(receiver.url("a"), content=b"").status_code == 202
        assert [one.status for one in receiver.received("a")] == [410, 202]


def test_a_body_without_end_is_refused():
    with Receiver() as receiver:
        assert httpx.post(receiver.url("a"), content=b"x" * (LARGEST_BYTES + 1)).status_code == 413
        assert httpx.post(receiver.url("a"), content=iter([b"chunk"])).status_code == 413
        assert receiver.received("a") == ()
