"""The law of the stores: memory, SQLite and a model of plain lists give equal answers to any calls.

SQLite is closed and opened again in between. ``LIPFLAP_LAW_EXAMPLES`` and ``LIPFLAP_LAW_STEPS`` make the
search longer.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from contracts.model import Violation
from mock_server.core.clock import Clock, ClockMode
from mock_server.core.delivery import Attempt, Delivery, DeliveryState, deliveries_of
from mock_server.core.journal import Entry, EntryKind
from mock_server.core.media import Interval, MediaFacts, MediaFormat
from mock_server.core.plan import TERMINAL_STAGES, Failure, Plan, Stage, Step
from mock_server.core.session import Face, Session, Speech
from mock_server.core.task import Clip, Task, TaskKind
from mock_server.core.world import World
from mock_server.stores import ExternalIdTaken, JournalPage, Part, SlotsFull, Store, open_store

JOURNAL_CAP = 4
FAR = 10**9

Change = Callable[[Task], tuple[Task, Sequence[Delivery]]]


class Model:
    """A store in the fewest words: lists, searched from end to end."""

    def __init__(self) -> None:
        self.world_by_tenant: dict[str, World] = {}
        self.counters: Counter[tuple[str, str]] = Counter()
        self.tally_list: list[tuple[str, str]] = []
        self.sessions: list[Session] = []
        self.speeches: list[Speech] = []
        self.task_list: list[Task] = []
        self.delivery_list: list[Delivery] = []
        self.media_by_url: dict[tuple[str, str], MediaFacts] = {}
        self.entries: list[Entry] = []
        self.dropped: Counter[str] = Counter()

    def worlds(self) -> tuple[World, ...]:
        return tuple(self.world_by_tenant[name] for name in sorted(self.world_by_tenant))

    def world(self, tenant: str) -> World | None:
        return self.world_by_tenant.get(tenant)

    def save_world(self, world: World) -> None:
        self.world_by_tenant[world.tenant] = world

    def next_number(self, tenant: str, counter: str) -> int:
        self.counters[tenant, counter] += 1
        return self.counters[tenant, counter]

    def tally(self, tenant: str, name: str) -> int:
        self.tally_list.append((tenant, name))
        return self.tally_list.count((tenant, name))

    def tallies(self, tenant: str) -> dict[str, int]:
        return dict(sorted(Counter(name for owner, name in self.tally_list if owner == tenant).items()))

    def forget_tallies(self, tenant: str, names: Collection[str]) -> None:
        self.tally_list = [
            (owner, name) for owner, name in self.tally_list if owner != tenant or name not in names
        ]

    def add_session(self, session: Session) -> None:
        key = (session.tenant, session.provider, session.id)
        self.sessions = [s for s in self.sessions if (s.tenant, s.provider, s.id) != key]
        self.sessions.append(session)

    def session(self, tenant: str, provider: str, session_id: str) -> Session | None:
        key = (tenant, provider, session_id)
        return next((s for s in self.sessions if (s.tenant, s.provider, s.id) == key), None)

    def add_speech(self, speech: Speech) -> None:
        self.speeches = [s for s in self.speeches if s.id != speech.id]
        self.speeches.append(speech)

    def speech(self, tenant: str, provider: str, speech_id: str) -> Speech | None:
        key = (tenant, provider, speech_id)
        return next((s for s in self.speeches if (s.tenant, s.provider, s.id) == key), None)

    def find_speech(self, speech_id: str) -> Speech | None:
        return next((s for s in self.speeches if s.id == speech_id), None)

    def _of(self, tenant: str, provider: str) -> list[Task]:
        return [task for task in self.task_list if (task.tenant, task.provider) == (tenant, provider)]

    def _require_free(self, task: Task) -> None:
        for other in self._of(task.tenant, task.provider):
            if task.external_id is not None and other.external_id == task.external_id and other.id != task.id:
                raise ExternalIdTaken

    def add_task(self, task: Task, deliveries: Sequence[Delivery], *, slots: int | None, now_ms: int) -> None:
        rivals = self._of(task.tenant, task.provider)
        if any(other.id == task.id for other in rivals):
            raise ValueError
        self._require_free(task)
        holders = [other for other in rivals if other.holds_slot]
        active = [other for other in holders if not other.plan.at(now_ms).stage.is_terminal]
        if task.holds_slot and slots is not None and len(active) >= slots:
            raise SlotsFull
        self.task_list.append(task)
        self.delivery_list += deliveries

    def task(self, tenant: str, provider: str, task_id: str) -> Task | None:
        return next((task for task in self._of(tenant, provider) if task.id == task_id), None)

    def task_by_external_id(self, tenant: str, provider: str, external_id: str) -> Task | None:
        return next((task for task in self._of(tenant, provider) if task.external_id == external_id), None)

    def task_by_result_id(self, tenant: str, provider: str, result_id: str) -> Task | None:
        found = (
            task for task in self._of(tenant, provider) if result_id in (task.result_id, task.upstream_id)
        )
        return next(found, None) if result_id else None

    def find_result(self, result_id: str) -> Task | None:
        return next((task for task in self.task_list if result_id and task.result_id == result_id), None)

    def tasks(
        self, tenant: str, *, provider: str | None, kinds: Collection[TaskKind], offset: int, limit: int
    ) -> tuple[Task, ...]:
        found = [task for task in self.task_list if task.tenant == tenant and task.kind in kinds]
        found = [task for task in found if provider in {None, task.provider}]
        return tuple(sorted(found, key=lambda task: -task.number)[offset : offset + limit])

    def change_task(self, tenant: str, provider: str, task_id: str, change: Change) -> Task | None:
        before = self.task(tenant, provider, task_id)
        if before is None:
            return None
        after, proposed = change(before)
        self._require_free(after)
        self.task_list[self.task_list.index(before)] = after
        of_task = [delivery for delivery in self.delivery_list if is_of(delivery, before)]
        others = [delivery for delivery in self.delivery_list if not is_of(delivery, before)]
        fixed = [d for d in of_task if d.attempts or d.state is not DeliveryState.PENDING]
        fixed_ids = {delivery.id for delivery in fixed}
        self.delivery_list = [*others, *fixed, *(d for d in proposed if d.id not in fixed_ids)]
        return after

    def next_delivery(self, tenant: str) -> Delivery | None:
        waiting = [d for d in self.delivery_list if d.tenant == tenant and is_waiting(d)]
        return min(waiting, key=lambda d: (d.due_ms or 0, d.number, d.id), default=None)

    def delivery(self, tenant: str, delivery_id: str) -> Delivery | None:
        key = (tenant, delivery_id)
        return next((d for d in self.delivery_list if (d.tenant, d.id) == key), None)

    def deliveries(
        self, tenant: str, *, task_id: str | None, offset: int, limit: int
    ) -> tuple[Delivery, ...]:
        found = [d for d in self.delivery_list if d.tenant == tenant and task_id in {None, d.task_id}]
        return tuple(sorted(found, key=lambda d: (d.number, d.id))[offset : offset + limit])

    def save_delivery(self, delivery: Delivery) -> None:
        key = (delivery.tenant, delivery.id)
        self.delivery_list = [delivery if (d.tenant, d.id) == key else d for d in self.delivery_list]

    def tenants_with_pending_deliveries(self) -> tuple[str, ...]:
        return tuple(sorted({d.tenant for d in self.delivery_list if is_waiting(d)}))

    def save_media(self, tenant: str, url: str, facts: MediaFacts) -> None:
        self.media_by_url[tenant, url] = facts

    def media(self, tenant: str, url: str) -> MediaFacts | None:
        return self.media_by_url.get((tenant, url))

    def all_media(self, tenant: str) -> tuple[tuple[str, MediaFacts], ...]:
        return tuple(
            (key[1], self.media_by_url[key]) for key in sorted(self.media_by_url) if key[0] == tenant
        )

    def append(self, entry: Entry) -> None:
        self.entries = sorted([*self.entries, entry], key=lambda kept: kept.number)
        of_tenant = [kept for kept in self.entries if kept.tenant == entry.tenant]
        if len(of_tenant) > JOURNAL_CAP:
            self.entries = [kept for kept in self.entries if kept is not of_tenant[0]]
            self.dropped[entry.tenant] += 1

    def journal(
        self, tenant: str, *, after: int, limit: int, task_id: str | None, only_violations: bool
    ) -> JournalPage:
        found = [entry for entry in self.entries if entry.tenant == tenant and entry.number > after]
        found = [entry for entry in found if task_id in {None, entry.task_id}]
        found = [entry for entry in found if entry.violations or not only_violations]
        return JournalPage(tuple(found[:limit]), self.dropped[tenant])

    def reset(self, tenant: str | None, parts: Collection[Part]) -> None:
        def stays(owner: str, *needed: Part) -> bool:
            return tenant not in {None, owner} or not set(needed) <= set(parts)

        self.sessions = [s for s in self.sessions if stays(s.tenant, Part.TASKS)]
        self.speeches = [s for s in self.speeches if stays(s.tenant, Part.TASKS)]
        self.task_list = [task for task in self.task_list if stays(task.tenant, Part.TASKS)]
        self.delivery_list = [d for d in self.delivery_list if stays(d.tenant, Part.TASKS)]
        self.entries = [entry for entry in self.entries if stays(entry.tenant, Part.JOURNAL)]
        self.dropped = Counter({t: n for t, n in self.dropped.items() if stays(t, Part.JOURNAL)})
        self.media_by_url = {key: f for key, f in self.media_by_url.items() if stays(key[0], Part.MEDIA)}
        self.tally_list = [row for row in self.tally_list if stays(row[0], Part.WORLD)]
        self.world_by_tenant = {t: w for t, w in self.world_by_tenant.items() if stays(t, Part.WORLD)}
        self.counters = Counter(
            {key: n for key, n in self.counters.items() if stays(key[0], Part.TASKS, Part.JOURNAL)}
        )


def is_of(delivery: Delivery, task: Task) -> bool:
    return (delivery.tenant, delivery.provider, delivery.task_id) == (task.tenant, task.provider, task.id)


def is_waiting(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.PENDING and delivery.due_ms is not None


# so few values that what is drawn meets
TENANTS = st.sampled_from(["ta", "ta", "tb"])
PROVIDERS = st.sampled_from(["kling", "kling", "gmi"])
TALLIES = st.sampled_from(["seen f1 ", "fired f1"])
NUMBERS = st.integers(1, 6)
MOMENTS = st.integers(0, 4)
POSITIONS = st.integers(0, 7)
URLS = st.sampled_from(["https://a.test/é", "https://a.test/\U0001f600", "https://a.test/\uffff", ""])
EXTERNAL_IDS = st.sampled_from([None, None, None, "e1", "e2", ""])
FACTS = st.builds(
    MediaFacts,
    st.sampled_from(MediaFormat),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
    st.text(max_size=4).map(lambda text: text.encode("utf-8", "replace").decode()),
    faces=st.none() | st.lists(st.builds(Interval, MOMENTS, MOMENTS), max_size=2).map(tuple),
    blob=st.none() | st.just("b"),
)
FAILURES = st.none() | st.builds(Failure, st.just("internal"), st.just("it broke"))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Three steps: by time, or the last or the last two by polls. Or two, and then there is no end."""
    start, middle, end = sorted(draw(st.tuples(MOMENTS, MOMENTS, MOMENTS)))
    by_polls = draw(st.integers(0, 2))
    last = draw(st.sampled_from([Stage.SUCCEEDED, Stage.FAILED]))
    steps = (
        Step(Stage.SUBMITTED, start),
        Step(Stage.PROCESSING, None, 1) if by_polls == 2 else Step(Stage.PROCESSING, middle),
        Step(last, None, 2) if by_polls else Step(last, end),
    )
    return Plan(steps[: draw(st.sampled_from([3, 3, 3, 2]))], draw(FAILURES))


