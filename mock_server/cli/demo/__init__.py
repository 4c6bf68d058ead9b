"""``lipflap demo``: a server, one complete job per provider, the videos left in a folder."""

from mock_server.cli.demo.command import demo

__all__ = ["demo"]
