"""What a judge of servers asks of every provider, and how it reads the answers: its own table, none of the server's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol

from msgspec import Struct

from contracts.conform.exchange import Json, Request
from contracts.contract import Contract


class Order(Struct, frozen=True):
    """A lip-sync job: one face, one clip. Times in ms."""

    session_id: str
    sound_url: str
    start_ms: int = 0
    end_ms: int = 3000
    insert_ms: int = 0
    face_id: str = "0"
    external_id: str = ""
    callback_url: str = ""

    @property
    def fields(self) -> dict[str, object]:
        """The parameters as all three providers spell them."""
        entry = {
            "face_id": self.face_id,
            "sound_file": self.sound_url,
            "sound_start_time": self.start_ms,
            "sound_end_time": self.end_ms,
            "sound_insert_time": self.insert_ms,
            "sound_volume": 1,
            "original_audio_volume": 1,
        }
        body: dict[str, object] = {"session_id": self.session_id, "face_choose": [entry]}
        if self.external_id:
            body["external_task_id"] = self.external_id
        if self.callback_url:
            body["callback_url"] = self.callback_url
        return body


class Told(Struct, frozen=True):
    """What a message says of a task. Moments are as they stand there, in the provider's unit; None where missing."""

    id: str
    word: str
    created: float | None = None
    updated: float | None = None
    external_id: str = ""
    result_url: str = ""
    reason: str = ""


class Surface(Protocol):
    """One provider. Requests are those of its contract; readers give nothing where a message is not theirs."""

    provider: ClassVar[str]
    ranks: ClassVar[Mapping[str, int]]
    """Status words in the order in which they may come; those that end a task share the highest rank."""
    success: ClassVar[str]
    units_per_s: ClassVar[int]
    """In which unit messages tell moments: 1 for seconds, 1000 for milliseconds."""
    has_external_ids: ClassVar[bool]
    """Whether an external id may be used once only."""
    calls_back: ClassVar[bool]
    """Whether a callback is documented for a task."""
    paid: ClassVar[frozenset[str]]
    """Operations that may cost money."""
    callback_schema: ClassVar[str]
    unknown_task: ClassVar[str]
    """An id in the form of the provider's that names nothing."""
    not_found: ClassVar[frozenset[str]]
    """Operations by which one asks for a task by its id."""
    forges: ClassVar[bool]
    """Whether keys have a form, so that a forged one is known without asking anybody."""

    looks: ClassVar[tuple[Request, ...]]
    """Requests beside those of a job that cost nothing and change nothing."""

    def paid_looks(self, video_url: str) -> Sequence[Request]:
        """Requests beside those of a job that cost."""
        ...

    def identify(self, video_url: str) -> Request: ...

    def submit(self, order: Order) -> Request: ...

    def poll(self, task_id: str, operation: str = "") -> Request: ...

    def listing(self) -> Request | None: ...

    def cancel(self, task_id: str) -> Request | None: ...

    def session_of(self, body: object) -> str: ...

    def told(self, body: object) -> Told | None: ...

    def listed(self, body: object) -> Sequence[Told]: ...

    def called_back(self, body: object) -> Told | None: ...

    def code_of(self, body: object) -> str: ...

    def answer_id(self, body: object) -> str: ...

    def shape(self, contract: Contract, operation: str, body: object) -> tuple[str, Json] | None: ...


def is_end(surface: Surface, word: str) -> bool:
    """Whether a task with this status word is over; a word that the contract has not is not."""
    return surface.ranks.get(word, 0) == max(surface.ranks.values())