@dataclass(frozen=True)
class Wish:
    """What is drawn of a task, and how it is added."""

    provider: str
    kind: TaskKind
    plan: Plan
    external_id: str | None
    has_callback: bool
    holds_slot: bool
    has_ids: bool
    reuses_id: bool
    audio: MediaFacts
    slots: int | None
    now_ms: int


WISHES = st.builds(
    Wish,
    PROVIDERS,
    st.sampled_from(TaskKind),
    plans(),
    EXTERNAL_IDS,
    st.booleans(),
    st.sampled_from([True, True, False]),
    st.booleans(),
    st.sampled_from([False, False, False, True]),
    FACTS,
    st.sampled_from([None, 1, 1, 2, 0]),
    MOMENTS,
)


def task_of(tenant: str, number: int, wish: Wish) -> Task:
    """Deliveries are named after their task, so of two tasks with one name only the first may have some."""
    return Task(
        id=f"task-{max(1, number - 1) if wish.reuses_id else number}",
        tenant=tenant,
        provider=wish.provider,
        kind=wish.kind,
        number=number,
        plan=wish.plan,
        base_url="http://127.0.0.1:1",
        request=bytes(range(number % 256)),
        external_id=wish.external_id,
        callback_url="http://127.0.0.1:9/" if wish.has_callback and not wish.reuses_id else None,
        callback_stages=(Stage.SUBMITTED, Stage.PROCESSING, *TERMINAL_STAGES),
        holds_slot=wish.holds_slot,
        result_id=f"{tenant}-result-{number}" if wish.has_ids else "",
        upstream_id=f"{tenant}-behind-{number}" if wish.has_ids else "",
        clips=(Clip("0", wish.audio, 0, 1, 2, 0.5),),
    )


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """A pure change (a poll, an end by hand, other ids, nothing) with all, some or none of its deliveries."""
    now_ms = draw(MOMENTS)
    external_id = draw(EXTERNAL_IDS)
    change_of: Callable[[Task], Task] = draw(
        st.sampled_from(
            [
                lambda task: task.polled(now_ms),
                lambda task: task.ended(Stage.CANCELLED, now_ms),
                lambda task: replace(task, external_id=external_id),
                lambda task: replace(
                    task, result_id=f"{task.tenant}-changed-{task.number}", holds_slot=not task.holds_slot
                ),
                lambda task: task,
            ]
        )
    )
    kept = draw(st.sampled_from([slice(None), slice(1, None), slice(0, 0)]))

    def change(task: Task) -> tuple[Task, Sequence[Delivery]]:
        changed = change_of(task)
        return changed, deliveries_of(changed)[kept]

    return change


