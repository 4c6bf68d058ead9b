"""From what a ``serve`` line states to a server that serves, whichever way the line was read."""

from __future__ import annotations

import gc
import os
from pathlib import Path

from mock_server.cli.flags import Value


def serve_given(given: dict[str, Value]) -> int:
    """Serve as ``given``, the environment and the file say. Raises ConfigurationError."""
    # loading modules makes much and frees little: the collector waits until the server stands
    gc.disable()
    from mock_server.cli.options import resolve

    options = resolve(given, os.environ, Path.cwd())
    from mock_server.cli.serve import serve

    return serve(options)
