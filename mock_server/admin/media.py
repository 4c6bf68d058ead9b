"""Media: the samples, the facts that were stated, and stating more, with or without the bytes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mock_server.admin.ask import KEY, Ask
from mock_server.admin.facts import FactsView, facts_view
from mock_server.admin.media_url import media_name, media_url
from mock_server.admin.operation import MIB, Operation
from mock_server.admin.parameter import Parameter
from mock_server.admin.problem import BadRequest
from mock_server.admin.statement import Kept, keep, presumed, states_something, with_stated
from mock_server.admin.view import View
from mock_server.core.errors import ProbeError
from mock_server.core.media import MediaFacts
from mock_server.flow.library import OWN_MEDIA
from mock_server.media.inline import decode_base64
from mock_server.media.samples import SAMPLES, Sample

if TYPE_CHECKING:
    from mock_server.admin.bodies import MediaStatement

RAW_CAP_BYTES = 100 * MIB
"""As large as the largest file that a provider takes."""
JSON_CAP_BYTES = 16 * MIB
RAW_TYPES = ("video/*", "audio/*", "application/octet-stream")
NAME: Parameter[str | None] = Parameter(
    "name", "With a file: its name, whose extension its own URL gets.", media_name, None, {"type": "string"}
)
URL: Parameter[str | None] = Parameter(
    "url",
    "With a file: the URL that a client will name.",
    media_url,
    None,
    {"type": "string", "format": "uri"},
)


class SampleView(View):
    """A file that ships with lipflap. ``says`` tells what is in it."""

    name: str
    url: str
    content_type: str
    says: str
    facts: FactsView


class StatedView(View):
    """A URL and what the tenant's requests will find behind it."""

    url: str
    facts: FactsView


class MediaView(View):
    """Samples for everybody, and what was stated for the tenant."""

    tenant: str
    samples: tuple[SampleView, ...]
    stated: tuple[StatedView, ...]


async def get_media(ask: Ask) -> MediaView:
    """The samples that ship with lipflap, and what was stated for the tenant."""
    facts = await asyncio.to_thread(lambda: [sample.facts for sample in SAMPLES])
    samples = [_sample(ask, sample, known) for sample, known in zip(SAMPLES, facts, strict=True)]
    stated = [StatedView(url=url, facts=facts_view(known)) for url, known in ask.store.all_media(ask.tenant)]
    return MediaView(tenant=ask.tenant, samples=tuple(samples), stated=tuple(stated))


async def post_media(ask: Ask, body: MediaStatement | bytes) -> StatedView:
    """State facts for a URL that a client will name, or store a file.

    A file comes as "base64" or as the raw body under its media type, and answers the URL under which it is served.
    With "url" the bytes stand for that URL, for the tenant. Faces, moderation and reachability can be stated
    beside the bytes.
    """
    if isinstance(body, bytes):
        return await _file(ask, body, ask.get(NAME), ask.get(URL), None)
    if body.base64 is not None:
        return await _file(ask, _decoded(body.base64), body.name, body.url, body)
    assert body.url is not None, "the model wants a url where there are no bytes"
    world = ask.world()
    facts = with_stated(presumed(body, body.url, world.choices), body)
    ask.store.save_media(ask.tenant, body.url, facts)
    return StatedView(url=body.url, facts=facts_view(facts))


async def _file(
    ask: Ask, data: bytes, name: str | None, url: str | None, statement: MediaStatement | None
) -> StatedView:
    settings = ask.simulator.settings
    kept: Kept = await asyncio.to_thread(
        keep, ask.simulator.blobs, data, name, durable=settings.store != "memory"
    )
    shown_url = url or f"{ask.base_url}{OWN_MEDIA}{kept.name}"
    facts = with_stated(kept.facts, statement) if statement else kept.facts
    # a file of our own is read where it is named: its facts are stated only where they differ from it
    if url or (statement and states_something(statement)):
        ask.world()
        ask.store.save_media(ask.tenant, shown_url, facts)
    return StatedView(url=shown_url, facts=facts_view(facts))


def _decoded(text: str) -> bytes:
    try:
        return decode_base64(text, JSON_CAP_BYTES)
    except ProbeError as fault:
        raise BadRequest(f"base64 {fault}") from None


def _sample(ask: Ask, sample: Sample, facts: MediaFacts) -> SampleView:
    return SampleView(
        name=sample.name,
        url=f"{ask.base_url}{OWN_MEDIA}{sample.name}",
        content_type=sample.content_type,
        says=sample.says,
        facts=facts_view(facts),
    )


OPERATIONS = (
    Operation("GET", "/media", get_media, (KEY,)),
    Operation(
        "POST",
        "/media",
        post_media,
        (KEY, NAME, URL),
        status=201,
        cap_bytes=JSON_CAP_BYTES,
        raw_types=RAW_TYPES,
        raw_cap_bytes=RAW_CAP_BYTES,
    ),
)
