"""Python's own imports this first, where its folder leads PYTHONPATH: a client's time runs faster by a fixed rate.

``LIPFLAP_TIME`` is ``START RATE``: the Unix time from which on time is faster, and how much. The process sees the same
moments as the server, whose clock is scaled alike. What is replaced: the clocks of ``time`` and ``datetime``, sleeping,
waits of ``threading``, ``queue`` and ``concurrent.futures``, timeouts of sockets, and of the event loops of asyncio.
Not replaced: ``perf_counter``, the C level's own waits (``Lock.acquire`` with a timeout, ``uvloop``).
"""

from __future__ import annotations

import os
import sys

_LIBRARY = "libfaketime"


def _without_library() -> None:
    """Libfaketime up to 0.9.10 makes waits of Python 3.11 and later hang: begin once more, without it."""
    libraries = os.environ.get("LD_PRELOAD", "").replace(":", " ").split()
    if any(_LIBRARY in library for library in libraries):
        os.environ["LD_PRELOAD"] = ":".join(one for one in libraries if _LIBRARY not in one)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the same program again


def _next_of_this_name() -> None:
    """The environment may have a sitecustomize of its own, which we stand before."""
    import importlib.machinery
    import importlib.util

    # this runs in every Python process of a client: pathlib would be a slow import
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    elsewhere = [path for path in sys.path if os.path.abspath(path or ".") != here]  # noqa: PTH100
    found = importlib.machinery.PathFinder.find_spec("sitecustomize", elsewhere)
    if found is not None and found.loader is not None:
        found.loader.exec_module(importlib.util.module_from_spec(found))


if os.environ.get("LIPFLAP_TIME"):
    _without_library()
    # it lies beside this file, and on no path that a checker of types knows
    __import__("lipflap_time").install(*map(float, os.environ["LIPFLAP_TIME"].split()))
_next_of_this_name()
