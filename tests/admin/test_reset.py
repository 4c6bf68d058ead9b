"""Forgetting exactly what is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.conftest import Desk

WORDS = ("tasks", "journal", "media", "clock", "dialects", "faults")
STATED = "https://cdn.test/stated.mp4"


def fill(desk: Desk, key: str) -> None:
    """Something of every kind for the tenant of ``key``."""
    desk.task(key=key, callback_url="http://127.0.0.1:9/callback")
    desk.ask("POST", "media", {"url": STATED, "faces": 2}, key=key)
    desk.ask("PUT", "dialects", {"kling.no_face": "empty"}, key=key)
    desk.ask("POST", "clock/advance", {"seconds": 1}, key=key)
    desk.ask("POST", "faults", "gateway-502-html@list#9", key=key)


def kept(desk: Desk, key: str) -> set[str]:
    """The words of what is still there."""
    found = {
        "tasks": bool(desk.get("tasks", key=key)["tasks"])
        and bool(desk.get("deliveries", key=key)["deliveries"]),
        "journal": bool(desk.get("journal", key=key)["entries"]),
        "media": bool(desk.get("media", key=key)["stated"]),
        "clock": desk.get("clock", key=key)["now"] != "2026-01-01T00:00:00.000Z",
        "faults": bool(desk.get("faults", key=key)["faults"]),
        "dialects": any(row["set_by"] == "tenant" for row in desk.get("dialects", key=key)["dialects"]),
    }
    return {word for word, is_kept in found.items() if is_kept}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_forgets_what_it_names_and_nothing_else(desk: Desk, word: str) -> None:
    fill(desk, "key-one")
    answer = desk.ask("POST", "reset", {"what": [word]}).json()
    assert answer["reset"] == [word]
    assert kept(desk, "key-one") == set(WORDS) - {word}


# every example has a server of its own
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6))
def test_several_words_forget_the_sum_of_what_each_does(
    words: list[str], make_desk: Callable[..., Desk]
) -> None:
    desk = make_desk()
    fill(desk, "key-one")
    desk.ask("POST", "reset", {"what": words})
    assert kept(desk, "key-one") == set(WORDS) - set(words)


def test_all_is_everything(desk: Desk) -> None:
    fill(desk, "key-one")
    desk.ask("POST", "reset", {"what": ["all"]})
    assert kept(desk, "key-one") == set()


@pytest.mark.parametrize("word", [*WORDS, "all"])
def test_a_key_spares_the_other_tenants(desk: Desk, word: str) -> None:
    fill(desk, "key-one")
    fill(desk, "key-two")
    desk.ask("POST", "reset", {"what": [word]}, key="key-one")
    assert kept(desk, "key-two") == set(WORDS)


@pytest.mark.parametrize("word", [*WORDS, "all"])
def test_without_a_key_it_is_everybody(desk: Desk, word: str) -> None:
    fill(desk, "key-one")
    fill(desk, "key-two")
    answer = desk.ask("POST", "reset", {"what": [word]}, key=None).json()
    assert answer["tenant"] is None
    left = set() if word == "all" else set(WORDS) - {word}
    assert kept(desk, "key-one") == kept(desk, "key-two") == left


@pytest.mark.parametrize("word", ["fault", "task", "ALL", ""])
def test_a_word_that_means_nothing_here_is_refused_with_those_that_do(desk: Desk, word: str) -> None:
    fill(desk, "key-one")
    reason = desk.refused(400, "POST", "reset", {"what": ["tasks", word]})
    assert reason.startswith("what[1]: ")
    assert all(known in reason for known in WORDS)
    assert kept(desk, "key-one") == set(WORDS)


def test_the_same_requests_after_a_reset_of_all_give_the_same_ids(desk: Desk) -> None:
    first = desk.task()
    desk.ask("POST", "reset", {"what": ["all"]})
    assert desk.task() == first


def test_callbacks_that_were_due_are_forgotten_with_their_tasks(desk: Desk) -> None:
    fill(desk, "key-one")
    sent = len(desk.receiver.sent)
    desk.ask("POST", "reset", {"what": ["tasks"]})
    desk.ask("POST", "clock/advance", {"seconds": 60})
    assert len(desk.receiver.sent) == sent
