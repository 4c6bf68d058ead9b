"""Every instrument in every scenario of every provider: ``python tests/calibration/run.py [--client NAME] ...``.

Prints what is red of each, and what the table of fixtures/calibration.yaml expects otherwise; exit code 1 for that.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from fnmatch import fnmatchcase
from pathlib import Path

import rig

from contracts.server import started

TIMEOUT_S = 600.0


def main() -> int:
    given = _given()
    rows = rig.table()
    differing: list[str] = []
    for name in given.client or rows:
        for provider in given.provider or rig.PROVIDERS:
            differing += _played(rows[name], provider, given)
    print(f"\n{len(differing)} cells differ from the table", *differing, sep="\n  ")
    return 1 if differing else 0


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--client", action="append", choices=list(rig.table()))
    parser.add_argument("--provider", action="append", choices=rig.PROVIDERS)
    parser.add_argument("--scenario", action="append", metavar="GLOB", help="only these")
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--evidence", action="store_true", help="say also what the judge found")
    return parser.parse_args()


def _played(expected: rig.Expected, provider: str, given: argparse.Namespace) -> list[str]:
    """One instrument at one provider, on a server of its own."""
    began = time.monotonic()
    with ExitStack() as stack:
        server = stack.enter_context(started(rig.server_flags(expected.rate)))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        known = rig.scenarios(server)
        bench = rig.Bench(server, known, folder, expected.rate, given.workers, TIMEOUT_S)
        wanted = [
            place for place in _places(known, provider, given.scenario or ["*"]) if expected.plays(place)
        ]
        cells = bench.judged(expected.name, wanted)
    seen = rig.reds(cells)
    red = {place: checks for place, checks in seen.items() if checks}
    seconds = time.monotonic() - began
    print(f"{expected.name} {provider}: {len(red)} of {len(seen)} cells red, {seconds:.0f} s", flush=True)
    for (_, scenario), checks in red.items():
        print(f"    {scenario}: {', '.join(sorted(checks))}")
    if given.evidence:
        print(rig.evidence(cells))
    return expected.differences(seen)


def _places(known: Iterable[rig.Place], provider: str, globs: Sequence[str]) -> list[rig.Place]:
    return [
        place
        for place in known
        if place[0] == provider and any(fnmatchcase(place[1], glob) for glob in globs)
    ]


if __name__ == "__main__":
    sys.exit(main())
