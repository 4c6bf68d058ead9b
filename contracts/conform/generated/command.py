"""Start Schemathesis with our contract and our hooks, and wait for its report."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

from contracts.conform.generated.cases import GeneratedRun, read_run
from contracts.conform.generated.known import Setting

PHASES = ("examples", "coverage", "fuzzing", "stateful")
READING = (
    "--include-method",
    "GET",
    "--phases",
    "examples,fuzzing",
    "--exclude-checks",
    "unsupported_method",
)
"""Flags where nothing may be sent that could cost: no other verb, and so none that tries one."""
PACE = ("--rate-limit", "5/s")
"""Flags for a server that is shared with others."""


def generate(
    provider: str, setting: Setting, max_examples: int, seed: int, flags: Sequence[str] = ()
) -> GeneratedRun:
    """Run all phases against ``setting.url``: so many cases a phase for each operation, drawn from ``seed``."""
    with tempfile.TemporaryDirectory() as folder, as_file(files("contracts")) as contracts:
        ndjson = Path(folder) / "report.ndjson"
        words = [
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", str(contracts / "conform" / "generated" / "schemathesis.toml")),
            *("run", str(contracts / provider / "openapi.yaml")),
            *("--url", setting.url, "--seed", str(seed), "--max-examples", str(max_examples)),
            *("--report", "ndjson", "--report-ndjson-path", str(ndjson)),
            *((*READING, *PACE) if setting.only_reads else ()),
            *flags,
        ]
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own words
            words,
            cwd=folder,
            env=_environment(setting, contracts.parent, Path(folder)),
            capture_output=True,
            text=True,
            check=False,
        )
        return read_run(done.returncode, done.stdout + done.stderr, ndjson)


def _environment(setting: Setting, root: Path, folder: Path) -> dict[str, str]:
    """Ours, with this very package importable, for the hooks; and no folder of the tools' own in the user's."""
    paths = [str(root), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {
        **os.environ,
        **setting.environment(),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
    }
