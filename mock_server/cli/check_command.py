"""``lipflap check``: run a client through the scenarios, and judge it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

COMMAND = typer.Argument(
    help="The client's command, behind --. It finds its job in the environment, or in {placeholders}.",
    metavar="[-- CMD...]",
    show_default=False,
)


class Whose(StrEnum):
    """Whose client it is."""

    KLING = "kling"
    GMI = "gmi"
    KIRIN = "kirin"
    ALL = "all"


Command = Annotated[list[str] | None, COMMAND]
Function = Annotated[
    str,
    typer.Option(
        "--callable",
        metavar="MODULE:FUNCTION",
        help="A Python client in place of a command: called with each Job, in virtual time.",
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        min=1,
        metavar="S",
        help="The client's budget for one job, in its own time. [default: 600; in real time 60 if it cannot end well]",
    ),
]
Clock = Annotated[
    str,
    typer.Option(metavar="CLOCK", help="How fast the client's time goes: auto, real, or a rate such as 40x."),
]
Jobs = Annotated[
    bool,
    typer.Option("--jobs-from-stdin", help="The command takes many jobs, one line of JSON each: faster."),
]
Listens = Annotated[
    bool,
    typer.Option("--callbacks", help="The client receives callbacks itself, at LIPFLAP_CALLBACK_LISTEN."),
]
Folder = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Where reports go, and what the client said in each cell.")
]
Url = Annotated[str, typer.Option(help="A server that runs already, in place of one of our own.")]
Token = Annotated[
    str, typer.Option(envvar="LIPFLAP_ADMIN_TOKEN", help="What that server's admin surface asks for.")
]
_Provider = Annotated[Whose, typer.Option(help="Whose protocol the client speaks.")]
_Names = Annotated[
    list[str] | None,
    typer.Option(metavar="GLOB", help="Only these, such as 'fault/stuck-*', or a file; repeatable."),
]
_Layers = Annotated[
    list[str] | None, typer.Option(metavar="L", help="Those with faults of this layer, too; repeatable.")
]
_Profiles = Annotated[
    list[str] | None,
    typer.Option(metavar="P", help="A bundle such as bad-gateway-day, with each of its faults; repeatable."),
]
_Skips = Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Not these; repeatable.")]
_Seed = Annotated[int, typer.Option(metavar="N", help="Same seed, same cells.")]
_Workers = Annotated[
    int,
    typer.Option(
        min=0,
        metavar="N",
        help="Cells at a time; 0 for as many as there are processors, for commands four times; some only wait, beside.",
    ),
]
_Baseline = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Failures that are known; one that no longer fails is a finding."),
]
_Updates = Annotated[bool, typer.Option("--update-baseline", help="Write what fails now into the baseline.")]
_Least = Annotated[float, typer.Option(min=0, max=100, metavar="PCT", help="The least error-path coverage.")]
_Reports = Annotated[
    str, typer.Option(metavar="FORMS", help="terminal, junit, html, json, with commas between.")
]

EXAMPLES = """Run a client through every scenario, and say where it pays twice, loses a job, or waits for ever.

Exit code 0 fine, 1 findings, 2 usage, 130 interrupted.

Examples:

    lipflap check --provider kling -- python my_client.py

    lipflap check --provider kling --callable my_client:run

    lipflap check --provider gmi --scenario 'fault/submit-*' --report terminal,html -- node client.mjs

    lipflap check --provider kirin --baseline known.yaml -- ./client --base-url {url} --out {output}
"""


def check(
    provider: _Provider,
    command: Command = None,
    callable_: Function = "",
    scenario: _Names = None,
    layer: _Layers = None,
    profile: _Profiles = None,
    skip: _Skips = None,
    seed: _Seed = 0,
    workers: _Workers = 0,
    timeout: Timeout = None,
    clock: Clock = "auto",
    baseline: _Baseline = None,
    update_baseline: _Updates = False,
    fail_under: _Least = 0.0,
    report: _Reports = "terminal",
    report_dir: Folder = None,
    jobs_from_stdin: Jobs = False,
    callbacks: Listens = False,
    url: Url = "",
    admin_token: Token = "",
) -> None:
    """See EXAMPLES."""
    given = dict(locals())
    # the judge is large, and most commands do without it
    from mock_server.cli.judging import judge_client

    raise typer.Exit(judge_client(given))


check.__doc__ = EXAMPLES
