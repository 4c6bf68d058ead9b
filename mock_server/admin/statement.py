"""From a statement to facts: what is presumed, what is read from bytes, and what is stated over both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from msgspec.structs import replace

from mock_server.admin.media_url import extension_of
from mock_server.admin.problem import BadRequest
from mock_server.core.errors import ProbeError
from mock_server.core.ids import Choices
from mock_server.core.media import Interval, MediaFacts, MediaFormat
from mock_server.media.blobs import BlobFolder
from mock_server.media.digest import digest_of
from mock_server.media.hints import PREFIX, facts_of_url
from mock_server.media.probe import probe

if TYPE_CHECKING:
    from mock_server.admin.bodies import MediaStatement


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored file: its facts, and the name under which it is served."""

    facts: MediaFacts
    name: str


def keep(blobs: BlobFolder, data: bytes, name: str | None, *, durable: bool) -> Kept:
    """Store ``data``; the extension of ``name`` wins over what the content is, so that a wrong name can be tried.

    Raises BadRequest for bytes that are not media and have no name. Blocks for as long as the disk takes.
    """
    digest = digest_of(data)
    try:
        facts = probe(data)
    except ProbeError as fault:
        if name is None:
            raise BadRequest(f"{fault}; give a name to keep the bytes as they are") from None
        facts = MediaFacts(MediaFormat.UNKNOWN, 0, len(data), digest)
    blobs.put(data, durable=durable, digest=digest)
    extension = extension_of(name) if name else facts.format.value
    return Kept(replace(facts, blob=digest), f"{digest}.{extension}")


def presumed(statement: MediaStatement, url: str, choices: Choices) -> MediaFacts:
    """What a request that names ``url`` would presume. Raises BadRequest for a bad hint in it.

    Raises BadRequest too where neither path nor statement tell whether the file is sound or picture.
    """
    if statement.format is not None:
        url = _with_format(url, statement.format)
    is_video = any(
        fact is not None
        for fact in (statement.width, statement.height, statement.faces, statement.face_intervals)
    )
    try:
        as_video = facts_of_url(url, choices, expects_video=True)
        as_sound = facts_of_url(url, choices, expects_video=False)
    except ProbeError as fault:
        raise BadRequest(f"url: {fault}") from None
    if as_video.format is not as_sound.format and not is_video:
        raise BadRequest("state the format: the path of the url does not tell whether it is sound or picture")
    return as_video


def with_stated(facts: MediaFacts, statement: MediaStatement) -> MediaFacts:
    """``facts`` with everything that is stated in the place of what was there."""
    stated = statement.model_dump(include=set(_SAME_NAME), exclude_none=True)
    changed = replace(facts, **stated)
    moderation, reachable = statement.moderation, statement.reachable
    return replace(
        changed,
        faces=_faces(statement, changed),
        is_rejected_by_moderation=(
            changed.is_rejected_by_moderation if moderation is None else moderation == "reject"
        ),
        is_reachable=changed.is_reachable if reachable is None else reachable,
    )


def states_something(statement: MediaStatement) -> bool:
    """Whether anything but the file itself is given."""
    given: Mapping[str, object] = statement.model_dump(exclude={"url", "base64", "name"}, exclude_none=True)
    return bool(given)


_SAME_NAME = ("format", "duration_ms", "size_bytes", "width", "height", "has_audio")


def _faces(statement: MediaStatement, facts: MediaFacts) -> tuple[Interval, ...] | None:
    """A count without intervals means faces that are there for the whole length."""
    if statement.face_intervals is not None:
        return tuple(Interval(start_ms, end_ms) for start_ms, end_ms in statement.face_intervals)
    if statement.faces is not None:
        return (Interval(0, facts.duration_ms),) * statement.faces
    return facts.faces


def _with_format(url: str, form: MediaFormat) -> str:
    """The URL as one that hints at ``form``: then everything else that is presumed fits it."""
    parts = urlsplit(url)
    hint = f"{PREFIX}format={form}"
    return urlunsplit(parts._replace(query=f"{parts.query}&{hint}" if parts.query else hint))
