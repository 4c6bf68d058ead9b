"""O4: polls keep between floor and ceiling, slow down while a task takes long, and are not all in step.

Only gaps that the client chose are judged: not the one after a lost answer, which a library may repeat at once, nor
one that a callback, a refused token or a failed download cut short, nor one that Retry-After made long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct

from contracts.checks.evidence import finding, seconds, times
from contracts.checks.hearing import Heard, heard
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.retry_after import wait_ms
from contracts.checks.story import callbacks, of, polls_by_task
from contracts.checks.wire import Act
from contracts.witness.witnessed import Line

ID = "poll-cadence"
GOOD = "It leaves a second or more between polls, longer while the job takes longer, with jitter, and a minute at most."

FEWEST_POLLS = 3
IN_STEP = 7
"""So many gaps of one's own choice tell a clockwork from a client with jitter."""
SAME_SHARE = 0.01
SAME_MS = 15
MOST_SHARE = 0.03
"""Where the machine's noise is a larger share of a gap, nobody can tell whether the client adds any of its own."""
LONG_SERIES = 20
SLOW_ENOUGH_FLOORS = 5
"""ASSUMED: who leaves so many times the floor need not slow down further."""
GROWTH = 1.1


class Gap(Struct, frozen=True):
    """Two polls of a task, one after the other."""

    earlier: Line
    later: Line
    is_cut_short: bool
    is_free: bool

    @property
    def ms(self) -> int:
        return self.later.at_ms - self.earlier.at_ms


def judge(case: Case) -> Judgement:
    """FAIL for gaps beyond floor or ceiling, for a clockwork, and for a fast pace that never slows down."""
    tracks = [polls for polls in polls_by_task(case).values() if len(polls) >= FEWEST_POLLS]
    if not tracks:
        return skipped(ID, Verdict.NOT_EXERCISED)
    return judged(ID, [found for polls in tracks for found in _about(case, _gaps(case, polls))])


def _gaps(case: Case, polls: Sequence[Line]) -> list[Gap]:
    gaps: list[Gap] = []
    was_excused = False
    events = (*of(case, Act.DOWNLOAD), *callbacks(case))
    for earlier, later in pairwise(polls):
        is_repeat = heard(earlier) is Heard.NO or earlier.status == 401
        is_interrupted = _is_interrupted(events, earlier, later)
        gaps.append(
            Gap(
                earlier,
                later,
                is_cut_short=is_interrupted or (is_repeat and not was_excused),
                is_free=earlier.status == 200
                and heard(earlier) is Heard.YES
                and wait_ms(earlier) is None
                and not is_interrupted,
            )
        )
        was_excused = is_repeat
    return gaps


def _is_interrupted(events: Sequence[Line], earlier: Line, later: Line) -> bool:
    """Whether something that came between them gave the client a reason to ask."""
    return any(
        line.task_id == later.task_id and earlier.number < line.number < later.number for line in events
    )


def _about(case: Case, gaps: Sequence[Gap]) -> Iterator[Finding]:
    quick = [gap for gap in gaps if gap.ms < case.poll_floor_ms and not gap.is_cut_short]
    if case.is_resumed:
        # the first poll of a new life knows nothing of the last one of the old
        quick = quick[1:]
    slow = [gap for gap in gaps if gap.ms > case.poll_ceiling_ms and gap.is_free]
    if quick:
        yield _beyond(quick, len(gaps), f"less than {seconds(case.poll_floor_ms)}")
    if slow:
        yield _beyond(slow, len(gaps), f"more than {seconds(case.poll_ceiling_ms)}")
    free = [gap for gap in gaps if gap.is_free]
    if clockwork := _clockwork(free, case.noise_ms):
        says = (
            f"{times(len(clockwork), 'pause')} in a row follow one rule, "
            f"the last of {seconds(clockwork[-1].ms)}: without jitter all clients ask in step"
        )
        yield finding(says, GOOD, clockwork[0].earlier, *(gap.later for gap in clockwork))
    if not quick and _never_slows_down(free, case.poll_floor_ms * SLOW_ENOUGH_FLOORS):
        says = (
            f"after {times(len(gaps) + 1, 'poll')} it still asks every {seconds(free[-1].ms)}: "
            "the pause does not grow while the job takes long"
        )
        yield finding(says, GOOD, free[0].earlier, free[0].later, free[-1].earlier, free[-1].later)


def _beyond(gaps: Sequence[Gap], total: int, limit: str) -> Finding:
    worst = gaps[0]
    says = (
        f"{len(gaps)} of {times(total, 'pause')} between polls took {limit}: "
        f"#{worst.later.number} came {seconds(worst.ms)} after #{worst.earlier.number}"
    )
    return finding(says, GOOD, worst.earlier, *(gap.later for gap in gaps))


def _clockwork(gaps: Sequence[Gap], noise_ms: int) -> Sequence[Gap]:
    """The first run of gaps that are all alike, or grow by one factor; empty where there is none to be seen."""
    for start in range(len(gaps) - IN_STEP + 1):
        run = gaps[start : start + IN_STEP]
        lengths = [gap.ms for gap in run]
        shortest = min(lengths)
        if shortest <= 0 or noise_ms > MOST_SHARE * shortest:
            continue
        factors = [later / earlier for earlier, later in pairwise(lengths)]
        share = max(SAME_SHARE, noise_ms / shortest)
        are_alike = max(lengths) - shortest <= max(SAME_MS, share * shortest)
        if are_alike or max(factors) <= min(factors) * (1 + share):
            return run
    return ()


def _never_slows_down(gaps: Sequence[Gap], slow_enough_ms: int) -> bool:
    if len(gaps) < LONG_SERIES:
        return False
    quarter = len(gaps) // 4
    first, last = (median(gap.ms for gap in part) for part in (gaps[:quarter], gaps[-quarter:]))
    return last < slow_enough_ms and last < first * GROWTH


CHECK = Check(ID, "O4", "Polls keep a decent pace", GOOD, judge)
