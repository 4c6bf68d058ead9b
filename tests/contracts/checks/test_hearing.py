"""What reaches a client. The ids are the server's, so the table is held to its catalogue over HTTP."""

from __future__ import annotations

import httpx
import pytest

from contracts.checks import (
    ambiguous_words,
    contract_obeyed,
    forged_callback,
    hearing,
    retry_after,
    story,
    terminal_stays,
)
from contracts.checks.hearing import Heard, Reply, heard, meant_status, reply_to
from contracts.contract import load_contract
from contracts.witness.witnessed import Body

KLING = load_contract("kling")


def test_every_fault_that_the_judge_names_exists(server_url):
    rows = httpx.get(f"{server_url}/__lipflap/faults/catalogue", trust_env=False).json()["faults"]
    named = (
        hearing.LOST | hearing.UNSURE | hearing.NEVER_SENT | hearing.ALREADY_THERE | story.NO_VIDEO
        | ambiguous_words.COMMITS | contract_obeyed.STALE | forged_callback.FORGED | retry_after.MAY_ASK
        | terminal_stays.CONTRADICT | {forged_callback.REPLAYED}
    )  # fmt: skip
    assert named <= {row["id"] for row in rows}


@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({}, Heard.YES),
        ({"status": 0}, Heard.NO),
        ({"faults": ("malformed-chunk",)}, Heard.NO),
        ({"faults": ("slow-lognormal",)}, Heard.MAYBE),
        ({"faults": ("unknown-status",)}, Heard.YES),
        ({"response": Body(text="<html>")}, Heard.NO),
        ({"response": Body(text="[]")}, Heard.NO),
        ({"status": 502, "response": Body(text="<html>")}, Heard.YES),
    ],
)
def test_an_answer_is_held_whole_or_not(tape, changes, known):
    assert heard(tape.poll(**changes)) is known


def test_a_file_need_not_be_json(tape):
    assert heard(tape.download()) is Heard.YES


def test_an_error_under_a_200_counts_as_what_it_is(tape):
    assert meant_status(tape.submit(error="internal"), KLING) == 500
    assert meant_status(tape.submit(error="task-failed"), KLING) == 200
    assert meant_status(tape.submit(error="unheard-of", status=200), KLING) == 200


def test_a_submit_is_accepted_when_its_answer_names_a_task(any_tape):
    contract = load_contract(any_tape.provider)
    assert reply_to(any_tape.submit(), contract) is Reply.ACCEPTED
    assert reply_to(any_tape.submit(response=Body(text="{}")), contract) is Reply.UNCLEAR
    assert reply_to(any_tape.submit(faults=("submit-accepted-slow-reply",)), contract) is Reply.UNCLEAR
