"""The faults at work on requests: between a provider's own checks and its handler, and on what comes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from msgspec.structs import replace

from mock_server.core.errors import Refused
from mock_server.core.fault import FaultRule, Occasion
from mock_server.core.task import Task
from mock_server.faults.asked import HEADER, Asked, asked_rules
from mock_server.faults.beginning import begun
from mock_server.faults.book import Book, Target
from mock_server.faults.firing import Firing, needs_binding
from mock_server.faults.grammar import Grammar
from mock_server.faults.model import OnAnswer, OnWire
from mock_server.faults.scenes import SceneOf, scenes_of_call
from mock_server.faults.staging import holds_reply, prepare, rendered, sift
from mock_server.flow.call import Answer, Call
from mock_server.flow.simulator import Simulator
from mock_server.providers.base import Handler, Provider

SendDue = Callable[[str, int], Awaitable[None]]
"""Send every callback of a tenant that is due by a moment, and wait for the answers."""


async def _send_nothing(tenant: str, moment_ms: int) -> None:  # noqa: ARG001
    return


class Engine:
    """Bound to one server. ``send_due`` is the outbox's, once there is one."""

    def __init__(self, simulator: Simulator, grammar: Grammar, book: Book) -> None:
        self._simulator = simulator
        self._store = simulator.store
        self.grammar = grammar
        self.book = book
        self.send_due: SendDue = _send_nothing
        self.reads_header = simulator.settings.fault_header

    def is_quiet(self, call: Call) -> bool:
        """Whether no fault can meet this request: the hot path asks nothing more."""
        return not (
            call.home.faults
            or self.book.common
            or call.is_magic
            or (self.reads_header and call.headers.get(HEADER))
        )

    async def answer(self, provider: Provider, call: Call, handle: Handler) -> Answer:
        """The answer to a request that passed its own checks, with whatever faults fire. Raises Refused."""
        occasion = provider.occasion_of(call)
        asked = asked_rules(call, provider.name, occasion, self.grammar, reads_header=self.reads_header)
        if occasion is None:
            return await handle(call)
        task = self._task_at_hand(provider, call, occasion)
        if task is not None:
            # an answer in the handler's place tells the journal too what it was about
            call.task_id = task.id
        scene_of = scenes_of_call(self._store, provider, call, occasion, task)
        firings = self._firings(provider, call, occasion, task, asked, scene_of)
        return await self._played(call, handle, occasion, firings, asked.later, scene_of)

    def _firings(
        self,
        provider: Provider,
        call: Call,
        occasion: Occasion,
        task: Task | None,
        asked: Asked,
        scene_of: SceneOf,
    ) -> tuple[Firing, ...]:
        target = Target(call.home, occasion, provider.name, task.id if task else "", call.path, call.now_ms)

        def counts(firing: Firing) -> bool:
            return firing.fault.counts is None or firing.fault.counts(scene_of(firing))

        firings = self.book.firings(target, counts)
        return (*begun(self._store, call.home, firings, scene_of), *asked.now)

    async def _played(
        self,
        call: Call,
        handle: Handler,
        occasion: Occasion,
        firings: Sequence[Firing],
        later: Sequence[FaultRule],
        scene_of: SceneOf,
    ) -> Answer:
        reply, allowed = sift(self.book, call.tenant, occasion, firings, scene_of)
        call.faults = (*call.faults, *(firing.fault.id for firing in allowed))
        if reply is not None:
            return reply if isinstance(reply, Answer) else Answer(0, b"", script=reply)
        bound = [
            firing.rule for firing in allowed if needs_binding(firing.fault) and not firing.rule.is_bound
        ]
        if later or bound:
            call.on_accept = self._binding(call, (*later, *bound))
        prepare(call, occasion, allowed, scene_of)
        try:
            answer = await handle(call)
        except Refused:
            # a refusal goes out as it is: what would have changed the answer does not act
            idle = {one.fault.id for one in allowed if isinstance(one.fault.hooks[0], OnAnswer | OnWire)}
            call.faults = tuple(fault for fault in call.faults if fault not in idle)
            raise
        if holds_reply(allowed, occasion):
            await self.send_due(call.tenant, call.now_ms)
        return rendered(answer, occasion, allowed, scene_of)

    def _binding(self, call: Call, rules: Sequence[FaultRule]) -> Callable[[Task], Task]:
        """Has ``rules`` hold for the task that is about to be stored."""

        def bind(task: Task) -> Task:
            world = self._store.world(task.tenant) or call.home
            bound = tuple(
                replace(rule, id=f"{rule.id}.{task.id}", task=task.id, is_bound=True) for rule in rules
            )
            self._store.save_world(replace(world, faults=(*world.faults, *bound)))
            return task

        return bind

    def _task_at_hand(self, provider: Provider, call: Call, occasion: Occasion) -> Task | None:
        """The task that the request asks for, after this poll where it is one; None where it asks for none."""
        if occasion not in {Occasion.POLL, Occasion.CANCEL}:
            return None
        either_id = next(iter(call.path_parameters.values()), "")
        task = self._store.task(call.tenant, provider.name, either_id)
        if task is None:
            task = self._store.task_by_external_id(call.tenant, provider.name, either_id)
        return task.polled(call.now_ms) if task and occasion is Occasion.POLL else task
