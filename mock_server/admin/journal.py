"""The journal: every exchange and every delivery attempt, page by page or as they come."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from starlette.responses import Response

from mock_server.admin.ask import KEY, PROVIDER, Ask
from mock_server.admin.entry_view import EntryView, entry_view
from mock_server.admin.follower import Follower
from mock_server.admin.operation import Operation
from mock_server.admin.paging import AFTER, LIMIT, page_of, walk_entries
from mock_server.admin.parameter import number, switch, text
from mock_server.admin.problem import BadRequest
from mock_server.admin.stream import EventStream
from mock_server.admin.view import View
from mock_server.core.journal import Entry
from mock_server.stores.base import Part

OPERATION = text("operation", "Only this operation's, by its operationId in the contract.")
TASK_ID = text("task_id", "Only what belongs to this task.")
ENTRY = number("after", "Begin behind the entry with this number.", default=None, low=0, high=10**18 - 1)
VIOLATIONS = switch("violations", "Only exchanges in which the client broke the contract.")


class JournalView(View):
    """``next`` is the ``after`` of the page behind this one; null on the last.

    ``dropped`` counts the entries that the cap has pushed out.
    """

    entries: tuple[EntryView, ...]
    next: str | None
    dropped: int


class ClearedView(View):
    """Whose journal was emptied; null for everybody's."""

    tenant: str | None


async def get_journal(ask: Ask) -> JournalView:
    """Journal entries, oldest first; without ``key`` those of all tenants, tenant by tenant.

    An exchange takes its number when it begins and is entered when it ends, so a higher number may be here first.
    """
    provider, operation = ask.get(PROVIDER), ask.get(OPERATION)

    def walk(tenant: str, position: int) -> Iterator[tuple[int, Entry]]:
        entries = walk_entries(
            ask.store, tenant, position, ask.get(TASK_ID), only_violations=ask.get(VIOLATIONS)
        )
        for behind, entry in entries:
            if provider in {None, entry.provider} and operation in {None, entry.operation}:
                yield behind, entry

    page = page_of(ask, walk)
    dropped = [(ask.store.journal(tenant, limit=1)).dropped for tenant in ask.tenants()]
    return JournalView(entries=tuple(map(entry_view, page.records)), next=page.next, dropped=sum(dropped))


async def delete_journal(ask: Ask) -> ClearedView:
    """Empty the journal of the key's tenant, or without ``key`` of all."""
    tenant = ask.named_tenant
    ask.store.reset(tenant, (Part.JOURNAL,))
    return ClearedView(tenant=tenant)


async def stream_journal(ask: Ask) -> Response:
    """New journal entries as server-sent events: ``event: entry``, ``data`` one entry as in GET journal.

    Begins with what comes next; with ``key``, ``after`` or the header Last-Event-ID make it begin behind an entry. Ends
    when the client goes away or the server stops.
    """
    if ask.request.method == "HEAD":
        return Response(status_code=HTTPStatus.OK, media_type=EventStream.media_type)
    return EventStream(Follower(ask, _first(ask)), ask.house.closing)


def _first(ask: Ask) -> int | None:
    """The entry behind which a stream begins; None for the present end. Raises BadRequest."""
    after, last = ask.get(ENTRY), ask.request.headers.get("last-event-id")
    if ask.named_tenant is None:
        if after is not None:
            raise BadRequest("query parameter after goes with key: every tenant has its own numbers")
        return None
    if last is None:
        return after
    # a client that connects again repeats its query; the header says how far it has come since
    try:
        return ENTRY.parse(last)
    except ValueError as fault:
        raise BadRequest(f"Last-Event-ID must be {fault}") from None


OPERATIONS = (
    Operation("GET", "/journal", get_journal, (KEY, PROVIDER, OPERATION, TASK_ID, VIOLATIONS, AFTER, LIMIT)),
    Operation("DELETE", "/journal", delete_journal, (KEY,)),
    Operation("GET", "/journal/stream", stream_journal, (KEY, ENTRY), content_type="text/event-stream"),
)
