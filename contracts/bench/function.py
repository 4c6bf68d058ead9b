"""A bench for a client that is a function of this process: no socket to the server, and no second of real time."""

from __future__ import annotations

import inspect
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec.structs import replace

from contracts.bench.chance import dealt
from contracts.bench.direct import DirectAdmin
from contracts.bench.life import InlineHost, Life
from contracts.bench.said import Said
from contracts.bench.watchdog import Watchdog
from contracts.cells.cell import Entrant, Part, Played, Rules, of_client
from contracts.cells.place import (
    ELSEWHERE_AUDIO,
    ELSEWHERE_VIDEO,
    Callbacks,
    fresh_folder,
    job_at,
    own_receiver,
)
from contracts.cells.result import Cell
from contracts.cells.tenant import body_of
from contracts.checks import CHECKS
from contracts.checks.model import Check
from contracts.client.callable import Work
from contracts.client.model import ClientError, Job
from contracts.client.outcome import keep_words, outcome_of
from contracts.stories.story import Story
from contracts.witness.admin import AdminError
from contracts.witness.observer import Observation, now_ms, observe
from contracts.witness.receiver import Receiver
from contracts.witness.savings import ledger_of
from contracts.witness.scenario import Facts, Scenario, catalogue_of
from contracts.witness.wall import steady_s
from contracts.witness.witnessed import Body

KEY = "lipflap-sk-of-the-client-in-a-story"
WORK_LIMIT_S = 60.0
"""So long may the machine work on a cell: a client that only runs in circles never looks at a clock."""

_MEDIA = {"LIPFLAP_VIDEO_URL": ELSEWHERE_VIDEO, "LIPFLAP_AUDIO_URL": ELSEWHERE_AUDIO}
"""Files that nobody has to read: their facts follow from the seed."""


class FunctionBench:
    """Plays cells with ``work``, which gets a Job; how it says what came of it stands in ``contracts.client.callable``.

    Each begins at the same moment and with the same dice, in a tenant that is new: the clock of ``host`` stands unless
    it is moved. One bench plays one cell at a time, for a process has one time. A cell may take ``rules.deadline_ms``
    of virtual time at most, and ``work_limit_s`` of the machine's work. ``said`` is where what it prints is heard.
    """

    def __init__(
        self,
        work: Work,
        host: InlineHost,
        rules: Rules,
        *,
        label: str = "",
        work_limit_s: float = WORK_LIMIT_S,
        checks: Sequence[Check] = CHECKS,
        said: Said | None = None,
    ) -> None:
        self._host, self._rules, self._checks = host, rules, checks
        self.label = label or getattr(work, "__qualname__", repr(work))
        host.tenants[:] = [host.tenant_of(KEY)]
        self._admin = DirectAdmin(host, KEY)
        self.catalogue: Mapping[str, Facts] = catalogue_of(DirectAdmin(host, ""))
        self._stack = ExitStack()
        self._watchdog = Watchdog(work_limit_s)
        self._stack.callback(self._watchdog.close)
        limit_s = rules.deadline_ms / 1000
        self._life = Life(work, host, self._admin, limit_s, self._watchdog, said or Said())
        self._receiver: Receiver | None = None

    def close(self) -> None:
        """End what listens and watches."""
        self._stack.close()

    def play(self, story: Story, *, in_full: bool = False) -> Cell:
        """The story, judged. Raises AdminError for one that the server does not take, ClientError."""
        entrant = Entrant(story.scenario(self.catalogue), story.provider)
        rules = replace(self._rules, seed=story.seed)
        played = self._played(entrant, rules, _MEDIA, in_full=in_full)
        shutil.rmtree(played.cell.folder, ignore_errors=True)
        return replace(played.cell, replay="", folder="")

    def perform(self, entrant: Entrant, *, in_full: bool = True) -> Played:
        """The cell, whatever happens: what kept it from being played is a finding of its own."""
        began = steady_s()
        try:
            return self._played(entrant, self._rules, {}, in_full=in_full)
        except (AdminError, ClientError, OSError) as fault:
            wall_ms = round((steady_s() - began) * 1000)
            return self._part(entrant, self._rules).unplayed(
                f"the cell could not be played: {fault}", wall_ms
            )

    def _part(self, entrant: Entrant, rules: Rules) -> Part:
        folder = fresh_folder(rules.folder, entrant.provider, entrant.scenario.name, rules.seed)
        return Part(entrant, rules, folder, ("--callable", self.label))

    def _played(self, entrant: Entrant, rules: Rules, media: Mapping[str, str], *, in_full: bool) -> Played:
        scenario, provider, admin = entrant.scenario, entrant.provider, self._admin
        part = self._part(entrant, rules)
        admin.send("POST", "reset", {"what": ["all"]})
        admin.send("POST", "scenarios", body_of(scenario, rules.seed))
        callbacks = self._callbacks(scenario)
        job = self._job(part, callbacks, media)
        began, began_ms = steady_s(), now_ms(admin)
        with dealt(f"{provider}/{scenario.name}@{rules.seed}"):
            ending, unheard = self._life.lived(job, scenario.crash)
        wall_ms = round((steady_s() - began) * 1000)
        keep_words(ending, part.folder)
        seen = _as_heard(of_client(observe(admin, in_full=in_full), callbacks), unheard)
        first_ms = seen.lines[0].at_ms if seen.lines else began_ms
        outcome = outcome_of(ending, job.output, seen.now_ms - first_ms, wall_ms)
        case = part.case(KEY, seen, outcome, callbacks)
        return part.played(case, seen, ledger_of(admin, provider), self._checks)

    def _callbacks(self, scenario: Scenario) -> Callbacks | None:
        if not scenario.with_callback:
            return None
        if self._rules.listens:
            return own_receiver()
        if self._receiver is None:
            self._receiver = self._stack.enter_context(Receiver())
        return Callbacks(self._receiver.url("callback"))

    def _job(self, part: Part, callbacks: Callbacks | None, media: Mapping[str, str]) -> Job:
        url, provider = self._host.url, part.entrant.provider
        given = {**part.rules.variables(provider, url, KEY), **media}
        return job_at(url, KEY, provider, part.entrant.scenario, part.folder, callbacks, given)


def _as_heard(seen: Observation, unheard: int | None) -> Observation:
    """Without the answer to the request that the client was killed at: it never came."""
    lines = tuple(
        replace(line, status=0, response=Body()) if line.number == unheard else line for line in seen.lines
    )
    return Observation(lines, seen.tasks, seen.story, seen.now_ms)


def needs_sockets(work: Work) -> bool:
    """Whether it is async: an event loop waits for sockets of the system and no others."""
    return inspect.iscoroutinefunction(work) or inspect.iscoroutinefunction(getattr(work, "__call__", None))  # noqa: B004


@contextmanager
def place_in_memory() -> Iterator[Path]:
    """A folder until the block ends, in memory if it can be: some clients wait until what they write is on the disk."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    where = shared if shared.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="lipflap-", dir=where) as folder:
        yield Path(folder)
