"""A state machine that uses a server in any order, and a model of what must be true of it after every step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.conform.exchange import Caller, Exchange
from contracts.conform.job import SOUND_FACTS, VIDEO_FACTS, session
from contracts.conform.lab import Lab
from contracts.conform.surfaces.surface import Order, Told, is_end

RUNNING_AT_MOST = 3
"""Tasks that run at once: within the smallest number of slots that a provider documents."""


class Broken(AssertionError):
    """The server did what the model says it cannot."""


class ServerMachine(RuleBasedStateMachine):
    """Identify, submit, poll, list, cancel and ask for what is not there; ``bench`` gives each story a lab.

    The model knows of each task what was last told of it. It never guesses how far a task has come: only that it
    never goes back, that it ends as it ended, and that it is ours.
    """

    bench: ClassVar[Lab]
    tasks = Bundle("tasks")

    def __init__(self) -> None:
        super().__init__()
        self.lab = self.bench
        self.known: dict[str, Told] = {}
        self.external: dict[str, str] = {}
        self.session_id = ""

    @initialize()
    def begin(self) -> None:
        begin_story(self.lab)
        self.session_id, answer = session(self.lab, self.lab.video.having(**VIDEO_FACTS))
        _must(bool(self.session_id), "identify-face opens no session", answer)

    @precondition(lambda self: self.running < RUNNING_AT_MOST)
    @rule(target=tasks, end_ms=st.integers(2000, 6000), insert_ms=st.integers(0, 4000))
    def submit(self, end_ms: int, insert_ms: int) -> str:
        external_id = self.lab.fresh("machine") if self.lab.surface.has_external_ids else ""
        answer = self._submitted(end_ms, insert_ms, external_id)
        told = self.lab.surface.told(answer.body)
        _must(answer.is_fine and told is not None, "a submit in order is refused", answer)
        assert told is not None, "as just held"
        _must(told.id not in self.known, "a task id is given a second time", answer)
        self.known[told.id] = told
        self.external[told.id] = external_id
        return told.id

    @precondition(lambda self: self.lab.surface.has_external_ids)
    @rule(task=tasks)
    def submit_again(self, task: str) -> None:
        answer = self._submitted(3000, 0, self.external[task])
        _must(not answer.is_fine, "an external id is taken a second time", answer)

    @rule(task=tasks)
    def poll(self, task: str) -> None:
        self._learn(task, self.lab.ask(self.lab.surface.poll(task)))

    @rule(task=tasks, seconds=st.integers(1, 5))
    def wait_and_poll(self, task: str, seconds: int) -> None:
        self.lab.clock.advance(seconds)
        self.poll(task)

    @precondition(lambda self: self.lab.target.other_key)
    @rule(task=tasks)
    def poll_as_another(self, task: str) -> None:
        answer = self.lab.ask(self.lab.surface.poll(task), Caller.OTHER)
        _must(not answer.is_fine, "another customer is shown a task of ours", answer)

    @rule()
    def poll_nothing(self) -> None:
        answer = self.lab.ask(self.lab.surface.poll(self.lab.surface.unknown_task))
        _must(not answer.is_fine, "a task is shown that nobody made", answer)

    @precondition(lambda self: self.lab.surface.listing() is not None)
    @rule()
    def list_all(self) -> None:
        listing = self.lab.surface.listing()
        assert listing is not None, "as just held"
        answer = self.lab.ask(listing)
        rows: Mapping[str, Told] = {row.id: row for row in self.lab.surface.listed(answer.body)}
        for task in self.known:
            _must(task in rows, f"task {task} is missing in the list", answer)
            self._compare(self.known[task], rows[task], answer)
            self.known[task] = rows[task]

    @precondition(lambda self: self.lab.surface.cancel("") is not None)
    @rule(task=tasks)
    def cancel(self, task: str) -> None:
        request = self.lab.surface.cancel(task)
        assert request is not None, "as just held"
        self.poll(task)
        was_over = self._is_over(task)
        answer = self.lab.ask(request)
        if was_over and self.known[task].word != "cancelled":
            _must(answer.status == 409, "a task that has ended is cancelled", answer)
        elif answer.is_fine:
            self._learn(task, answer)
            _must(self.known[task].word == "cancelled", "a cancelled task has another status", answer)

    @invariant()
    def no_answer_is_a_bad_day(self) -> None:
        if self.lab.exchanges:
            last = self.lab.exchanges[-1]
            _must(0 < last.status < 500, "the server does not answer as it should", last)

    @property
    def running(self) -> int:
        return sum(not self._is_over(task) for task in self.known)

    def _is_over(self, task: str) -> bool:
        return is_end(self.lab.surface, self.known[task].word)

    def _submitted(self, end_ms: int, insert_ms: int, external_id: str) -> Exchange:
        sound = self.lab.sound.having(**SOUND_FACTS)
        order = Order(self.session_id, sound, 0, end_ms, insert_ms, external_id=external_id)
        return self.lab.ask(self.lab.surface.submit(order))

    def _learn(self, task: str, answer: Exchange) -> None:
        told = self.lab.surface.told(answer.body)
        _must(answer.is_fine and told is not None, f"task {task} of ours is not shown", answer)
        assert told is not None, "as just held"
        self._compare(self.known[task], told, answer)
        self.known[task] = told

    def _compare(self, before: Told, now: Told, answer: Exchange) -> None:
        surface, ranks = self.lab.surface, self.lab.surface.ranks
        _must(now.id == before.id, f"task {now.id} is shown for {before.id}", answer)
        _must(now.word in ranks, f"the status {now.word!r} is none that is documented", answer)
        _must(now.created == before.created, f"task {now.id} was made at another time", answer)
        if is_end(surface, before.word):
            _must(
                now.word == before.word, f"task {now.id} ended as {before.word}, then is {now.word}", answer
            )
        _must(ranks[now.word] >= ranks[before.word], f"task {now.id} goes back to {now.word}", answer)


def begin_story(lab: Lab) -> None:
    """Every story begins with nothing running and nothing said; where that hurts nobody, what was made is forgotten."""
    lab.clock.settle()
    if lab.forget:
        lab.forget()
    lab.exchanges.clear()


def _must(is_so: bool, says: str, answer: Exchange) -> None:
    if not is_so:
        raise Broken(f"{says}: {answer.quote()}")
