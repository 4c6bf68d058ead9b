"""Every scenario there is: complete, playable, and written once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.contract import load_contract
from mock_server.core.errors import ConfigurationError
from mock_server.core.fault import Occasion
from mock_server.core.pace import pace_named
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.model import ALL_PROVIDERS
from mock_server.scenarios.checking import complaints
from mock_server.scenarios.library import (
    FILES,
    all_scenarios,
    found,
    named,
    names,
    read_file,
    read_text,
    text_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from mock_server.core.dialect import Dialect
    from mock_server.faults.grammar import Grammar

PROFILES = {
    "bad-gateway-day": {"gateway-502-html", "empty-200", "keepalive-race-close"},
    "double-pay-trap": {fault for fault in CATALOGUE.ids() if fault.startswith("submit-accepted-")},
    "forever": {fault for fault in CATALOGUE.ids() if fault.startswith("stuck-")},
    "liar": {"failed-message-succeed", "completed-no-output", "http-200-error-code"},
    "flaky-cdn": {"url-404-then-ok", "download-truncated", "url-redirect-foreign"},
    "hostile-callbacks": {
        "callback-bad-signature",
        "callback-replay-new-id",
        "callback-out-of-order",
        "callback-storm",
    },
}
HABITS = {"kling-like", "fal-like", "replicate-like", "runway-like", "sync-like"}


def test_names_are_shipped_ones_then_one_for_each_fault_then_one_for_each_error() -> None:
    every = names(CATALOGUE)
    assert every[0] == "happy"
    assert len(set(every)) == len(every)
    assert {f"fault/{fault.id}" for fault in CATALOGUE} <= set(every)
    rows = {f"error/{provider}-{row}" for provider in ALL_PROVIDERS for row in load_contract(provider).errors}
    assert rows <= set(every)
    incidents = [name for name in every if name.startswith("incident/")]
    assert len(incidents) >= 12
    assert {"happy", *PROFILES, *HABITS, *incidents} == set(every) - rows - {
        f"fault/{fault.id}" for fault in CATALOGUE
    }


def test_every_scenario_can_be_played(grammar: Grammar, dialects: tuple[Dialect, ...]) -> None:
    wrong = {
        scenario.name: list(complaints(scenario, grammar, dialects)) for scenario in all_scenarios(CATALOGUE)
    }
    assert {name: said for name, said in wrong.items() if said} == {}


def test_every_scenario_says_what_happens_and_comes_back_from_its_text() -> None:
    for scenario in all_scenarios(CATALOGUE):
        assert scenario.title, scenario.name
        assert scenario.says, scenario.name
        assert named(scenario.name, CATALOGUE) == scenario
        assert read_text(text_of(scenario)) == scenario


def test_incidents_and_profiles_have_a_motive_with_its_link() -> None:
    for scenario in all_scenarios(CATALOGUE):
        if scenario.name.startswith("incident/") or scenario.name in PROFILES.keys() | HABITS:
            assert scenario.motive, scenario.name
            assert scenario.link, scenario.name


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_has_the_faults_of_its_bundle(profile: str, grammar: Grammar) -> None:
    scenario = named(profile, CATALOGUE)
    assert {grammar.read(spec, "x", now_ms=0)[0].fault for spec in scenario.faults} == PROFILES[profile]


def test_a_fault_s_scenario_lasts_until_its_window_is_over() -> None:
    for fault in CATALOGUE:
        scenario = named(f"fault/{fault.id}", CATALOGUE)
        assert scenario.pace is not None
        if fault.occasions[0] is Occasion.POLL:
            assert int(scenario.pace.partition(":")[2]) > (fault.window.last or fault.window.first)
        assert scenario.expect.outcome.value == fault.expected.value
        assert scenario.link == (fault.link or None)


def test_a_task_with_callbacks_ends_between_two_polls() -> None:
    called_back = [scenario for scenario in all_scenarios(CATALOGUE) if scenario.with_callback]
    assert {scenario.name for scenario in called_back} >= {"fal-like", "fault/callback-late"}
    assert [scenario.name for scenario in called_back if pace_named(scenario.pace or "").polls] == []


def test_a_row_that_is_final_is_the_reason_of_a_failure() -> None:
    assert named("error/kling-moderation", CATALOGUE).expect.reason == "moderation"
    assert named("error/kirin-moderation", CATALOGUE).faults == [
        {"fault": "error:moderation@task", "match": {"provider": "kirin"}}
    ]
    retryable = named("error/gmi-rate-limited", CATALOGUE).expect
    assert (retryable.outcome, retryable.reason) == ("either", None)


@pytest.mark.parametrize(
    "name", ["hapy", "fault/no-such", "error/veo-internal", "error/kling-no-such", "", "x/y"]
)
def test_a_name_that_nobody_has_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="there is no scenario"):
        named(name, CATALOGUE)


def test_a_file_is_known_by_its_ending(tmp_path: Path) -> None:
    for suffix in (".yaml", ".yml", ".json"):
        file = tmp_path / f"mine{suffix}"
        file.write_text('{"name": "mine"}')
        assert found(str(file), CATALOGUE).name == "mine"
    assert found("happy", CATALOGUE).name == "happy"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot read scenario"),
        ("name: [", "line 1"),
        ("- 1", "valid dictionary"),
        ("name: x\npace: fast", "pace: pace must be"),
        ("name: x\nmedia: {video: {faces: -1}}", "media.video.faces: "),
        ("title: x", "name: Field required"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_place(
    tmp_path: Path, text: str | None, said: str
) -> None:
    file = tmp_path / "mine.yaml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(ConfigurationError, match=said) as caught:
        read_file(file)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_shipped_file_is_called_what_it_says() -> None:
    for file in FILES.rglob("*.yaml"):
        assert read_file(file).name == file.relative_to(FILES).with_suffix("").as_posix()
