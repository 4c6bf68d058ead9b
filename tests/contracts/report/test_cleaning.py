"""What a client has written cannot steer a terminal, break a file or turn the text around it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.report.cleaning import clean, presentable


@settings(deadline=None)
@given(st.text(st.characters()))
def test_clean_text_can_be_encoded_and_holds_no_control(text):
    found = clean(text)
    assert found.encode().decode() == found
    assert all(character in "\n\t" or character.isprintable() for character in found)
    assert clean(found) == found


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])))
def test_what_can_be_shown_stays(text):
    assert clean(text).split() == text.split()


def test_controls_are_shown_as_pictures_and_turns_are_taken_out():
    assert clean("a\x1b[31m\x00\x7f\r\nb\u202ec\ud800\u00a0d") == "a␛[31m␀␡\nb\ufffdc\ufffd d"


def test_every_text_of_a_run_that_a_client_can_have_written_is_cleaned(sample_run, hostile_text):
    dirty = ("\x1b", "\x00", "\ud800", "\u202e")
    assert all(sign in hostile_text for sign in dirty)
    assert any(cell.outcome.stderr == hostile_text for cell in sample_run.cells)
    for cell in presentable(sample_run).cells:
        texts = [cell.replay, cell.outcome.stdout, cell.outcome.stderr, *cell.outcome.strays]
        texts += [event.text for event in cell.story]
        for judgement in cell.judgements:
            for finding in judgement.findings:
                texts += [finding.says, *finding.quotes]
        assert not [text for text in texts if any(sign in text for sign in dirty)]
