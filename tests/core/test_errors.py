"""What a refusal says when nobody words it better."""

from __future__ import annotations

from contracts.model import Violation
from mock_server.core.errors import ConfigurationError, LipflapError, ProbeError, Refused


def test_a_refusal_words_its_violations() -> None:
    refused = Refused(
        "invalid-value", [Violation("a[0].b", "type", "must be a string"), Violation("", "x", "broke")]
    )
    assert refused.message == "a[0].b must be a string; broke"


def test_a_message_of_its_own_comes_first() -> None:
    assert (
        Refused("invalid-value", [Violation("a", "type", "is bad")], "said otherwise").message
        == "said otherwise"
    )


def test_without_either_the_row_of_the_table_speaks() -> None:
    refused = Refused("not-found")
    assert refused.message is None
    assert str(refused) == "not-found"


def test_everything_raised_on_purpose_has_one_root() -> None:
    assert all(issubclass(kind, LipflapError) for kind in (Refused, ProbeError, ConfigurationError))
