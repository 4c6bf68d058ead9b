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
    from tests.stores.conftest import MakeEntry, MakeTask, Run

T = TypeVar("T")

FACTS = MediaFacts(MediaFormat.MP4, 5_000, 9, "d", faces=(Interval(0, 5_000),))


def add(run: Run, store: Store, task: Task, *, slots: int | None = None, now_ms: int = 0) -> None:
    run(store.add_task(task, deliveries_of(task), slots=slots, now_ms=now_ms))


def ids(values: Sequence[Task] | Sequence[Delivery]) -> list[str]:
    return [value.id for value in values]


def numbers(page: JournalPage) -> list[int]:
    return [entry.number for entry in page.entries]


def existing(value: T | None) -> T:
    assert value is not None
    return value


def tasks(
    run: Run,
    store: Store,
    *,
    provider: str | None = None,
    kinds: Collection[TaskKind] = tuple(TaskKind),
    offset: int = 0,
    limit: int = 100,
) -> list[str]:
    return ids(run(store.tasks("t", provider=provider, kinds=kinds, offset=offset, limit=limit)))


def test_an_empty_store_has_nothing_and_says_so(store: Store, run: Run) -> None:
    assert run(store.worlds()) == ()
    assert run(store.world("t")) is None
    assert run(store.session("t", "kling", "s")) is None
    assert run(store.speech("t", "kling", "s")) is None
    assert run(store.find_speech("s")) is None
    assert run(store.task("t", "kling", "x")) is None
    assert run(store.task_by_external_id("t", "kling", "x")) is None
    assert run(store.task_by_result_id("t", "kling", "")) is None
    assert run(store.find_result("")) is None
    assert tasks(run, store) == []
    assert run(store.next_delivery("t")) is None
    assert run(store.delivery("t", "x")) is None
    assert run(store.deliveries("t", task_id=None, offset=0, limit=9)) == ()
    assert run(store.tenants_with_pending_deliveries()) == ()
    assert run(store.media("t", "u")) is None
    assert run(store.all_media("t")) == ()
    assert run(store.journal("t")).entries == ()


def test_sessions_clips_media_and_worlds_come_back_equal(store: Store, run: Run) -> None:
    session = Session("s", "t", "kling", 1, "u", "", FACTS, (Face("0", Interval(0, 5_000)),))
    speech = Speech("a", "t", "kling", 1, "hello", FACTS)
    world = World("t", 7, Clock(ClockMode.MANUAL, 1, 2, 0.0), {"kling.path_case": "any"})
    run(store.add_session(session))
    run(store.add_speech(speech))
    run(store.save_media("t", "b", FACTS))
    run(store.save_media("t", "a", FACTS))
    run(store.save_world(replace(world, seed=1)))
    run(store.save_world(world))
    assert run(store.session("t", "kling", "s")) == session
    assert run(store.speech("t", "kling", "a")) == run(store.find_speech("a")) == speech
    assert run(store.media("t", "b")) == FACTS
    assert run(store.all_media("t")) == (("a", FACTS), ("b", FACTS))
    assert run(store.world("t")) == world
    assert run(store.worlds()) == (world,)


def test_a_tenant_does_not_see_what_is_anothers(store: Store, run: Run, make_task: MakeTask) -> None:
    add(run, store, make_task(1, external_id="mine"))
    run(store.add_session(Session("s", "t", "kling", 1, "u", "", FACTS, ())))
    assert run(store.task("other", "kling", "task-1")) is None
    assert run(store.task_by_external_id("other", "kling", "mine")) is None
    assert run(store.task_by_result_id("other", "kling", "result-1")) is None
    assert run(store.delivery("other", "task-1.succeeded")) is None
    assert run(store.session("other", "kling", "s")) is None
    assert run(store.next_number("t", "task")) == run(store.next_number("other", "task")) == 1


def test_one_tenants_providers_do_not_see_each_others_tasks(
    store: Store, run: Run, make_task: MakeTask
) -> None:
    add(run, store, make_task(1, external_id="same"))
    add(run, store, make_task(2, external_id="same", provider="gmi"))
    assert run(store.task("t", "gmi", "task-1")) is None
    assert existing(run(store.task_by_external_id("t", "gmi", "same"))).number == 2


