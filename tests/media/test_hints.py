"""Facts of URLs that are not fetched: hints first, the seed for the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.errors import ProbeError
from mock_server.core.ids import Choices
from mock_server.core.media import Interval, MediaFormat
from mock_server.media.hints import HINTS, facts_of_url, fault_of_url, with_hints

CHOICES = Choices(7, "t1")


def facts(query: str, name: str = "clip.mp4", *, expects_video: bool = True):
    return facts_of_url(f"https://cdn.test/{name}?{query}", CHOICES, expects_video=expects_video)


def test_every_hint_is_taken_as_given():
    found = facts(
        "v=1&lipflap.duration_ms=12000&lipflap.size_bytes=999&lipflap.format=mov&lipflap.width=640&lipflap.height=360"
        "&lipflap.has_audio=0&lipflap.faces=2&lipflap.face_intervals=0-5200,6000-9000&lipflap.moderation=reject"
        "&lipflap.reachable=0&lipflap.fault=error:1303"
    )
    assert (found.format, found.duration_ms, found.size_bytes) == (MediaFormat.MOV, 12_000, 999)
    assert (found.width, found.height, found.has_audio) == (640, 360, False)
    assert found.faces == (Interval(0, 5_200), Interval(6_000, 9_000))
    assert (found.is_rejected_by_moderation, found.is_reachable, found.blob) == (True, False, None)


def test_the_example_of_the_design_works():
    found = facts("lipflap.duration_ms=12000&lipflap.faces=2&lipflap.width=1280", "a.mp4")
    assert (found.duration_ms, found.width) == (12_000, 1280)
    assert found.faces == (Interval(0, 12_000), Interval(0, 12_000))


def test_no_face_can_be_stated():
    assert facts("lipflap.faces=0").faces == ()
    assert facts("lipflap.face_intervals=").faces == ()
    assert facts("").faces is None


@pytest.mark.parametrize(
    ("name", "expects_video", "expected"),
    [
        ("a.mp4", True, MediaFormat.MP4),
        ("a.MOV", True, MediaFormat.MOV),
        ("a.wav", True, MediaFormat.WAV),
        ("a.m4a", False, MediaFormat.M4A),
        ("a.aac", False, MediaFormat.AAC),
        ("a.webm", True, MediaFormat.UNKNOWN),
        ("a.ogg", False, MediaFormat.UNKNOWN),
        ("play.php", True, MediaFormat.MP4),
        ("", True, MediaFormat.MP4),
        ("a", False, MediaFormat.MP3),
    ],
)
def test_the_path_tells_the_format_where_it_can(name, expects_video, expected):
    assert facts("", name, expects_video=expects_video).format is expected


@given(st.text("abcdefghij0123456789", max_size=12), st.booleans(), st.integers(0, 9))
def test_a_made_up_url_is_presumed_to_fit(name, expects_video, seed):
    url = f"http://host.test/{name}"
    found = facts_of_url(url, Choices(seed, "t"), expects_video=expects_video)
    assert found == facts_of_url(url, Choices(seed, "t"), expects_video=expects_video)
    assert 56_000 <= found.duration_ms <= 60_000
    assert found.is_reachable
    assert not found.is_rejected_by_moderation
    if expects_video:
        assert (found.width, found.height) in {(1280, 720), (1920, 1080)}
        assert 0 < found.size_bytes <= 100 * 1024 * 1024
    else:
        assert (found.width, found.height) == (0, 0)
        assert 0 < found.size_bytes <= 5 * 1024 * 1024


def test_a_hint_of_a_length_breaks_no_rule_of_size():
    assert facts("lipflap.duration_ms=86400000").size_bytes <= 100 * 1024 * 1024
    assert facts("lipflap.duration_ms=86400000", "a.wav", expects_video=False).size_bytes <= 5 * 1024 * 1024


def test_seed_and_tenant_and_url_tell_files_apart():
    digests = {
        facts_of_url(url, choices, expects_video=True).digest
        for url in ("http://a.test/1", "http://a.test/2")
        for choices in (CHOICES, Choices(8, "t1"), Choices(7, "t2"))
    }
    assert len(digests) == 6


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        ("duration_ms", ""),
        ("duration_ms", "-1"),
        ("duration_ms", "1e3"),
        ("duration_ms", "1_000"),
        ("duration_ms", "\uff11\uff12"),
        ("duration_ms", "86400001"),
        ("size_bytes", "9" * 30),
        ("width", "16385"),
        ("height", "x"),
        ("format", "avi"),
        ("has_audio", "yes"),
        ("reachable", "2"),
        ("moderation", "1"),
        ("faces", "101"),
        ("face_intervals", "0"),
        ("face_intervals", "5-1"),
        ("face_intervals", "0-1-2"),
        ("face_intervals", "0-1,,2-3"),
        ("face_intervals", "0-x"),
    ],
)
def test_a_malformed_hint_is_named(hint, text):
    with pytest.raises(ProbeError, match=rf"hint lipflap\.{hint} must be"):
        facts(f"lipflap.{hint}={text}")


def test_counts_that_contradict_the_intervals_are_refused():
    with pytest.raises(ProbeError, match=r"lipflap\.faces must be the number of intervals"):
        facts("lipflap.faces=3&lipflap.face_intervals=0-1,2-3")


def test_an_unknown_hint_is_refused_with_a_list_of_those_there_are():
    with pytest.raises(ProbeError, match=r"lipflap\.duration does not exist") as caught:
        facts("lipflap.duration=5")
    assert all(hint in str(caught.value) for hint in HINTS)


@pytest.mark.parametrize(
    "url", ["", "clip.mp4", "ftp://a.test/x", "http://", "http://[", "http://a.test/?" + "a&" * 101]
)
def test_what_is_no_url_is_refused(url):
    with pytest.raises(ProbeError):
        facts_of_url(url, CHOICES, expects_video=True)
    assert fault_of_url(url) is None


def test_the_fault_hint_is_read_by_itself():
    assert fault_of_url("https://cdn.test/a.mp4?x=1&lipflap.fault=error%3A1303") == "error:1303"
    assert fault_of_url("https://cdn.test/a.mp4?lipflap.fault=") is None
    assert fault_of_url("https://cdn.test/a.mp4") is None


@given(st.text(max_size=60))
def test_any_query_gives_facts_or_a_probe_error(query):
    try:
        length_ms = facts("lipflap." + query).duration_ms
    except ProbeError:
        return
    assert 0 <= length_ms <= 86_400_000


def test_added_hints_hold_where_the_url_says_nothing_itself():
    url = with_hints(
        "https://a.test/x.mp4?lipflap.width=10&token=1#top", {"width": "20", "duration_ms": "5000"}
    )
    assert url == "https://a.test/x.mp4?lipflap.width=10&token=1&lipflap.duration_ms=5000#top"
    found = facts_of_url(url, Choices(0, "t"), expects_video=True)
    assert (found.width, found.duration_ms) == (10, 5000)


def test_faces_come_from_one_source():
    hints = {"faces": "2", "face_intervals": "0-5,6-9", "height": "7"}
    url = with_hints("https://a.test/x.mp4?lipflap.faces=1", hints)
    assert url == "https://a.test/x.mp4?lipflap.faces=1&lipflap.height=7"


def test_no_hint_leaves_the_url_as_it_is():
    assert with_hints("https://a.test/x.mp4?", {}) == "https://a.test/x.mp4?"
