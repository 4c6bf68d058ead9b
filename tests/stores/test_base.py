"""What every store promises, rule by rule; ``laws/test_stores_agree.py`` looks for what nobody thought of."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, TypeVar

import pytest
from msgspec.structs import replace

from mock_server.core.clock import Clock, ClockMode
from mock_server.core.delivery import Attempt, Delivery, deliveries_of
from mock_server.core.media import Interval, MediaFacts, MediaFormat
from mock_server.core.plan import Stage
from mock_server.core.session import Face, Session, Speech
from mock_server.core.task import Task, TaskKind
from mock_server.core.world import World
from mock_server.stores import ExternalIdTaken, JournalPage, Part, SlotsFull, Store

if TYPE_CHECKING:
    from tests.stores.conftest import MakeEntry, MakeTask

T = TypeVar("T")

FACTS = MediaFacts(MediaFormat.MP4, 5_000, 9, "d", faces=(Interval(0, 5_000),))


def add(store: Store, task: Task, *, slots: int | None = None, now_ms: int = 0) -> None:
    store.add_task(task, deliveries_of(task), slots=slots, now_ms=now_ms)


def ids(values: Sequence[Task] | Sequence[Delivery]) -> list[str]:
    return [value.id for value in values]


def numbers(page: JournalPage) -> list[int]:
    return [entry.number for entry in page.entries]


def existing(value: T | None) -> T:
    assert value is not None
    return value


def tasks(
    store: Store,
    *,
    provider: str | None = None,
    kinds: Collection[TaskKind] = tuple(TaskKind),
    offset: int = 0,
    limit: int = 100,
) -> list[str]:
    return ids(store.tasks("t", provider=provider, kinds=kinds, offset=offset, limit=limit))


def test_an_empty_store_has_nothing_and_says_so(store: Store) -> None:
    assert store.worlds() == ()
    assert store.world("t") is None
    assert store.session("t", "kling", "s") is None
    assert store.speech("t", "kling", "s") is None
    assert store.find_speech("s") is None
    assert store.task("t", "kling", "x") is None
    assert store.task_by_external_id("t", "kling", "x") is None
    assert store.task_by_result_id("t", "kling", "") is None
    assert store.find_result("") is None
    assert tasks(store) == []
    assert store.next_delivery("t") is None
    assert store.delivery("t", "x") is None
    assert store.deliveries("t", task_id=None, offset=0, limit=9) == ()
    assert store.tenants_with_pending_deliveries() == ()
    assert store.media("t", "u") is None
    assert store.all_media("t") == ()
    assert store.journal("t").entries == ()


def test_sessions_clips_media_and_worlds_come_back_equal(store: Store) -> None:
    session = Session("s", "t", "kling", 1, "u", "", FACTS, (Face("0", Interval(0, 5_000)),))
    speech = Speech("a", "t", "kling", 1, "hello", FACTS)
    world = World("t", 7, Clock(ClockMode.MANUAL, 1, 2, 0.0), {"kling.path_case": "any"})
    store.add_session(session)
    store.add_speech(speech)
    store.save_media("t", "b", FACTS)
    store.save_media("t", "a", FACTS)
    store.save_world(replace(world, seed=1))
    store.save_world(world)
    assert store.session("t", "kling", "s") == session
    assert store.speech("t", "kling", "a") == store.find_speech("a") == speech
    assert store.media("t", "b") == FACTS
    assert store.all_media("t") == (("a", FACTS), ("b", FACTS))
    assert store.world("t") == world
    assert store.worlds() == (world,)


def test_a_tenant_does_not_see_what_is_anothers(store: Store, make_task: MakeTask) -> None:
    add(store, make_task(1, external_id="mine"))
    store.add_session(Session("s", "t", "kling", 1, "u", "", FACTS, ()))
    assert store.task("other", "kling", "task-1") is None
    assert store.task_by_external_id("other", "kling", "mine") is None
    assert store.task_by_result_id("other", "kling", "result-1") is None
    assert store.delivery("other", "task-1.succeeded") is None
    assert store.session("other", "kling", "s") is None
    assert store.next_number("t", "task") == store.next_number("other", "task") == 1


def test_one_tenants_providers_do_not_see_each_others_tasks(store: Store, make_task: MakeTask) -> None:
    add(store, make_task(1, external_id="same"))
    add(store, make_task(2, external_id="same", provider="gmi"))
    assert store.task("t", "gmi", "task-1") is None
    assert existing(store.task_by_external_id("t", "gmi", "same")).number == 2


def test_an_external_id_is_taken_once(store: Store, make_task: MakeTask) -> None:
    add(store, make_task(1, external_id="mine"))
    with pytest.raises(ExternalIdTaken):
        add(store, make_task(2, external_id="mine"))
    assert tasks(store) == ["task-1"]
    assert len(store.deliveries("t", task_id=None, offset=0, limit=9)) == 1


def test_an_external_id_in_use_is_found_before_full_slots(store: Store, make_task: MakeTask) -> None:
    add(store, make_task(1, external_id="mine", holds_slot=True))
    with pytest.raises(ExternalIdTaken):
        add(store, make_task(2, external_id="mine", holds_slot=True), slots=1)


def test_a_task_id_is_never_given_to_a_second_task(store: Store, make_task: MakeTask) -> None:
    add(store, make_task(1))
    with pytest.raises(ValueError, match="task-1"):
        add(store, make_task(1, model="other"))
    assert existing(store.task("t", "kling", "task-1")).model == ""


def test_a_slot_is_free_from_the_moment_on_at_which_its_task_ends(store: Store, make_task: MakeTask) -> None:
    add(store, make_task(1, holds_slot=True, ends_ms=100), slots=1)
    with pytest.raises(SlotsFull):
        add(store, make_task(2, holds_slot=True), slots=1, now_ms=99)
    add(store, make_task(3, holds_slot=True, ends_ms=200), slots=1, now_ms=100)
    assert tasks(store) == ["task-3", "task-1"]


def test_a_task_whose_end_waits_for_a_poll_keeps_its_slot(store: Store, make_task: MakeTask) -> None:
    add(store, make_task(1, holds_slot=True, ends_ms=None))
    with pytest.raises(SlotsFull):
        add(store, make_task(2, holds_slot=True), slots=1, now_ms=10**9)
    store.change_task("t", "kling", "task-1", lambda task: (task.polled(50), ()))
    add(store, make_task(2, holds_slot=True), slots=1, now_ms=50)


def test_only_tasks_that_hold_a_slot_count_and_are_counted(store: Store, make_task: MakeTask) -> None:
    add(store, make_task(1, holds_slot=False), slots=1)
    add(store, make_task(2, holds_slot=True), slots=1)
    add(store, make_task(3, holds_slot=False), slots=1)
    add(store, make_task(4, holds_slot=True, provider="gmi"), slots=1)
    add(store, make_task(5, holds_slot=True), slots=None)
    with pytest.raises(SlotsFull):
        add(store, make_task(6, holds_slot=True), slots=2)


def test_a_task_is_found_by_its_result_and_by_the_job_behind_the_job(
    store: Store, make_task: MakeTask
) -> None:
    task = make_task(1, result_id="video", upstream_id="behind")
    add(store, task)
    add(store, make_task(2, result_id="", upstream_id=""))
    assert store.task_by_result_id("t", "kling", "video") == task
    assert store.task_by_result_id("t", "kling", "behind") == task
    assert store.find_result("video") == task
    assert store.find_result("behind") is None
    assert store.find_result("") is None


def test_tasks_are_listed_newest_first_by_provider_kind_and_page(store: Store, make_task: MakeTask) -> None:
    for number, provider, kind in (
        (3, "kling", TaskKind.LIP_SYNC),
        (1, "gmi", TaskKind.SPEECH),
        (2, "kling", TaskKind.SPEECH),
    ):
        add(store, make_task(number, provider=provider, kind=kind))
    assert tasks(store) == ["task-3", "task-2", "task-1"]
    assert tasks(store, provider="kling") == ["task-3", "task-2"]
    assert tasks(store, kinds={TaskKind.SPEECH}) == ["task-2", "task-1"]
    assert tasks(store, kinds=()) == []
    assert tasks(store, offset=1, limit=1) == ["task-2"]
    assert tasks(store, offset=10**30, limit=10**30) == []


def test_a_change_replaces_the_task_and_its_untouched_deliveries(store: Store, make_task: MakeTask) -> None:
    task = make_task(1)
    add(store, task)

    def cancel(current: Task) -> tuple[Task, Sequence[Delivery]]:
        ended = current.ended(Stage.CANCELLED, 40)
        return ended, deliveries_of(ended)

    changed = store.change_task("t", "kling", "task-1", cancel)
    assert changed == store.task("t", "kling", "task-1") == task.ended(Stage.CANCELLED, 40)
    assert ids(store.deliveries("t", task_id="task-1", offset=0, limit=9)) == ["task-1.cancelled"]
    assert existing(store.next_delivery("t")).due_ms == 40


def test_a_change_leaves_attempted_deliveries_alone(store: Store, make_task: MakeTask) -> None:
    add(store, make_task(1))
    tried = existing(store.next_delivery("t")).after(Attempt(1, 100, 500, None))
    store.save_delivery(tried)
    store.change_task("t", "kling", "task-1", lambda task: (task, deliveries_of(task)))
    assert store.deliveries("t", task_id="task-1", offset=0, limit=9) == (tried,)
    store.change_task("t", "kling", "task-1", lambda task: (task, ()))
    assert store.deliveries("t", task_id="task-1", offset=0, limit=9) == (tried,)


def test_a_change_of_what_is_not_there_is_never_asked_for(store: Store) -> None:
    def change(task: Task) -> tuple[Task, Sequence[Delivery]]:
        raise AssertionError(task)

    assert store.change_task("t", "kling", "task-1", change) is None


def test_a_change_cannot_make_another_task_of_it_nor_take_its_external_id(
    store: Store, make_task: MakeTask
) -> None:
    add(store, make_task(1, external_id="one"))
    add(store, make_task(2, external_id="two"))
    before = store.task("t", "kling", "task-1")
    with pytest.raises(ValueError, match="task-1"):
        store.change_task("t", "kling", "task-1", lambda task: (replace(task, number=9), ()))
    with pytest.raises(ExternalIdTaken):
        store.change_task("t", "kling", "task-1", lambda task: (replace(task, external_id="two"), ()))
    assert store.task("t", "kling", "task-1") == before
    assert len(store.deliveries("t", task_id="task-1", offset=0, limit=9)) == 1


def test_a_changed_task_is_found_by_what_it_has_now(store: Store, make_task: MakeTask) -> None:
    add(store, make_task(1, external_id="old", result_id="before"))
    store.change_task(
        "t", "kling", "task-1", lambda task: (replace(task, external_id="new", result_id="after"), ())
    )
    assert store.task_by_external_id("t", "kling", "old") is None
    assert store.find_result("before") is None
    assert store.task_by_external_id("t", "kling", "new") == store.find_result("after")


def test_the_next_delivery_is_the_one_due_first_then_the_lower_number(
    store: Store, make_task: MakeTask
) -> None:
    for number, ends_ms in ((2, 50), (1, 50), (3, None), (4, 70)):
        add(store, make_task(number, ends_ms=ends_ms))
    sent = []
    while (delivery := store.next_delivery("t")) is not None:
        sent.append(delivery.task_id)
        store.save_delivery(delivery.after(Attempt(1, 0, 200, None)))
    assert sent == ["task-1", "task-2", "task-4"]
    assert store.tenants_with_pending_deliveries() == ()
    assert len(store.deliveries("t", task_id=None, offset=0, limit=9)) == 4


def test_a_delivery_put_back_by_hand_is_next_again(store: Store, make_task: MakeTask) -> None:
    add(store, make_task(1))
    done = existing(store.next_delivery("t")).after(Attempt(1, 0, 204, None))
    store.save_delivery(done)
    store.save_delivery(done.again(300))
    assert store.next_delivery("t") == done.again(300)
    assert store.tenants_with_pending_deliveries() == ("t",)


def test_saving_a_delivery_that_is_not_there_does_nothing(store: Store, make_task: MakeTask) -> None:
    (unknown,) = deliveries_of(make_task(1))
    store.save_delivery(unknown)
    assert store.deliveries("t", task_id=None, offset=0, limit=sys.maxsize) == ()


def test_the_journal_keeps_the_newest_and_counts_the_rest(store: Store, make_entry: MakeEntry) -> None:
    for number in range(1, 9):
        store.append(make_entry(number))
    page = store.journal("t")
    assert numbers(page) == [4, 5, 6, 7, 8]
    assert page.dropped == 3
    assert store.journal("other").dropped == 0


def test_the_journal_is_in_order_of_number_whatever_ended_first(store: Store, make_entry: MakeEntry) -> None:
    for number in (1, 3, 4, 2):
        store.append(make_entry(number))
    assert numbers(store.journal("t")) == [1, 2, 3, 4]
    assert numbers(store.journal("t", after=1, limit=2)) == [2, 3]


def test_the_journal_can_be_asked_for_one_task_and_for_violations(
    store: Store, make_entry: MakeEntry
) -> None:
    store.append(make_entry(1, task_id="a"))
    store.append(make_entry(2, violations=1))
    store.append(make_entry(3, task_id="a", violations=2))
    assert numbers(store.journal("t", task_id="a")) == [1, 3]
    assert numbers(store.journal("t", only_violations=True)) == [2, 3]
    both = store.journal("t", task_id="a", only_violations=True)
    assert both.entries == (make_entry(3, task_id="a", violations=2),)


def furnish(store: Store, make_task: MakeTask, make_entry: MakeEntry) -> None:
    """Something of every part."""
    store.next_number("t", "task")
    add(store, make_task(1))
    store.add_session(Session("s", "t", "kling", 1, "u", "", FACTS, ()))
    store.add_speech(Speech("a", "t", "kling", 1, "hello", FACTS))
    store.append(make_entry(1))
    store.save_media("t", "u", FACTS)
    store.save_world(World("t", 7, Clock(ClockMode.REAL, 0, 0, 1.0)))


def parts_left(store: Store) -> set[Part]:
    """Which parts of tenant "t" still hold something; TASKS only if all that goes with it does."""
    of_tasks = (
        store.task("t", "kling", "task-1"),
        store.find_result("result-1"),
        store.next_delivery("t"),
        store.session("t", "kling", "s"),
        store.speech("t", "kling", "a"),
        store.find_speech("a"),
    )
    assert all(of_tasks) or not any(of_tasks)
    found: dict[Part, object] = {
        Part.TASKS: of_tasks[0],
        Part.JOURNAL: store.journal("t").entries,
        Part.MEDIA: store.all_media("t"),
        Part.WORLD: store.worlds(),
    }
    return {part for part, value in found.items() if value}


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("tenant", ["t", None])
def test_a_reset_forgets_what_it_names_and_nothing_else(
    store: Store, make_task: MakeTask, make_entry: MakeEntry, part: Part, tenant: str | None
) -> None:
    furnish(store, make_task, make_entry)
    store.reset("other", tuple(Part))
    assert parts_left(store) == set(Part)
    store.reset(tenant, {part})
    assert parts_left(store) == set(Part) - {part}


def test_counters_start_again_once_nothing_carries_a_number(store: Store) -> None:
    assert [store.next_number("t", "task") for _ in range(3)] == [1, 2, 3]
    for parts in ({Part.TASKS}, {Part.JOURNAL}, {Part.WORLD, Part.MEDIA}):
        store.reset("t", parts)
    assert store.next_number("t", "task") == 4
    store.reset("t", {Part.TASKS, Part.JOURNAL})
    assert store.next_number("t", "task") == 1


def test_an_emptied_journal_has_dropped_nothing(store: Store, make_entry: MakeEntry) -> None:
    for number in range(1, 9):
        store.append(make_entry(number))
    store.reset("t", {Part.JOURNAL})
    store.append(make_entry(9))
    page = store.journal("t")
    assert (numbers(page), page.dropped) == ([9], 0)
