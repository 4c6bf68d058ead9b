"""From a reference to facts: inline, ours, stated, hinted, fetched or presumed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mock_server.core.errors import Refused
from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.flow.call import Call
from mock_server.flow.library import LARGE_BYTES, MAX_URL_CHARACTERS, Library, facts_of_bytes, is_url
from mock_server.media.digest import digest_of
from mock_server.media.samples import SAMPLES, sample_bytes

if TYPE_CHECKING:
    from tests.flow.conftest import Download, Run

CAP = 5 * 2**20
SPEECH = sample_bytes("speech.mp3")
STATED = MediaFacts(MediaFormat.MP4, 1_234, 5, "stated", 640, 480)
Fetching = Callable[[bytes | None], "tuple[Library, Download]"]


def find(
    run: Run, call: Call, reference: str, *, is_video: bool = False, max_bytes: int = CAP
) -> MediaFacts | None:
    found = call.simulator.library.find(call, reference, is_video=is_video, max_bytes=max_bytes)
    return run(found).facts


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("reference", "is_one"),
    [
        ("http://a", True),
        ("HTTPS://a", True),
        ("https://", True),
        ("http:/a", False),
        ("ftp://a", False),
        ("//a/b", False),
        ("", False),
        ("aHR0cDovLw==", False),
    ],
)
def test_http_and_https_make_a_url(reference: str, is_one: bool) -> None:
    assert is_url(reference) is is_one


@pytest.mark.parametrize(
    "url",
    [
        "http://[",
        "http://[::1",
        "http://",
        "https:///path.mp4",
        "http://a/b c.mp4",
        "http://a/\n.mp4",
        "http://a/\x00",
        "http://a/" + "x" * MAX_URL_CHARACTERS,
    ],
)
@pytest.mark.parametrize("is_video", [True, False])
def test_what_is_no_url_cannot_be_reached(run: Run, call: Call, url: str, is_video: bool) -> None:
    facts = find(run, call, url, is_video=is_video)
    assert facts is not None
    assert (facts.is_reachable, facts.format) == (False, MediaFormat.UNKNOWN)


def test_the_longest_url_is_still_one(run: Run, call: Call) -> None:
    url = "http://a/" + "x" * (MAX_URL_CHARACTERS - 9)
    facts = find(run, call, url, is_video=True)
    assert facts is not None
    assert facts.is_reachable


@pytest.mark.parametrize("reference", ["", "talk.mp4", "ftp://host/talk.mp4", base64_of(SPEECH)])
def test_a_video_comes_by_url_only(run: Run, call: Call, reference: str) -> None:
    facts = find(run, call, reference, is_video=True)
    assert facts is not None
    assert not facts.is_reachable


def test_a_foreign_url_has_the_facts_that_it_hints_at(run: Run, call: Call) -> None:
    facts = find(
        run, call, "https://cdn.test/a.mp4?lipflap.duration_ms=12000&lipflap.width=1280", is_video=True
    )
    assert facts is not None
    assert (facts.duration_ms, facts.width, facts.blob) == (12_000, 1280, None)


def test_hints_of_the_world_hold_where_a_url_has_none_and_for_its_kind_of_file(run: Run, call: Call) -> None:
    call.home = replace(call.home, hints={"video": {"duration_ms": "5000"}, "audio": {"duration_ms": "3000"}})
    lengths = [
        find(run, call, url, is_video=is_video)
        for url, is_video in (
            ("https://cdn.test/a.mp4", True),
            ("https://cdn.test/a.mp3", False),
            ("https://cdn.test/a.mp4?lipflap.duration_ms=7000", True),
        )
    ]
    assert [facts.duration_ms for facts in lengths if facts] == [5000, 3000, 7000]
    sample = find(run, call, "http://host/__lipflap/media/talk.mp4", is_video=True)
    assert sample is not None
    assert sample.duration_ms > 7000, "a file that is there is read"


@pytest.mark.parametrize("hint", ["lipflap.duration_ms=soon", "lipflap.colour=red", "lipflap.has_audio=2"])
def test_a_malformed_hint_is_the_clients_mistake(run: Run, call: Call, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        find(run, call, f"https://cdn.test/a.mp4?{hint}", is_video=True)
    assert refused.value.error == "invalid-value"
    assert [violation.rule for violation in refused.value.violations] == ["hint"]


def test_what_was_stated_beforehand_wins_over_every_other_source(run: Run, call: Call) -> None:
    for url in ("https://cdn.test/a.mp4?lipflap.duration_ms=5", "http://host/__lipflap/media/talk.mp4"):
        call.simulator.store.save_media(call.tenant, url, STATED)
        assert find(run, call, url, is_video=True) == STATED


def test_what_one_tenant_stated_another_does_not_see(run: Run, call: Call) -> None:
    url = "https://cdn.test/a.mp4"
    call.simulator.store.save_media("another", url, STATED)
    assert find(run, call, url, is_video=True) != STATED


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_our_own_samples_are_read_for_real(run: Run, call: Call, sample: object) -> None:
    name = getattr(sample, "name", "")
    facts = find(run, call, f"http://anywhere/__lipflap/media/{name}")
    assert facts is not None
    assert replace(facts, blob=None) == facts_of_bytes(sample_bytes(name))
    assert call.simulator.blobs.get(facts.blob or "") == sample_bytes(name)


@pytest.mark.parametrize("path", ["/__lipflap/media/none.mp4", "/__lipflap/results/none.mp4"])
def test_our_own_files_that_do_not_exist_cannot_be_reached(run: Run, call: Call, path: str) -> None:
    facts = find(run, call, f"http://host{path}", is_video=True)
    assert facts is not None
    assert not facts.is_reachable


def test_inline_audio_is_read_and_kept(run: Run, call: Call) -> None:
    facts = find(run, call, base64_of(SPEECH))
    assert facts is not None
    assert facts == replace(facts_of_bytes(SPEECH), blob=digest_of(SPEECH))
    assert call.simulator.blobs.get(digest_of(SPEECH)) == SPEECH


def test_large_inline_audio_is_read_alike(run: Run, call: Call) -> None:
    data = SPEECH * (LARGE_BYTES // len(SPEECH) + 1)
    facts = find(run, call, base64_of(data))
    assert facts is not None
    assert (facts.format, facts.size_bytes, facts.blob) == (MediaFormat.MP3, len(data), digest_of(data))


@pytest.mark.parametrize("text", ["", "not base64!", "AAAA=", "data:audio/mpeg;base64,AAAA", "AAA"])
def test_what_is_no_base64_has_no_facts(run: Run, call: Call, text: str) -> None:
    assert find(run, call, text) is None


def test_inline_audio_over_the_cap_is_measured_and_not_read(run: Run, call: Call) -> None:
    within, beyond = (find(run, call, base64_of(b"\0" * size), max_bytes=30) for size in (30, 31))
    assert within is not None
    assert beyond is not None
    assert (within.size_bytes, within.digest) == (30, digest_of(b"\0" * 30))
    assert (beyond.size_bytes, beyond.digest) == (31, "")


def test_bytes_that_are_no_media_are_known_and_not_kept(run: Run, call: Call) -> None:
    facts = find(run, call, base64_of(b"no media"))
    assert facts == MediaFacts(MediaFormat.UNKNOWN, 0, 8, digest_of(b"no media"))
    assert call.simulator.blobs.get(digest_of(b"no media")) is None


@pytest.mark.parametrize("data", [SPEECH, b"no media"])
def test_a_file_that_is_given_to_keep_is_kept_readable_or_not(call: Call, data: bytes) -> None:
    facts = call.simulator.library.keep(data)
    assert facts == replace(facts_of_bytes(data), blob=digest_of(data))
    assert call.simulator.blobs.get(digest_of(data)) == data


def test_with_a_network_a_foreign_url_is_downloaded_up_to_the_cap(
    run: Run, call: Call, library_that_fetches: Fetching
) -> None:
    library, download = library_that_fetches(SPEECH)
    found = run(library.find(call, "https://cdn.test/a.mp4", is_video=True, max_bytes=77))
    assert found.facts == replace(facts_of_bytes(SPEECH), blob=digest_of(SPEECH))
    assert download.asked == [("https://cdn.test/a.mp4", 77)]


def test_what_cannot_be_downloaded_cannot_be_reached(
    run: Run, call: Call, library_that_fetches: Fetching
) -> None:
    library, _ = library_that_fetches(None)
    found = run(library.find(call, "https://cdn.test/a.mp4", is_video=True, max_bytes=77))
    assert found.facts is not None
    assert not found.facts.is_reachable


def test_a_url_with_hints_is_never_downloaded(run: Run, call: Call, library_that_fetches: Fetching) -> None:
    library, download = library_that_fetches(SPEECH)
    url = "https://cdn.test/a.mp4?lipflap.faces=2"
    found = run(library.find(call, url, is_video=True, max_bytes=77))
    assert found.facts is not None
    assert len(found.facts.faces or ()) == 2
    assert download.asked == []


ANYTHING = st.text(max_size=60) | st.text(max_size=60).map("http://{}".format)
REUSED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@REUSED
@given(ANYTHING, st.booleans())
@example("http://[", True)
@example("http://a?" + "&".join(["b=c"] * 200), False)
def test_whatever_is_named_gives_facts_or_a_refusal(
    run: Run, call: Call, reference: str, is_video: bool
) -> None:
    outcome: MediaFacts | str | None
    try:
        outcome = find(run, call, reference, is_video=is_video)
    except Refused as refused:
        outcome = refused.error
    assert isinstance(outcome, MediaFacts) or outcome == ("invalid-value" if is_url(reference) else None)
