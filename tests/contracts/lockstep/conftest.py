"""A clock of one's own, and one in step with a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from contracts.lockstep import Alone, LockStep
from contracts.plugin.side import ServerSide
from mock_server.core.clock import ClockMode
from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings

START_MS = 1_767_225_600_000
KLING = "/v1/videos/advanced-lip-sync"

Begin = Callable[[], LockStep]


@pytest.fixture
def step() -> Iterator[LockStep]:
    """Virtual time without any server, from 2026-01-01 on."""
    with LockStep(Alone(), START_MS) as step:
        yield step


@pytest.fixture
def alone() -> Begin:
    """The same, to be entered by the test itself, as often as it likes."""
    return lambda: LockStep(Alone(), START_MS)


class Place:
    """A server, a tenant of it, and a client that talks to it outside of virtual time."""

    def __init__(self, server: BackgroundServer, key: str) -> None:
        self.server, self.key, self.url = server, key, server.url
        self.tenant = server.tempo.tenant(key)
        self.headers = {"Authorization": f"Bearer {key}"}

    @contextmanager
    def in_step(self) -> Iterator[LockStep]:
        tempo, side = self.server.tempo, ServerSide(self.server)
        side.tenants.append(self.tenant)
        hands = self.server.submit(tempo.turn(self.tenant, ClockMode.MANUAL)).result()
        with LockStep(side, hands.now_ms) as step:
            yield step

    def now_ms(self) -> int:
        return int(self.admin("GET", "clock")["now_ms"])

    def admin(self, method: str, path: str, body: object = None) -> dict[str, object]:
        with httpx.Client(trust_env=False) as http:
            answer = http.request(
                method, f"{self.url}/__lipflap/{path}", params={"key": self.key}, json=body
            ).raise_for_status()
            return dict(answer.json())

    def submit(self, http: httpx.Client, callback_url: str | None = None) -> str:
        """Begin a lip-sync job at Kling; where to poll it."""
        video = {"video_url": "https://cdn.test/a.mp4"}
        session = http.post(f"{self.url}/v1/videos/identify-face", json=video, headers=self.headers).json()
        clip = {"face_id": "0", "sound_file": "https://cdn.test/a.mp3", "sound_insert_time": 1000}
        body = {
            "session_id": session["data"]["session_id"],
            "face_choose": [{**clip, "sound_start_time": 0, "sound_end_time": 3000}],
            **({"callback_url": callback_url} if callback_url else {}),
        }
        task = http.post(f"{self.url}{KLING}", json=body, headers=self.headers).json()
        return f"{self.url}{KLING}/{task['data']['task_id']}"


@pytest.fixture(scope="module")
def make_place() -> Iterator[Callable[..., Place]]:
    """Starts servers: ``make_place("key", pace="real")``."""
    with ExitStack() as stack:

        def make(key: str, **settings: object) -> Place:
            server = BackgroundServer(Settings(port=0, **settings))  # type: ignore[arg-type]
            return Place(stack.enter_context(server), key)

        yield make


@pytest.fixture
def place(make_place: Callable[..., Place], request: pytest.FixtureRequest) -> Place:
    """A server with default settings, and a tenant named after the test."""
    return make_place(request.node.name)
