"""Where a client does its job: a folder, media, a receiver of callbacks, and all of it as variables."""

from __future__ import annotations

import shutil
import socket
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from contracts.client.model import Job
from contracts.witness.scenario import Scenario

WEBHOOK_SECRET = f"whsec_{b64encode(b'signs what lipflap sends').decode()}"
"""With it a server that is started for a run signs its callbacks."""
OUTPUT = "output.mp4"
ELSEWHERE_VIDEO = "https://media.lipflap.test/talk.mp4"
ELSEWHERE_AUDIO = "https://media.lipflap.test/speech.mp3"
"""Media that nobody fetches: their facts are those that the scenario states."""


class Callbacks(Struct, frozen=True):
    """``url`` is where the server is to send them; ``listen`` (host:port) is the client's own, or empty."""

    url: str
    listen: str = ""


def folder_of(root: Path, provider: str, scenario: str, seed: int) -> Path:
    """Where a cell has its folder."""
    return root / provider / f"{scenario}@{seed}"


def fresh_folder(root: Path, provider: str, scenario: str, seed: int) -> Path:
    """An empty folder for one cell; what an earlier run left there is gone, so that nothing is resumed by mistake."""
    folder = folder_of(root, provider, scenario, seed)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def own_receiver() -> Callbacks:
    """A free port for a receiver of the client's own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{probe.getsockname()[1]}"
    return Callbacks(f"http://{listen}/callback", listen)


def job_at(
    url: str,
    key: str,
    provider: str,
    scenario: Scenario,
    folder: Path,
    callbacks: Callbacks | None,
    environment: Mapping[str, str],
) -> Job:
    """``environment`` is what ``lipflap env`` prints, and whatever else is to be set."""
    elsewhere = scenario.states_media
    output = folder / OUTPUT
    variables = {
        **environment,
        "LIPFLAP_VIDEO_URL": scenario.job_url("video")
        or (ELSEWHERE_VIDEO if elsewhere else environment["LIPFLAP_VIDEO_URL"]),
        "LIPFLAP_AUDIO_URL": scenario.job_url("audio")
        or (ELSEWHERE_AUDIO if elsewhere else environment["LIPFLAP_AUDIO_URL"]),
        "LIPFLAP_OUTPUT": str(output),
        "LIPFLAP_PROVIDER": provider,
        "LIPFLAP_SCENARIO": scenario.name,
        **_receiving(callbacks),
    }
    return Job(
        id=folder.name,
        provider=provider,
        url=url,
        key=key,
        video_url=variables["LIPFLAP_VIDEO_URL"],
        audio_url=variables["LIPFLAP_AUDIO_URL"],
        output=output,
        folder=folder,
        callback_url=callbacks.url if callbacks else "",
        environment=variables,
    )


def _receiving(callbacks: Callbacks | None) -> dict[str, str]:
    if callbacks is None:
        return {}
    found = {"LIPFLAP_CALLBACK_URL": callbacks.url}
    if callbacks.listen:
        found |= {"LIPFLAP_CALLBACK_LISTEN": callbacks.listen, "LIPFLAP_WEBHOOK_SECRET": WEBHOOK_SECRET}
    return found
