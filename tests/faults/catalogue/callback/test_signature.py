"""Signatures that are forged, missing, stale, replayed, or two at a time: judged by the reference library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from mock_server.core.clock import MANUAL_EPOCH_MS

MANUAL_EPOCH_S = MANUAL_EPOCH_MS // 1000
Start = Callable[..., Any]
SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
SIGNING = pytest.mark.parametrize("provider", ["kling", "gmi"])
"""Those that sign."""


def called_back(here: Any, provider: str, receiver: Any, count: int) -> list[Any]:
    """The first callbacks of a job."""
    job = here.job(provider)
    job.identify()
    job.submit(callback_url=receiver.url)
    return list(receiver.take(count))


def verify(callback: Any, secret: str = SECRET) -> None:
    Webhook(secret).verify(callback.body.decode(), callback.headers)


@SIGNING
def test_without_a_fault_a_callback_is_genuine(rig: Start, receiver: Any, provider: str) -> None:
    (callback,) = called_back(rig(webhook_secrets=(SECRET,)), provider, receiver, 1)
    verify(callback)


@SIGNING
@pytest.mark.parametrize("secrets", [(SECRET,), ()])
def test_a_wrong_signature_is_well_formed_and_nobodys(
    rig: Start, receiver: Any, provider: str, secrets: tuple[str, ...]
) -> None:
    here = rig("callback-bad-signature#1", webhook_secrets=secrets)
    forged, genuine = called_back(here, provider, receiver, 2)
    assert forged.headers["webhook-signature"].startswith("v1,")
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        verify(forged)
    if secrets:
        verify(genuine)


@SIGNING
def test_a_signature_can_be_left_out(rig: Start, receiver: Any, provider: str) -> None:
    here = rig("callback-bad-signature;variant=absent", webhook_secrets=(SECRET,))
    (callback,) = called_back(here, provider, receiver, 1)
    assert "webhook-signature" not in callback.headers
    assert {"webhook-id", "webhook-timestamp"} <= callback.headers.keys()


def test_where_nothing_is_signed_nothing_can_be_left_out(rig: Start, receiver: Any) -> None:
    here = rig("callback-bad-signature;variant=absent")
    (callback,) = called_back(here, "kling", receiver, 1)
    assert not [name for name in callback.headers if name.startswith("webhook-")]
    here.admin("POST", "clock/advance", {"until": "idle"})
    assert faults_of(here) == set(), "what changed nothing has not fired"


def faults_of(here: Any) -> set[str]:
    """The faults in the journal's lines of callbacks, of which there is one at least."""
    entries = [entry for entry in here.admin("GET", "journal")["entries"] if entry["kind"] == "delivery"]
    assert entries
    return {fault for entry in entries for fault in entry["faults"]}


def test_a_receiver_that_refuses_gets_no_better_one_later(rig: Start, receiver: Any) -> None:
    receiver.answers = [401] * 8
    here = rig("callback-bad-signature", clock="manual", webhook_secrets=(SECRET,))
    called_back(here, "kling", receiver, 1)
    here.admin("POST", "clock/advance", {"until": "idle"})
    forged = receiver.rest()
    assert len({callback.headers["webhook-timestamp"] for callback in forged}) == 4
    for callback in forged:
        moment = datetime.fromtimestamp(int(callback.headers["webhook-timestamp"]), UTC)
        genuine = Webhook(SECRET).sign(callback.headers["webhook-id"], moment, callback.body.decode())
        assert callback.headers["webhook-signature"] != genuine
    states = {row["state"] for row in here.admin("GET", "deliveries")["deliveries"]}
    assert states == {"exhausted"}


@SIGNING
def test_a_stale_callback_is_signed_well_and_an_hour_old(rig: Start, receiver: Any, provider: str) -> None:
    here = rig("callback-stale-timestamp", webhook_secrets=(SECRET,), clock="manual")
    job = here.job(provider)
    job.identify()
    job.submit(callback_url=receiver.url)
    here.admin("POST", "clock/advance", {"until": "idle"})
    stale = receiver.next()
    assert stale.headers["webhook-timestamp"] == str(MANUAL_EPOCH_S - 3_600)
    moment = datetime.fromtimestamp(MANUAL_EPOCH_S - 3_600, UTC)
    assert stale.headers["webhook-signature"] == Webhook(SECRET).sign(
        stale.headers["webhook-id"], moment, stale.body.decode()
    )


def test_a_stale_callback_is_refused_for_its_age(rig: Start, receiver: Any) -> None:
    here = rig("callback-stale-timestamp", webhook_secrets=(SECRET,))
    (stale,) = called_back(here, "kling", receiver, 1)
    with pytest.raises(WebhookVerificationError, match="too old"):
        verify(stale)


@SIGNING
def test_a_replay_has_everything_of_the_first_but_its_id(rig: Start, receiver: Any, provider: str) -> None:
    here = rig("callback-replay-new-id", webhook_secrets=(SECRET,))
    first, replayed = called_back(here, provider, receiver, 2)
    verify(first)
    with pytest.raises(WebhookVerificationError):
        verify(replayed)
    assert replayed.body == first.body
    different = {name for name in first.headers if first.headers[name] != replayed.headers[name]}
    assert different == {"webhook-id"}


@SIGNING
def test_of_two_signatures_the_second_is_valid(rig: Start, receiver: Any, provider: str) -> None:
    here = rig("callback-two-signatures", webhook_secrets=(SECRET,))
    (callback,) = called_back(here, provider, receiver, 1)
    old, new = callback.headers["webhook-signature"].split(" ")
    verify(callback)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(callback.body.decode(), {**callback.headers, "webhook-signature": old})
    Webhook(SECRET).verify(callback.body.decode(), {**callback.headers, "webhook-signature": new})


@pytest.mark.parametrize("fault", ["stale-timestamp", "replay-new-id", "two-signatures"])
def test_without_a_secret_the_signature_is_one_that_nobody_can_verify(
    rig: Start, receiver: Any, fault: str
) -> None:
    (callback,) = called_back(rig(f"callback-{fault}"), "kling", receiver, 1)
    assert callback.headers["webhook-signature"].startswith("v1,")
    assert callback.status in {"processing", "succeed"}


@pytest.mark.parametrize("fault", ["bad-signature", "stale-timestamp", "replay-new-id", "two-signatures"])
def test_kirin_signs_nothing_and_so_gets_nothing_wrong(rig: Start, receiver: Any, fault: str) -> None:
    here = rig(f"callback-{fault}", webhook_secrets=(SECRET,))
    (callback,) = called_back(here, "kirin", receiver, 1)
    assert not [name for name in callback.headers if name.startswith("webhook-")]


def test_faults_of_signatures_go_together(rig: Start, receiver: Any) -> None:
    here = rig("callback-bad-signature", "callback-duplicate", webhook_secrets=(SECRET,))
    for callback in called_back(here, "kling", receiver, 3):
        with pytest.raises(WebhookVerificationError, match="No matching signature"):
            verify(callback)
    here.admin("POST", "clock/advance", {"until": "idle"})
    assert faults_of(here) == {"callback-bad-signature", "callback-duplicate"}
