"""Faults over HTTP: what there is, switching on and off, counting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.error_rows import ERROR

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.conftest import Desk, Json

IDENTIFY = ("POST", "/v1/videos/identify-face", {"video_url": "https://cdn.test/a.mp4"})
BAD = "gateway-502-html@identify"


def switched_on(desk: Desk, spec: object, **more: Any) -> list[Json]:
    """The rules that were made."""
    answer = desk.ask("POST", "faults", spec, **more)
    assert answer.status_code == 201, answer.text
    found: list[Json] = answer.json()["faults"]
    return found


def statuses(desk: Desk, times: int, key: str = "key-one") -> list[int]:
    """Of so many requests to identify a face."""
    method, path, body = IDENTIFY
    headers = {"Authorization": f"Bearer {key}"}
    return [desk.run(desk.asked(method, path, json=body, headers=headers)).status_code for _ in range(times)]


def in_force(desk: Desk, **more: Any) -> dict[str, Json]:
    return {rule["id"]: rule for rule in desk.get("faults", **more)["faults"]}


def test_the_catalogue_has_every_row_and_every_documented_error(desk: Desk) -> None:
    rows = desk.get("faults/catalogue", key=None)["faults"]
    plain = [row["id"] for row in rows if row["layer"] != "error"]
    errors = {row["id"] for row in rows if row["layer"] == "error"}
    assert plain == list(CATALOGUE.ids())
    named = {f"{ERROR}{name}" for provider in desk.house.providers for name in provider.contract.errors}
    assert errors == named


def test_the_catalogue_can_be_narrowed(desk: Desk) -> None:
    rows = desk.get("faults/catalogue", key=None, layer="http", provider="kling")["faults"]
    assert rows
    assert {row["layer"] for row in rows} == {"http"}
    assert all("kling" in row["providers"] for row in rows)


@pytest.mark.parametrize("spec", [f"{BAD}#2", {"fault": "gateway-502-html", "on": "identify", "nth": 2}])
def test_a_fault_is_a_text_or_a_form_and_fires_where_it_says(desk: Desk, spec: object) -> None:
    (rule,) = switched_on(desk, spec)
    assert (rule["id"], rule["window"], rule["on"], rule["state"]) == ("f1", "2", "identify", "active")
    assert statuses(desk, 3) == [200, 502, 200]
    found = in_force(desk)["f1"]
    assert (found["seen"], found["fired"]) == (3, 1)


def test_a_list_is_switched_on_in_its_order_all_or_none(desk: Desk) -> None:
    made = switched_on(desk, [f"{BAD}#1", {"fault": "error:1302", "on": "identify"}])
    assert [rule["id"] for rule in made] == ["f1", "f2"]
    reason = desk.refused(400, "POST", "faults", [f"{BAD}#3", "no-such-fault"])
    assert reason.startswith("[1]: ")
    assert set(in_force(desk)) == {"f1", "f2"}


def test_the_form_that_is_shown_makes_the_same_rule_again(desk: Desk) -> None:
    spec = "rate-429-seconds@poll#2-3;times=2;provider=kling;task=t;path=/v1/;p=0.5;seed=3;retry_after_s=9;ttl=60"
    (first,) = switched_on(desk, spec)
    (second,) = switched_on(desk, first["form"])
    assert {**second, "id": ""} == {**first, "id": ""}


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("no-such-fault", "there is no fault"),
        ("gateway-502-html@callback", "acts at"),
        ("rate-429-seconds;retry_after_s=x", "whole number"),
        ("gateway-502-html;until_clock=5", "ended already"),
        ("gateway-502-html;tenant=somebody", "another tenant"),
        ({"fault": "gateway-502-html", "nht": 2}, "nht"),
        ({}, "fault"),
        (7, "cannot be read"),
        (None, "JSON"),
        ("conn-reset-headers", "raw socket"),
    ],
)
def test_what_cannot_apply_is_refused_with_the_reason(desk: Desk, spec: object, reason: str) -> None:
    if spec is None:
        more: Json = {"content": b"{", "headers": {"Content-Type": "application/json"}}
        assert reason in desk.refused(400, "POST", "faults", **more)
    else:
        assert reason in desk.refused(400, "POST", "faults", spec)
    assert in_force(desk) == {}


def test_a_callback_fault_is_refused_where_no_callback_is_sent(make_desk: Callable[..., Desk]) -> None:
    assert "callbacks" in make_desk(callbacks="off").refused(400, "POST", "faults", "callback-lost")
    assert switched_on(make_desk(), "callback-lost")


def test_a_tenant_s_fault_meets_nobody_else(desk: Desk) -> None:
    switched_on(desk, BAD, key="key-one")
    assert statuses(desk, 1, "key-two") == [200]
    assert in_force(desk, key="key-two") == {}


def test_without_a_key_it_meets_everybody_and_is_counted_for_each(desk: Desk) -> None:
    (rule,) = switched_on(desk, f"{BAD}#1;times=1", key=None)
    assert (rule["id"], rule["tenant"]) == ("a1", None)
    assert statuses(desk, 2, "key-one") == statuses(desk, 2, "key-two") == [502, 200]
    one, everybody = in_force(desk, key="key-one")["a1"], in_force(desk, key=None)["a1"]
    assert (one["seen"], one["fired"], one["state"]) == (2, 1, "spent")
    # somebody new would meet it still
    assert (everybody["seen"], everybody["fired"], everybody["state"]) == (4, 2, "active")


def test_a_lifetime_goes_by_the_tenant_s_clock(desk: Desk) -> None:
    (rule,) = switched_on(desk, f"{BAD}#*;ttl=60")
    assert rule["until"] == "2026-01-01T00:01:00.000Z"
    desk.ask("POST", "clock/advance", {"seconds": 59.9})
    assert statuses(desk, 1) == [502]
    desk.ask("POST", "clock/advance", {"seconds": 0.1})
    assert statuses(desk, 1) == [200]
    assert in_force(desk)["f1"]["state"] == "expired"


def test_spent_is_what_has_fired_as_often_as_it_may(desk: Desk) -> None:
    switched_on(desk, f"{BAD}#*;times=2")
    assert statuses(desk, 4) == [502, 502, 200, 200]
    found = in_force(desk)["f1"]
    assert (found["seen"], found["fired"], found["state"]) == (4, 2, "spent")


def test_a_rule_that_a_request_bound_to_its_task_is_marked(desk: Desk) -> None:
    task_id = desk.task(external_task_id="lipflap.fault=gateway-502-html@poll#2")
    (rule,) = in_force(desk).values()
    assert rule["bound_to"] == task_id
    assert rule["form"]["match"]["task"] == task_id


def test_switched_off_is_off_and_counts_from_one_when_it_comes_back(desk: Desk) -> None:
    switched_on(desk, f"{BAD}#1")
    switched_on(desk, "stuck-queued")
    statuses(desk, 1)
    gone = desk.ask("DELETE", "faults/f1")
    assert (gone.status_code, gone.json()["forgotten"]) == (200, ["f1"])
    assert set(in_force(desk)) == {"f2"}
    assert not [name for name in desk.store.tallies(gone.json()["tenant"]) if " f1" in name]
    assert "no rule of this tenant" in desk.refused(404, "DELETE", "faults/f1")


def test_what_a_rule_bound_to_tasks_goes_with_it(desk: Desk) -> None:
    switched_on(desk, "big-int-id")
    task_id = desk.task()
    assert set(in_force(desk)) == {"f1", f"f1.{task_id}"}
    assert desk.ask("DELETE", "faults/f1").json()["forgotten"] == ["f1", f"f1.{task_id}"]


def test_a_key_switches_off_its_own_and_no_key_everybody_s(desk: Desk) -> None:
    for key in ("key-one", "key-two", None):
        switched_on(desk, BAD, key=key)
    assert desk.ask("DELETE", "faults", key="key-one").json()["forgotten"] == ["f1"]
    assert set(in_force(desk, key="key-one")) == {"a1"}
    assert sorted(desk.ask("DELETE", "faults", key=None).json()["forgotten"]) == ["a1", "f1"]
    assert in_force(desk, key=None) == {}


def test_a_fault_for_all_is_not_one_tenant_s_to_switch_off(desk: Desk) -> None:
    switched_on(desk, BAD, key=None)
    desk.refused(404, "DELETE", "faults/a1", key="key-one")
    assert desk.ask("DELETE", "faults/a1", key=None).status_code == 200
    assert "for all tenants" in desk.refused(404, "DELETE", "faults/a1", key=None)


def test_faults_of_the_command_line_are_in_the_list_and_a_reset_brings_them_back(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(faults=(f"{BAD}#1",))
    assert statuses(desk, 2) == [502, 200]
    assert in_force(desk)["s1"]["fired"] == 1
    desk.ask("DELETE", "faults", key=None)
    switched_on(desk, BAD, key=None)
    desk.ask("POST", "reset", {"what": ["faults"]}, key=None)
    assert set(in_force(desk, key=None)) == {"s1"}
    assert statuses(desk, 1) == [502]


def test_ids_are_never_given_twice_while_they_are_in_use(desk: Desk) -> None:
    switched_on(desk, [BAD, BAD])
    desk.ask("POST", "reset", {"what": ["tasks", "journal"]})
    assert [rule["id"] for rule in switched_on(desk, BAD)] == ["f3"]


def test_the_journal_names_the_faults_that_fired(desk: Desk) -> None:
    switched_on(desk, f"{BAD}#2")
    statuses(desk, 2)
    fired = [entry["faults"] for entry in desk.get("journal")["entries"] if entry["operation"]]
    assert fired == [[], ["gateway-502-html"]]
