"""``lipflap demo`` as a command; what it runs is loaded when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mock_server.cli.flags import pace_text, seed_number
from mock_server.core.errors import ConfigurationError


def demo(
    output: Annotated[Path, typer.Option(help="Where the videos are left.")] = Path("lipflap-demo"),
    pace: Annotated[str, typer.Option(help="How fast tasks go: instant, quick, real, or polls:N.")] = "quick",
    seed: Annotated[str, typer.Option(help="A number: same seed, same ids and durations.")] = "0",
) -> None:
    """Start a server and run one complete lip-sync job at each provider: identify, submit, poll, download.

    Leaves one video a provider in the output folder and prints what happened when.

    Examples:

        lipflap demo

        lipflap demo --pace instant --output /tmp/videos
    """
    from mock_server.cli.demo.run import run_demo
    from mock_server.settings import Settings

    settings = Settings(port=0, pace=pace_text(pace), seed=seed_number(seed))
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise ConfigurationError(f"cannot make the folder {output}: {fault.strerror}") from fault
    raise typer.Exit(0 if run_demo(settings, output) else 1)
