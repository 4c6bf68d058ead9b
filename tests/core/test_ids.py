"""Ids: computed, never drawn; all different; each in the form of the provider that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.ids import Choices

seeds = st.integers(-(2**63), 2**63 - 1)
words = st.lists(st.text(max_size=8) | st.integers(), max_size=4)

FORMS: dict[str, tuple[Callable[[Choices, object], str], str]] = {
    "decimal": (lambda choices, word: choices.decimal_id("task", word), r"8[0-9]{17}"),
    "the second of a pair": (lambda choices, word: choices.decimal_pair("task", word)[1], r"8[0-9]{17}"),
    "xid": (lambda choices, word: choices.xid("task", word), r"[0-9a-v]{20}"),
    "uuid": (
        lambda choices, word: choices.uuid("task", word),
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    ),
}
Make = Callable[[Choices, object], str]
each_form = pytest.mark.parametrize(("make", "form"), FORMS.values(), ids=FORMS)


@each_form
@given(seed=seeds, tenant=st.text(max_size=8), word=st.integers() | st.text(max_size=8))
def test_an_id_has_its_providers_form(make: Make, form: str, seed: int, tenant: str, word: object) -> None:
    assert re.fullmatch(form, make(Choices(seed, tenant), word))


@each_form
def test_ids_of_ten_thousand_tasks_differ(make: Make, form: str) -> None:
    choices = Choices(0, "tenant")
    assert len({make(choices, number) for number in range(10_000)}) == 10_000


@given(words)
def test_a_pair_is_the_id_alone_and_another(said: list[object]) -> None:
    first, second = Choices(0, "tenant").decimal_pair(*said)
    assert first == Choices(0, "tenant").decimal_id(*said)
    assert first != second


@given(seeds, st.text(max_size=8), words)
def test_the_same_seed_tenant_and_words_choose_alike(seed: int, tenant: str, said: list[object]) -> None:
    assert Choices(seed, tenant).digest(*said) == Choices(seed, tenant).digest(*said)


def test_seed_tenant_and_each_word_make_a_difference() -> None:
    choices = [
        Choices(0, "a").digest("task", 1),
        Choices(1, "a").digest("task", 1),
        Choices(0, "b").digest("task", 1),
        Choices(0, "a").digest("task", 2),
        Choices(0, "a").digest("session", 1),
        Choices(0, "a").digest("task", 1, ""),
    ]
    assert len(set(choices)) == len(choices)


def test_what_is_chosen_today_is_chosen_tomorrow() -> None:
    """Recorded: a change here changes the ids in everybody's recorded tests."""
    choices = Choices(0, "tenant")
    assert choices.decimal_id("task", 1) == "878369273710529793"
    assert choices.decimal_pair("task", 1) == ("878369273710529793", "830230282477815286")
    assert choices.xid("task", 1) == "mt4kbth10j81reo4d4er"
    assert choices.uuid("task", 1) == "1b74945f-6210-4d01-9bb0-4691dbb8c5f6"


@given(st.integers(-1000, 1000), st.integers(0, 1000), words)
def test_a_number_lies_between_its_bounds(low: int, span: int, said: list[object]) -> None:
    assert low <= Choices(0, "t").number(low, low + span, *said) <= low + span


def test_every_number_between_the_bounds_comes_up() -> None:
    choices = Choices(0, "t")
    assert {choices.number(3, 7, word) for word in range(200)} == {3, 4, 5, 6, 7}
