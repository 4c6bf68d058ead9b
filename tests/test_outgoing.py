"""What the outbox asks of the house: bodies, lines in the journal, and the next change of any task."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from msgspec.structs import replace

from mock_server.app import build_house
from mock_server.callbacks.packing import Packer
from mock_server.core.clock import MANUAL_EPOCH_MS
from mock_server.core.delivery import Attempt, deliveries_of
from mock_server.core.journal import EntryKind
from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.core.plan import Plan, Stage, Step
from mock_server.core.task import Task, TaskKind
from mock_server.house import House
from mock_server.outgoing import Outgoing
from mock_server.settings import Settings

NOW_MS = MANUAL_EPOCH_MS
VIDEO = MediaFacts(MediaFormat.MP4, 8_000, 1, "video", 1280, 720)
PLAN = Plan(
    (Step(Stage.SUBMITTED, NOW_MS), Step(Stage.PROCESSING, NOW_MS + 50), Step(Stage.SUCCEEDED, NOW_MS + 100))
)
TASK = Task(
    "task-1",
    "tenant",
    "kling",
    TaskKind.LIP_SYNC,
    1,
    PLAN,
    "http://host",
    callback_url="http://127.0.0.1:9/hook",
    callback_stages=(Stage.PROCESSING, Stage.SUCCEEDED),
    result_id="result-1",
    video=VIDEO,
)
PROCESSING, SUCCEEDED = deliveries_of(TASK)


@pytest.fixture
def house() -> Iterator[House]:
    """A server's parts, with one tenant that has no tasks yet."""
    made = build_house(Settings(clock="manual", journal_body_bytes=10), lambda: 0)
    made.simulator.store.open()
    made.simulator.world("tenant")
    yield made
    made.simulator.store.close()
    made.simulator.blobs.close()


@pytest.fixture
def outgoing(house: House) -> Outgoing:
    return Outgoing(house.simulator, house.providers)


def add(house: House, *tasks: Task) -> None:
    for task in tasks:
        house.simulator.store.add_task(task, deliveries_of(task), slots=None, now_ms=NOW_MS)


def test_a_callback_shows_the_task_as_it_stood_when_its_stage_was_reached(
    house: House, outgoing: Outgoing
) -> None:
    add(house, TASK)
    bodies = [msgspec.json.decode(outgoing.render(row) or b"") for row in (PROCESSING, SUCCEEDED)]
    assert [(body["task_status"], body["updated_at"]) for body in bodies] == [
        ("processing", NOW_MS + 50),
        ("succeed", NOW_MS + 100),
    ]


def test_a_task_that_is_gone_has_no_callback(outgoing: Outgoing) -> None:
    assert outgoing.render(PROCESSING) is None


def test_a_stage_that_the_plan_no_longer_passes_has_no_callback(house: House, outgoing: Outgoing) -> None:
    add(house, replace(TASK, plan=PLAN.ended(Stage.CANCELLED, NOW_MS + 60)))
    assert outgoing.render(PROCESSING) is not None
    assert outgoing.render(SUCCEEDED) is None


STATUS_WORDS = {
    "kling": ("submitted", "processing", "failed"),
    "gmi": ("submitted", "processing", "failed"),
    "kirin": ("in_progress", "in_progress", "failed"),
}


@pytest.mark.parametrize("provider", ["kling", "gmi", "kirin"])
@pytest.mark.parametrize("span_ms", [100, 0])
def test_a_callback_can_be_told_in_other_ways(
    house: House, outgoing: Outgoing, provider: str, span_ms: int
) -> None:
    plan = replace(
        PLAN, steps=tuple(replace(step, at_ms=NOW_MS + span_ms * n) for n, step in enumerate(PLAN.steps))
    )
    task = replace(TASK, provider=provider, plan=plan)
    add(house, task)
    (_, delivery) = deliveries_of(task)
    parcel = Packer().pack(delivery.id, b"{}", 0)
    told = outgoing.retell(delivery, parcel)
    assert replace(told, failed_body=b"", earlier=()) == parcel
    assert [stage for stage, _ in told.earlier] == [Stage.SUBMITTED, Stage.PROCESSING]
    bodies = [msgspec.json.decode(body) for body in (*(body for _, body in told.earlier), told.failed_body)]
    status, reason = ("status", "error") if provider == "kirin" else ("task_status", "task_status_msg")
    assert tuple(body[status] for body in bodies) == STATUS_WORDS[provider]
    assert bodies[-1][reason]
    assert not bodies[0].get(reason)


