"""A server for the judge: started, stopped, and what it says when it does not start."""

from __future__ import annotations

import httpx
import pytest

from contracts.witness.server import started
from contracts.witness.usage import UsageError


def test_a_started_server_serves_until_the_block_ends():
    with started(("--clock", "manual")) as address:
        assert httpx.get(f"{address.url}/__lipflap/health").json() == {"status": "ok"}
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address.url}/__lipflap/health")


def test_a_server_that_does_not_start_says_why_in_its_own_words():
    with (
        pytest.raises(UsageError, match="--clock: clock must be real, manual, or a rate"),
        started(("--clock", "soon")),
    ):
        pass


def test_settings_of_another_server_are_not_taken_over(monkeypatch):
    monkeypatch.setenv("LIPFLAP_CLOCK", "nonsense")
    with started() as address:
        assert address.url.startswith("http://127.0.0.1:")