class StoresAgree(RuleBasedStateMachine):
    """Every rule asks all three the same thing."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.model = Model()
        self.memory = open_store("memory", journal_cap=JOURNAL_CAP)
        self.memory.open()
        self.open_sqlite()

    def open_sqlite(self) -> None:
        url = f"sqlite:///{Path(self.folder.name) / 'store.db'}"
        self.sqlite = open_store(url, journal_cap=JOURNAL_CAP)
        self.sqlite.open()

    def teardown(self) -> None:
        self.sqlite.close()
        self.folder.cleanup()

    def outcome(self, store: Store | Model, method: str, *args: object, **options: object) -> object:
        try:
            return getattr(store, method)(*args, **options)
        except (ExternalIdTaken, SlotsFull, ValueError) as error:
            return type(error)

    def ask(self, method: str, *args: object, **options: object) -> object:
        """The answer, which all three must give alike; an error counts by its type."""
        expected = self.outcome(self.model, method, *args, **options)
        for store in (self.memory, self.sqlite):
            answer = self.outcome(store, method, *args, **options)
            assert answer == expected, (type(store).__name__, method, args, options)
            # equal is not enough: 1 == 1.0, but they are not written alike
            assert repr(answer) == repr(expected)
        return expected

    @rule(is_opened_again=st.booleans())
    def follow_ids(self, is_opened_again: bool) -> None:
        if is_opened_again:
            self.sqlite.close()
            self.open_sqlite()
        for tenant, provider in product(("ta", "tb"), ("gmi", "kling")):
            for number in range(1, 9):
                self.ask("task", tenant, provider, f"task-{number}")
                self.ask("session", tenant, provider, f"s{number}")
                self.ask("speech", tenant, provider, f"{tenant}{provider}{number}")
                self.ask("find_speech", f"{tenant}{provider}{number}")
                for kind in ("result", "changed", "behind"):
                    self.ask("task_by_result_id", tenant, provider, f"{tenant}-{kind}-{number}")
                    self.ask("find_result", f"{tenant}-{kind}-{number}")
            for external_id in ("", "e1", "e2"):
                self.ask("task_by_external_id", tenant, provider, external_id)

    @rule(tenant=TENANTS, counter=st.sampled_from(["request", "session"]), times=st.sampled_from([1, 2, 101]))
    def count(self, tenant: str, counter: str, times: int) -> None:
        for _ in range(times):
            self.ask("next_number", tenant, counter)

    @rule(tenant=TENANTS, name=TALLIES, forgotten=st.none() | st.sets(TALLIES))
    def tally(self, tenant: str, name: str, forgotten: set[str] | None) -> None:
        self.ask("tally", tenant, name)
        self.ask("tallies", tenant)
        if forgotten is not None:
            self.ask("forget_tallies", tenant, forgotten)
            self.ask("tallies", tenant)

    @rule(
        tenant=TENANTS,
        provider=PROVIDERS,
        number=NUMBERS,
        text=URLS,
        facts=FACTS,
        clock=st.builds(Clock, st.sampled_from(ClockMode), MOMENTS, MOMENTS, st.just(0.5)),
    )
    def keep(
        self, tenant: str, provider: str, number: int, text: str, facts: MediaFacts, clock: Clock
    ) -> None:
        faces = (Face("0", Interval(0, number)),)
        self.ask("save_world", World(tenant, number, clock, {"a.b": text}))
        self.ask("worlds")
        self.ask("add_session", Session(f"s{number}", tenant, provider, number, text, "", facts, faces))
        # ids of clips are made of tenant, provider and number, so that two owners never share one
        self.ask("add_speech", Speech(f"{tenant}{provider}{number}", tenant, provider, number, text, facts))
        self.ask("save_media", tenant, text, facts)

    @rule(tenant=TENANTS, wishes=st.lists(WISHES, min_size=2, max_size=6))
    def add_tasks(self, tenant: str, wishes: list[Wish]) -> None:
        for wish in wishes:
            number = self.ask("next_number", tenant, "task")
            assert isinstance(number, int)
            task = task_of(tenant, number, wish)
            self.ask("add_task", task, deliveries_of(task), slots=wish.slots, now_ms=wish.now_ms)

    @rule(
        provider=st.none() | PROVIDERS,
        kinds=st.sets(st.sampled_from(TaskKind)),
        offset=st.integers(0, 3),
        limit=st.sampled_from([0, 1, 2, 10**30]),
        task_id=st.sampled_from([None, "task-1"]),
        only_violations=st.booleans(),
    )
    def turn_pages(
        self,
        provider: str | None,
        kinds: set[TaskKind],
        offset: int,
        limit: int,
        task_id: str | None,
        only_violations: bool,
    ) -> None:
        for tenant in ("ta", "tb"):
            self.ask("tasks", tenant, provider=provider, kinds=kinds, offset=offset, limit=limit)
            self.ask("deliveries", tenant, task_id=task_id, offset=offset, limit=limit)
            wanted = {"limit": limit, "task_id": task_id, "only_violations": only_violations}
            for after in range(7):
                self.ask("journal", tenant, after=after, **wanted)

    @rule(wanted=st.lists(st.tuples(POSITIONS, changes()), min_size=1, max_size=4))
    def change_tasks(self, wanted: list[tuple[int, Change]]) -> None:
        for position, change in wanted:
            for task in self.model.task_list[position : position + 1]:
                self.ask("change_task", task.tenant, task.provider, task.id, change)
            self.ask("change_task", "ta", "kling", "unknown", change)

    @rule(
        made=st.lists(
            st.tuples(POSITIONS, st.sampled_from([None, 200, 500]), MOMENTS, st.booleans()),
            min_size=1,
            max_size=4,
        )
    )
    def attempt(self, made: list[tuple[int, int | None, int, bool]]) -> None:
        for position, status, at_ms, is_put_back in made:
            for delivery in self.model.delivery_list[position : position + 1]:
                tried = delivery.after(Attempt(len(delivery.attempts) + 1, at_ms, status, None))
                self.ask("save_delivery", tried.again(at_ms) if is_put_back else tried)
                self.ask("delivery", delivery.tenant, delivery.id)
        unknown = Delivery("unknown", "ta", "kling", "task-1", 1, Stage.FAILED, "", 0)
        self.ask("save_delivery", unknown)

    @rule(
        tenant=TENANTS,
        entries=st.lists(st.tuples(NUMBERS, st.sampled_from([None, "task-1"]), st.booleans()), max_size=6),
    )
    def append(self, tenant: str, entries: list[tuple[int, str | None, bool]]) -> None:
        for number, task_id, is_wrong in entries:
            entry = Entry(
                tenant,
                number,
                len(self.model.entries),
                EntryKind.EXCHANGE,
                "kling",
                "op",
                "GET",
                "/",
                200,
                headers=(("a", "\xe9"),),
                request=b"\xff",
                task_id=task_id,
                violations=(Violation("p", "r", "m"),) if is_wrong else (),
            )
            self.ask("append", entry)

    @rule(tenant=st.none() | TENANTS, parts=st.sets(st.sampled_from(Part), max_size=2))
    def reset(self, tenant: str | None, parts: set[Part]) -> None:
        self.ask("reset", tenant, parts)

    @invariant()
    def lists_are_equal(self) -> None:
        # without the journal: reading it has SQLite write what waits
        self.ask("tenants_with_pending_deliveries")
        for tenant in ("ta", "tb"):
            self.ask("world", tenant)
            self.ask("all_media", tenant)
            self.ask("media", tenant, "")
            self.ask("next_delivery", tenant)
            self.ask("deliveries", tenant, task_id=None, offset=0, limit=FAR)
            self.ask("tasks", tenant, provider=None, kinds=tuple(TaskKind), offset=0, limit=FAR)


TestStoresAgree = StoresAgree.TestCase
TestStoresAgree.settings = settings(
    max_examples=int(os.environ.get("LIPFLAP_LAW_EXAMPLES", "30")),
    stateful_step_count=int(os.environ.get("LIPFLAP_LAW_STEPS", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
