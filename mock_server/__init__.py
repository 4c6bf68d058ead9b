"""The simulator: a server that keeps three providers' promises, and breaks them on request."""

from mock_server._version import __version__

__all__ = ["__version__"]
