"""From what a person gave to ``check`` or ``replay`` to a run, its reports and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from contracts.bench.direct import DirectAdmin
from contracts.cells.baseline import updated, write_baseline
from contracts.cells.driver import command_client
from contracts.cells.matrix import Interrupted, Listener
from contracts.cells.result import Run
from contracts.cells.timing import IN_STEP, timing_for
from contracts.check import check, check_function
from contracts.witness.admin import AdminError
from contracts.witness.usage import UsageError
from mock_server.cli.progress import Progress
from mock_server.cli.reporting import write_reports
from mock_server.cli.story import told
from mock_server.cli.wanted import Given, given_from, known_to, wanted_from
from mock_server.core.errors import ConfigurationError

FINE, FINDINGS, INTERRUPTED = 0, 1, 130


def judge_client(parameters: Mapping[str, object]) -> int:
    """Play all that is wanted and write the reports; the exit code. Raises ConfigurationError."""

    def report(given: Given, run: Run) -> int:
        write_reports(run, given.forms, given.folder)
        if given.update_baseline and given.baseline is not None:
            write_baseline(given.baseline, updated(run.cells, known_to(given)))
            return FINE
        return code_of(run, given.fail_under)

    return _judged(parameters, report)


def replay_cell(parameters: Mapping[str, object]) -> int:
    """Play the one scenario that is named, and print its story; the exit code. Raises ConfigurationError."""

    def tell(_: Given, run: Run) -> int:
        for cell in run.cells:
            print(told(cell))
        return code_of(run)

    return _judged(parameters, tell)


def code_of(run: Run, fail_under: float = 0.0) -> int:
    """FINDINGS for a cell that is not green, a stale entry of the baseline, or too little coverage."""
    for entry in run.stale:
        print(f"lipflap: the baseline expects a failure that is none any more: {entry}", file=sys.stderr)
    short = [name for name, found in run.coverage.items() if found.share * 100 < fail_under]
    for name in short:
        share = run.coverage[name].share
        print(
            f"lipflap: error-path coverage of {name} is {share:.0%}, under {fail_under:g}%", file=sys.stderr
        )
    is_fine = not run.stale and not short and all(cell.is_green for cell in run.cells)
    return FINE if is_fine else FINDINGS


def _judged(parameters: Mapping[str, object], finish: Callable[[Given, Run], int]) -> int:
    try:
        given = given_from(parameters)
        play = _with_function if given.callable_ else _with_command
        try:
            with Progress() as progress:
                run = play(given, progress)
        except Interrupted as stopped:
            finish(given, stopped.run)
            return INTERRUPTED
        return finish(given, run)
    except (UsageError, AdminError) as fault:
        raise ConfigurationError(str(fault)) from fault


def _with_command(given: Given, listener: Listener) -> Run:
    timing = timing_for(given.command, given.clock)
    client = command_client(given.command, timing, takes_jobs=given.jobs_from_stdin)
    return check(wanted_from(given, timing), client, timing, (listener,))


def _with_function(given: Given, listener: Listener) -> Run:
    from mock_server.cli.function_bench import Opening, bench_settings
    from mock_server.hosting.inline import InlineServer

    wanted = wanted_from(given, IN_STEP)
    with InlineServer(bench_settings()) as server:
        surface = DirectAdmin(server, "")
        name = given.callable_
        return check_function(wanted, name, lambda rules: Opening(name, rules), surface, (listener,))