def test_an_external_id_is_taken_once(store: Store, run: Run, make_task: MakeTask) -> None:
    add(run, store, make_task(1, external_id="mine"))
    with pytest.raises(ExternalIdTaken):
        add(run, store, make_task(2, external_id="mine"))
    assert tasks(run, store) == ["task-1"]
    assert len(run(store.deliveries("t", task_id=None, offset=0, limit=9))) == 1


def test_an_external_id_in_use_is_found_before_full_slots(
    store: Store, run: Run, make_task: MakeTask
) -> None:
    add(run, store, make_task(1, external_id="mine", holds_slot=True))
    with pytest.raises(ExternalIdTaken):
        add(run, store, make_task(2, external_id="mine", holds_slot=True), slots=1)


def test_a_task_id_is_never_given_to_a_second_task(store: Store, run: Run, make_task: MakeTask) -> None:
    add(run, store, make_task(1))
    with pytest.raises(ValueError, match="task-1"):
        add(run, store, make_task(1, model="other"))
    assert existing(run(store.task("t", "kling", "task-1"))).model == ""


def test_a_slot_is_free_from_the_moment_on_at_which_its_task_ends(
    store: Store, run: Run, make_task: MakeTask
) -> None:
    add(run, store, make_task(1, holds_slot=True, ends_ms=100), slots=1)
    with pytest.raises(SlotsFull):
        add(run, store, make_task(2, holds_slot=True), slots=1, now_ms=99)
    add(run, store, make_task(3, holds_slot=True, ends_ms=200), slots=1, now_ms=100)
    assert tasks(run, store) == ["task-3", "task-1"]


def test_a_task_whose_end_waits_for_a_poll_keeps_its_slot(
    store: Store, run: Run, make_task: MakeTask
) -> None:
    add(run, store, make_task(1, holds_slot=True, ends_ms=None))
    with pytest.raises(SlotsFull):
        add(run, store, make_task(2, holds_slot=True), slots=1, now_ms=10**9)
    run(store.change_task("t", "kling", "task-1", lambda task: (task.polled(50), ())))
    add(run, store, make_task(2, holds_slot=True), slots=1, now_ms=50)


def test_only_tasks_that_hold_a_slot_count_and_are_counted(
    store: Store, run: Run, make_task: MakeTask
) -> None:
    add(run, store, make_task(1, holds_slot=False), slots=1)
    add(run, store, make_task(2, holds_slot=True), slots=1)
    add(run, store, make_task(3, holds_slot=False), slots=1)
    add(run, store, make_task(4, holds_slot=True, provider="gmi"), slots=1)
    add(run, store, make_task(5, holds_slot=True), slots=None)
    with pytest.raises(SlotsFull):
        add(run, store, make_task(6, holds_slot=True), slots=2)


def test_a_task_is_found_by_its_result_and_by_the_job_behind_the_job(
    store: Store, run: Run, make_task: MakeTask
) -> None:
    task = make_task(1, result_id="video", upstream_id="behind")
    add(run, store, task)
    add(run, store, make_task(2, result_id="", upstream_id=""))
    assert run(store.task_by_result_id("t", "kling", "video")) == task
    assert run(store.task_by_result_id("t", "kling", "behind")) == task
    assert run(store.find_result("video")) == task
    assert run(store.find_result("behind")) is None
    assert run(store.find_result("")) is None


def test_tasks_are_listed_newest_first_by_provider_kind_and_page(
    store: Store, run: Run, make_task: MakeTask
) -> None:
    for number, provider, kind in (
        (3, "kling", TaskKind.LIP_SYNC),
        (1, "gmi", TaskKind.SPEECH),
        (2, "kling", TaskKind.SPEECH),
    ):
        add(run, store, make_task(number, provider=provider, kind=kind))
    assert tasks(run, store) == ["task-3", "task-2", "task-1"]
    assert tasks(run, store, provider="kling") == ["task-3", "task-2"]
    assert tasks(run, store, kinds={TaskKind.SPEECH}) == ["task-2", "task-1"]
    assert tasks(run, store, kinds=()) == []
    assert tasks(run, store, offset=1, limit=1) == ["task-2"]
    assert tasks(run, store, offset=10**30, limit=10**30) == []


