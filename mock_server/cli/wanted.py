"""What stands on the command line of ``check`` and ``replay``, and what the judge is to make of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from contracts.cells.baseline import Known, read_baseline
from contracts.cells.selection import Selection
from contracts.cells.timing import Timing
from contracts.check import Wanted
from contracts.contract import PROVIDERS
from contracts.witness.server import ServerAddress
from contracts.witness.usage import UsageError
from mock_server._version import __version__
from mock_server.cli.client_env import client_env
from mock_server.cli.reporting import FORMS
from mock_server.cli.scenario_files import playable_body

REPORT_FOLDER = Path("lipflap-report")
_EVERY = "all"
_FILES = (".yaml", ".yml", ".json")


class Given(Struct, frozen=True):
    """The parameters of both commands, by their names."""

    provider: str
    command: list[str] = []
    callable_: str = ""
    scenario: list[str] = []
    layer: list[str] = []
    profile: list[str] = []
    skip: list[str] = []
    seed: int = 0
    workers: int = 0
    timeout: float | None = None
    clock: str = "auto"
    baseline: Path | None = None
    update_baseline: bool = False
    fail_under: float = 0.0
    report: str = "terminal"
    report_dir: Path | None = None
    jobs_from_stdin: bool = False
    callbacks: bool = False
    url: str = ""
    admin_token: str = ""

    @property
    def providers(self) -> tuple[str, ...]:
        return PROVIDERS if self.provider == _EVERY else (str(self.provider),)

    @property
    def forms(self) -> tuple[str, ...]:
        """The reports that are asked for, each once."""
        return tuple(dict.fromkeys(part.strip() for part in self.report.split(",") if part.strip()))

    @property
    def folder(self) -> Path | None:
        """What is written has a place, whether one was given or not; the terminal alone needs none."""
        if self.report_dir is None and set(self.forms) <= {"terminal"}:
            return None
        return (self.report_dir or REPORT_FOLDER).resolve()


def given_from(parameters: Mapping[str, object]) -> Given:
    """What was given, checked as a whole. Raises UsageError."""
    stated = {name: value for name, value in parameters.items() if value is not None}
    given = Given(**stated)  # type: ignore[arg-type]  # typer has read each by its type
    if not given.forms or set(given.forms) - set(FORMS):
        raise UsageError(f"--report must be among {', '.join(FORMS)}, not {given.report!r}")
    if given.update_baseline and given.baseline is None:
        raise UsageError("--update-baseline needs --baseline FILE")
    if bool(given.command) == bool(given.callable_):
        raise UsageError("give the client's command behind --, or --callable MODULE:FUNCTION")
    if given.callable_:
        _require_function(given)
    return given


def _require_function(given: Given) -> None:
    """Raises UsageError for what only a command can have."""
    of_commands = {
        "--clock": given.clock != "auto",
        "--jobs-from-stdin": given.jobs_from_stdin,
        "--url": bool(given.url),
    }
    for flag, is_given in of_commands.items():
        if is_given:
            raise UsageError(f"{flag} is for commands: a function has a server and a time of its own")


def wanted_from(given: Given, timing: Timing) -> Wanted:
    """Raises UsageError, ConfigurationError for files that cannot be read."""
    files = [name for name in given.scenario if name.endswith(_FILES)]
    bodies = {name: playable_body(Path(name)) for name in files}
    names = (
        *(name for name in given.scenario if name not in files),
        *(str(body["name"]) for body in bodies.values()),
    )
    return Wanted(
        providers=given.providers,
        environment=client_env,
        selection=Selection(names, tuple(given.layer), tuple(given.profile), tuple(given.skip)),
        seed=given.seed,
        workers=given.workers,
        timeout_s=given.timeout,
        listens=given.callbacks,
        server=ServerAddress(given.url.rstrip("/"), given.admin_token) if given.url else None,
        folder=given.folder,
        flags=_flags(given, timing),
        known=known_to(given),
        version=__version__,
        files=bodies,
    )


def known_to(given: Given) -> Known:
    """The baseline; nothing where there is none, or none yet. Raises UsageError."""
    if given.baseline is None or (given.update_baseline and not given.baseline.exists()):
        return {}
    return read_baseline(given.baseline)


def _flags(given: Given, timing: Timing) -> tuple[str, ...]:
    """What a replay must be told to be the same."""
    flags: list[str] = []
    if given.timeout is not None:
        flags += ["--timeout", f"{given.timeout:g}"]
    if given.clock != "auto":
        flags += ["--clock", timing.clock]
    if given.callbacks:
        flags += ["--callbacks"]
    if given.jobs_from_stdin:
        flags += ["--jobs-from-stdin"]
    return tuple(flags)
