"""Accounts and the keys that open them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.account import DEMO_ACCESS_KEY, DEMO_SECRET_KEY, PROVIDER_SCOPES, Account, Keyring

ADA = Account("ada", ("key-1", "key-2"), "ak", "sk", scopes=("kling",))
BOB = Account("bob", ("key-3",))
strict = Keyring((ADA, BOB), accepts_any=False)
open_to_all = Keyring((ADA, BOB), accepts_any=True)
strangers = st.text(min_size=1).filter(
    lambda text: text not in {"ada", "bob", "key-1", "key-2", "key-3", "ak", DEMO_ACCESS_KEY}
)


@pytest.mark.parametrize("keyring", [strict, open_to_all])
def test_each_key_opens_its_account(keyring: Keyring) -> None:
    assert [keyring.by_key(key) for key in ("key-1", "key-2", "key-3")] == [ADA, ADA, BOB]
    assert keyring.by_access_key("ak") is ADA
    assert keyring.by_name("bob") is BOB


@given(strangers)
def test_a_strict_keyring_knows_nobody_else(stranger: str) -> None:
    assert strict.by_key(stranger) is None
    assert strict.by_access_key(stranger) is None
    assert strict.by_name(stranger) is None
    assert strict.by_login(stranger, "key-1") is None
    assert strict.by_login("ada", stranger) is None


@given(strangers)
def test_an_open_keyring_makes_an_account_of_any_key(stranger: str) -> None:
    found = open_to_all.by_key(stranger)
    assert found == Account(stranger)
    assert open_to_all.by_access_key(stranger) == found == open_to_all.by_name(stranger)


@pytest.mark.parametrize("keyring", [strict, open_to_all])
def test_the_empty_key_opens_nothing(keyring: Keyring) -> None:
    assert keyring.by_key("") is None
    assert keyring.by_access_key("") is None
    assert keyring.by_name("") is None


def test_a_login_needs_a_key_of_the_account_itself() -> None:
    assert strict.by_login("ada", "key-2") is ADA
    assert strict.by_login("ada", "key-3") is None


def test_any_login_works_where_any_key_does() -> None:
    assert open_to_all.by_login("carol", "whatever") == Account("carol")


def test_the_demo_pair_can_be_checked_where_any_key_is_taken_and_only_there() -> None:
    demo = open_to_all.by_access_key(DEMO_ACCESS_KEY)
    assert demo is not None
    assert demo.secret_key == DEMO_SECRET_KEY
    assert strict.by_access_key(DEMO_ACCESS_KEY) is None


def test_an_unknown_access_key_has_no_secret_to_check_against() -> None:
    found = open_to_all.by_access_key("unknown")
    assert found is not None
    assert found.secret_key is None


def test_all_keys_of_an_account_open_one_tenant_and_accounts_are_apart() -> None:
    assert ADA.tenant == Account("ada").tenant != BOB.tenant


def test_an_account_may_call_every_provider_unless_said_otherwise() -> None:
    assert BOB.scopes == PROVIDER_SCOPES
