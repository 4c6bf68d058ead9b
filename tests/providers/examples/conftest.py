"""The documented examples, and how an answer of the server is held against one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.providers.conftest import Kirin, Kling, Surface

Json = dict[str, Any]

EXAMPLES_DIR = Path(__file__).parents[3] / "fixtures" / "examples"
LONG_TEXT = (
    "A text long enough to be spoken for five seconds and some more, which takes about a hundred letters."
)


def examples(provider: str, *kinds: str) -> dict[str, Json]:
    """The examples of ``provider`` by name, of these kinds: request, response, callback."""
    found = {
        path.stem: json.loads(path.read_text("utf-8"))
        for path in sorted((EXAMPLES_DIR / provider).glob("*.json"))
    }
    return {name: example for name, example in found.items() if example["kind"] in kinds}


def paths_of(value: object, at: str = "") -> Iterator[str]:
    """Where ``value`` has a key: ``data.face_data[].face_id``. A text that holds an object is looked into."""
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{at}.{key}".removeprefix(".")
            yield from paths_of(inner, f"{at}.{key}".removeprefix("."))
    if isinstance(value, list):
        for inner in value:
            yield from paths_of(inner, f"{at}[]")


def replaced(value: Any, by_key: Mapping[str, object]) -> Any:
    """A copy of ``value`` with other values for these keys, wherever they stand and are not empty."""
    if isinstance(value, list):
        return [replaced(item, by_key) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: by_key[key] if key in by_key and inner else replaced(inner, by_key)
        for key, inner in value.items()
    }


@pytest.fixture(scope="session")
def examples_of() -> Callable[..., dict[str, Json]]:
    return examples


@pytest.fixture(scope="session")
def differences() -> Callable[[object, object], tuple[set[str], set[str]]]:
    """What only the documented value has, and what only the server's has."""

    def compare(documented: object, sent: object) -> tuple[set[str], set[str]]:
        theirs, ours = set(paths_of(documented)), set(paths_of(sent))
        return theirs - ours, ours - theirs

    return compare


@pytest.fixture(scope="session")
def with_real_ids() -> Callable[[Surface, Json], Json]:
    """``with_real_ids(surface, body)``: the body with sessions, audio and videos that exist at the server."""

    def substitute(surface: Surface, body: Json) -> Json:
        video_url = "https://cdn.test/talk.mp4?lipflap.duration_ms=9500&lipflap.faces=2"
        session_id = surface.session(video_url)
        sound = {"face_id": "0", "sound_file": "https://cdn.test/line.mp3"}
        times = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 0}
        ids = {
            "session_id": session_id,
            "video_id": surface.lip_sync(session_id, {**sound, **times}).data["result_id"],
        }
        if surface.name != "gmi":
            speaker: Kling | Kirin = surface  # type: ignore[assignment]
            ids["audio_id"] = speaker.speak(LONG_TEXT).data["id"]
        changed: Json = replaced(body, ids)
        return changed

    return substitute
