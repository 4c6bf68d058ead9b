"""The table of checks: every oracle once, ids that read as file names, and a file for each."""

from __future__ import annotations

from pathlib import Path

from contracts.checks import CHECKS, table


def test_every_oracle_has_its_check():
    oracles = [check.oracle for check in CHECKS if check.oracle]
    assert oracles == [f"O{number}" for number in range(1, 15)]


def test_ids_are_unique_and_name_the_files():
    folder = Path(table.__file__).parent
    ids = [check.id for check in CHECKS]
    assert len(set(ids)) == len(ids)
    assert all((folder / f"{check_id.replace('-', '_')}.py").is_file() for check_id in ids)
    assert set(table.CHECK_BY_ID) == set(ids)


def test_every_check_says_what_a_good_client_does():
    for check in CHECKS:
        assert check.title[0].isupper()
        assert check.good_client.endswith(".")
