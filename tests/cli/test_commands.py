"""The short commands, as a user runs them."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import httpx
import pytest

from mock_server import __version__
from mock_server.cli.clock_commands import clock_app
from mock_server.cli.commands import app
from mock_server.cli.doctor import examine
from mock_server.core.account import DEMO_ACCESS_KEY, DEMO_SECRET_KEY

NAMES = [command.name for command in app.registered_commands if command.name]
CLOCK_NAMES = [command.name for command in clock_app.registered_commands if command.name]


def test_version_names_the_version(lipflap) -> None:
    done = lipflap("version")
    assert done.returncode == 0
    assert done.stdout.startswith(f"lipflap {__version__} (Python 3.")


@pytest.mark.parametrize("words", [*([name] for name in NAMES), *(["clock", name] for name in CLOCK_NAMES)])
def test_every_help_has_an_example_that_begins_with_the_command(lipflap, words: list[str]) -> None:
    done = lipflap(*words, "--help")
    assert done.returncode == 0
    assert "Example" in done.stdout
    assert f"  lipflap {words[0]}" in done.stdout or f"lipflap {' '.join(words)}" in done.stdout


def test_no_command_is_help_and_code_2(lipflap) -> None:
    done = lipflap()
    assert done.returncode == 2
    assert "Usage: lipflap" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["bogus"], "No such command 'bogus'"),
        (["env"], "Missing argument 'provider'. Choose from: kling, gmi, kirin"),
        (["env", "nobody"], "'nobody' is not one of 'kling', 'gmi', 'kirin'"),
        (["env", "kling", "--format", "xml"], "'xml' is not one of"),
        (["clock", "advance"], "either a number of seconds or --idle"),
        (["clock", "advance", "5", "--idle"], "either a number of seconds or --idle"),
        (["clock", "set", "slow"], "clock must be real, manual, or a rate"),
        (["demo", "--pace", "slow"], "pace must be one of"),
        (["demo", "--seed", "x"], "must be a whole number"),
        (["doctor", "--port", "70000"], "less than or equal to 65535"),
    ],
)
def test_wrong_use_is_one_line_and_code_2(lipflap, words: list[str], said: str) -> None:
    done = lipflap(*words)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("lipflap: ")
    assert said in line


def test_env_takes_the_url_from_the_flag_before_the_environment(lipflap) -> None:
    from_environment = lipflap("env", "kling", LIPFLAP_URL="http://here:1").stdout
    assert "export KLING_BASE_URL=http://here:1\n" in from_environment
    from_flag = lipflap("env", "kling", "--url", "http://there:2/", LIPFLAP_URL="http://here:1").stdout
    assert "export KLING_BASE_URL=http://there:2\n" in from_flag


def test_env_quotes_for_the_shell_and_not_for_json(lipflap) -> None:
    assert "export GMI_API_KEY='a b'\n" in lipflap("env", "gmi", "--key", "a b").stdout
    dotenv = lipflap("env", "gmi", "--format", "dotenv").stdout
    assert dotenv.startswith("GMI_BASE_URL=http://127.0.0.1:8787/api/v1/ie/requestqueue/apikey\n")
    found = json.loads(lipflap("env", "kirin", "--key", "a b", "--format", "json").stdout)
    assert (found["VTRIX_API_KEY"], found["VTRIX_GENERATION_URL"]) == ("a b", "http://127.0.0.1:8787")


def test_env_of_kling_holds_the_pair_that_the_server_can_check(lipflap) -> None:
    found = json.loads(lipflap("env", "kling", "--format", "json").stdout)
    assert (found["KLING_ACCESS_KEY"], found["KLING_SECRET_KEY"]) == (DEMO_ACCESS_KEY, DEMO_SECRET_KEY)


def test_dialects_lists_every_switch_for_people_and_programs(lipflap) -> None:
    rows = json.loads(lipflap("dialects", "--json").stdout)
    names = {row["name"] for row in rows}
    assert {"kling.no_face", "gmi.several_faces", "kirin.duration"} <= names
    table = lipflap("dialects").stdout
    assert all(name in table for name in names)


def test_clock_moves_the_tenant_that_the_key_opens(lipflap, serve) -> None:
    url = serve().url
    turned = json.loads(lipflap("clock", "set", "manual", "--key", "a", LIPFLAP_URL=url).stdout)
    moved = json.loads(lipflap("clock", "advance", "90.5", "--key", "a", "--url", url).stdout)
    assert moved["now_ms"] - turned["now_ms"] == 90_500
    shown = json.loads(lipflap("clock", "show", "--key", "a", "--url", url).stdout)
    assert (shown["mode"], shown["now_ms"]) == ("manual", moved["now_ms"])
    assert json.loads(lipflap("clock", "show", "--key", "b", "--url", url).stdout)["mode"] == "real"
    scaled = json.loads(lipflap("clock", "set", "60x", "--key", "a", "--url", url).stdout)
    assert (scaled["mode"], scaled["rate"]) == ("scaled", 60.0)
    assert lipflap("clock", "advance", "--idle", "--key", "a", "--url", url).returncode == 0


def test_clock_says_who_does_not_answer(lipflap) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    done = lipflap("clock", "show", "--url", f"http://127.0.0.1:{port}")
    assert done.returncode == 2
    assert done.stderr.startswith(f"lipflap: no lipflap answers at http://127.0.0.1:{port}")


def test_clock_brings_the_admin_token(lipflap, serve) -> None:
    url = serve("--admin-token", "sesame").url
    refused = lipflap("clock", "show", "--url", url)
    assert refused.returncode == 2
    assert "401" in refused.stderr
    assert lipflap("clock", "show", "--url", url, LIPFLAP_ADMIN_TOKEN="sesame").returncode == 0


def test_doctor_is_content_with_this_machine(lipflap) -> None:
    done = lipflap("doctor", "--port", "0")
    assert done.returncode == 0, done.stdout
    for words in ("Python 3.", "SQLite 3.", "WAL-reset", "uvloop", "talk.mp4 8.0 s"):
        assert words in done.stdout


def test_doctor_finds_a_taken_port_and_a_missing_folder(lipflap, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert lipflap("doctor", "--port", str(port)).returncode == 1
        findings = list(examine(port, tmp_path / "nowhere"))
    wrong = {finding.what for finding in findings if not finding.is_fine}
    assert wrong == {f"port {port} is free", f"{tmp_path / 'nowhere'} can be written"}


def test_the_server_of_the_environment_is_what_env_says(lipflap, serve) -> None:
    url = serve().url
    found = json.loads(lipflap("env", "gmi", "--format", "json", LIPFLAP_URL=url).stdout)
    headers = {"Authorization": f"Bearer {found['GMI_API_KEY']}"}
    assert httpx.get(f"{found['GMI_BASE_URL']}/models", headers=headers).status_code == 200
    assert httpx.get(found["LIPFLAP_VIDEO_URL"]).headers["content-type"] == "video/mp4"
    assert httpx.get(found["LIPFLAP_AUDIO_URL"]).headers["content-type"] == "audio/mpeg"
