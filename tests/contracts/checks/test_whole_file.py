"""O7: whole, or absent."""

from __future__ import annotations

import pytest

from contracts.checks.model import Verdict
from contracts.checks.whole_file import CHECK
from contracts.witness.witnessed import Outcome

HTML = "e" * 32


def left(digest, **changes):
    return Outcome(exit_code=0, output_bytes=9, output_digest=digest, **changes)


def test_what_was_served_whole_passes(any_tape, verdict_of):
    assert verdict_of(CHECK, any_tape.happy().case()) is Verdict.PASS


def test_a_file_of_parts_is_known_by_the_whole(tape, verdict_of):
    tape.submit()
    tape.download(faults=("download-rst-midway",))
    tape.download(status=206)
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_half_a_file_under_the_final_name_fails(tape, words_of):
    tape.submit()
    tape.download(faults=("download-truncated",))
    tape.task(stage="succeeded")
    says = "the output of 9 bytes is no file that was served whole: #2 broke off (download-truncated)"
    assert words_of(CHECK, tape.case(left("0" * 32))) == [says]


@pytest.mark.parametrize("fault", ["media-is-html", "media-no-moov", "media-zero-bytes"])
def test_what_is_no_video_fails_though_it_came_whole(tape, words_of, fault):
    tape.submit()
    tape.download(faults=(fault,), response_digest=HTML)
    tape.task(stage="succeeded")
    (says,) = words_of(CHECK, tape.case(left(HTML)))
    assert says == f"the output of 9 bytes is what #2 served, and that is no video ({fault})"


def test_a_file_from_nowhere_fails(tape, verdict_of):
    tape.submit()
    assert verdict_of(CHECK, tape.case(left(HTML))) is Verdict.FAIL


def test_no_file_is_fine_whatever_was_tried(tape, verdict_of):
    tape.submit()
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.NOT_APPLICABLE
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.NOT_EXERCISED
    tape.download(status=404)
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.PASS


def test_parts_beside_the_output_fail_unless_it_was_killed(tape, verdict_of):
    tape.happy()
    stray = {"strays": ("out.mp4.part",)}
    assert verdict_of(CHECK, tape.case(left("d" * 32, **stray))) is Verdict.FAIL
    killed = Outcome(exit_code=None, is_killed=True, **stray)
    assert verdict_of(CHECK, tape.case(killed)) is Verdict.PASS
