"""Every download of a result leaves a line in the journal of whose task it is; other files leave none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from mock_server.media.digest import digest_of

if TYPE_CHECKING:
    from tests.results.conftest import Desk

OWNER = "key-of-the-tests"
MakeDesk = Callable[..., "Desk"]


def entries(desk: Desk, key: str = OWNER) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.client.get(f"/__lipflap/journal?key={key}").json()["entries"]
    return found


def stored(desk: Desk) -> Any:
    """The last entry as the store has it."""
    store = desk.client.app.house.simulator.store  # type: ignore[attr-defined]

    def last() -> Any:
        worlds = store.worlds()
        pages = [store.journal(world.tenant) for world in worlds]
        return pages[0].entries[-1]

    assert desk.client.portal is not None
    return desk.client.portal.call(last)


def test_a_download_is_written_down_with_its_task_and_the_digest_of_the_file(desk: Desk) -> None:
    task_id = desk.submit()
    desk.advance()
    url = desk.task(task_id)["task_result"]["videos"][0]["url"]
    answer = desk.get(url)
    entry = stored(desk)
    assert (entry.operation, entry.kind, entry.provider, entry.method) == (
        "download",
        "exchange",
        "kling",
        "GET",
    )
    assert (entry.task_id, entry.target, entry.status) == (task_id, urlsplit(url).path, 200)
    assert (entry.response, entry.response_bytes) == (b"", len(answer.content))
    assert entry.response_digest == digest_of(answer.content) == answer.headers["etag"].strip('"')
    assert (entry.faults, entry.error, entry.violations) == ((), None, ())


def test_a_part_is_written_down_with_the_digest_of_the_whole(desk: Desk) -> None:
    url = desk.video()["url"]
    whole = desk.get(url).content
    assert desk.get(url, range="bytes=10-19").status_code == 206
    entry = stored(desk)
    assert (entry.status, entry.response_bytes) == (206, 10)
    assert entry.response_digest == digest_of(whole)


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("HEAD", {}, 200),
        ("GET", {"range": "bytes=999999999-"}, 416),
        ("GET", {"if-none-match": "*"}, 304),
    ],
)
def test_an_answer_without_the_file_is_written_down_too(
    desk: Desk, method: str, headers: dict[str, str], status: int
) -> None:
    url = desk.video()["url"]
    digest = digest_of(desk.get(url).content)
    assert desk.client.request(method, url, headers=headers).status_code == status
    entry = stored(desk)
    assert (entry.method, entry.status, entry.response_bytes) == (method, status, 0)
    assert entry.response_digest == digest


def test_a_download_that_comes_too_early_is_written_down_as_what_it_is(make_desk: MakeDesk) -> None:
    desk, twin = make_desk(), make_desk()
    url = twin.video()["url"]
    task_id = desk.submit()
    assert desk.get(url).status_code == 404
    entry = stored(desk)
    assert (entry.task_id, entry.status, entry.response_digest) == (task_id, 404, "")


def test_it_stands_at_its_moment_on_the_clock_of_whose_task_it_is(desk: Desk) -> None:
    url = desk.video()["url"]
    desk.advance(seconds=100)
    desk.get(url)
    clock = desk.client.get(f"/__lipflap/clock?key={OWNER}").json()
    assert stored(desk).at_ms == clock["now_ms"]


def test_whoever_downloads_the_line_is_the_owners(desk: Desk) -> None:
    url = desk.video()["url"]
    before = len(entries(desk))
    desk.get(url, authorization="Bearer somebody-else")
    assert len(entries(desk)) == before + 1
    assert entries(desk, "somebody-else") == []


def test_secrets_are_taken_out_of_headers_and_query(desk: Desk) -> None:
    url = desk.video()["url"]
    desk.get(f"{url}?Signature=canary-1&part=2", authorization="Bearer canary-2", cookie="canary-3")
    entry = stored(desk)
    assert entry.target == f"{urlsplit(url).path}?Signature=redacted&part=2"
    assert dict(entry.headers)["authorization"] == "redacted"
    assert "canary" not in repr(entry)


def test_speech_is_written_down_without_a_task(desk: Desk) -> None:
    answer = desk.get(desk.speak()["url"])
    entry = stored(desk)
    assert (entry.operation, entry.provider, entry.task_id, entry.status) == ("download", "kling", None, 200)
    assert entry.response_digest == digest_of(answer.content)


def test_numbers_go_on_with_the_other_requests(desk: Desk) -> None:
    url = desk.video()["url"]
    desk.get(url)
    desk.speak()
    numbers = [entry["number"] for entry in entries(desk)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_samples_stills_and_uploads_leave_no_line(desk: Desk) -> None:
    still = desk.identify()["face_data"][0]["face_image"]
    put, got = desk.upload_addresses("mp3")
    before = len(entries(desk))
    desk.client.put(put, content=b"sound", headers={"content-type": "audio/mpeg"})
    for url in (still, got, "/__lipflap/media/speech.mp3", "/__lipflap/results/none.mp4"):
        desk.get(url)
    assert len(entries(desk)) == before


def test_the_timeline_of_the_task_tells_of_it(desk: Desk) -> None:
    task_id = desk.submit()
    desk.advance()
    desk.get(desk.task(task_id)["task_result"]["videos"][0]["url"])
    told = desk.client.get(f"/__lipflap/tasks/{task_id}/timeline?key={OWNER}").json()["events"]
    assert any("(download) was answered with 200" in event["text"] for event in told)
