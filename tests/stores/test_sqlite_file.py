"""Opening: what is refused, in one line that names the file, and what is left as it was."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from mock_server.core.errors import ConfigurationError
from mock_server.stores.sqlite_file import open_file
from mock_server.stores.sqlite_schema import APPLICATION_ID, SCHEMA_VERSION

OPENER = """
import sys
from pathlib import Path
from mock_server.core.errors import ConfigurationError
from mock_server.stores.sqlite_file import open_file
try:
    open_file(Path(sys.argv[1]))
except ConfigurationError as error:
    print(error)
else:
    print("opened", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def refusal(path: Path) -> str:
    """Why ``path`` was refused."""
    with pytest.raises(ConfigurationError) as caught:
        open_file(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@contextmanager
def other_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", OPENER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_new_file_is_ours_durable_and_ours_alone(path: Path) -> None:
    with closing(open_file(path)) as connection:

        def pragma(name: str) -> object:
            return connection.execute(f"PRAGMA {name}").fetchone()[0]

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2
        assert pragma("locking_mode") == "exclusive"
        assert pragma("application_id") == APPLICATION_ID
        assert pragma("user_version") == SCHEMA_VERSION
        # no shared memory: nobody else could join in, which is what the WAL-reset defect needs
        assert {file.name for file in path.parent.iterdir()} == {"store.db", "store.db-wal"}
    assert [file.name for file in path.parent.iterdir()] == ["store.db"]


@pytest.mark.parametrize("is_new", [True, False])
def test_a_second_process_is_turned_away(path: Path, is_new: bool) -> None:
    if not is_new:
        open_file(path).close()
    with closing(open_file(path)), other_process(path) as process:
        assert first_line(process) == f"store {path} is in use by another process"


def test_a_second_connection_of_the_same_process_is_turned_away(path: Path) -> None:
    with closing(open_file(path)):
        assert refusal(path) == f"store {path} is in use by another process"
        assert refusal(path) == f"store {path} is in use by another process"


def test_a_killed_process_holds_no_lock(path: Path) -> None:
    with other_process(path) as process:
        assert first_line(process) == "opened"
        assert refusal(path) == f"store {path} is in use by another process"
        process.kill()
        process.wait()
        open_file(path).close()


def test_a_newer_or_older_store_is_refused_and_left_alone(path: Path) -> None:
    for version, age in ((SCHEMA_VERSION + 1, "a newer"), (SCHEMA_VERSION - 1, "an older")):
        with closing(open_file(path)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")
        before = path.read_bytes()
        assert refusal(path) == (
            f"store {path} was written by {age} version of lipflap"
            f" (schema {version}, this one reads {SCHEMA_VERSION})"
        )
        assert path.read_bytes() == before
        path.unlink()


def test_another_programs_database_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE letters (text TEXT)")
    before = path.read_bytes()
    assert refusal(path) == f"store {path} is a database of another program"
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["store.db"]


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("a shopping list " * 100)
    assert refusal(path) == f"store {path} is not a SQLite database"
    assert path.read_text() == "a shopping list " * 100


def test_a_damaged_store_is_refused(path: Path) -> None:
    open_file(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 3996 + whole[4096:])
    assert refusal(path) == f"store {path} is damaged"


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"store {tmp_path} cannot be opened: it is a directory"


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "store.db"
    assert refusal(path) == f"store {path} cannot be opened: there is no directory {path.parent}"


def test_a_path_that_leads_through_a_file_is_refused(path: Path) -> None:
    path.write_text("")
    below = path / "store.db"
    assert refusal(below) == f"store {below} cannot be opened: there is no directory {path}"


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.write_bytes(b"")
    open_file(path).close()
    open_file(path).close()
