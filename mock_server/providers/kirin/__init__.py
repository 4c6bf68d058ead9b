"""Kirin Lipsync: Kling under another name, behind a gateway that makes a task of everything."""

from mock_server.providers.kirin.surface import KirinProvider

__all__ = ["KirinProvider"]
