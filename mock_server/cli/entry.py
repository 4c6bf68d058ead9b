"""Where ``lipflap`` begins: run one command, turn what went wrong into one line and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from mock_server.cli.serving import serve_given
from mock_server.core.errors import ConfigurationError

FINE, FINDINGS, USAGE, INTERRUPTED = 0, 1, 2, 130


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """The exit code of one command: 0 fine, 1 findings, 2 usage, 130 interrupted."""
    try:
        return _run(words)
    except ConfigurationError as fault:
        print(f"lipflap: {fault}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(words: Sequence[str]) -> int:
    # start-up time is a feature: a plain `serve` does not load the command-line library
    from mock_server.cli.plain import plain_values

    given = plain_values(words[1:]) if words[:1] == ["serve"] else None
    if given is not None:
        return serve_given(given)
    from mock_server.cli.commands import run_command

    return run_command(words)
