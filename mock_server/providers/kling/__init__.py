"""Kling's own API, old standard: identify-face, advanced-lip-sync, TTS, and the legacy lip-sync."""

from mock_server.providers.kling.surface import KlingProvider

__all__ = ["KlingProvider"]
