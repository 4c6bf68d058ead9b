"""A scenario file that can be played, as the server is to be told it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def playable_body(path: Path) -> Mapping[str, object]:
    """What the file states, and nothing else. Raises ConfigurationError with everything that is wrong with it."""
    from mock_server.faults.catalogue import CATALOGUE
    from mock_server.faults.grammar import Grammar
    from mock_server.providers.gmi.dialects import DIALECTS as OF_GMI
    from mock_server.providers.kirin.dialects import DIALECTS as OF_KIRIN
    from mock_server.providers.kling.dialects import DIALECTS as OF_KLING
    from mock_server.scenarios.checking import require_playable
    from mock_server.scenarios.library import read_file

    scenario = read_file(path)
    require_playable(scenario, Grammar(CATALOGUE), (*OF_KIRIN, *OF_GMI, *OF_KLING))
    return scenario.model_dump(mode="json", exclude_unset=True)
