"""Settings, the words for a clock, and the file of accounts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.account import PROVIDER_SCOPES, Account
from mock_server.core.clock import MANUAL_EPOCH_MS, Clock, ClockMode
from mock_server.core.errors import ConfigurationError
from mock_server.core.pace import pace_named
from mock_server.settings import Settings, load_accounts, parse_clock

WALL_MS = 1_700_000_000_000


def test_the_defaults_are_a_server_for_one_developer() -> None:
    settings = Settings()
    assert (settings.host, settings.store, settings.auth, settings.fetch) == (
        "127.0.0.1",
        "memory",
        "any",
        False,
    )
    assert settings.parsed_pace() is pace_named("quick")
    assert settings.first_clock(WALL_MS).mode is ClockMode.REAL
    assert settings.is_loopback


@pytest.mark.parametrize("field", [{"clock": "fast"}, {"pace": "slow"}, {"clock": ""}, {"pace": "polls:0"}])
def test_a_clock_or_pace_that_is_none_is_refused_at_once(field: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        Settings(**field)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.0.1", False),
        ("127.evil.test", False),
        ("mock.test", False),
        ("", False),
    ],
)
def test_loopback_is_told_from_everything_else(host: str, is_loopback: bool) -> None:
    assert Settings(host=host).is_loopback is is_loopback


@pytest.mark.parametrize(
    ("host", "callbacks", "policy"),
    [
        ("127.0.0.1", "auto", "loopback"),
        ("0.0.0.0", "auto", "public"),
        ("127.0.0.1", "any", "any"),
        ("0.0.0.0", "off", "off"),
    ],
)
def test_callbacks_go_where_the_server_can_be_reached_from(host: str, callbacks: str, policy: str) -> None:
    assert Settings(host=host, callbacks=callbacks).callback_policy == policy


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("real", Clock(ClockMode.REAL, WALL_MS, WALL_MS, 1.0)),
        ("manual", Clock(ClockMode.MANUAL, MANUAL_EPOCH_MS, WALL_MS, 0.0)),
        ("60x", Clock(ClockMode.SCALED, WALL_MS, WALL_MS, 60.0)),
        ("0.5x", Clock(ClockMode.SCALED, WALL_MS, WALL_MS, 0.5)),
        ("1000000x", Clock(ClockMode.SCALED, WALL_MS, WALL_MS, 1e6)),
    ],
)
def test_a_clock_has_its_words(text: str, clock: Clock) -> None:
    assert parse_clock(text, WALL_MS) == clock


@pytest.mark.parametrize(
    "text", ["", "x", "60", "0x", "-1x", "nanx", "infx", "1000001x", "Real", "6\u0660x", "1e9x"]
)
def test_other_words_are_no_clock(text: str) -> None:
    with pytest.raises(ConfigurationError, match="clock must be real, manual, or a rate"):
        parse_clock(text, WALL_MS)


@given(st.text(max_size=8))
def test_any_text_is_a_clock_that_runs_or_is_refused(text: str) -> None:
    try:
        rate = parse_clock(text, WALL_MS).rate
    except ConfigurationError:
        rate = 1.0
    assert 0 <= rate <= 1_000_000


def accounts(tmp_path: Path, text: str) -> tuple[Account, ...]:
    file = tmp_path / "accounts.toml"
    file.write_text(text, encoding="utf-8")
    return load_accounts(file)


def test_accounts_are_read_as_written(tmp_path: Path) -> None:
    text = """
        [[accounts]]
        name = "ada"
        keys = ["one", "two"]

        [[accounts]]
        name = "bob"
        access_key = "ak"
        secret_key = "sk"
        scopes = ["kling"]
    """
    assert accounts(tmp_path, text) == (
        Account("ada", ("one", "two"), scopes=PROVIDER_SCOPES),
        Account("bob", (), access_key="ak", secret_key="sk", scopes=("kling",)),
    )


ADA = '[[accounts]]\nname = "ada"\nkeys = ["k-secret"]\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "has no [[accounts]] table"),
        ("accounts = []", "has no [[accounts]] table"),
        ("accounts = 1", "has no [[accounts]] table"),
        ("accounts = [1]", "accounts[0] is not a table"),
        ("[[accounts]", "cannot read accounts from"),
        ("[[accounts]]\nkeys = ['a']", "accounts[0].name must be a text that is not empty"),
        ("[[accounts]]\nname = ''\nkeys = ['a']", "accounts[0].name must be a text that is not empty"),
        ("[[accounts]]\nname = 'a'", "accounts[0] needs keys, or access_key and secret_key"),
        ("[[accounts]]\nname = 'a'\nkeys = 'a'", "accounts[0].keys must be texts that are not empty"),
        ("[[accounts]]\nname = 'a'\nkeys = ['']", "accounts[0].keys must be texts that are not empty"),
        ("[[accounts]]\nname = 'a'\nkeys = [1]", "accounts[0].keys must be texts that are not empty"),
        ("[[accounts]]\nname = 'a'\nkey = 'a'", "accounts[0] has unknown fields: key"),
        (
            "[[accounts]]\nname = 'a'\naccess_key = 'a'",
            "accounts[0] needs access_key and secret_key together",
        ),
        (
            "[[accounts]]\nname = 'a'\naccess_key = 'a'\nsecret_key = ''",
            "accounts[0].access_key and secret_key must be texts that are not empty",
        ),
        (
            "[[accounts]]\nname = 'a'\nscopes = ['other']",
            "accounts[0].scopes must be among kirin, gmi, kling",
        ),
        (ADA + ADA.replace("k-secret", "other"), "two accounts share a name"),
        (ADA + ADA.replace("ada", "bob"), "a key is given twice"),
        (
            "".join(f"[[accounts]]\nname='{name}'\naccess_key='k-secret'\nsecret_key='s'\n" for name in "ab"),
            "an access_key is given twice",
        ),
    ],
)
def test_a_faulty_file_is_refused_with_the_place_and_without_a_key(
    tmp_path: Path, text: str, reason: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        accounts(tmp_path, text)
    assert reason in str(refused.value)
    assert "k-secret" not in str(refused.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"cannot read accounts from .*none\.toml"):
        load_accounts(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# \xff")
    with pytest.raises(ConfigurationError, match=r"cannot read accounts from .*latin\.toml"):
        load_accounts(tmp_path / "latin.toml")
