"""Where a client that runs by itself plays its cells: a server, a folder, a process that may have to be killed."""

from __future__ import annotations

import threading

from contracts.cells.cell import Entrant, Part, Played, Rules, of_client
from contracts.cells.place import Callbacks, fresh_folder, job_at, own_receiver
from contracts.cells.resume import killed_and_resumed
from contracts.cells.tenant import key_of, prepare
from contracts.client.model import Client, ClientError, Ending, Job, Running
from contracts.client.outcome import keep_words, outcome_of
from contracts.witness.admin import Admin, AdminError
from contracts.witness.observer import now_ms, observe
from contracts.witness.receiver import Receiver
from contracts.witness.savings import ledger_of
from contracts.witness.scenario import Scenario
from contracts.witness.server import ServerAddress
from contracts.witness.wall import steady_s

LOOK_EVERY_S = 0.2


class Stage:
    """Plays cells on one server. ``stop`` ends what runs; cells may be played in several threads at once."""

    def __init__(
        self, server: ServerAddress, client: Client, rules: Rules, receiver: Receiver, stop: threading.Event
    ) -> None:
        self._server, self._client, self._rules = server, client, rules
        self._receiver, self._stop = receiver, stop

    def play(self, scenario: Scenario, provider: str, *, in_full: bool = True) -> Played:
        """The cell, whatever happens: what kept it from being played is a finding of its own.

        ``in_full``: with the server's own telling of it.
        """
        key = key_of(provider, scenario.name, self._rules.seed)
        began = steady_s()
        folder = fresh_folder(self._rules.folder, provider, scenario.name, self._rules.seed)
        part = Part(Entrant(scenario, provider), self._rules, folder, ("--", *self._client.command))
        try:
            with Admin(self._server, key) as admin:
                return self._played(part, key, admin, in_full=in_full)
        except (AdminError, ClientError, OSError) as fault:
            wall_ms = round((steady_s() - began) * 1000)
            return part.unplayed(f"the cell could not be played: {fault}", wall_ms)

    def _played(self, part: Part, key: str, admin: Admin, *, in_full: bool) -> Played:
        scenario, rules = part.entrant.scenario, self._rules
        prepare(admin, scenario, rules.seed, rules.timing)
        callbacks = self._callbacks(scenario, key)
        job = self._job(part, key, callbacks)
        began, began_ms = steady_s(), now_ms(admin)
        ending = self._run(job, scenario, admin)
        wall_ms = round((steady_s() - began) * 1000)
        ended_ms = now_ms(admin)
        keep_words(ending, part.folder)
        if callbacks is not None:
            # those that are on their way stand in the journal when they have come, or have found nobody
            admin.send("POST", "clock/advance", {"seconds": 0})
        seen = of_client(observe(admin, in_full=in_full), callbacks)
        first_ms = seen.lines[0].at_ms if seen.lines else began_ms
        outcome = outcome_of(ending, job.output, ended_ms - first_ms, wall_ms)
        case = part.case(key, seen, outcome, callbacks)
        return part.played(case, seen, ledger_of(admin, part.entrant.provider))

    def _callbacks(self, scenario: Scenario, key: str) -> Callbacks | None:
        if not scenario.with_callback:
            return None
        return own_receiver() if self._rules.listens else Callbacks(self._receiver.url(key))

    def _job(self, part: Part, key: str, callbacks: Callbacks | None) -> Job:
        scenario, provider = part.entrant.scenario, part.entrant.provider
        given = self._rules.variables(provider, self._server.url, key)
        return job_at(self._server.url, key, provider, scenario, part.folder, callbacks, given)

    def _run(self, job: Job, scenario: Scenario, admin: Admin) -> Ending:
        deadline_s = steady_s() + self._rules.deadline_s

        def wait(running: Running) -> Ending:
            while steady_s() < deadline_s and not self._stop.is_set():
                ending = running.wait(min(LOOK_EVERY_S, max(0.0, deadline_s - steady_s())))
                if ending is not None:
                    return ending
            return running.kill()

        if scenario.crash is None:
            return wait(self._client.start(job))
        return killed_and_resumed(self._client, job, scenario.crash, admin, wait, deadline_s)
