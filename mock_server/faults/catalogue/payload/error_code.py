"""Faults of the payload layer: HTTP says yes, and the body says no."""

from __future__ import annotations

from msgspec.structs import replace

from mock_server.core.errors import Refused
from mock_server.core.fault import Occasion, Window
from mock_server.faults.model import Expected, Fault, InPlace, Layer, Param, Reply, Scene

COMMON_ROWS = ("internal", "unavailable", "rate-limited", "invalid-value", "not-found", "forbidden")
"""Rows of the error table that every provider has."""


def _error_with_200(scene: Scene) -> Reply:
    return replace(scene.refuse(Refused(scene.text("error"))), status=200)


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="http-200-error-code",
        layer=Layer.PAYLOAD,
        says="answers 200 with the body of an error; a submit makes no task",
        client_must="read the code in the body, and treat the answer as that error whatever HTTP says",
        hooks=(
            InPlace(
                _error_with_200,
                (Occasion.POLL, Occasion.SUBMIT, Occasion.IDENTIFY, Occasion.LIST, Occasion.TTS),
            ),
        ),
        expected=Expected.EITHER,
        motive="a service sends its errors with status 200, and a client that asked HTTP alone went on with nothing",
        link="https://github.com/KiwiGaze/glm-for-copilot/issues/29",
        window=Window(2, 2),
        params=(Param("error", "internal", "the row of the provider's error table", choices=COMMON_ROWS),),
        notes={
            "gmi": 'without a code: {"error": text}',
            "kirin": "the error object with its word",
            "kling": "the envelope with a code that is not 0",
        },
    ),
)
