"""What a client leaves behind."""

from __future__ import annotations

import hashlib

from contracts.client.model import Ending
from contracts.client.outcome import keep_words, outcome_of


def test_an_output_is_told_by_size_and_digest(tmp_path):
    output = tmp_path / "output.mp4"
    output.write_bytes(b"film")
    outcome = outcome_of(Ending(0, "said", "", open_files=3), output, 2_000, 50)
    assert (outcome.output_bytes, outcome.output_digest) == (4, hashlib.sha256(b"film").hexdigest()[:32])
    assert (outcome.took_ms, outcome.wall_ms, outcome.open_files, outcome.stdout) == (2_000, 50, 3, "said")
    assert outcome.believes_success


def test_without_an_output_there_is_nothing_to_tell(tmp_path):
    outcome = outcome_of(Ending(None, is_killed=True), tmp_path / "gone" / "output.mp4", 0, 0)
    assert (outcome.output_bytes, outcome.output_digest, outcome.strays) == (None, "", ())
    assert outcome.is_killed
    assert not outcome.believes_success


def test_left_overs_are_told_by_name_or_by_what_they_begin_with(tmp_path):
    output = tmp_path / "output.mp4"
    for name, data in {
        "output.mp4": b"0000ftypisom",
        "output.mp4.part": b"",
        "other": b"0000ftypisom and so on",
        "output.mp4.task.json": b"{}",
        "notes.txt": b"I am fine",
    }.items():
        (tmp_path / name).write_bytes(data)
    assert outcome_of(Ending(0), output, 0, 0).strays == ("other", "output.mp4.part")


def test_words_are_kept_unless_the_process_kept_them_itself(tmp_path):
    (tmp_path / "stdout.txt").write_text("whole")
    keep_words(Ending(0, "cut", "why"), tmp_path)
    assert (tmp_path / "stdout.txt").read_text() == "whole"
    assert (tmp_path / "stderr.txt").read_text() == "why"
