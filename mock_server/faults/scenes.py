"""Set the scene for a hook: from a request, from a download, from a callback."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mock_server.core.errors import Refused
from mock_server.core.fault import Occasion
from mock_server.core.ids import Choices
from mock_server.core.journal import Entry
from mock_server.core.plan import Stage
from mock_server.core.task import Task, TaskKind
from mock_server.core.world import World
from mock_server.faults.firing import Firing
from mock_server.faults.model import Scene
from mock_server.flow.call import Answer, Call, Headers
from mock_server.providers.base import Provider
from mock_server.stores.base import Store

SceneOf = Callable[[Firing], Scene]
_LIP_SYNC = (TaskKind.LIP_SYNC, TaskKind.LEGACY_LIP_SYNC)
_PAGE = 500


def scenes_of_call(
    store: Store, provider: Provider, call: Call, occasion: Occasion, task: Task | None
) -> SceneOf:
    """Scenes of one request to a provider."""

    def refuse(refused: Refused) -> Answer:
        call.error, call.violations = refused.error, refused.violations
        return provider.refusal(call, refused)

    def scene_of(firing: Firing) -> Scene:
        return Scene(
            occasion=occasion,
            contract=provider.contract,
            anatomy=provider.anatomy,
            now_ms=call.now_ms,
            nth=firing.nth,
            params=params_of(firing),
            choices=choices_of(firing, call.home),
            method=call.method,
            path=call.path,
            headers=call.headers,
            base_url=call.base_url,
            body=call.body,
            task=task,
            refuse=refuse,
            journal=journal_of(store, call.tenant),
            raw=call.raw,
            token_now_s=call.token_now_s,
            tasks=tasks_of(store, call.tenant, provider.name),
        )

    return scene_of


def scenes_of_task(
    store: Store,
    provider: Provider,
    world: World,
    occasion: Occasion,
    task: Task,
    now_ms: int,
    method: str = "",
    path: str = "",
    headers: Headers | None = None,
    base_url: str = "",
    announced: Stage | None = None,
) -> SceneOf:
    """Scenes of a download of a task's result, or of its callback: there is no provider's call then."""

    def refuse(refused: Refused) -> Answer:
        row = provider.contract.errors[refused.error]
        return Answer(row.http_status, b'{"error": "%s"}' % refused.error.encode())

    def scene_of(firing: Firing) -> Scene:
        return Scene(
            occasion=occasion,
            contract=provider.contract,
            anatomy=provider.anatomy,
            now_ms=now_ms,
            nth=firing.nth,
            params=params_of(firing),
            choices=choices_of(firing, world),
            method=method,
            path=path,
            headers=headers or Headers(()),
            base_url=base_url or task.base_url,
            body=None,
            task=task,
            refuse=refuse,
            journal=journal_of(store, world.tenant),
            announced=announced,
        )

    return scene_of


def params_of(firing: Firing) -> dict[str, str | int | float | bool]:
    """Every param of the fault, as the rule gives it or by default."""
    return {**{param.name: param.default for param in firing.fault.params}, **firing.rule.params}


def choices_of(firing: Firing, world: World) -> Choices:
    """Where a hook draws from: the rule's seed, else the world's."""
    seed = world.seed if firing.rule.seed is None else firing.rule.seed
    return Choices(seed, f"{world.tenant} {firing.rule.fault}")


def journal_of(store: Store, tenant: str) -> Callable[[], Sequence[Entry]]:
    """Reads the tenant's journal when asked."""

    def read() -> Sequence[Entry]:
        entries: list[Entry] = []
        while True:
            page = store.journal(tenant, after=entries[-1].number if entries else 0)
            if not page.entries:
                return entries
            entries.extend(page.entries)

    return read


def tasks_of(store: Store, tenant: str, provider: str) -> Callable[[], Sequence[Task]]:
    """Reads the tenant's lip-sync tasks at one provider when asked."""

    def read() -> Sequence[Task]:
        tasks: list[Task] = []
        while page := store.tasks(tenant, provider=provider, kinds=_LIP_SYNC, offset=len(tasks), limit=_PAGE):
            tasks.extend(page)
        return tasks

    return read
