"""A server in a process of its own, for the gates: its settings come as JSON, its URL goes to stdout.

It ends with its standard input. What it logs goes to stderr, where a traceback would be seen.
"""

from __future__ import annotations

import json
import logging
import sys

from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings


def main() -> None:
    """Serve until whoever started this is done."""
    logging.basicConfig(stream=sys.stderr, level="WARNING")
    settings = Settings(port=0, pace="instant", **json.loads(sys.argv[1]))
    with BackgroundServer(settings) as server:
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
