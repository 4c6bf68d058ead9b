"""What a case tells before anything is judged."""

from __future__ import annotations

from contracts.checks.story import callbacks, ends, has_video, mapping_at, polls_by_task, requests
from contracts.witness.witnessed import Outcome


def test_lines_of_other_tasks_and_providers_are_no_part_of_the_job(tape, make_tape):
    tape.happy().poll(task_id="foreign")
    tape.callback(task_id="foreign")
    tape.callback()
    tape.lines.append(make_tape("gmi").submit())
    case = tape.case()
    assert {line.task_id for line in requests(case)} == {None, "t1"}
    assert {line.provider for line in requests(case)} == {"kling"}
    assert [line.task_id for line in callbacks(case)] == ["t1"]
    assert set(polls_by_task(case)) == {"t1"}


def test_requests_are_in_order_of_their_beginning(tape):
    tape.happy().lines.reverse()
    numbers = [line.number for line in requests(tape.case())]
    assert numbers == sorted(numbers)


def test_the_first_end_counts(any_tape):
    any_tape.submit()
    any_tape.poll(any_tape.done)
    any_tape.wait(5).poll(any_tape.failed)
    any_tape.task(stage="succeeded")
    assert ends(any_tape.case())["t1"].line.number == 2


def test_a_video_is_a_served_file_or_a_printed_link(tape):
    tape.happy()
    assert has_video(tape.case())
    assert has_video(
        tape.case(Outcome(exit_code=0, stdout="at http://127.0.0.1:8787/__lipflap/results/1.mp4"))
    )
    assert not has_video(tape.case(Outcome(exit_code=0)))
    assert not has_video(tape.case(Outcome(exit_code=0, output_bytes=0)))


def test_places_of_a_scenario_that_are_not_there_are_empty():
    assert mapping_at({"expect": {"reason": "x"}}, "expect") == {"reason": "x"}
    assert mapping_at({"expect": "x"}, "expect", "reason") == {}
