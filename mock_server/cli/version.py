"""``lipflap version``."""

from __future__ import annotations

import platform

import typer

from mock_server._version import __version__


def version() -> None:
    """Print the version of lipflap and of the Python that runs it.

    Example:

        lipflap version
    """
    typer.echo(f"lipflap {__version__} (Python {platform.python_version()})")
