"""Stated facts say the same as the hints of a URL."""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.ids import Choices
from mock_server.core.media import MediaFormat
from mock_server.media.duration import MAX_DURATION_MS
from mock_server.media.hints import PREFIX, facts_of_url
from mock_server.scenarios.stated import MAX_SIDE_PX, MAX_SIZE_BYTES, StatedFacts

moments = st.integers(0, MAX_DURATION_MS)
intervals = st.lists(st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1]), max_size=3)
facts = st.fixed_dictionaries(
    {},
    optional={
        "format": st.sampled_from(MediaFormat),
        "duration_ms": moments,
        "size_bytes": st.integers(0, MAX_SIZE_BYTES),
        "width": st.integers(0, MAX_SIDE_PX),
        "height": st.integers(0, MAX_SIDE_PX),
        "has_audio": st.booleans(),
        "face_intervals": intervals,
        "moderation": st.sampled_from(["reject", "pass"]),
        "reachable": st.booleans(),
    },
)


@given(facts)
def test_every_statement_is_a_hint_that_is_taken_at_its_word(stated: dict[str, object]) -> None:
    hints = StatedFacts.model_validate(stated).hints()
    assert hints.keys() == stated.keys()
    query = urlencode({PREFIX + name: text for name, text in hints.items()})
    found = facts_of_url(f"https://cdn.test/a.mp4?{query}", Choices(0, "t"), expects_video=True)
    for name in stated.keys() & {"format", "duration_ms", "size_bytes", "width", "height", "has_audio"}:
        assert getattr(found, name) == stated[name]
    if "face_intervals" in stated:
        assert found.faces is not None
        assert [(face.start_ms, face.end_ms) for face in found.faces] == stated["face_intervals"]
    assert found.is_rejected_by_moderation == (stated.get("moderation") == "reject")
    assert found.is_reachable == stated.get("reachable", True)
