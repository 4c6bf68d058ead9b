"""No cap of the edge is below one that the application grants."""

from __future__ import annotations

from mock_server.admin.table import OPERATIONS
from mock_server.hosting.limits import Limits
from mock_server.results.uploads import MAX_UPLOAD_BYTES
from mock_server.settings import MIB, Settings


def test_every_body_that_somebody_reads_passes_the_edge() -> None:
    largest = max(max(operation.cap_bytes, operation.raw_cap_bytes) for operation in OPERATIONS)
    assert Limits.of(Settings()).body_bytes == max(largest, MAX_UPLOAD_BYTES)


def test_a_cap_that_was_widened_widens_the_edge() -> None:
    assert Limits.of(Settings(audio_body_bytes=500 * MIB)).body_bytes == 500 * MIB


def test_the_shortest_deadline_sets_the_pace_of_the_watch() -> None:
    assert Limits.of(Settings(idle_timeout_s=0.5)).shortest_s == 0.5
