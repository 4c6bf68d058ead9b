"""What becomes of a task's deliveries when it changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mock_server.core.delivery import Attempt, Delivery, DeliveryState
from mock_server.core.plan import Stage
from mock_server.stores.agreement import is_untouched, revised

DELIVERIES = st.lists(
    st.builds(
        Delivery,
        st.sampled_from("abcd"),
        st.just("t"),
        st.just("kling"),
        st.just("task-1"),
        st.just(1),
        st.just(Stage.SUCCEEDED),
        st.just("http://127.0.0.1:1/"),
        st.none() | st.integers(0, 2),
        st.sampled_from(DeliveryState),
        st.sampled_from([(), (Attempt(1, 0, 500, None),)]),
    ),
    unique_by=lambda delivery: delivery.id,
)
FRESH = DELIVERIES.map(
    lambda found: [replace(delivery, state=DeliveryState.PENDING, attempts=()) for delivery in found]
)


def applied(existing: list[Delivery], proposed: list[Delivery]) -> dict[str, Delivery]:
    removed, added = revised(existing, proposed)
    left = {delivery.id: delivery for delivery in existing if delivery not in removed}
    assert not left.keys() & {delivery.id for delivery in added}
    return left | {delivery.id: delivery for delivery in added}


@given(DELIVERIES, FRESH)
def test_what_was_touched_stays_and_the_rest_is_as_proposed(
    existing: list[Delivery], proposed: list[Delivery]
) -> None:
    touched = {delivery.id: delivery for delivery in existing if not is_untouched(delivery)}
    assert applied(existing, proposed) == {delivery.id: delivery for delivery in proposed} | touched


@given(DELIVERIES, FRESH)
def test_the_same_proposal_again_changes_nothing(existing: list[Delivery], proposed: list[Delivery]) -> None:
    assert revised(applied(existing, proposed).values(), proposed) == ([], [])


def test_what_a_fault_has_kept_back_is_not_taken_back() -> None:
    due = Delivery("a", "t", "kling", "task-1", 1, Stage.SUCCEEDED, "http://127.0.0.1:1/", 5)
    assert revised([due], []) == ([due], [])
    assert revised([due.held("callback-late", 900)], [due]) == ([], [])
