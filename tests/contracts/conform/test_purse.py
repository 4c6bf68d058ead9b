"""The counter in the transport: never more is spent than was allowed, whatever is asked and whatever comes back."""

from __future__ import annotations

import threading

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.conform.purse import CountedTransport, Purse, PurseEmpty, cost_for
from contracts.conform.surfaces import SURFACES
from contracts.conform.surfaces.surface import Order
from contracts.contract import PROVIDERS, load_contract

KEY, OTHER = "own", "other"
ORDER = Order("s", "https://cdn.test/a.mp3")


def requests_of(provider: str) -> dict[str, tuple[httpx.Request, bool]]:
    """By name: a request and whether a server could take it for an order."""
    surface = SURFACES[provider]
    submit, identify, poll = (
        surface.submit(ORDER),
        surface.identify("https://cdn.test/v.mp4"),
        surface.poll("1"),
    )

    def made(request, key: str | None = KEY, content: bytes | None = None) -> httpx.Request:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        body = request.content if content is None else content
        return httpx.Request(
            request.method, f"https://api.test/base{request.path}", headers=headers, content=body
        )

    return {
        "submit": (made(submit), True),
        "submit of another": (made(submit, OTHER), True),
        "identify": (made(identify), True),
        "somewhere unknown": (
            httpx.Request("POST", "https://api.test/new", headers=made(poll).headers),
            True,
        ),
        "poll": (made(poll), False),
        "without a key": (made(submit, None), False),
        "with a wrong key": (made(submit, "wrong"), False),
        "without anything": (made(submit, content=b"{}"), False),
        "no JSON": (made(submit, content=b"{"), False),
    }


@pytest.mark.parametrize("provider", PROVIDERS)
@given(
    allowed=st.integers(0, 4),
    names=st.lists(st.sampled_from(sorted(requests_of("kling"))), max_size=20),
    status=st.sampled_from([200, 400, 429, 500]),
)
def test_never_more_orders_leave_than_were_allowed(
    provider: str, allowed: int, names: list[str], status: int
) -> None:
    sent: list[str] = []
    purse = Purse(allowed)
    by_name = requests_of(provider)

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(next(name for name, (known, _) in by_name.items() if known is request))
        return httpx.Response(status)

    cost = cost_for(load_contract(provider), SURFACES[provider], frozenset({KEY, OTHER}))
    transport = CountedTransport(httpx.MockTransport(answer), purse, cost)
    for name in names:
        try:
            transport.handle_request(by_name[name][0])
        except PurseEmpty:
            assert name not in {"poll", "without a key", "with a wrong key"}
    orders = sum(by_name[name][1] for name in sent)
    assert orders <= allowed
    if status != 200:
        assert orders == min(allowed, sum(by_name[name][1] for name in names))
        assert len(sent) == len(names) - (sum(by_name[name][1] for name in names) - orders)


def test_a_request_that_had_to_be_refused_counts_when_it_was_not_and_no_other_is_risked() -> None:
    purse = Purse(0)
    cost = cost_for(load_contract("kling"), SURFACES["kling"], frozenset({KEY}))
    transport = CountedTransport(httpx.MockTransport(lambda _: httpx.Response(200)), purse, cost)
    request = requests_of("kling")["without anything"][0]
    transport.handle_request(request)
    assert purse.spent == 1
    with pytest.raises(PurseEmpty):
        transport.handle_request(request)


def test_a_purse_without_a_bound_never_empties() -> None:
    purse = Purse(None)
    cost = cost_for(load_contract("gmi"), SURFACES["gmi"], frozenset({KEY}))
    transport = CountedTransport(httpx.MockTransport(lambda _: httpx.Response(200)), purse, cost)
    for _ in range(50):
        transport.handle_request(requests_of("gmi")["submit"][0])
    assert purse.left is None


def test_threads_share_one_purse() -> None:
    purse, sent = Purse(5), []
    cost = cost_for(load_contract("kirin"), SURFACES["kirin"], frozenset({KEY}))

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    transport = CountedTransport(httpx.MockTransport(answer), purse, cost)

    def ask() -> None:
        for _ in range(5):
            try:
                transport.handle_request(requests_of("kirin")["submit"][0])
            except PurseEmpty:
                return

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == 5
    assert purse.left == 0
