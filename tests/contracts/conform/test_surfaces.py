"""How each provider's messages are read, held against the recorded ones."""

from __future__ import annotations

import pytest

from contracts.conform.examples import recorded
from contracts.conform.surfaces import SURFACES
from contracts.conform.surfaces.surface import Order, Told, is_end
from contracts.contract import PROVIDERS, load_contract

TOLD = [
    ("kling", "task-succeed", "succeed", "https://media.example/out/861204702213402624.mp4"),
    ("kling", "task-failed", "failed", ""),
    ("gmi", "lip-sync-success", "success", "https://media.example.test/out/c002.mp4"),
    ("gmi", "lip-sync-success-older-shape", "success", None),
    ("gmi", "lip-sync-failed", "failed", ""),
    ("gmi", "lip-sync-queued", "queued", ""),
    ("kirin", "answer-lipsync-completed", "completed", "https://results.example/853301220118142976.mp4"),
    ("kirin", "answer-in-progress", "in_progress", ""),
    ("kirin", "answer-failed", "failed", ""),
]


def body_of(provider: str, name: str) -> object:
    return next(example.body for example in recorded(provider) if example.name == name)


@pytest.mark.parametrize(("provider", "name", "word", "url"), TOLD)
def test_a_recorded_task_is_read(provider: str, name: str, word: str, url: str | None) -> None:
    told = SURFACES[provider].told(body_of(provider, name))
    assert told is not None
    assert told.word == word
    assert told.created is not None
    assert is_end(SURFACES[provider], word) is (word not in {"queued", "in_progress"})
    if url is not None:
        assert told.result_url == url
    assert bool(told.reason) is (word == "failed")


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ("kling", "identify-face-response"),
        ("gmi", "identify-response"),
        ("kirin", "answer-identify-face-completed"),
    ],
)
def test_a_recorded_session_is_read(provider: str, name: str) -> None:
    assert SURFACES[provider].session_of(body_of(provider, name))


@pytest.mark.parametrize(
    ("provider", "name"),
    [("kling", "callback-succeed"), ("gmi", "callback-succeed"), ("kirin", "callback-completed")],
)
def test_a_recorded_callback_is_read_in_the_words_of_a_poll(provider: str, name: str) -> None:
    surface = SURFACES[provider]
    told = surface.called_back(body_of(provider, name))
    assert told is not None
    assert told.word == surface.success


@pytest.mark.parametrize(("provider", "name"), [("kling", "task-list"), ("gmi", "list-response")])
def test_a_recorded_list_is_read(provider: str, name: str) -> None:
    rows = SURFACES[provider].listed(body_of(provider, name))
    assert rows
    assert all(isinstance(row, Told) and row.word in SURFACES[provider].ranks for row in rows)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_requests_are_those_of_the_contract(provider: str) -> None:
    contract, surface = load_contract(provider), SURFACES[provider]
    order = Order("s", "https://cdn.test/a.mp3", external_id="x", callback_url="https://c.test/hook")
    requests = [
        surface.identify("https://cdn.test/v.mp4"),
        surface.submit(order),
        surface.poll("1"),
        *(request for request in (surface.listing(), surface.cancel("1")) if request),
        *surface.looks,
        *surface.paid_looks("https://cdn.test/v.mp4"),
    ]
    for request in requests:
        operation = contract.operations[request.operation]
        path = operation.path.replace("{request_id}", "1").replace("{model_id}", "kling-lip-sync")
        assert request.method == operation.method
        if "{id}" not in path:
            assert request.path.partition("?")[0] == path
        shape = surface.shape(contract, request.operation, request.body)
        assert shape is None or contract.violations(*shape) == ()
    assert surface.paid <= contract.operations.keys()


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    "body", [None, [], "text", 5, {}, {"data": []}, {"data": {"task_id": None}}, {"requests": {}}]
)
def test_what_is_no_message_of_theirs_says_nothing(provider: str, body: object) -> None:
    surface = SURFACES[provider]
    assert surface.told(body) is None
    assert surface.called_back(body) is None
    assert (surface.session_of(body), list(surface.listed(body)), surface.code_of(body)) == ("", [], "")
