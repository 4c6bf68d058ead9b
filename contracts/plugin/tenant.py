"""What a test gets: a tenant of its own, and everything to do with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from contracts.plugin.admin import admin_of
from contracts.plugin.clock import Clock
from contracts.plugin.faults import Faults
from contracts.plugin.journal import Journal
from contracts.plugin.media import Media
from contracts.plugin.server import PluginServer
from contracts.witness.admin import Admin, AdminError
from contracts.witness.savings import Spending
from contracts.witness.scenario import catalogue_of
from contracts.witness.witnessed import TaskSeen

if TYPE_CHECKING:
    from contracts.plugin.asgi import AsgiApp
    from contracts.plugin.exchange import Door
    from contracts.plugin.transport import Transport

PROVIDERS = ("kling", "gmi", "kirin")


class _Ledger(Struct):
    accounts: list[Spending]


class _Told(Struct):
    scenario: dict[str, object]


class Lipflap:
    """One tenant of one server. ``url`` and ``key`` are all that a client needs."""

    def __init__(self, server: PluginServer, key: str) -> None:
        self.server = server
        self.url = server.url
        self.key = key
        self.admin: Admin = admin_of(server, key)
        self._desk: Admin = admin_of(server, "")
        self.clock = Clock(self.admin)
        self.faults = Faults(self.admin)
        self.journal = Journal(self.admin)
        self.media = Media(self.admin, server.url)
        self._scenario: Mapping[str, object] = {}

    def begin(self) -> None:
        """Be new, whatever was done under this key before."""
        self.admin.send("POST", "reset", {"what": ["all"]})

    def close(self) -> None:
        """Forget everything."""
        self.begin()
        self.admin.close()
        self._desk.close()

    def env(self, provider: str) -> dict[str, str]:
        """The environment variables that point a client of ``provider`` here. Raises KeyError for no provider."""
        from mock_server.cli.client_env import client_env

        return client_env(provider, self.url, self.key)

    def scenario(self, scenario: str | None = None, **stated: object) -> None:
        """Play a scenario by name, or one that is stated here, such as ``scenario(pace="real", seed=7)``.

        It takes the place of the one before. Raises AdminError with the server's reason.
        """
        __tracebackhide__ = True
        name = scenario or "stated-by-a-test"
        try:
            body = {} if scenario is None else self._desk.read(f"scenarios/{name}", _Told).scenario
            body = {"name": name, **body, **stated}
            self.admin.send("POST", "scenarios", body)
        except AdminError as wrong:
            raise AdminError(str(wrong)) from None
        self._scenario = body

    @property
    def tasks(self) -> tuple[TaskSeen, ...]:
        """The tenant's tasks, in the order of their making."""
        from contracts.witness.observer import observe

        return observe(self.admin, in_full=False).tasks

    @property
    def ledger(self) -> Mapping[str, object]:
        """What the jobs would have cost, and what was paid twice: the server's JSON by provider."""
        accounts = self.admin.read("ledger", dict[str, object])["accounts"]
        return {str(account["provider"]): account for account in cast("list[dict[str, object]]", accounts)}

    @property
    def spending(self) -> tuple[Spending, ...]:
        """The same in short, for accounts with jobs."""
        return tuple(one for one in self.admin.read("ledger", _Ledger).accounts if one.renders)

    def timeline(self, task_id: str | None = None) -> str:
        """The story of one task, or of everything that happened, in words."""
        from contracts.plugin import story
        from contracts.witness.observer import observe

        seen = observe(self.admin)
        if task_id is None:
            return story.told(seen)
        if task_id not in {task.id for task in seen.tasks}:
            raise KeyError(task_id)
        return story.told_of(self.admin, task_id)

    def check(
        self,
        *,
        succeeded: bool | None = None,
        error: str = "",
        output: Path | None = None,
        url: str = "",
        effects: Mapping[str, int] | None = None,
        provider: str | None = None,
        deadline_s: float | None = None,
        ignore: Collection[str] = (),
    ) -> None:
        """Run every check of a client on what has happened so far. Raises AssertionError with the findings.

        ``succeeded`` says what the client has reported, ``error`` in which words, ``output`` where its video is or
        ``url`` which link it gave, ``effects`` how often it has acted for each task. Without ``succeeded`` only what
        can be judged on the wire is judged. ``ignore`` names checks that are not to be run. Raises ValueError for a
        name that is none.
        """
        __tracebackhide__ = True
        from contracts.plugin import judge

        ended = judge.Ended(succeeded, error, output, url, effects or {})
        limit_s = judge.DEADLINE_S if deadline_s is None else deadline_s
        catalogue = catalogue_of(self._desk)
        cases = judge.cases(self, catalogue, self._scenario, ended, provider=provider, deadline_s=limit_s)
        if not cases:
            raise AssertionError("the client has asked for nothing, so there is nothing to check")
        checks = judge.chosen(ended, ignore)
        found = [line for case in cases for line in judge.complaints(case, checks)]
        if found:
            raise AssertionError("\n".join(["the client does not hold:", *found]))

    # without a socket

    @cached_property
    def _door(self) -> Door:
        from contracts.plugin.exchange import Door

        if self.server.background is None:
            raise RuntimeError("only a server of this process can be reached without a socket")
        return Door(self.server.background)

    @property
    def asgi(self) -> AsgiApp:
        """The server as an ASGI application, for ``httpx.ASGITransport`` and the like."""
        from contracts.plugin.asgi import AsgiApp

        return AsgiApp(self._door)

    def transport(self) -> Transport:
        """An httpx transport, sync and async, that needs no socket and obeys timeouts."""
        from contracts.plugin.transport import Transport

        return Transport(self._door)
