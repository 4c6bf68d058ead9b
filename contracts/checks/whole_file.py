"""O7: the output is the whole video as it was served, or there is none, and no half of one lies about."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.checks.evidence import finding, numbered
from contracts.checks.hearing import LOST
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import NO_VIDEO, of, renders_in, served_digests
from contracts.checks.wire import Act
from contracts.witness.witnessed import Line

ID = "whole-file"
GOOD = "It downloads beside the output, checks length and container, and gives the file its name when it is whole."


def judge(case: Case) -> Judgement:
    """FAIL for an output that is not a served video to the last byte, and for left-overs beside it."""
    outcome = case.outcome
    if outcome.output_bytes is None and not outcome.output_digest and not outcome.strays:
        if of(case, Act.DOWNLOAD):
            return judged(ID, ())
        could_be_had = bool(renders_in(case, "succeeded"))
        return skipped(ID, Verdict.NOT_EXERCISED if could_be_had else Verdict.NOT_APPLICABLE)
    return judged(ID, [*_not_whole(case), *_left_over(case)])


def _not_whole(case: Case) -> Iterator[Finding]:
    outcome = case.outcome
    if outcome.output_bytes is None and not outcome.output_digest:
        return
    if outcome.output_digest in served_digests(case):
        return
    downloads = of(case, Act.DOWNLOAD)
    size = f"of {outcome.output_bytes} bytes " if outcome.output_bytes is not None else ""
    says = f"the output {size}{_what_it_is(case, downloads)}"
    yield finding(says, GOOD, *downloads)


def _what_it_is(case: Case, downloads: tuple[Line, ...]) -> str:
    other = [line for line in downloads if line.response_digest == case.outcome.output_digest]
    if other and case.outcome.output_digest:
        return f"is what {numbered(other)} served, and that is no video ({', '.join(_faults(other))})"
    cut = [line for line in downloads if LOST.intersection(line.faults)]
    if cut:
        return f"is no file that was served whole: {numbered(cut)} broke off ({', '.join(_faults(cut))})"
    return "is no file that was served" if downloads else "is there, and nothing was downloaded"


def _faults(lines: list[Line]) -> list[str]:
    known = LOST | NO_VIDEO
    return sorted({fault for line in lines for fault in line.faults if fault in known}) or ["as served"]


def _left_over(case: Case) -> Iterator[Finding]:
    # who is killed cannot tidy up, and a part under a name of its own can be gone on with
    if case.outcome.strays and not case.outcome.is_killed:
        names = ", ".join(case.outcome.strays)
        yield finding(
            f"parts of a download were left beside the output: {names}", GOOD, *of(case, Act.DOWNLOAD)
        )


CHECK = Check(ID, "O7", "The output is whole, or absent", GOOD, judge)
