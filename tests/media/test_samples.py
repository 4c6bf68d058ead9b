"""Samples ship with the package, one of every format, small, and pass every provider's rules."""

from __future__ import annotations

from importlib import resources

import pytest

from mock_server.core.media import MediaFormat
from mock_server.media.samples import SAMPLES, sample_bytes


def test_there_is_a_sample_of_every_format():
    assert {sample.facts.format for sample in SAMPLES} == set(MediaFormat) - {MediaFormat.UNKNOWN}


def test_the_list_is_the_folder():
    folder = resources.files("mock_server.media").joinpath("samples")
    assert {sample.name for sample in SAMPLES} == {file.name for file in folder.iterdir()}


def test_all_together_are_small():
    assert sum(len(sample_bytes(sample.name)) for sample in SAMPLES) < 700_000


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_what_a_sample_says_is_so(sample):
    facts = sample.facts
    assert 2_000 <= facts.duration_ms <= 60_000
    if facts.format.is_video:
        assert {facts.width, facts.height} <= {720, 1280, 1080, 1920}
        assert facts.has_audio == sample.name.startswith("talk")


def test_other_names_are_no_samples():
    with pytest.raises(KeyError):
        sample_bytes("../samples.py")
