"""``face_choose``, the one layout that all three providers share: it is Kling's, and the gateways pass it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import cast

from mock_server.core.session import Face
from mock_server.flow.lip_sync import Entry


def parse_face_choose(
    body: Mapping[str, object], root: str = "", *, accepts_data_uri: bool = False
) -> list[Entry]:
    """The entries of ``face_choose``; the body has already been held against its schema. ``root`` precedes each path.

    With ``accepts_data_uri`` a ``data:`` prefix before Base64 is taken off; it is not Base64 otherwise.
    """
    entries = cast(Sequence[Mapping[str, object]], body["face_choose"])
    where = f"{root}.face_choose" if root else "face_choose"
    return [_entry(f"{where}[{position}]", entry, accepts_data_uri) for position, entry in enumerate(entries)]


def _entry(path: str, entry: Mapping[str, object], accepts_data_uri: bool) -> Entry:
    sound = text(entry, "sound_file")
    return Entry(
        path=path,
        face_id=cast(str, entry["face_id"]),
        speech_id=text(entry, "audio_id"),
        sound=without_data_uri(sound) if accepts_data_uri else sound,
        start_ms=whole(entry["sound_start_time"]),
        end_ms=whole(entry["sound_end_time"]),
        insert_ms=whole(entry["sound_insert_time"]),
        volume=number(entry, "sound_volume", 1.0),
        original_volume=number(entry, "original_audio_volume", 1.0),
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


def whole(value: object) -> int:
    """A number that the schema has found integral, such as 3000 or 3000.0."""
    return int(cast(float, value))


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
