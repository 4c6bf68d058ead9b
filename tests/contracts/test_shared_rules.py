"""A provider's row says what the shared rule says, unless the provider says otherwise."""

from __future__ import annotations

import pytest

from contracts.contract import PROVIDERS, load_contract
from contracts.shared_rules import MODERATION, cited

PAGE = "somewhere § 1"


def test_a_citation_keeps_wording_limits_and_the_pages_number() -> None:
    rule = cited("overlap", PAGE)
    assert (rule.id, rule.number, rule.field, rule.source) == ("overlap", 8, "sound_insert_time", PAGE)
    assert dict(rule.limits) == {"min_ms": 2_000}
    assert rule.error == "invalid-value"


def test_a_provider_may_narrow_what_it_cites() -> None:
    rule = cited("video-length", PAGE, says="must last 5 seconds", min_ms=5_000, max_ms=5_000)
    assert (rule.says, dict(rule.limits)) == ("must last 5 seconds", {"min_ms": 5_000, "max_ms": 5_000})
    assert cited("audio-format", PAGE, "mp3").accepts == ("mp3",)
    assert cited("audio-format", PAGE).accepts == ("mp3", "wav", "m4a", "aac")


def test_refused_content_has_a_row_of_its_own_whatever_other_refusals_get() -> None:
    assert cited("audio-size", PAGE, error="upstream-http").error == "upstream-http"
    assert cited("audio-moderation", PAGE, error="upstream-http").error == "moderation"


def test_a_rule_that_is_not_shared_cannot_be_cited() -> None:
    with pytest.raises(KeyError):
        cited("lips-move", PAGE)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_only_rules_about_content_lead_to_moderation(provider: str) -> None:
    for rules in load_contract(provider).rules.values():
        for rule in rules:
            assert (rule.error == "moderation") is rule.id.endswith(MODERATION), rule.id
