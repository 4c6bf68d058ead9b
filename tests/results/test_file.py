"""The types of the files that are served."""

from __future__ import annotations

import mimetypes

import pytest

from mock_server.media.samples import SAMPLES
from mock_server.providers.gmi.uploads import CONTENT_TYPES as UPLOADED_TYPES
from mock_server.results.file import CONTENT_TYPES


@pytest.mark.parametrize("extension", ["mp4", "mov", "mp3", "png", "jpg", "jpeg"])
def test_types_are_those_that_everybody_uses(extension: str) -> None:
    assert CONTENT_TYPES[extension] == mimetypes.guess_type(f"a.{extension}")[0]


def test_every_sample_and_every_upload_has_a_type() -> None:
    extensions = {sample.name.rpartition(".")[2] for sample in SAMPLES} | set(UPLOADED_TYPES)
    assert extensions <= set(CONTENT_TYPES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_is_served_as_what_it_is_listed_as(sample: object) -> None:
    name, content_type = getattr(sample, "name", ""), getattr(sample, "content_type", "")
    assert CONTENT_TYPES[name.rpartition(".")[2]] == content_type
