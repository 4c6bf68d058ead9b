"""A bench for a client that is a function of this process: no socket to the server, and no second of real time."""

from __future__ import annotations

import asyncio
import inspect
import shutil
import tempfile
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from contracts.bench.direct import Asked, DirectAdmin
from contracts.bench.model import judged
from contracts.bench.watchdog import Overdue, Watchdog
from contracts.checks import CHECKS
from contracts.checks.model import Case, Check
from contracts.client.model import Ending, Job
from contracts.client.outcome import outcome_of
from contracts.contract import load_contract
from contracts.inline.acts import Host
from contracts.inline.network import Network
from contracts.journal import journal_of
from contracts.lockstep import LockStep, Moment, Side, real
from contracts.observer import Observation, now_ms, observe
from contracts.place import ELSEWHERE_AUDIO, ELSEWHERE_VIDEO, Callbacks, job_at, own_receiver
from contracts.result import Cell
from contracts.resume import is_reached
from contracts.scenario import Facts, Scenario, catalogue_of
from contracts.story import Story
from contracts.wall import steady_s
from contracts.witnessed import Body, LineKind, Outcome

KEY = "lipflap-sk-of-the-client-in-a-story"
TIMEOUT_S = 1_200.0
WALL_LIMIT_S = 30.0
"""So long may a story take by the machine's clock: a client that only runs in circles never looks at another."""
MOST_STEPS = 20_000
"""Moves of the clock in one story: a client that asks without pause moves it by next to nothing."""
STIRS, STIR_S = 100, 0.001
"""A server of Python's own library looks twice in that time whether it is to stop."""

_MEDIA = {"LIPFLAP_VIDEO_URL": ELSEWHERE_VIDEO, "LIPFLAP_AUDIO_URL": ELSEWHERE_AUDIO}
"""Files that nobody has to read: their facts follow from the seed."""

Environment = Callable[[str, str, str], Mapping[str, str]]
Work = Callable[[Job], object]


class InlineHost(Host, Asked, Side, Protocol):
    """A server in this process: asked, connected to, and in lock-step. ``tenants`` are those whose time goes on."""

    tenants: list[str]

    @property
    def is_wireless(self) -> bool:
        """Whether clients reach it by ``connect``, and not through the system."""

    def tenant_of(self, key: str) -> str: ...


class OutOfTime(BaseException):
    """The client did not come to an end; nothing that catches errors shall catch it."""


class Killed(BaseException):
    """The story kills the client here."""


class FunctionBench:
    """Plays stories with ``work``, which gets a Job, returns for a success and raises what went wrong.

    Each begins at the same moment, in a tenant that is new: the clock of ``host`` stands unless it is moved.

    ``listens``: the client receives callbacks itself. A story may take ``timeout_s`` of virtual time at most, and
    ``wall_limit_s`` of the machine's.
    One bench plays one story at a time, for a process has one time.
    """

    def __init__(
        self,
        work: Work,
        host: InlineHost,
        environment: Environment,
        *,
        label: str = "",
        listens: bool = False,
        timeout_s: float = TIMEOUT_S,
        wall_limit_s: float = WALL_LIMIT_S,
        checks: Sequence[Check] = CHECKS,
    ) -> None:
        self._work, self._host, self._environment = work, host, environment
        self._listens, self._timeout_s, self._checks = listens, timeout_s, checks
        self.label = label or getattr(work, "__qualname__", repr(work))
        host.tenants[:] = [host.tenant_of(KEY)]
        self._admin = DirectAdmin(host, KEY)
        self.catalogue: Mapping[str, Facts] = catalogue_of(DirectAdmin(host, ""))
        self._admin.send("POST", "reset", {"what": ["all"]})
        self._first_ms = now_ms(self._admin)
        self._watchdog = Watchdog(wall_limit_s)
        self._root = Path(tempfile.mkdtemp(prefix="lipflap-", dir=_memory()))

    @property
    def can_crash(self) -> bool:
        """Whether its stories may kill the client: an answer is held back only where we carry it ourselves."""
        return self._host.is_wireless

    def close(self) -> None:
        """Take away what clients have left."""
        self._watchdog.close()
        shutil.rmtree(self._root, ignore_errors=True)

    def play(self, story: Story, *, in_full: bool = False) -> Cell:
        """The story, judged. Raises AdminError for one that the server does not take."""
        scenario = story.scenario(self.catalogue)
        folder = Path(tempfile.mkdtemp(dir=self._root))
        try:
            return self._played(story, scenario, folder, in_full=in_full)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _played(self, story: Story, scenario: Scenario, folder: Path, *, in_full: bool) -> Cell:
        admin = self._admin
        admin.send("POST", "reset", {"what": ["all"]})
        admin.send("POST", "scenarios", scenario.body)
        callbacks = own_receiver() if scenario.with_callback and self._listens else None
        job = self._job(story, scenario, folder, callbacks)
        began, began_ms = steady_s(), self._first_ms
        ending, unheard = self._run(job, scenario, began_ms)
        seen = observe(admin, in_full=in_full)
        wall_ms = round((steady_s() - began) * 1000)
        first_ms = seen.lines[0].at_ms if seen.lines else began_ms
        outcome = outcome_of(ending, job.output, seen.now_ms - first_ms, wall_ms)
        case = self._case(story, scenario, _as_heard(seen, unheard), outcome, callbacks)
        return _cell(story, scenario, case, seen, self._checks)

    def _job(self, story: Story, scenario: Scenario, folder: Path, callbacks: Callbacks | None) -> Job:
        environment = {**self._environment(story.provider, self._host.url, KEY), **_MEDIA}
        return job_at(self._host.url, KEY, story.provider, scenario, folder, callbacks, environment)

    def _run(self, job: Job, scenario: Scenario, began_ms: int) -> tuple[Ending, int | None]:
        """Once, or until the story's crash and then once more. The number of the request that it died at."""
        crash, admin = scenario.crash, self._admin

        def at_each_answer() -> None:
            if crash is not None and is_reached(crash, admin):
                raise Killed

        side = _Bounded(self._host, self._timeout_s)
        try:
            return self._lived(job, side, began_ms, at_each_answer), None
        except Killed:
            unheard = max(line.number for line in journal_of(admin))
        return self._lived(job, side, now_ms(admin), _nothing), unheard

    def _lived(self, job: Job, side: _Bounded, began_ms: int, on_answer: Callable[[], None]) -> Ending:
        with self._watchdog.watching(), LockStep(side, began_ms) as step, ExitStack() as stack:
            if self._host.is_wireless:
                stack.enter_context(Network(self._host, step, on_answer).replaced())
            return _ending(self._work, job)

    def _case(
        self,
        story: Story,
        scenario: Scenario,
        seen: Observation,
        outcome: Outcome,
        callbacks: Callbacks | None,
    ) -> Case:
        lines = seen.lines
        if callbacks is None:
            lines = tuple(line for line in lines if line.kind is not LineKind.DELIVERY)
        return Case(
            provider=story.provider,
            contract=load_contract(story.provider),
            scenario=scenario.body,
            expected=scenario.expected,
            lines=lines,
            tasks=seen.tasks,
            outcome=outcome,
            key=KEY,
            now_ms=seen.now_ms,
            deadline_ms=round(self._timeout_s * 1000),
            faults=scenario.faults,
            callback_url=callbacks.url if callbacks else None,
            is_resumed=scenario.crash is not None,
        )


