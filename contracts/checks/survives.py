"""The job ends as it does for a good client: the whole question in one check, without saying why it did not."""

from __future__ import annotations

from contracts.checks.evidence import finding, shortened
from contracts.checks.model import Case, Check, Judgement, Verdict, judged, skipped
from contracts.checks.story import has_video, last_words, requests

ID = "survives"
GOOD = "It ends with the video where one can be had, and with a code other than 0 where none can."


def judge(case: Case) -> Judgement:
    """FAIL where the outcome is not the one that the scenario expects of a good client.

    Whoever ends with the whole video where no more than a failure is expected has done better, and passes.
    """
    wrong = wrong_outcome(case)
    if wrong and is_spared(case):
        return skipped(ID, Verdict.NOT_EXERCISED)
    return judged(ID, [finding(wrong, GOOD, *requests(case)[-2:])] if wrong else [])


def is_spared(case: Case) -> bool:
    """Whether the client, which prints a link and fetches nothing, never did what the faults were waiting for."""
    has_fired = any(case.faults.keys() & set(line.faults) for line in requests(case))
    return bool(case.faults) and not has_fired and case.outcome.believes_success and has_video(case)


def wrong_outcome(case: Case) -> str:
    """What is wrong with how it ended, in words; empty where nothing is."""
    outcome = case.outcome
    if outcome.is_killed or outcome.exit_code is None:
        return "it did not end by itself"
    if outcome.believes_success:
        if case.expected == "failure" and not (case.outcome.output_digest and has_video(case)):
            return "it exits with 0, though no good video was to be had"
        return "" if has_video(case) else "it exits with 0 and leaves neither the video nor its link"
    if case.expected != "success":
        return ""
    words = last_words(case)
    said = f"saying {shortened(words[-1])!r}" if words else "saying nothing"
    return f"it exits with {outcome.exit_code}, {said}, where a good client ends with the video"


CHECK = Check(ID, "", "It survives the scenario", GOOD, judge)
