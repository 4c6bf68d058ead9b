"""The fields of text to speech, spelled alike by Kling and by the gateway behind Kirin."""

from __future__ import annotations

from collections.abc import Mapping

from mock_server.flow.speech import Script
from mock_server.providers.face_choose import number, text

DEFAULT_LANGUAGE = "zh"


def parse_script(body: Mapping[str, object], path: str = "") -> Script:
    """The script in ``body``, whose shape has been checked."""
    return Script(
        text=text(body, "text"),
        voice_id=text(body, "voice_id"),
        language=text(body, "voice_language") or DEFAULT_LANGUAGE,
        speed=number(body, "voice_speed", 1.0),
        path=path,
    )
