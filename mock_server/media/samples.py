"""The files that ship with lipflap, one of every format. ``scripts/make_samples.py`` made them."""

from __future__ import annotations

from functools import cache
from importlib import resources

from msgspec import Struct

from mock_server.core.media import MediaFacts


class Sample(Struct, frozen=True):
    """One file. ``says`` tells a person what is in it."""

    name: str
    content_type: str
    says: str

    @property
    def facts(self) -> MediaFacts:
        """Read from the file when first asked for."""
        return _facts(self.name)


SAMPLES = (
    Sample("talk.mp4", "video/mp4", "a drawn face that talks, 1280x720, 8 s, H.264 and AAC"),
    Sample("talk.mov", "video/quicktime", "the same in a QuickTime file"),
    Sample("silent.mp4", "video/mp4", "the same face without an audio track, 5 s"),
    Sample("portrait.mp4", "video/mp4", "the same face upright, 1080x1920, 3 s"),
    Sample("speech.wav", "audio/wav", "4 s of speech-like sound, PCM 16 bit mono 16 kHz"),
    Sample("speech.mp3", "audio/mpeg", "the same as MP3"),
    Sample("speech.m4a", "audio/mp4", "the same as AAC in an MPEG-4 file"),
    Sample("speech.aac", "audio/aac", "the same as raw AAC"),
)


@cache
def sample_bytes(name: str) -> bytes:
    """The content of the sample ``name``. Raises KeyError where there is no such sample."""
    if all(sample.name != name for sample in SAMPLES):
        raise KeyError(name)
    return resources.files("mock_server.media").joinpath("samples", name).read_bytes()


@cache
def _facts(name: str) -> MediaFacts:
    # imported when the first file comes: start-up need not wait for it
    from mock_server.media.probe import probe

    return probe(sample_bytes(name))
