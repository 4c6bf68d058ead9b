"""GMI Cloud's request queue in front of Kling: two models, two kinds of key."""

from mock_server.providers.gmi.surface import GmiProvider

__all__ = ["GmiProvider"]
