"""Dialect switches: every name and value is checked before it is believed."""

from __future__ import annotations

import pytest

from mock_server.core.dialect import Dialect, checked
from mock_server.core.errors import ConfigurationError

TABLE = (
    Dialect("kling.a", ("on", "off"), "says", "source"),
    Dialect("gmi.b", ("x", "y", "z"), "says", "source"),
)


def test_the_first_value_is_the_default() -> None:
    assert [row.default for row in TABLE] == ["on", "x"]


def test_what_is_chosen_rightly_is_taken_as_it_is() -> None:
    chosen = {"gmi.b": "z", "kling.a": "off"}
    taken = checked(TABLE, chosen)
    assert taken == chosen
    assert taken is not chosen


def test_an_unknown_switch_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ConfigurationError, match=r"'kling\.c'; known are gmi\.b, kling\.a"):
        checked(TABLE, {"kling.c": "on"})


def test_an_unknown_value_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ConfigurationError, match=r"gmi\.b must be one of x, y, z, not 'on'"):
        checked(TABLE, {"gmi.b": "on"})
