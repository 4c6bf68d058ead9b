"""Put the application behind a socket: in this thread for the command line, in another for everybody else."""

from mock_server.hosting.background import BackgroundServer
from mock_server.hosting.listener import address_of, listen
from mock_server.hosting.server import Server, server_config

__all__ = ["BackgroundServer", "Server", "address_of", "listen", "server_config"]
