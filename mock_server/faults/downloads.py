"""The faults at work on downloads: between a file that is there and what is sent in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
from msgspec.structs import replace

from mock_server.core.errors import ConfigurationError
from mock_server.core.fault import Occasion
from mock_server.core.task import Task
from mock_server.faults.asked import HEADER, asked_at_download
from mock_server.faults.beginning import begun
from mock_server.faults.book import Target
from mock_server.faults.engine import Engine
from mock_server.faults.firing import Firing
from mock_server.faults.model import Scene
from mock_server.faults.scenes import scenes_of_task
from mock_server.faults.staging import rendered, sift
from mock_server.flow.call import Answer
from mock_server.flow.download import Download
from mock_server.providers.base import Provider
from mock_server.stores.base import Store

_DOWNLOAD = Occasion.DOWNLOAD


class DownloadFaults:
    """Bound to one server's engine. Each GET of a result that is there is one occasion, counted for its task.

    A HEAD only looks, and speech clips are no task's: no fault meets them.
    """

    def __init__(self, engine: Engine, store: Store, providers: Iterable[Provider]) -> None:
        self._engine = engine
        self._store = store
        self._book = engine.book
        self._providers = {provider.name: provider for provider in providers}

    def served(self, download: Download, answer: Answer, content: bytes) -> Answer:
        """What goes out in the place of ``answer``, which serves ``content``. Notes what fired."""
        task = download.task
        if task is None or download.method != "GET" or not self._is_met(download):
            return answer
        try:
            asked = self._asked(download, task)
        except ConfigurationError as fault:
            return Answer(400, msgspec.json.encode({"error": str(fault)}))
        scene_of = self._scenes(download, task, content)

        def counts(firing: Firing) -> bool:
            return firing.fault.counts is None or firing.fault.counts(scene_of(firing))

        target = Target(download.world, _DOWNLOAD, task.provider, task.id, download.path, download.now_ms)
        standing = self._book.firings(target, counts)
        firings = (*begun(self._store, download.world, standing, scene_of), *asked)
        reply, allowed = sift(self._book, task.tenant, _DOWNLOAD, firings, scene_of)
        download.faults = tuple(firing.fault.id for firing in allowed)
        if reply is not None:
            return reply if isinstance(reply, Answer) else Answer(0, b"", script=reply)
        return rendered(answer, _DOWNLOAD, allowed, scene_of)

    def _is_met(self, download: Download) -> bool:
        is_asked = self._engine.reads_header and download.headers.get(HEADER) is not None
        return is_asked or not self._book.is_empty(download.world)

    def _asked(self, download: Download, task: Task) -> tuple[Firing, ...]:
        if not self._engine.reads_header:
            return ()
        return asked_at_download(download.headers, task.provider, download.now_ms, self._engine.grammar)

    def _scenes(self, download: Download, task: Task, content: bytes) -> Callable[[Firing], Scene]:
        plain = scenes_of_task(
            self._store,
            self._providers[task.provider],
            download.world,
            _DOWNLOAD,
            task,
            download.now_ms,
            download.method,
            download.path,
            download.headers,
            download.base_url,
        )
        return lambda firing: replace(plain(firing), query=download.query, content=content)
