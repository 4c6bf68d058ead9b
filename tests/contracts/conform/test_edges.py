"""Edges follow from the contract's rows."""

from __future__ import annotations

import pytest

from contracts.conform.edges import SOUND_MS, VIDEO_MS, edges
from contracts.contract import PROVIDERS, load_contract

NUMBERED = {
    "video-size max",
    "video-length min",
    "video-length max",
    "video-sides min",
    "video-sides max",
    "audio-size max",
    "audio-length min",
    "audio-length max",
    "clip-length min",
    "overlap min",
}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_rule_with_a_number_has_an_edge(provider: str) -> None:
    contract = load_contract(provider)
    says = {edge.says for edge in edges(contract)}
    assert {" ".join(text.split()[:2]) for text in says} == NUMBERED | {"clip-end with", "insert-end with"}
    clip_ms = contract.rule("lip-sync", "clip-length").limits["min_ms"]
    assert f"clip-length min {clip_ms:.0f}" in says


@pytest.mark.parametrize("provider", PROVIDERS)
def test_beyond_an_edge_is_a_single_step(provider: str) -> None:
    by_name = {" ".join(edge.says.split()[:2]): edge for edge in edges(load_contract(provider))}
    clip = by_name["clip-length min"]
    assert clip.at.clip.end_ms - clip.at.clip.start_ms == 2000
    assert clip.beyond.clip.end_ms - clip.beyond.clip.start_ms == 1999
    assert (clip.at.video, clip.at.sound) == (clip.beyond.video, clip.beyond.sound)
    assert by_name["video-length max"].beyond.video["duration_ms"] == 60_001
    assert by_name["clip-end with"].beyond.clip.end_ms == SOUND_MS + 1
    insert = by_name["insert-end with"].beyond.clip
    assert insert.insert_ms + insert.end_ms - insert.start_ms == VIDEO_MS + 1
