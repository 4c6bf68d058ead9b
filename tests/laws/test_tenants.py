"""The law of tenants: every key is a world of its own. What others do changes nothing in it, and shows nowhere."""

from __future__ import annotations

import os
import re
from types import ModuleType

from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("LIPFLAP_LAW_EXAMPLES", "20"))
KEYS = ("key-of-ada", "key-of-bob", "key-of-cy")
PROVIDERS = ("kling", "gmi", "kirin")
Moves = st.SearchStrategy[tuple[object, ...]]
Story = list[tuple[object, ...]]

paces = st.sampled_from(["instant", "quick", "polls:2"])
keys = st.sampled_from(KEYS)


def ids_of(player: object) -> set[str]:
    made = [*getattr(player, "sessions", {}).values(), *getattr(player, "tasks", {}).values()]
    return {one for ids in made for one in ids}


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), pace=paces)
def test_a_journal_is_the_same_whatever_others_do(
    story: ModuleType, moves: Moves, full_day: Story, data: st.DataObject, pace: str
) -> None:
    turns = data.draw(st.lists(st.tuples(keys, moves), max_size=20))
    turns = [(key, move) for move in full_day[:6] for key in KEYS] + turns
    with story.stage(pace=pace) as place:
        players = {key: place.player(key) for key in KEYS}
        for key, (word, *rest) in turns:
            players[key].move(word, *rest)
        together = {key: place.journal(key) for key in KEYS}
    for key in KEYS:
        alone = [move for whose, move in turns if whose == key]
        assert story.journal_of(alone, key=key, pace=pace) == together[key]


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), pace=paces)
def test_nobody_ever_sees_an_id_of_another(
    story: ModuleType, moves: Moves, full_day: Story, data: st.DataObject, pace: str
) -> None:
    turns = [(key, move) for move in full_day[:6] for key in KEYS]
    turns += data.draw(st.lists(st.tuples(keys, moves), max_size=20))
    with story.stage(pace=pace) as place:
        players = {key: place.player(key) for key in KEYS}
        for key, (word, *rest) in turns:
            players[key].move(word, *rest)
    for player in players.values():
        others = set().union(*(ids_of(other) for other in players.values() if other is not player))
        assert len(others) >= 6
        assert not others & ids_of(player)
        assert not [one for one in others if any(one in text for text in player.seen)]


def test_anothers_ids_do_not_exist_even_for_one_who_knows_them(story: ModuleType, full_day: Story) -> None:
    with story.stage() as place:
        ada, bob, fool = (place.player(key) for key in KEYS)
        for word, *rest in full_day[:6]:
            ada.move(word, *rest)
        for provider in PROVIDERS:
            bob.sessions[provider].extend(ada.sessions[provider])
            bob.tasks[provider].extend(ada.tasks[provider])
            fool.sessions[provider].append("no-such-session")
            fool.tasks[provider].append("no-such-task")
        attempts = [*(("poll", provider, 0) for provider in PROVIDERS), ("cancel", 0), *full_day[3:6]]
        for word, *rest in attempts:
            bob.move(word, *rest)
            fool.move(word, *rest)
        before = len(ada.seen)
        for provider in PROVIDERS:
            ada.move("poll", provider, 0)
    assert [common_to_all(text) for text in bob.seen] == [common_to_all(text) for text in fool.seen]
    assert len(ada.seen) == before + len(PROVIDERS)
    assert all(task in text for text, (task,) in zip(ada.seen[before:], ada.tasks.values(), strict=True))


def common_to_all(text: str) -> str:
    """The answer without what every request has of its own: ids and moments."""
    return re.sub(
        r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-v]{20}\b|\b8\d{17}\b|\b1767\d{6,9}(\.\d+)?\b", "*", text
    )
