"""From what a person gave to ``conform`` to reports and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contracts.conform.approach import nature_of
from contracts.conform.report import write_json, write_junit
from contracts.conform.run import examine
from contracts.conform.target import Target
from contracts.conform.trials import TRIALS
from contracts.conform.verdict import Report, Result, Verdict
from contracts.contract import PROVIDERS
from contracts.report.cleaning import clean
from contracts.witness.admin import AdminError
from contracts.witness.usage import UsageError
from mock_server.cli.client_env import KEY
from mock_server.core.errors import ConfigurationError

FINE, FINDINGS = 0, 1
FORMS = ("terminal", "junit", "json")
EXTRA = ("hypothesis", "schemathesis")
COLOURS = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.SKIPPED: "yellow"}
SHOWN = 5
"""Findings of one check that are printed; reports have them all."""


class Given(Struct, frozen=True):
    """The command's parameters, by their names."""

    url: str
    provider: str
    key: str
    other_key: str
    spend: int
    task: str
    video: str
    audio: str
    account: str
    callback_listen: str
    callback_url: str
    max_examples: int
    seed: int
    admin_token: str
    report: str
    report_dir: Path
    check: list[str] | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.strip() for part in self.report.split(",") if part.strip()))


def examine_server(parameters: Mapping[str, object]) -> int:
    """Examine the server, provider by provider, and write the reports; the exit code. Raises ConfigurationError."""
    given = Given(**parameters)  # type: ignore[arg-type]  # typer has read each by its type
    if not given.forms or set(given.forms) - set(FORMS):
        raise ConfigurationError(f"--report must be among {', '.join(FORMS)}, not {given.report!r}")
    _require_extra(given.check)
    try:
        reports = tuple(examine(target, _teller(target.provider)) for target in _targets(given))
    except (UsageError, AdminError) as fault:
        raise ConfigurationError(str(fault)) from fault
    _write(given, reports)
    return FINDINGS if any(report.failed for report in reports) else FINE


def _require_extra(checks: Sequence[str] | None) -> None:
    is_needed = not checks or any(trial.id in checks for trial in TRIALS)
    missing = [name for name in EXTRA if find_spec(name) is None]
    if is_needed and missing:
        raise ConfigurationError(
            f"conform needs {' and '.join(missing)}: pip install 'lipflap[fuzz]', or name other checks by --check"
        )


def _targets(given: Given) -> tuple[Target, ...]:
    """One for each provider. Raises UsageError where another server than a simulator is not told of enough."""
    target = Target(
        provider=PROVIDERS[0] if given.provider == "all" else given.provider,
        url=given.url.rstrip("/"),
        key=given.key or KEY,
        other_key=given.other_key,
        admin_token=given.admin_token,
        spend=given.spend,
        task_id=given.task,
        video_url=given.video,
        audio_url=given.audio,
        account=given.account,
        callback_listen=given.callback_listen,
        callback_url=given.callback_url,
        max_examples=given.max_examples,
        seed=given.seed,
        checks=tuple(given.check or ()),
    )
    if not nature_of(target).is_simulator:
        if given.provider == "all":
            raise UsageError("this is no simulator: say whose contract it is to keep, by --provider")
        if not given.key:
            raise UsageError("this is no simulator: it needs a key, by --key or LIPFLAP_KEY")
    providers = PROVIDERS if given.provider == "all" else (given.provider,)
    return tuple(replace(target, provider=str(provider)) for provider in providers)


def _teller(provider: str) -> Callable[[Result], None]:
    """Says each result on standard error as it comes."""

    def tell(result: Result) -> None:
        print(f"{provider:<6} {result.verdict:<8} {result.check}", file=sys.stderr)

    return tell


def _write(given: Given, reports: Sequence[Report]) -> None:
    for form in given.forms:
        if form == "terminal":
            continue
        given.report_dir.mkdir(parents=True, exist_ok=True)
        path = given.report_dir / {"junit": "conform.xml", "json": "conform.json"}[form]
        (write_junit if form == "junit" else write_json)(reports, path)
        print(f"{form}: {path}", file=sys.stderr)
    if "terminal" in given.forms:
        console = Console()
        for report in reports:
            _print(console, report)


def _print(console: Console, report: Report) -> None:
    what = "a simulator" if report.is_simulator else "no simulator"
    table = Table(
        "",
        "the server ...",
        "check",
        title=f"{report.provider} at {report.url}, {what}",
        title_justify="left",
    )
    for result in report.results:
        note = f"\n[dim]{escape(clean(result.note))}[/dim]" if result.note else ""
        colour = COLOURS[result.verdict]
        table.add_row(f"[{colour}]{result.verdict}[/{colour}]", result.title + note, result.check)
    console.print(table)
    for result in report.failed:
        console.print(
            f"[red]{result.check}[/red]: the server does not keep this: it {result.title}", highlight=False
        )
        for finding in result.findings[:SHOWN]:
            console.print(f"  {clean(finding.says)}", markup=False, highlight=False)
            for quote in finding.quotes:
                console.print(f"    {clean(quote)}", markup=False, highlight=False, style="dim")
        if len(result.findings) > SHOWN:
            console.print(f"  and {len(result.findings) - SHOWN} more: --report json has them all")
    for row in report.drift if not report.is_simulator else ():
        if row.who != "unknown":
            console.print(f"  {row.example}: {clean(row.says)}", markup=False, highlight=False, style="dim")
    console.print(_totals(report), highlight=False)


def _totals(report: Report) -> str:
    drifted = [row.who for row in report.drift]
    compared = len(drifted) - drifted.count("unknown")
    cost = "" if report.allowed is None else f", {report.spent} of {report.allowed} submits spent"
    drift = f", {compared} of {len(drifted)} recorded messages compared" if drifted else ""
    return f"{report.requests} requests of our own{drift}{cost}\n"
