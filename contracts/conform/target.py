"""Which server is examined, in whose name, and how far one may go."""

from __future__ import annotations

from msgspec import Struct

SIMULATOR_VIDEO = "https://cdn.example/conform.mp4"
SIMULATOR_SOUND = "https://cdn.example/conform.mp3"


class Target(Struct, frozen=True):
    """What a person has said of a server. ``spend`` is how many submits may be paid for where they cost.

    ``task_id`` is an old finished task that may be read. ``video_url`` and ``audio_url`` are media that the server can
    download: a video of at least 5 s with one face all along, sound of at least 4 s. ``callback_url`` is how the
    server reaches what listens at ``callback_listen``, where that is not the address itself.
    """

    provider: str
    url: str
    key: str
    other_key: str = ""
    admin_token: str = ""
    spend: int = 0
    task_id: str = ""
    video_url: str = ""
    audio_url: str = ""
    account: str = ""
    callback_listen: str = ""
    callback_url: str = ""
    max_examples: int = 6
    seed: int = 20261121
    checks: tuple[str, ...] = ()
    polls: int = 120
    """How often a task that does not end is asked for."""


class Media(Struct, frozen=True):
    """A file that a request names. The simulator takes its facts from hints in the URL and fetches nothing."""

    url: str
    is_hinted: bool

    def having(self, **facts: object) -> str:
        """The URL of a file with these facts, by the names of the simulator's hints."""
        if not self.is_hinted:
            return self.url
        return self.url + "?" + "&".join(f"lipflap.{name}={value}" for name, value in facts.items())
