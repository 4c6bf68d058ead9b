"""A URL that facts can be stated for, and the name that an uploaded file brings."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from mock_server.core.media import MediaFormat

MAX_URL_CHARACTERS = 8_192
EXTENSIONS = tuple(form.value for form in MediaFormat if form is not MediaFormat.UNKNOWN)
"""Those under which files are served."""
_URL = re.compile(r"(?i:https?)://[^\x00-\x20\x7f]+")


def media_url(text: str) -> str:
    """``text``, if it is an http(s) URL. Raises ValueError whose text completes "must be ..."."""
    if len(text) > MAX_URL_CHARACTERS or not _URL.fullmatch(text):
        raise ValueError(f"an http or https URL of at most {MAX_URL_CHARACTERS} characters")
    return text


def media_name(text: str) -> str:
    """``text``, if it ends as the name of a file that can be served. Raises ValueError as ``media_url`` does."""
    if extension_of(text) not in EXTENSIONS:
        raise ValueError(f"a file name that ends in one of {', '.join(EXTENSIONS)}")
    return text


def extension_of(name: str) -> str:
    """What follows the last dot, in lower case."""
    return PurePosixPath(name).suffix.removeprefix(".").lower()