def test_a_change_replaces_the_task_and_its_untouched_deliveries(
    store: Store, run: Run, make_task: MakeTask
) -> None:
    task = make_task(1)
    add(run, store, task)

    def cancel(current: Task) -> tuple[Task, Sequence[Delivery]]:
        ended = current.ended(Stage.CANCELLED, 40)
        return ended, deliveries_of(ended)

    changed = run(store.change_task("t", "kling", "task-1", cancel))
    assert changed == run(store.task("t", "kling", "task-1")) == task.ended(Stage.CANCELLED, 40)
    assert ids(run(store.deliveries("t", task_id="task-1", offset=0, limit=9))) == ["task-1.cancelled"]
    assert existing(run(store.next_delivery("t"))).due_ms == 40


def test_a_change_leaves_attempted_deliveries_alone(store: Store, run: Run, make_task: MakeTask) -> None:
    add(run, store, make_task(1))
    tried = existing(run(store.next_delivery("t"))).after(Attempt(1, 100, 500, None))
    run(store.save_delivery(tried))
    run(store.change_task("t", "kling", "task-1", lambda task: (task, deliveries_of(task))))
    assert run(store.deliveries("t", task_id="task-1", offset=0, limit=9)) == (tried,)
    run(store.change_task("t", "kling", "task-1", lambda task: (task, ())))
    assert run(store.deliveries("t", task_id="task-1", offset=0, limit=9)) == (tried,)


def test_a_change_of_what_is_not_there_is_never_asked_for(store: Store, run: Run) -> None:
    def change(task: Task) -> tuple[Task, Sequence[Delivery]]:
        raise AssertionError(task)

    assert run(store.change_task("t", "kling", "task-1", change)) is None


def test_a_change_cannot_make_another_task_of_it_nor_take_its_external_id(
    store: Store, run: Run, make_task: MakeTask
) -> None:
    add(run, store, make_task(1, external_id="one"))
    add(run, store, make_task(2, external_id="two"))
    before = run(store.task("t", "kling", "task-1"))
    with pytest.raises(ValueError, match="task-1"):
        run(store.change_task("t", "kling", "task-1", lambda task: (replace(task, number=9), ())))
    with pytest.raises(ExternalIdTaken):
        run(store.change_task("t", "kling", "task-1", lambda task: (replace(task, external_id="two"), ())))
    assert run(store.task("t", "kling", "task-1")) == before
    assert len(run(store.deliveries("t", task_id="task-1", offset=0, limit=9))) == 1


def test_a_changed_task_is_found_by_what_it_has_now(store: Store, run: Run, make_task: MakeTask) -> None:
    add(run, store, make_task(1, external_id="old", result_id="before"))
    run(
        store.change_task(
            "t", "kling", "task-1", lambda task: (replace(task, external_id="new", result_id="after"), ())
        )
    )
    assert run(store.task_by_external_id("t", "kling", "old")) is None
    assert run(store.find_result("before")) is None
    assert run(store.task_by_external_id("t", "kling", "new")) == run(store.find_result("after"))


def test_the_next_delivery_is_the_one_due_first_then_the_lower_number(
    store: Store, run: Run, make_task: MakeTask
) -> None:
    for number, ends_ms in ((2, 50), (1, 50), (3, None), (4, 70)):
        add(run, store, make_task(number, ends_ms=ends_ms))
    sent = []
    while (delivery := run(store.next_delivery("t"))) is not None:
        sent.append(delivery.task_id)
        run(store.save_delivery(delivery.after(Attempt(1, 0, 200, None))))
    assert sent == ["task-1", "task-2", "task-4"]
    assert run(store.tenants_with_pending_deliveries()) == ()
    assert len(run(store.deliveries("t", task_id=None, offset=0, limit=9))) == 4


def test_a_delivery_put_back_by_hand_is_next_again(store: Store, run: Run, make_task: MakeTask) -> None:
    add(run, store, make_task(1))
    done = existing(run(store.next_delivery("t"))).after(Attempt(1, 0, 204, None))
    run(store.save_delivery(done))
    run(store.save_delivery(done.again(300)))
    assert run(store.next_delivery("t")) == done.again(300)
    assert run(store.tenants_with_pending_deliveries()) == ("t",)


def test_saving_a_delivery_that_is_not_there_does_nothing(
    store: Store, run: Run, make_task: MakeTask
) -> None:
    (unknown,) = deliveries_of(make_task(1))
    run(store.save_delivery(unknown))
    assert run(store.deliveries("t", task_id=None, offset=0, limit=sys.maxsize)) == ()


