"""The command line: ``lipflap`` and its commands."""

from mock_server.cli.entry import main

__all__ = ["main"]
