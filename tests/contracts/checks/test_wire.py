"""The judge's own reading of each provider's messages."""

from __future__ import annotations

import pytest

from contracts.checks.wire import DIALECTS, Act, Ending, act_of, message_of, param, parsed, task_id_in, told
from contracts.contract import load_contract
from contracts.witness.witnessed import Body


def test_every_operation_of_the_table_is_in_the_contract():
    for provider, dialect in DIALECTS.items():
        assert set(dialect.acts) <= set(load_contract(provider).operations)


def test_acts_are_told_apart_by_model_where_one_operation_serves_all(any_tape):
    lines = [
        any_tape.identify(),
        any_tape.submit(),
        any_tape.poll(),
        any_tape.download(),
        any_tape.callback(),
    ]
    assert [act_of(line) for line in lines] == [
        Act.IDENTIFY,
        Act.SUBMIT,
        Act.POLL,
        Act.DOWNLOAD,
        Act.CALLBACK,
    ]


def test_a_model_may_stand_in_a_header(make_tape):
    tape = make_tape("kirin")
    line = tape.submit(request=Body(text="{}"), headers=(("X-Model", "kirin_lipsync"),))
    assert act_of(line) is Act.SUBMIT
    assert act_of(tape.submit(request=Body(text='{"model": "kirin_tts"}'))) is Act.OTHER


@pytest.mark.parametrize("operation", ["iamSubmitRequest", "submitRequest"])
def test_both_queues_of_gmi_are_read(make_tape, operation):
    assert (
        act_of(make_tape("gmi").add(operation, request=Body(text='{"model":"kling-lip-sync"}'))) is Act.SUBMIT
    )


def test_a_task_is_told_with_its_end_and_its_result(any_tape):
    running, done, failed = (
        told(any_tape.poll(word)) for word in (any_tape.running, any_tape.done, any_tape.failed)
    )
    assert (running.id, running.ending, running.result, running.is_end) == ("t1", Ending.RUNNING, "", False)
    assert (done.ending, done.result[-6:], done.is_end) == (Ending.SUCCEEDED, "/1.mp4", True)
    assert (failed.ending, failed.reason, failed.is_end) == (Ending.FAILED, "the face is not visible", True)


def test_a_callback_tells_the_same_as_a_poll(any_tape):
    assert told(any_tape.callback()) == told(any_tape.poll(any_tape.done))


def test_a_gateway_may_pass_klings_callback_on(make_tape):
    said = told(make_tape("gmi").callback(request=make_tape().callback().request))
    assert (said.id, said.ending) == ("t1", Ending.SUCCEEDED)


def test_parameters_ids_and_messages_are_found(any_tape):
    line = any_tape.submit("t7", own_id="mine")
    assert (param(line, "external_task_id"), task_id_in(line)) == ("mine", "t7")
    assert message_of(any_tape.refusal(any_tape.submit, 400, None, "no such face")) == "no such face"


def test_an_id_may_be_a_number_beyond_what_a_float_holds(tape):
    line = tape.submit(
        response=Body(text='{"data": {"task_id": 9007199254740993, "task_status": "submitted"}}')
    )
    assert task_id_in(line) == "9007199254740993"


@pytest.mark.parametrize(
    "body",
    [
        Body(),
        Body(text="<html>"),
        Body(text="[" * 5_000),
        Body(text='{"a": ', is_cut=True),
        Body(text="12", is_cut=True),
        Body(base64="!"),
    ],
)
def test_what_cannot_be_read_is_none(body):
    assert parsed(body) is None


def test_a_body_that_is_shorter_because_a_secret_was_taken_out_is_whole():
    assert parsed(Body(bytes=60, is_cut=True, text='{"url": "x?Signature=redacted"}')) == {
        "url": "x?Signature=redacted"
    }