def _as_heard(seen: Observation, unheard: int | None) -> Observation:
    """Without the answer to the request that the client was killed at: it never came."""
    lines = tuple(
        replace(line, status=0, response=Body()) if line.number == unheard else line for line in seen.lines
    )
    return Observation(lines, seen.tasks, seen.story, seen.now_ms)


class _Bounded:
    """The host's time, up to a limit: whoever would let more pass is told that it is over."""

    def __init__(self, host: Side, limit_s: float) -> None:
        self._host = host
        self._left_ms = round(limit_s * 1000)
        self._steps = 0

    @property
    def is_at_work(self) -> bool:
        return self._host.is_at_work

    def look(self, skip_ms: int | None, may_skip: Callable[[], bool]) -> Moment:
        self._count(0)
        if skip_ms is None and _has_stirred(may_skip):
            return Moment(is_at_work=True, next_ms=None)
        moment = self._host.look(skip_ms, may_skip)
        if moment.is_past:
            self._left_ms -= skip_ms or 0
        return moment

    def advance(self, passed_ms: int) -> Future[None]:
        self._count(passed_ms)
        return self._host.advance(passed_ms)

    def owns(self, address: object) -> bool:
        return self._host.owns(address)

    def _count(self, passed_ms: int) -> None:
        self._steps += 1
        self._left_ms -= passed_ms
        if self._left_ms <= 0 or self._steps > MOST_STEPS:
            raise OutOfTime


def _has_stirred(is_silent: Callable[[], bool]) -> bool:
    """Who waits without end waits for another thread, and that may look about only now and then."""
    for _ in range(STIRS):
        if not is_silent():
            return True
        real.sleep(STIR_S)
    return False


def _ending(work: Work, job: Job) -> Ending:
    try:
        said = work(job)
        if inspect.isawaitable(said):
            said = asyncio.run(_awaited(said))
    except (OutOfTime, Overdue):
        return Ending(None, is_killed=True)
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
        return Ending(code, stderr="" if isinstance(left.code, int | None) else str(left.code))
    except Exception as fault:  # noqa: BLE001 - whatever a client raises is how it failed
        return Ending(1, stderr="".join(traceback.format_exception(fault)))
    return Ending(0, stdout=said if isinstance(said, str) else "")


async def _awaited(said: Awaitable[object]) -> object:
    return await said


def _cell(story: Story, scenario: Scenario, case: Case, seen: Observation, checks: Sequence[Check]) -> Cell:
    return Cell(
        scenario=scenario.name,
        provider=story.provider,
        seed=story.seed,
        title=scenario.title,
        says=scenario.says,
        expected=scenario.expected,
        judgements=judged(case, checks),
        outcome=case.outcome,
        lines=case.lines,
        story=seen.story,
        replay="",
    )


def needs_sockets(work: Work) -> bool:
    """Whether it is async: an event loop waits for sockets of the system and no others."""
    return inspect.iscoroutinefunction(work) or inspect.iscoroutinefunction(getattr(work, "__call__", None))  # noqa: B004


def _memory() -> str | None:
    """A file system in memory, where there is one: some clients wait until what they write is on the disk."""
    place = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    return str(place) if place.is_dir() else None


def _nothing() -> None:
    """An answer that changes nothing."""


@contextmanager
def function_bench(bench: FunctionBench) -> Iterator[FunctionBench]:
    """The bench until the block ends."""
    try:
        yield bench
    finally:
        bench.close()