def test_the_journal_keeps_the_newest_and_counts_the_rest(
    store: Store, run: Run, make_entry: MakeEntry
) -> None:
    for number in range(1, 9):
        run(store.append(make_entry(number)))
    page = run(store.journal("t"))
    assert numbers(page) == [4, 5, 6, 7, 8]
    assert page.dropped == 3
    assert run(store.journal("other")).dropped == 0


def test_the_journal_is_in_order_of_number_whatever_ended_first(
    store: Store, run: Run, make_entry: MakeEntry
) -> None:
    for number in (1, 3, 4, 2):
        run(store.append(make_entry(number)))
    assert numbers(run(store.journal("t"))) == [1, 2, 3, 4]
    assert numbers(run(store.journal("t", after=1, limit=2))) == [2, 3]


def test_the_journal_can_be_asked_for_one_task_and_for_violations(
    store: Store, run: Run, make_entry: MakeEntry
) -> None:
    run(store.append(make_entry(1, task_id="a")))
    run(store.append(make_entry(2, violations=1)))
    run(store.append(make_entry(3, task_id="a", violations=2)))
    assert numbers(run(store.journal("t", task_id="a"))) == [1, 3]
    assert numbers(run(store.journal("t", only_violations=True))) == [2, 3]
    both = run(store.journal("t", task_id="a", only_violations=True))
    assert both.entries == (make_entry(3, task_id="a", violations=2),)


def furnish(run: Run, store: Store, make_task: MakeTask, make_entry: MakeEntry) -> None:
    """Something of every part."""
    run(store.next_number("t", "task"))
    add(run, store, make_task(1))
    run(store.add_session(Session("s", "t", "kling", 1, "u", "", FACTS, ())))
    run(store.add_speech(Speech("a", "t", "kling", 1, "hello", FACTS)))
    run(store.append(make_entry(1)))
    run(store.save_media("t", "u", FACTS))
    run(store.save_world(World("t", 7, Clock(ClockMode.REAL, 0, 0, 1.0))))


def parts_left(run: Run, store: Store) -> set[Part]:
    """Which parts of tenant "t" still hold something; TASKS only if all that goes with it does."""
    of_tasks = (
        run(store.task("t", "kling", "task-1")),
        run(store.find_result("result-1")),
        run(store.next_delivery("t")),
        run(store.session("t", "kling", "s")),
        run(store.speech("t", "kling", "a")),
        run(store.find_speech("a")),
    )
    assert all(of_tasks) or not any(of_tasks)
    found: dict[Part, object] = {
        Part.TASKS: of_tasks[0],
        Part.JOURNAL: run(store.journal("t")).entries,
        Part.MEDIA: run(store.all_media("t")),
        Part.WORLD: run(store.worlds()),
    }
    return {part for part, value in found.items() if value}


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("tenant", ["t", None])
def test_a_reset_forgets_what_it_names_and_nothing_else(
    store: Store, run: Run, make_task: MakeTask, make_entry: MakeEntry, part: Part, tenant: str | None
) -> None:
    furnish(run, store, make_task, make_entry)
    run(store.reset("other", tuple(Part)))
    assert parts_left(run, store) == set(Part)
    run(store.reset(tenant, {part}))
    assert parts_left(run, store) == set(Part) - {part}


def test_counters_start_again_once_nothing_carries_a_number(store: Store, run: Run) -> None:
    assert [run(store.next_number("t", "task")) for _ in range(3)] == [1, 2, 3]
    for parts in ({Part.TASKS}, {Part.JOURNAL}, {Part.WORLD, Part.MEDIA}):
        run(store.reset("t", parts))
    assert run(store.next_number("t", "task")) == 4
    run(store.reset("t", {Part.TASKS, Part.JOURNAL}))
    assert run(store.next_number("t", "task")) == 1


def test_an_emptied_journal_has_dropped_nothing(store: Store, run: Run, make_entry: MakeEntry) -> None:
    for number in range(1, 9):
        run(store.append(make_entry(number)))
    run(store.reset("t", {Part.JOURNAL}))
    run(store.append(make_entry(9)))
    page = run(store.journal("t"))
    assert (numbers(page), page.dropped) == ([9], 0)
