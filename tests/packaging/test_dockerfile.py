"""The Dockerfile without an engine: it lints, copies what exists, runs as nobody special, and starts what works."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
import sys
from pathlib import Path

from mock_server.cli.options import resolve
from mock_server.cli.plain import plain_values

ROOT = Path(__file__).resolve().parents[2]
LINES = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8")).splitlines()
SCRIPTS = Path(sys.executable).parent


def instructions(name: str) -> list[str]:
    return [line.removeprefix(f"{name} ") for line in LINES if line.startswith(f"{name} ")]


def test_it_has_nothing_that_the_linter_minds() -> None:
    done = subprocess.run(
        [SCRIPTS / "hadolint", "--no-color", ROOT / "Dockerfile"], capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")


def test_what_it_copies_exists_and_is_sent_to_the_engine() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = [pattern[1:] for pattern in ignored if pattern.startswith("!")]
    copied = [word for line in instructions("COPY") if "--from" not in line for word in line.split()[:-1]]
    assert copied
    for name in copied:
        assert (ROOT / name).exists(), name
        assert any(fnmatch.fnmatch(name, pattern) for pattern in kept), name


def test_it_runs_as_a_plain_user() -> None:
    (user,) = instructions("USER")
    assert user.isdigit()
    assert int(user) >= 1000
    assert any(f"--uid {user} " in line for line in instructions("RUN"))


def test_the_command_is_one_that_starts_with_a_token_in_the_environment(tmp_path: Path) -> None:
    command = json.loads(instructions("CMD")[0])
    assert command[:2] == ["lipflap", "serve"]
    given = plain_values(command[2:])
    assert given is not None
    settings = resolve(given, {"LIPFLAP_ADMIN_TOKEN": "sesame"}, tmp_path).settings
    assert (settings.host, str(settings.port)) == ("0.0.0.0", instructions("EXPOSE")[0])
    assert settings.admin_token == "sesame"


def test_the_health_check_tells_a_living_server_from_a_dead_one(server_url: str) -> None:
    (check,) = instructions("HEALTHCHECK")
    command = json.loads(check[check.index("[") :])
    assert command[0] == "python"
    living = [part.replace("http://127.0.0.1:8787", server_url) for part in command[1:]]
    assert subprocess.run([sys.executable, *living], capture_output=True, check=False).returncode == 0
    dead = [part.replace(":8787", ":1") for part in command[1:]]
    assert subprocess.run([sys.executable, *dead], capture_output=True, check=False).returncode != 0