def test_the_callback_of_a_task_that_is_gone_cannot_be_told_otherwise(outgoing: Outgoing) -> None:
    parcel = Packer().pack(PROCESSING.id, b"{}", 0)
    assert outgoing.retell(PROCESSING, parcel) == parcel


@pytest.mark.parametrize(("status", "error"), [(204, None), (None, "no answer")])
def test_an_attempt_is_one_line_in_the_journal_with_its_body_cut(
    house: House, outgoing: Outgoing, status: int | None, error: str | None
) -> None:
    parcel = Packer().pack(SUCCEEDED.id, b"x" * 25, NOW_MS // 1000)
    outgoing.note(SUCCEEDED, Attempt(1, NOW_MS + 100, status, error), parcel, ("a-fault",))
    (entry,) = house.simulator.store.journal("tenant").entries
    assert (entry.kind, entry.at_ms, entry.number) == (EntryKind.DELIVERY, NOW_MS + 100, 1)
    assert (entry.operation, entry.target, entry.task_id) == ("callback.succeeded", SUCCEEDED.url, "task-1")
    assert (entry.status, entry.error) == (status or 0, error)
    assert (entry.request, entry.request_bytes) == (b"x" * 10, 25)
    assert dict(entry.headers) == parcel.headers
    assert entry.faults == ("a-fault",)


def test_an_attempt_that_had_nothing_to_send_is_a_line_without_a_body(
    house: House, outgoing: Outgoing
) -> None:
    outgoing.note(SUCCEEDED, Attempt(1, NOW_MS, None, "the task is gone"), None)
    (entry,) = house.simulator.store.journal("tenant").entries
    assert (entry.status, entry.error, entry.request, entry.headers) == (0, "the task is gone", b"", ())


@pytest.mark.parametrize(("provider", "is_signed"), [("kling", True), ("gmi", True), ("kirin", False)])
def test_a_provider_says_whether_its_callbacks_are_signed(
    outgoing: Outgoing, provider: str, is_signed: bool
) -> None:
    assert outgoing.is_signed(replace(SUCCEEDED, provider=provider)) is is_signed


def test_without_tasks_nothing_changes_by_itself(outgoing: Outgoing) -> None:
    assert outgoing.last_transition("tenant", NOW_MS) is None


@pytest.mark.parametrize(
    ("after_ms", "change_ms"), [(-1, 100), (0, 100), (70, 100), (99, 100), (100, None), (150, None)]
)
def test_the_last_change_is_the_latest_of_all_tasks(
    house: House, outgoing: Outgoing, after_ms: int, change_ms: int | None
) -> None:
    other = Plan((Step(Stage.QUEUED, NOW_MS), Step(Stage.SUCCEEDED, NOW_MS + 70)))
    waiting = Plan((Step(Stage.QUEUED, NOW_MS), Step(Stage.SUCCEEDED, None, 1)))
    add(
        house,
        TASK,
        replace(TASK, id="b", number=2, plan=other),
        replace(TASK, id="c", number=3, plan=waiting),
    )
    found = outgoing.last_transition("tenant", NOW_MS + after_ms)
    assert found == (None if change_ms is None else NOW_MS + change_ms)
    assert outgoing.last_transition("another", NOW_MS + after_ms) is None


def test_the_last_change_is_found_behind_many_tasks(house: House, outgoing: Outgoing) -> None:
    add(house, TASK)
    done = Plan((Step(Stage.QUEUED, NOW_MS), Step(Stage.SUCCEEDED, NOW_MS)))
    add(house, *(replace(TASK, id=f"n{number}", number=number, plan=done) for number in range(2, 1_002)))
    assert outgoing.last_transition("tenant", NOW_MS + 60) == NOW_MS + 100
