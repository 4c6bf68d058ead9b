"""Flag before environment before file before default; and both readers of a command line agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.cli import entry
from mock_server.cli.commands import run_command
from mock_server.cli.flags import FLAGS, Kind, Value
from mock_server.cli.options import Options, resolve
from mock_server.cli.plain import plain_values
from mock_server.core.errors import ConfigurationError
from mock_server.settings import Settings

GOOD = {
    "host": "localhost",
    "port": "9001",
    "store": "sqlite:///x.db",
    "clock": "60x",
    "pace": "polls:3",
    "seed": "-7",
    "auth": "accounts.toml",
    "fetch-from": "any",
    "callbacks": "off",
    "tls-dir": "certs",
    "public-url": "https://mock.test",
    "log-level": "debug",
    "slots": "2",
    "dialect": "kling.no_face=empty",
    "fault": "gateway-502-html@poll#2-4",
    "scenario": "happy",
    "webhook-secret": "c2VjcmV0",
    "allow-host": "mock.test",
    "connections-per-address": "9",
    "admin-token": "sesame",
}


def test_nothing_said_means_the_defaults(tmp_path: Path) -> None:
    assert resolve({}, {}, tmp_path) == Options(Settings(), None)


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.name)
def test_a_flag_wins_over_the_environment_and_that_over_the_file(flag, tmp_path: Path) -> None:
    as_default = resolve({}, {}, tmp_path)
    in_file = _toml(flag)
    (tmp_path / "lipflap.toml").write_text(f"{flag.key} = {in_file}\n")
    from_file = resolve({}, {}, tmp_path)
    assert from_file != as_default
    if flag.kind is Kind.SWITCH:
        assert resolve({}, {flag.variable: "0"}, tmp_path) == as_default
        assert resolve({flag.key: True}, {flag.variable: "0"}, tmp_path) == from_file
        return
    (tmp_path / "lipflap.toml").write_text(f"{flag.key} = 'nonsense that is never read'\n")
    if flag.kind is Kind.LIST:
        (tmp_path / "lipflap.toml").write_text(f"{flag.key} = ['a.b=never']\n")
    assert resolve({}, {flag.variable: GOOD[flag.name]}, tmp_path) == from_file
    value: Value = (GOOD[flag.name],) if flag.kind is Kind.LIST else GOOD[flag.name]
    assert resolve({flag.key: value}, {flag.variable: "never"}, tmp_path) == from_file


def _toml(flag) -> str:
    if flag.kind is Kind.SWITCH:
        return "true"
    return f"['{GOOD[flag.name]}']" if flag.kind is Kind.LIST else f"'{GOOD[flag.name]}'"


def test_numbers_of_the_file_may_be_numbers_and_keys_may_have_dashes(tmp_path: Path) -> None:
    (tmp_path / "lipflap.toml").write_text("port = 9001\nlog-level = 'error'\n")
    found = resolve({}, {}, tmp_path).settings
    assert (found.port, found.log_level) == (9001, "error")


def test_dialects_of_the_file_may_be_a_table(tmp_path: Path) -> None:
    (tmp_path / "lipflap.toml").write_text("[dialect]\nkling.no_face = 'empty'\n'gmi.identify' = 'async'\n")
    found = resolve({}, {}, tmp_path).settings
    assert found.dialects == {"kling.no_face": "empty", "gmi.identify": "async"}


def test_a_list_in_the_environment_is_separated_by_commas(tmp_path: Path) -> None:
    found = resolve({}, {"LIPFLAP_WEBHOOK_SECRET": "b25l, dHdv"}, tmp_path)
    assert found.settings.webhook_secrets == ("b25l", "dHdv")


def test_pyproject_counts_where_there_is_no_file_of_our_own(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.lipflap]\npace = 'instant'\n[tool.other]\nx = 1\n")
    assert resolve({}, {}, tmp_path).settings.pace == "instant"
    (tmp_path / "lipflap.toml").write_text("seed = 3\n")
    found = resolve({}, {}, tmp_path).settings
    assert (found.pace, found.seed) == ("quick", 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1\nspeed = 2\n", "unknown keys prot, speed"),
        ("port = true\n", "port must be a text"),
        ("port = [1]\n", "port must be a text"),
        ("fetch = 'yes'\n", "fetch must be true or false"),
        ("dialect = 'kling.no_face=empty'\n", "dialect must be a list of texts"),
        ("dialect = [1]\n", "dialect must be a list of texts"),
        ("[dialect]\nkling.no_face = 1\n", "dialect must be a list of texts"),
        ("port = \n", "cannot read"),
        ("port = 'x'\n", "port: must be a whole number"),
    ],
)
def test_a_file_that_means_nothing_is_refused_by_name(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "lipflap.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=said):
        resolve({}, {}, tmp_path)


def test_pyproject_must_hold_a_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\nlipflap = 1\n")
    with pytest.raises(ConfigurationError, match=r"tool\.lipflap must be a table"):
        resolve({}, {}, tmp_path)


def test_a_switch_in_the_environment_is_yes_or_no(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="LIPFLAP_FETCH must be 1 or 0, not 'maybe'"):
        resolve({}, {"LIPFLAP_FETCH": "maybe"}, tmp_path)


def test_an_unread_variable_of_ours_is_no_mistake(tmp_path: Path) -> None:
    assert resolve({}, {"LIPFLAP_URL": "http://x", "LIPFLAP_KEY": "y"}, tmp_path).settings == Settings()


def _words(flag, text: str, joined: bool) -> list[str]:
    return [f"--{flag.name}={text}"] if joined else [f"--{flag.name}", text]


pieces = st.one_of(
    st.builds(
        _words,
        st.sampled_from([flag for flag in FLAGS if flag.kind is not Kind.SWITCH]),
        st.text(st.characters(codec="ascii", categories=("L", "N", "P")), max_size=8),
        st.booleans(),
    ),
    st.sampled_from([["--tls"], ["--no-tls"], ["--fetch"], ["--no-fetch"]]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(pieces, max_size=5))
def test_the_plain_reader_agrees_with_the_library_wherever_it_reads_at_all(parts: list[list[str]]) -> None:
    words = [word for part in parts for word in part]
    plain = plain_values(words)
    seen: list[dict[str, Value]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mock_server.cli.serve_command.serve_given", lambda found: seen.append(found) or 0)
        code = run_command(["serve", *words])
    if plain is not None:
        assert (code, seen) == (0, [plain])


@pytest.mark.parametrize("line", ["--help", "x", "--port", "--port --tls", "--tls=1", "-p 1", "--no-port 1"])
def test_what_is_not_plainly_well_formed_is_left_to_the_library(line: str) -> None:
    assert plain_values(line.split()) is None


def test_an_interrupt_is_code_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(entry, "serve_given", interrupted)
    assert entry.run(["serve"]) == 130
