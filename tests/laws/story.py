"""Play a story of requests against a fresh server and print its journal: ``python story.py STORE < story.json``.

A story is a list of moves, each a list of a word and what goes with it, so that it can be handed to another
process as JSON. No move reads a clock or rolls dice; what a move refers to (the third session, say) is found
among what earlier moves have made, and a move that refers to nothing asks for what does not exist.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.testclient import TestClient

from mock_server.app import App
from mock_server.core.world import tenant_of
from mock_server.settings import Settings
from mock_server.stores.codec import encode

Move = Sequence[Any]
Json = dict[str, Any]

GMI = "/api/v1/ie/requestqueue/apikey/requests"
KIRIN = "/model/v1/generation"
KLING = "/v1/videos/advanced-lip-sync"
NOBODY_LISTENS = "http://127.0.0.1:1/hook"
BROKEN = (b"", b"{", b'{"a": NaN}', b"[]", b'{"model": "none", "payload": {}}', b'{"session_id": 7}')
TASKS_AT = {"kling": KLING, "gmi": GMI, "kirin": f"{KIRIN}/task"}


@dataclass
class Player:
    """One tenant. ``sessions`` and ``tasks`` are ids by provider, in the order in which they were made."""

    client: TestClient
    key: str
    sessions: Mapping[str, list[str]] = field(default_factory=lambda: {name: [] for name in TASKS_AT})
    tasks: Mapping[str, list[str]] = field(default_factory=lambda: {name: [] for name in TASKS_AT})
    seen: list[str] = field(default_factory=list)
    """The text of every answer."""

    def move(self, word: str, *rest: Any) -> None:
        """Make one move, and let what it has brought about come to rest."""
        getattr(self, f"_{word}")(*rest)
        self._advance(0)

    def ask(self, method: str, path: str, body: object = None) -> Json:
        """The JSON of an answer; an empty object where it is none."""
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = self.client.request(method, path, headers=headers, json=body)
        self.seen.append(answer.text)
        return answer.json() if answer.text.startswith("{") else {}

    def _identify(self, provider: str, video_url: str) -> None:
        if provider == "kling":
            data = self.ask("POST", "/v1/videos/identify-face", {"video_url": video_url}).get("data")
        elif provider == "gmi":
            body = {"model": "kling-identify-face", "payload": {"video_url": video_url}}
            data = (self.ask("POST", GMI, body).get("outcome") or {}).get("data")
        else:
            made = self.ask("POST", KIRIN, {"model": "kirin_identify_face", "video_url": video_url})
            self._advance(None)
            output = self.ask("GET", f"{KIRIN}/task/{made.get('id')}").get("output")
            data = json.loads(output[0]["content"][0]["text"])["data"] if output else None
        if data:
            self.sessions[provider].append(data["session_id"])

    def _submit(self, provider: str, session: int, sound: str, end_ms: int, calls_back: bool) -> None:
        clip = {"sound_file": sound, "sound_start_time": 0, "sound_end_time": end_ms, "sound_insert_time": 0}
        fields: Json = {
            "session_id": _at(self.sessions[provider], session),
            "face_choose": [{"face_id": "0", **clip}],
        }
        if calls_back:
            fields["callback_url"] = NOBODY_LISTENS
        if provider == "kling":
            made = self.ask("POST", KLING, fields).get("data", {}).get("task_id")
        elif provider == "gmi":
            made = self.ask("POST", GMI, {"model": "kling-lip-sync", "payload": fields}).get("request_id")
        else:
            made = self.ask("POST", KIRIN, {"model": "kirin_lipsync", **fields}).get("id")
        if made:
            self.tasks[provider].append(made)

    def _speak(self, provider: str, text: str) -> None:
        voice = {"text": text, "voice_id": "oversea_male1", "voice_language": "en"}
        if provider == "kling":
            self.ask("POST", "/v1/audio/tts", voice)
        else:
            self.ask("POST", KIRIN, {"model": "kirin_tts", **voice})

    def _poll(self, provider: str, task: int) -> None:
        self.ask("GET", f"{TASKS_AT[provider]}/{_at(self.tasks[provider], task)}")

    def _list(self, provider: str) -> None:
        self.ask("GET", f"{KLING}?pageNum=1&pageSize=3" if provider == "kling" else GMI)

    def _cancel(self, task: int) -> None:
        self.ask("DELETE", f"{GMI}/{_at(self.tasks['gmi'], task)}")

    def _broken(self, provider: str, body: int) -> None:
        path = {"kling": KLING, "gmi": GMI, "kirin": KIRIN}[provider]
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        self.seen.append(self.client.post(path, content=BROKEN[body % len(BROKEN)], headers=headers).text)

    def _advance(self, seconds: float | None) -> None:
        how: Json = {"until": "idle"} if seconds is None else {"seconds": seconds}
        answer = self.client.post(f"/__lipflap/clock/advance?key={self.key}", json=how)
        assert answer.status_code == 200, answer.text


def _at(made: list[str], position: int) -> str:
    return made[position % len(made)] if made else "nothing"


@dataclass
class Stage:
    """A server with a clock that is moved by hand, and those who play on it."""

    app: App
    client: TestClient

    def player(self, key: str) -> Player:
        return Player(self.client, key)

    def journal(self, key: str) -> list[str]:
        """The entries of the key's journal, each as the hexadecimal digits of its bytes."""
        assert self.client.portal is not None
        page = self.client.portal.call(self.app.house.simulator.store.journal, tenant_of(key))
        return [encode(entry).hex() for entry in page.entries]


@contextmanager
def stage(store: str = "memory", pace: str = "quick", seed: int = 7) -> Iterator[Stage]:
    """A fresh server until the end of the block."""
    app = App(Settings(clock="manual", seed=seed, store=store, pace=pace))
    with TestClient(app, base_url="http://lipflap.test") as client:
        yield Stage(app, client)


def journal_of(story: Sequence[Move], key: str = "the-key", **server: Any) -> list[str]:
    """The journal of one who plays the story alone on a fresh server."""
    with stage(**server) as place:
        player = place.player(key)
        for word, *rest in story:
            player.move(word, *rest)
        return place.journal(key)


if __name__ == "__main__":
    told = json.load(sys.stdin)
    print("\n".join(journal_of(told["story"], store=sys.argv[1], pace=told["pace"])))
