"""From a body to what leaves: headers, and a signature over just these bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook

from mock_server._version import __version__
from mock_server.callbacks.packing import Packer, sealed
from mock_server.core.errors import ConfigurationError

SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
NOW_S = 1_781_080_794


def test_without_a_secret_there_is_no_signature() -> None:
    parcel = Packer().pack("8001.processing", b"{}", NOW_S)
    assert parcel.headers == {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"lipflap/{__version__}",
    }
    assert Packer([SECRET]).pack("8001.processing", b"{}", NOW_S, is_signed=False) == parcel


def test_a_parcel_verifies_as_the_standard_says() -> None:
    parcel = Packer([SECRET]).pack("8001.processing", b"{}", NOW_S)
    moment = datetime.fromtimestamp(NOW_S, UTC)
    assert parcel.headers["webhook-timestamp"] == str(NOW_S)
    assert parcel.headers["webhook-signature"] == Webhook(SECRET).sign(
        parcel.headers["webhook-id"], moment, "{}"
    )


def test_the_id_belongs_to_the_delivery_and_the_signature_to_the_rest() -> None:
    first = Packer([SECRET]).pack("8001.processing", b"{}", NOW_S)
    later = sealed(replace(first, timestamp_s=NOW_S + 1))
    other = sealed(replace(first, body=b"[]"))
    assert len({parcel.headers["webhook-id"] for parcel in (first, later, other)}) == 1
    assert len({parcel.headers["webhook-signature"] for parcel in (first, later, other)}) == 3


def test_sealing_what_nobody_changed_changes_nothing() -> None:
    parcel = Packer([SECRET]).pack("8001.processing", b"{}", NOW_S)
    assert sealed(parcel) == parcel


def test_a_bad_secret_is_found_at_start() -> None:
    with pytest.raises(ConfigurationError):
        Packer(["whsec_!"])
