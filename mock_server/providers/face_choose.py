"""``face_choose``, the one layout that all three providers share: it is Kling's, and the gateways pass it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import NotRequired, TypedDict, cast

from mock_server.core.cases import Entry
from mock_server.core.session import Face


def parse_face_choose(
    body: Mapping[str, object], root: str = "", *, accepts_data_uri: bool = False
) -> list[Entry]:
    """The entries of ``face_choose``; the body has already been held against its schema. ``root`` precedes each path.

    With ``accepts_data_uri`` a ``data:`` prefix before Base64 is taken off; it is not Base64 otherwise.
    """
    where = f"{root}.face_choose" if root else "face_choose"
    choices = cast("Sequence[_Choice]", body["face_choose"])
    return [
        _entry(f"{where}[{position}]", choice, accepts_data_uri) for position, choice in enumerate(choices)
    ]


class _Choice(TypedDict):
    """The fields as the client spells them; absent and null are alike."""

    face_id: str
    sound_start_time: int | float
    sound_end_time: int | float
    sound_insert_time: int | float
    audio_id: NotRequired[str | None]
    sound_file: NotRequired[str | None]
    sound_volume: NotRequired[int | float | None]
    original_audio_volume: NotRequired[int | float | None]


def _entry(path: str, choice: _Choice, accepts_data_uri: bool) -> Entry:
    speech_id, sound = choice.get("audio_id") or "", choice.get("sound_file") or ""
    volume, original_volume = choice.get("sound_volume"), choice.get("original_audio_volume")
    return Entry(
        path,
        choice["face_id"],
        "audio_id" if speech_id else "sound_file",
        speech_id,
        without_data_uri(sound) if accepts_data_uri else sound,
        # the schema has found them integral, but 3000.0 is integral too
        int(choice["sound_start_time"]),
        int(choice["sound_end_time"]),
        int(choice["sound_insert_time"]),
        1.0 if volume is None else float(volume),
        1.0 if original_volume is None else float(original_volume),
    )


def without_data_uri(sound: str) -> str:
    """The Base64 of a ``data:`` URI; anything else as it is."""
    return sound.partition(",")[2] if sound.startswith("data:") else sound


def sounds_of(entries: Sequence[Entry]) -> list[str]:
    """What the entries name as sound: URLs or Base64."""
    return [entry.sound for entry in entries if entry.sound]


def text(body: Mapping[str, object], name: str) -> str:
    """A text field; absent, null and empty are all the empty text (the samples send ``""`` for absent)."""
    value = body.get(name)
    return value if isinstance(value, str) else ""


def number(body: Mapping[str, object], name: str, default: float) -> float:
    value = body.get(name)
    return float(value) if isinstance(value, int | float) else default


def face_row(face: Face, image_url: str) -> dict[str, object]:
    """One entry of ``face_data``."""
    return {
        "face_id": face.id,
        "face_image": image_url,
        "start_time": face.interval.start_ms,
        "end_time": face.interval.end_ms,
    }


@lru_cache(maxsize=4096)
def seconds(duration_ms: int) -> str:
    """Seconds as Kling writes them, without needless zeros: ``8.04``, ``12``."""
    amount = (Decimal(duration_ms) / 1000).quantize(Decimal("0.001"), ROUND_HALF_EVEN).normalize()
    return format(amount, "f")
