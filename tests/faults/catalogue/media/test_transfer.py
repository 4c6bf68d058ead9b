"""The right file on the wire, and too little of it, or another part than the one asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mock_server.media.probe import probe

Start = Callable[..., Any]


@pytest.fixture
def downloaded(rig: Start) -> Callable[..., tuple[Any, Any, bytes]]:
    """``downloaded("fault")``: a Kling job, its last poll, and the file as it is without faults."""

    def make(*faults: str, provider: str = "kling") -> tuple[Any, Any, bytes]:
        here = rig()
        plain_job = here.job(provider)
        plain = plain_job.download(plain_job.poll(plain_job.start()))
        assert plain.status == 200
        job = rig(*faults).job(provider)
        return job, job.poll(job.start()), plain.body

    return make


@pytest.mark.parametrize(("fault", "end"), [("download-truncated", "fin"), ("download-rst-midway", "reset")])
def test_half_the_file_comes_and_then_nothing(
    downloaded: Callable[..., Any], provider: str, fault: str, end: str
) -> None:
    job, done, whole = downloaded(fault, provider=provider)
    first, second = job.download(done), job.download(done)
    assert (first.status, first.headers["content-length"]) == (200, str(len(whole)))
    assert first.headers["content-type"] == "video/mp4"
    assert (first.body, first.end) == (whole[: len(whole) // 2], end)
    assert (second.status, second.body) == (200, whole)


@pytest.mark.parametrize(
    ("rule", "sent"),
    [
        ("at_bytes=100", 100),
        ("fraction=0", 0),
        ("fraction=1", -1),
        ("at_bytes=1000000000", -1),
        ("fraction=0.25;at_bytes=7", 7),
    ],
)
def test_where_it_is_cut_can_be_told_and_something_is_always_missing(
    downloaded: Callable[..., Any], rule: str, sent: int
) -> None:
    job, done, whole = downloaded(f"download-truncated;{rule}")
    assert job.download(done).body == whole[:sent]


def test_the_rest_can_be_had_after_a_reset(downloaded: Callable[..., Any]) -> None:
    job, done, whole = downloaded("download-rst-midway")
    first = job.download(done)
    resumed = {"range": f"bytes={len(first.body)}-", "if-range": first.headers["etag"]}
    rest = job.download(done, headers=resumed)
    assert rest.status == 206
    assert first.body + rest.body == whole


def test_a_part_can_be_cut_as_well(downloaded: Callable[..., Any]) -> None:
    job, done, whole = downloaded("download-truncated")
    part = job.download(done, headers={"range": "bytes=100-299"})
    assert (part.status, part.headers["content-length"], part.body) == (206, "200", whole[100:200])


def test_without_a_length_a_short_file_ends_in_good_order(
    downloaded: Callable[..., Any], provider: str
) -> None:
    job, done, whole = downloaded("download-no-length", provider=provider)
    wire = job.download(done)
    assert (wire.status, wire.headers["transfer-encoding"], wire.end) == (200, "chunked", "fin")
    assert "content-length" not in wire.headers
    size, _, rest = wire.body.partition(b"\r\n")
    assert int(size, 16) == len(whole) // 2
    assert rest == whole[: len(whole) // 2] + b"\r\n0\r\n\r\n"


def test_a_range_is_answered_with_everything(downloaded: Callable[..., Any], provider: str) -> None:
    job, done, whole = downloaded("range-ignored", provider=provider)
    wire = job.download(done, headers={"range": "bytes=100-"})
    assert (wire.status, wire.body) == (200, whole)
    assert "content-range" not in wire.headers


def test_a_download_without_a_range_is_not_counted_as_one(rig: Start) -> None:
    here = rig("range-ignored@download#1")
    job = here.job("kling")
    done = job.poll(job.start())
    part = {"range": "bytes=0-9"}
    statuses = [job.download(done, headers=headers).status for headers in ({}, {}, part, part)]
    assert statuses == [200, 200, 200, 206]


def test_a_resumed_download_meets_another_version(downloaded: Callable[..., Any], provider: str) -> None:
    job, done, whole = downloaded("etag-changed-resume", provider=provider)
    first = job.download(done)
    half = {"range": f"bytes={len(whole) // 2}-"}
    careless = job.download(done, headers=half)
    careful = job.download(done, headers={**half, "if-range": first.headers["etag"]})
    other = careful.body
    assert (first.body, careless.status, careful.status) == (whole, 206, 200)
    assert first.headers["etag"] != careful.headers["etag"] == careless.headers["etag"]
    assert careless.body == other[len(whole) // 2 :]
    patched = first.body[: len(whole) // 2] + careless.body
    assert patched not in {whole, other}
    assert careless.headers["content-range"].endswith(f"/{len(other)}")
    assert (probe(other).duration_ms, probe(other).width) == (
        probe(whole).duration_ms,
        probe(whole).width,
    )


def test_the_other_version_is_the_same_every_time(downloaded: Callable[..., Any]) -> None:
    job, done, _ = downloaded("etag-changed-resume")
    once, again = (job.download(done, headers={"range": "bytes=0-"}) for _ in range(2))
    assert once.body == again.body
