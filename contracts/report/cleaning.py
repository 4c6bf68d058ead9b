"""Text that somebody else has written, made fit to be shown: a client's output may hold anything."""

from __future__ import annotations

import unicodedata

from msgspec.structs import replace

from contracts.cells.result import Cell, Run
from contracts.checks.model import Finding, Judgement
from contracts.witness.witnessed import Event, Outcome

_PICTURES = 0x2400
"""Where Unicode has a picture for each of the first 32 control characters."""
_DELETE, _DELETE_PICTURE = "\x7f", "\u2421"
_KEPT = frozenset("\n\t")
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of the text behind them."""
_UNKNOWN = "\ufffd"


def clean(text: str) -> str:
    """The text without anything that steers a terminal, breaks an XML file or cannot be encoded.

    Control characters become their pictures (ESC is ␛), what cannot be shown at all becomes U+FFFD.
    """
    if text.isprintable():
        return text
    return "".join(map(_shown, text.replace("\r\n", "\n")))


def _shown(character: str) -> str:
    if character in _KEPT or (character.isprintable() and character not in _TURNS):
        return character
    if ord(character) < ord(" "):
        return chr(_PICTURES + ord(character))
    if character == _DELETE:
        return _DELETE_PICTURE
    is_space = unicodedata.category(character).startswith("Z")
    return " " if is_space else _UNKNOWN


def presentable(run: Run) -> Run:
    """The run with every text in it that a client can have written made clean."""
    return replace(run, client=clean(run.client), cells=tuple(map(_cell, run.cells)))


def _cell(cell: Cell) -> Cell:
    return replace(
        cell,
        replay=clean(cell.replay),
        outcome=_outcome(cell.outcome),
        judgements=tuple(map(_judgement, cell.judgements)),
        story=tuple(map(_event, cell.story)),
    )


def _outcome(outcome: Outcome) -> Outcome:
    return replace(
        outcome,
        stdout=clean(outcome.stdout),
        stderr=clean(outcome.stderr),
        strays=tuple(map(clean, outcome.strays)),
    )


def _judgement(judgement: Judgement) -> Judgement:
    return replace(judgement, findings=tuple(map(_finding, judgement.findings)))


def _finding(finding: Finding) -> Finding:
    return replace(finding, says=clean(finding.says), quotes=tuple(map(clean, finding.quotes)))


def _event(event: Event) -> Event:
    return replace(event, text=clean(event.text))
