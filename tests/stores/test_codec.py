"""Packing loses nothing, and reads what a version with fewer fields wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from contracts.model import Violation
from mock_server.core.journal import Entry, EntryKind
from mock_server.core.media import Interval, MediaFacts, MediaFormat
from mock_server.stores.codec import decode_entry, decode_media, decode_task, encode

if TYPE_CHECKING:
    from tests.stores.conftest import MakeTask

TEXTS = st.text(max_size=8)
WHOLE = st.integers(-(2**63), 2**63 - 1)
FACTS = st.builds(
    MediaFacts,
    st.sampled_from(MediaFormat),
    WHOLE,
    WHOLE,
    TEXTS,
    faces=st.none() | st.lists(st.builds(Interval, WHOLE, WHOLE), max_size=3).map(tuple),
    blob=st.none() | TEXTS,
)
ENTRIES = st.builds(
    Entry,
    TEXTS,
    WHOLE,
    WHOLE,
    st.sampled_from(EntryKind),
    TEXTS,
    TEXTS,
    TEXTS,
    TEXTS,
    WHOLE,
    headers=st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple),
    request=st.binary(max_size=8),
    response=st.binary(max_size=8),
    violations=st.lists(st.builds(Violation, TEXTS, TEXTS, TEXTS), max_size=2).map(tuple),
)


@given(FACTS)
def test_facts_come_back_equal(facts: MediaFacts) -> None:
    assert decode_media(encode(facts)) == facts


@given(ENTRIES)
def test_entries_come_back_equal_and_as_the_same_types(entry: Entry) -> None:
    back = decode_entry(encode(entry))
    assert repr(back) == repr(entry)
    assert hash(back) == hash(entry)


def test_a_task_from_before_a_field_existed_gets_its_default(make_task: MakeTask) -> None:
    task = make_task(1)
    fields = msgspec.msgpack.decode(encode(task))
    del fields["wants_watermark"], fields["clips"]
    assert decode_task(msgspec.msgpack.encode(fields)) == task
