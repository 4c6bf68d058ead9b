"""How findings are worded."""

from __future__ import annotations

import pytest

from contracts.checks.evidence import MOST_QUOTES, finding, numbered, seconds, shortened, times


@pytest.mark.parametrize(
    ("ms", "words"),
    [(0, "0 s"), (4, "0 s"), (400, "0.4 s"), (1_234, "1.23 s"), (12_000, "12 s"), (86_400_000, "86400 s")],
)
def test_times_are_short(ms, words):
    assert seconds(ms) == words


def test_lines_are_counted_once_and_quoted_so_far(tape):
    lines = [tape.poll() for _ in range(MOST_QUOTES + 3)]
    found = finding("says", "good", *lines, lines[0])
    assert found.lines == tuple(line.number for line in lines)
    assert len(found.quotes) == MOST_QUOTES
    assert found.quotes[0] == lines[0].quote()
    assert found.quotes[-1] == lines[-1].quote()


def test_numbers_are_listed_and_then_counted(tape):
    lines = [tape.poll() for _ in range(4)]
    assert [numbered(lines[:count]) for count in range(1, 5)] == [
        "#1",
        "#1 and #2",
        "#1, #2 and 1 more",
        "#1, #2 and 2 more",
    ]


def test_nouns_agree_and_words_are_cut():
    assert [times(1, "poll"), times(2, "poll")] == ["1 poll", "2 polls"]
    assert shortened(" a\n b ") == "a b"
    assert shortened("x" * 10, 5) == "xxxx…"
