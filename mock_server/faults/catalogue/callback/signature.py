"""Faults of a callback's signature: forged, missing, stale, replayed, in rotation.

Where the server has no secret, the signatures are made with one that nobody knows, drawn from the seed: a client
that cannot verify must not come to believe that it has.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from msgspec.structs import replace

from mock_server.callbacks.packing import sealed
from mock_server.callbacks.signing import SECRET_PREFIX, webhook_id_of
from mock_server.core.parcel import Parcel
from mock_server.faults.model import Expected, Fault, Layer, OnDelivery, Param, Scene

SIGNING = ("gmi", "kling")
NOTES = {
    "kirin": "signs no callback, so there is no signature to get wrong",
    "gmi": "calls back only with the dialect gmi.callbacks=kling, and signs as Kling does",
    "kling": "without --webhook-secret, signed with a secret that nobody knows",
}


def unknown_secret(scene: Scene, name: str) -> str:
    """A secret that the client does not have, the same in every run with the seed."""
    return SECRET_PREFIX + b64encode(scene.choices.digest("webhook-secret", name)).decode("ascii")


def _signed(parcel: Parcel, scene: Scene) -> Parcel:
    if parcel.secrets:
        return parcel
    return sealed(replace(parcel, secrets=(unknown_secret(scene, "server"),)))


def _forged(parcel: Parcel, scene: Scene) -> Sequence[Parcel]:
    if scene.text("variant") == "absent":
        kept = {name: value for name, value in parcel.headers.items() if name != "webhook-signature"}
        return (replace(parcel, headers=kept, secrets=()),)
    return (sealed(replace(parcel, secrets=(unknown_secret(scene, "forger"),))),)


def _stale(parcel: Parcel, scene: Scene) -> Sequence[Parcel]:
    signed = _signed(parcel, scene)
    return (sealed(replace(signed, timestamp_s=signed.timestamp_s - scene.number("age_s"))),)


def _replayed(parcel: Parcel, scene: Scene) -> Sequence[Parcel]:
    signed = _signed(parcel, scene)
    headers = {**signed.headers, "webhook-id": webhook_id_of(f"{parcel.id} replayed")}
    return (signed, replace(signed, headers=headers, wave=signed.wave + 1))


def _rotating(parcel: Parcel, scene: Scene) -> Sequence[Parcel]:
    # the old one first: a receiver that tries only the first signature refuses a callback that is genuine
    secrets = (unknown_secret(scene, "old"), *_signed(parcel, scene).secrets)
    return (sealed(replace(parcel, secrets=secrets)),)


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="callback-bad-signature",
        layer=Layer.CALLBACK,
        says="sends the callback with a signature made with another secret, or with none",
        client_must="answer 401, do nothing, and find out by polling",
        hooks=(OnDelivery(_forged),),
        expected=Expected.SUCCESS,
        motive="a receiver that does not verify lets anybody who knows its address finish a job",
        link="https://github.com/SandeepVashishtha/Eventra/pull/16229",
        providers=SIGNING,
        params=(
            Param("variant", "wrong", "made with another secret, or left out", choices=("wrong", "absent")),
        ),
        with_callback=True,
        notes=NOTES,
    ),
    Fault(
        id="callback-stale-timestamp",
        layer=Layer.CALLBACK,
        says="sends the callback with a valid signature whose timestamp is an hour old",
        client_must="refuse it, as a recorded callback that is played again looks just so, and find out by polling",
        hooks=(OnDelivery(_stale),),
        expected=Expected.SUCCESS,
        motive="a signature without a window of time can be replayed for ever",
        link="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
        providers=SIGNING,
        params=(Param("age_s", 3_600, "seconds before the moment of sending", low=301, high=10 * 86_400),),
        with_callback=True,
        notes=NOTES,
    ),
    Fault(
        id="callback-replay-new-id",
        layer=Layer.CALLBACK,
        says="sends the callback, then the same body, timestamp and signature once more under another webhook-id",
        client_must="refuse the second: its signature covers the first id; act once for each task in any case",
        hooks=(OnDelivery(_replayed),),
        expected=Expected.SUCCESS,
        motive="duplicates were told by a delivery id that the signature did not cover",
        link="https://github.com/prathamdby/pr-agent/issues/476",
        providers=SIGNING,
        with_callback=True,
        notes=NOTES,
    ),
    Fault(
        id="callback-two-signatures",
        layer=Layer.CALLBACK,
        says="sends the callback with two signatures, that of an old secret before the valid one",
        client_must="accept it when any of the signatures is valid",
        hooks=(OnDelivery(_rotating),),
        expected=Expected.SUCCESS,
        motive="while secrets rotate, both sign, and the header is a list",
        link="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
        providers=SIGNING,
        with_callback=True,
        notes=NOTES,
    ),
)
