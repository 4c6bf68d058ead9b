"""The command-line application: every command by its name, and mistakes worded in one line."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from mock_server.cli.check_command import check
from mock_server.cli.clock_commands import clock_app
from mock_server.cli.conform_command import conform
from mock_server.cli.demo import demo
from mock_server.cli.dialects_command import dialects
from mock_server.cli.doctor_command import doctor
from mock_server.cli.env_command import env
from mock_server.cli.faults_command import faults
from mock_server.cli.fuzz_command import fuzz
from mock_server.cli.replay_command import replay
from mock_server.cli.scenarios_command import scenarios_app
from mock_server.cli.serve_command import serve
from mock_server.cli.timeline_command import timeline
from mock_server.cli.version import version

app = typer.Typer(
    name="lipflap",
    help="Stand in for three lip-sync video APIs: Kling, GMI Cloud and Kirin.",
    epilog="Exit codes: 0 fine, 1 findings, 2 usage. Start with `lipflap demo`, then `lipflap serve`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.command("serve")(serve)
app.command("demo")(demo)
app.command("env")(env)
app.command("check")(check)
app.command("fuzz")(fuzz)
app.command("replay")(replay)
app.command("conform")(conform)
app.command("faults")(faults)
app.add_typer(scenarios_app, name="scenarios")
app.command("dialects")(dialects)
app.add_typer(clock_app, name="clock")
app.command("timeline")(timeline)
app.command("doctor")(doctor)
app.command("version")(version)


def run_command(words: Sequence[str]) -> int:
    """Run one command; its exit code. What a person typed wrong is one line on stderr and code 2."""
    try:
        code = app(list(words), prog_name="lipflap", standalone_mode=False)
    except TyperException as fault:
        message = " ".join(fault.format_message().split())
        # without a command there is no mistake to word: the help is printed already
        if message:
            print(f"lipflap: {message}", file=sys.stderr)
        return fault.exit_code
    return code if isinstance(code, int) else 0
