"""How many stories a second the fuzzer tells the good Python client in one process: ``python tests/bench/fuzz.py``.

Wall time depends on what else the machine does; the time of the processor hardly.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "fixtures" / "clients" / "python"))

from good import run

from contracts.contract import PROVIDERS
from contracts.fuzz import Campaign, fuzz
from contracts.plugin.bench import function_bench
from contracts.strategies.stories import Scope

SCOPES = {"plain": Scope(), "callbacks, crashes": Scope(callbacks=True, crashes=True)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    print(f"{'':26}  stories/s  per CPU s")
    for provider in PROVIDERS:
        for name, scope in SCOPES.items():
            began_s = time.process_time()
            with function_bench(run, listens=scope.callbacks) as bench:
                report = fuzz(bench, Campaign(provider, scope, given.stories, seed=given.seed))
            spent_s = time.process_time() - began_s
            found = f"  {report.found.check}" if report.found else ""
            rates = f"{report.stories_per_s:9.0f}  {report.played / spent_s:9.0f}"
            print(f"{provider:6}{name:20}  {rates}{found}", flush=True)


if __name__ == "__main__":
    main()
