"""What the judge says of our instruments: ``python tests/calibration/run.py [--client NAME] [--provider P] ...``.

Every instrument in every scenario, if nothing is said. Prints what is red of each, and what the table of
fixtures/calibration.yaml expects otherwise; exit code 1 for that.
"""

from __future__ import annotations

import argparse
import os
import sys
from fnmatch import fnmatchcase

import rig

from contracts.bench.function import place_in_memory
from contracts.bench.pool import Pool
from contracts.cells.matrix import Matrix
from contracts.cells.result import Run
from mock_server.cli.function_bench import Opening


def main() -> int:
    given = _given()
    os.chdir(rig.CLIENTS / "python")  # where its workers find them
    rows = rig.table()
    differing: list[str] = []
    for name in given.client or rows:
        run = _played(rows[name], given)
        seen = rig.reds(run.cells)
        red = {place: checks for place, checks in seen.items() if checks}
        print(f"{name}: {len(red)} of {len(seen)} cells red, {run.wall_ms / 1000:.0f} s", flush=True)
        for place, checks in red.items():
            print(f"    {' '.join(place)}: {', '.join(sorted(checks))}")
        if given.evidence:
            print(rig.evidence(run.cells))
        differing += rows[name].differences(seen)
    print(f"\n{len(differing)} cells differ from the table", *differing, sep="\n  ")
    return 1 if differing else 0


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--client", action="append", choices=list(rig.table()))
    parser.add_argument("--provider", action="append", choices=rig.PROVIDERS)
    parser.add_argument("--scenario", action="append", metavar="GLOB", help="only these")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--evidence", action="store_true", help="say also what the judge found")
    return parser.parse_args()


def _played(expected: rig.Expected, given: argparse.Namespace) -> Run:
    providers = [name for name in given.provider or rig.PROVIDERS if name in expected.providers]
    wanted = [
        entrant
        for (_, scenario), entrant in rig.entrants(providers).items()
        if any(fnmatchcase(scenario, glob) for glob in given.scenario or ["*"])
    ]
    name = rig.name_of(expected.name)
    with place_in_memory() as folder:
        rules = rig.rules(folder)
        return Matrix(Pool(Opening(name, rules), rules, given.workers, name)).run(wanted)


if __name__ == "__main__":
    sys.exit(main())
