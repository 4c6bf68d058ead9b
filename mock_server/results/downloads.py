"""Hand out what tasks have made: met by faults, and written down in the journal of whose task it is."""

from __future__ import annotations

from typing import Protocol

from msgspec.structs import replace
from starlette.requests import Request

from mock_server.core.journal import Entry, EntryKind
from mock_server.core.session import Speech
from mock_server.core.task import Task
from mock_server.core.wire import at_rate
from mock_server.flow.call import Answer, Headers
from mock_server.flow.download import Download
from mock_server.flow.file_answer import digest_in
from mock_server.flow.redaction import redacted_headers, redacted_target
from mock_server.flow.simulator import Simulator

OPERATION = "download"


class Faults(Protocol):
    """What downloads need of the faults that are switched on."""

    def served(self, download: Download, answer: Answer, content: bytes) -> Answer:
        """The answer to a download, faults and all; ``content`` is the whole file. Notes what fired."""


class Downloads:
    """Bound to one server."""

    def __init__(self, simulator: Simulator, faults: Faults) -> None:
        self._simulator = simulator
        self._faults = faults

    def served(self, request: Request, owner: Task | Speech, answer: Answer, content: bytes | None) -> Answer:
        """What goes out in the place of ``answer``. ``content`` is None where there is nothing to be had."""
        world = self._simulator.world(owner.tenant)
        download = Download(
            owner=owner,
            world=world,
            now_ms=self._simulator.now_ms(world),
            method=request.method,
            path=request.scope["path"],
            query=request.query_params,
            headers=Headers(tuple(request.scope["headers"])),
            base_url=self._simulator.settings.public_url or str(request.base_url).rstrip("/"),
        )
        if content is not None:
            answer = self._faults.served(download, answer, content)
        self._write_down(request, download, answer)
        if not answer.script:
            return answer
        return replace(answer, script=at_rate(answer.script, world.clock.rate))

    def _write_down(self, request: Request, download: Download, answer: Answer) -> None:
        """One line. The file itself is not kept: its digest tells it."""
        store, owner = self._simulator.store, download.owner
        entry = Entry(
            tenant=owner.tenant,
            number=store.next_number(owner.tenant, "request"),
            at_ms=download.now_ms,
            kind=EntryKind.EXCHANGE,
            provider=owner.provider,
            operation=OPERATION,
            method=download.method,
            target=redacted_target(download.path, request.scope["query_string"].decode("latin-1")),
            status=answer.status,
            headers=redacted_headers(download.headers),
            response_bytes=len(answer.body),
            task_id=download.task.id if download.task else None,
            faults=download.faults,
            response_digest=digest_in(answer),
        )
        store.append(entry)
