"""``lipflap fuzz``: look for a story that breaks a client."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mock_server.cli.check_command import Clock, Jobs, Listens, Timeout
from mock_server.cli.env_command import ProviderName
from mock_server.core.errors import ConfigurationError

Command = Annotated[
    list[str] | None,
    typer.Argument(
        help="The client's command, behind --. It finds its job in the environment, or in {placeholders}.",
        metavar="-- CMD...",
        show_default=False,
    ),
]

EXAMPLES = """Look for a story that breaks a client: made-up days of a server, and the shortest that does is kept.

Exit code 0 nothing found, 1 found, 2 usage, 130 interrupted.

Examples:

    lipflap fuzz --provider kling -- python my_client.py

    lipflap fuzz --provider gmi --max-time 120 --jobs-from-stdin -- node client.mjs --jobs-from-stdin

    lipflap fuzz --provider kirin --callable my_tests.client:run_job --max-examples 5000

    lipflap fuzz --provider kirin --callable my_tests.client:run_job --story .lipflap/found/kirin-one-submit.yaml
"""


Provider = Annotated[ProviderName, typer.Option(help="Whose protocol the client speaks.")]
Callable_ = Annotated[
    str, typer.Option("--callable", metavar="MODULE:FUNCTION", help="A Python client, called with each Job.")
]
MaxExamples = Annotated[int, typer.Option(min=1, metavar="N", help="Most stories to tell.")]
MaxTime = Annotated[
    float | None, typer.Option(min=0.1, metavar="S", help="Most seconds to look, shortening included.")
]
Seed = Annotated[int, typer.Option(metavar="N", help="Same seed, same stories.")]
Database = Annotated[
    str,
    typer.Option(
        metavar="DIR|URL", help="Where stories that broke a client are remembered: redis://..., or none."
    ),
]
CheckId = Annotated[
    list[str] | None, typer.Option(metavar="ID", help="Judge by this check alone; repeatable.")
]
Without = Annotated[
    list[str] | None, typer.Option(metavar="FAULT", help="Tell no story with this fault; repeatable.")
]
Crashes = Annotated[bool, typer.Option("--crashes", help="Kill the client amid its job, and start it again.")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Where the story goes.")]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="Stories at the same time, of a command; by default two for each processor."
    ),
]
StoryFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Play this one story, and look for no other.")
]


def fuzz(
    provider: Provider,
    command: Command = None,
    callable_: Callable_ = "",
    max_examples: MaxExamples = 1_000,
    max_time: MaxTime = None,
    seed: Seed = 0,
    database: Database = ".lipflap/examples",
    check: CheckId = None,
    without: Without = None,
    crashes: Crashes = False,
    callbacks: Listens = False,
    out: Out = Path(".lipflap/found"),
    story: StoryFile = None,
    jobs_from_stdin: Jobs = False,
    timeout: Timeout = None,
    clock: Clock = "auto",
    workers: Workers = None,
) -> None:
    """See EXAMPLES."""
    given = dict(locals())
    try:
        from mock_server.cli.fuzzing import Wanted, fuzz_client
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "hypothesis":
            raise
        raise ConfigurationError("lipflap fuzz needs hypothesis: pip install 'lipflap[fuzz]'") from missing
    given = {name: value for name, value in given.items() if value is not None}
    raise typer.Exit(fuzz_client(Wanted(**given)))


fuzz.__doc__ = EXAMPLES
