"""The table of events against the catalogue, and events as text."""

from __future__ import annotations

import pytest

from contracts.contract import PROVIDERS
from contracts.stories.event import LEFT_OUT, ROWS, UNCLEAR, Event, Kind, Tier, event_of, rows_for
from mock_server.faults.catalogue import CATALOGUE


def test_every_fault_is_in_stories_or_left_out_with_a_reason() -> None:
    known = {fault.id for fault in CATALOGUE}
    assert set(ROWS) | set(LEFT_OUT) == known
    assert not set(ROWS) & set(LEFT_OUT)


@pytest.mark.parametrize("fault_id", ROWS)
def test_a_row_says_what_the_catalogue_says(fault_id: str) -> None:
    row, fault = ROWS[fault_id], CATALOGUE.get(fault_id)
    assert set(row.places) <= {str(one) for one in fault.occasions}
    assert set(row.providers) == set(fault.providers)
    assert row.needs_callback == fault.with_callback
    assert set(row.params) <= {param.name for param in fault.params}
    # where a story may not be sure, it says so
    assert row.outcome in {fault.expected.value, "either"}


def test_answers_come_in_three_tiers() -> None:
    tiers = {row.tier for row in ROWS.values() if row.kind is Kind.ANSWER}
    assert tiers == set(Tier)
    assert all((row.tier is None) == (row.kind is not Kind.ANSWER) for row in ROWS.values())


@pytest.mark.parametrize(
    "text",
    [
        "stuck-queued",
        "gateway-502-html@poll#2-3",
        "rate-429-seconds@poll#1;retry_after_s=30",
        "error:moderation@task",
    ],
)
def test_an_event_is_the_compact_text(text: str) -> None:
    assert str(event_of(text)) == text


def test_an_error_of_a_task_is_no_place() -> None:
    event = event_of("error:task-failed@task")
    assert (event.fault, event.on, event.row.kind) == ("error:task-failed@task", "", Kind.PLAN)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_rows_of_the_error_table_come_last(provider: str) -> None:
    kinds = [row.fault.startswith("error:") for row in rows_for(provider, with_callbacks=True)]
    assert kinds == sorted(kinds)
    assert any(kinds)


def test_after_a_lost_answer_to_what_costs_money_nobody_is_blamed_for_stopping() -> None:
    for fault in UNCLEAR:
        assert Event(fault, "submit", "1").outcome == "either"
        assert Event(fault, "poll", "1").outcome == "success"


def test_an_unknown_fault_has_no_row() -> None:
    with pytest.raises(KeyError):
        _ = Event("no-such-fault").row
    with pytest.raises(KeyError):
        _ = Event("error:no-such-row").row
