"""Schemathesis as a trial: what it may send where things could cost, and what it finds in words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx
import pytest
from msgspec.structs import replace

from contracts.conform.generated import hooks
from contracts.conform.generated.cases import GeneratedCase, GeneratedRun
from contracts.conform.generated.known import VARIABLE, Setting, setting
from contracts.conform.run import examine
from contracts.conform.target import Target
from contracts.conform.trials.any_input import findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CASE = GeneratedCase(
    case_id="1",
    phase="fuzzing",
    is_in_shape=True,
    method="GET",
    path="/v1/videos/lip-sync/1",
    request=b"",
    status=500,
    answer=b'{"code": 5000}',
    failed=("not_a_server_error",),
    reasons=("Server error",),
)


def run_of(*cases: GeneratedCase, exit_code: int = 1, output: str = "") -> GeneratedRun:
    return GeneratedRun(exit_code, output, {}, frozenset(), cases)


@pytest.fixture
def only_reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    given = Setting("https://api.test", "k", only_reads=True)
    monkeypatch.setenv(VARIABLE, given.environment()[VARIABLE])
    setting.cache_clear()
    yield
    setting.cache_clear()


def test_a_stranger_is_only_read_from(strange_server: Callable[..., str]) -> None:
    url = strange_server(pace="instant")
    report = examine(Target("kling", url, "k1", max_examples=1, checks=("any-input",)))
    assert report.failed == ()
    journal = httpx.get(f"{url}/__lipflap/journal", params={"key": "k1", "limit": 1000}).json()
    assert {entry["method"] for entry in journal["entries"]} == {"GET"}
    assert len(journal["entries"]) >= 4


@pytest.mark.parametrize("method", ["POST", "DELETE", "post", "TRACE"])
def test_another_verb_is_stopped_before_it_leaves(only_reads: None, method: str) -> None:
    case = SimpleNamespace(method=method, path="/v1/videos/lip-sync", meta=None)
    with pytest.raises(RuntimeError, match="could cost, and nothing may"):
        hooks.before_call(SimpleNamespace(), case, {})  # type: ignore[arg-type]


def test_each_check_of_an_operation_is_one_finding() -> None:
    [finding] = findings(run_of(CASE, CASE), "")
    assert finding.says == "GET /v1/videos/lip-sync/1 does not pass not_a_server_error: Server error"
    assert "-> 500" in finding.quotes[0]


def test_a_run_that_breaks_off_is_no_silence() -> None:
    [finding] = findings(run_of(exit_code=2, output="the reason"), "")
    assert "broke off" in finding.says
    assert finding.quotes == ("the reason",)
    assert findings(run_of(exit_code=0), "") == []


def test_a_setting_survives_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Setting("https://api.test", "k", account="a", moves_clock=True)
    monkeypatch.setenv(VARIABLE, given.environment()[VARIABLE])
    setting.cache_clear()
    assert setting() == given
    setting.cache_clear()


def test_a_key_is_not_quoted() -> None:
    login = replace(CASE, request=b'{"password": "my-key"}', path="/api/v1/me/auth-tokens")
    [finding] = findings(run_of(login), "my-key")
    assert '{"password": "***"}' in finding.quotes[0]
