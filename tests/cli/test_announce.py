"""What a person reads when the server is ready."""

from __future__ import annotations

from mock_server.cli.announce import banner
from mock_server.settings import Settings

URL = "http://127.0.0.1:8787"


def test_what_goes_wrong_on_purpose_is_said() -> None:
    told = banner(Settings(faults=("gateway-502-html@poll#2",), scenario="happy"), URL, None)
    assert "scenario happy" in told
    assert "fault gateway-502-html@poll#2" in told


def test_where_nothing_goes_wrong_nothing_is_said() -> None:
    assert "On purpose" not in banner(Settings(), URL, None)
