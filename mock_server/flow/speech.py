"""Text to speech: judge voice and speed, make a clip of the right length, keep it."""

from __future__ import annotations

import asyncio

from msgspec import Struct

from contracts.contract import Contract
from contracts.model import Rule, Violation
from mock_server.core.errors import Refused
from mock_server.core.media import MediaFacts
from mock_server.core.session import Speech
from mock_server.flow.call import Call

REJECTED_TEXT = "lipflap.moderation=reject"
"""Text that holds these words is rejected, as a URL with that hint is."""


class Script(Struct, frozen=True):
    """What is to be said, and how. ``path`` leads to the fields in the request, with a dot at its end, or is empty."""

    text: str
    voice_id: str
    language: str
    speed: float
    path: str = ""


async def make_speech(call: Call, contract: Contract, script: Script) -> Speech:
    """A stored clip for ``script``. Nobody speaks in it: its length is the text's, its sound is a template.

    Raises Refused: "invalid-value" for a voice that does not exist in the language, "moderation" for rejected text.
    """
    audio = await spoken(call, contract, script)
    number = call.simulator.store.next_number(call.tenant, "speech")
    speech = Speech(
        id=call.choices.decimal_id("speech", contract.provider, number),
        tenant=call.tenant,
        provider=contract.provider,
        created_ms=call.now_ms,
        text=script.text,
        audio=audio,
    )
    call.simulator.store.add_speech(speech)
    return speech


async def spoken(call: Call, contract: Contract, script: Script) -> MediaFacts:
    """The sound of ``script``, kept as a file. Raises Refused as ``make_speech`` does."""
    # imported when the first text is spoken: start-up need not wait for it
    from mock_server.media.speech import render_speech, speech_length_ms

    _check_voice(contract.rule("speech", "voice-known"), script)
    if REJECTED_TEXT in script.text:
        reason = Violation(f"{script.path}text", "moderation", "was rejected by content moderation")
        raise Refused("moderation", (reason,))
    speed = speed_within(contract.rule("speech", "speed-range"), script.speed)
    length_ms = speech_length_ms(script.text, speed)
    return await asyncio.to_thread(lambda: call.simulator.library.keep(render_speech(length_ms)))


def speed_within(rule: Rule, speed: float) -> float:
    """The speed as the service takes it: rounded to the row's decimals, then held within its range, never refused."""
    rounded = round(speed, int(rule.limits["decimals"]))
    return min(max(rounded, rule.limits["min"]), rule.limits["max"])


def _check_voice(rule: Rule, script: Script) -> None:
    if f"{script.voice_id}:{script.language}" not in rule.accepts:
        raise Refused(rule.error, (Violation(f"{script.path}voice_id", rule.id, "Voice id not found"),))
