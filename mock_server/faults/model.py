"""What a fault is: one row with an id from the catalogue, and the hooks through which it acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field

from contracts.contract import Contract
from mock_server.core.anatomy import Anatomy
from mock_server.core.errors import Refused
from mock_server.core.fault import ALWAYS, FaultRule, Occasion, ParamValue, Window
from mock_server.core.ids import Choices
from mock_server.core.journal import Entry
from mock_server.core.parcel import Parcel, Postponed
from mock_server.core.plan import Stage
from mock_server.core.session import Session
from mock_server.core.task import Task
from mock_server.core.wire import Script
from mock_server.flow.call import Answer, Headers

ALL_PROVIDERS = ("kirin", "gmi", "kling")


class Layer(StrEnum):
    """Where a fault shows, as the catalogue sorts them."""

    HTTP = "http"
    NETWORK = "network"
    PAYLOAD = "payload"
    ASYNC = "async"
    CALLBACK = "callback"
    MEDIA = "media"
    AUTH = "auth"
    ERROR = "error"
    """A documented row of a provider's error table."""


class Expected(StrEnum):
    """What a good client ends with when it meets the fault in an otherwise fine job."""

    SUCCESS = "success"
    FAILURE = "failure"
    EITHER = "either"


class Param(Struct, frozen=True):
    """A number or a word that a fault can be told. ``default`` fixes its type; ``low`` and ``high`` bound a number."""

    name: str
    default: ParamValue
    says: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


def _no_tasks() -> Sequence[Task]:
    return ()


class Scene(Struct, frozen=True):
    """What a hook may look at. ``nth`` counts this occasion from 1; ``params`` are complete.

    ``task`` is the task that is polled, downloaded or announced, as this occasion will find it; None before there is
    one. ``refuse`` words a refusal as the provider would. ``journal`` reads the tenant's exchanges so far.
    """

    occasion: Occasion
    contract: Contract
    anatomy: Anatomy
    now_ms: int
    nth: int
    params: Mapping[str, ParamValue]
    choices: Choices
    method: str
    path: str
    headers: Headers
    base_url: str
    body: object
    task: Task | None
    refuse: Callable[[Refused], Answer]
    journal: Callable[[], Sequence[Entry]]
    announced: Stage | None = None
    """The stage that a callback is about."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Of a download."""
    content: bytes = b""
    """The whole of the file that a download is about, once it is clear that it will be served."""
    raw: bytes = b""
    """The request's body as it came."""
    tasks: Callable[[], Sequence[Task]] = _no_tasks
    """Reads the tenant's lip-sync tasks at this provider, newest first."""
    token_now_s: float = 0.0
    """The moment by which the times of the request's token were judged; 0 where it came with none."""

    @property
    def provider(self) -> str:
        return self.contract.provider

    def number(self, name: str) -> int:
        """A whole-number param."""
        value = self.params[name]
        assert isinstance(value, int), "the grammar has checked it"
        return value

    def text(self, name: str) -> str:
        """A text param."""
        value = self.params[name]
        assert isinstance(value, str), "the grammar has checked it"
        return value

    @property
    def has_ended(self) -> bool:
        """Whether the task at hand has reached its last stage."""
        return self.task is not None and self.task.plan.has_ended(self.now_ms)


Occasions = tuple[Occasion, ...]
Reply = Answer | Script
"""What the server says in place of the provider: an HTTP answer, or a script for the raw socket."""


class InPlace(Struct, frozen=True):
    """Before the request is decided: answers in its place, so nothing is stored. None lets the request go on."""

    act: Callable[[Scene], Reply | None]
    at: Occasions


class OnSession(Struct, frozen=True):
    """Changes what identify-face is about to remember; at a submit, the session that it refers to."""

    act: Callable[[Session, Scene], Session]
    at: Occasions = (Occasion.IDENTIFY,)


class OnTask(Struct, frozen=True):
    """Changes a task that is about to be stored: its plan above all.

    At a cancel it is the task that was cancelled, and the scene has it as it was before.
    """

    act: Callable[[Task, Scene], Task]
    at: Occasions = (Occasion.SUBMIT,)


class OnMoment(Struct, frozen=True):
    """Shows the world as it was or will be at another moment: the Unix time in ms to look from."""

    act: Callable[[Scene], int]
    at: Occasions


class OnAnswer(Struct, frozen=True):
    """Changes the answer after the request was decided and stored."""

    act: Callable[[Answer, Scene], Answer]
    at: Occasions


class OnWire(Struct, frozen=True):
    """Puts the answer on the raw socket in its own way, after the request was decided and stored."""

    act: Callable[[Answer, Scene], Script]
    at: Occasions


class OnDelivery(Struct, frozen=True):
    """Turns one callback into others, or (empty) none, or puts it off."""

    act: Callable[[Parcel, Scene], Sequence[Parcel] | Postponed]
    at: Occasions = (Occasion.CALLBACK,)


class BeforeReply(Struct, frozen=True):
    """Has every callback that is due sent, and answered, before the request gets its own answer."""

    at: Occasions = (Occasion.SUBMIT,)


Hook = InPlace | OnSession | OnTask | OnMoment | OnAnswer | OnWire | OnDelivery | BeforeReply
HOOKS = (InPlace, OnSession, OnTask, OnMoment, OnAnswer, OnWire, OnDelivery, BeforeReply)


class Fault(Struct, frozen=True):
    """One row of the catalogue.

    The first of ``hooks`` is the main one, and the first of its occasions the usual one: ``window`` counts there.
    Other hooks act wherever their occasion comes. ``counts`` says which occasions are counted at all (None: every).
    ``motive`` is the incident, ``link`` where it is told (empty where it is our own reasoning).
    """

    id: str
    layer: Layer
    says: str
    client_must: str
    hooks: tuple[Hook, ...]
    expected: Expected
    motive: str
    link: str = ""
    window: Window = ALWAYS
    providers: tuple[str, ...] = ALL_PROVIDERS
    params: tuple[Param, ...] = ()
    counts: Callable[[Scene], bool] | None = None
    begins: Callable[[FaultRule, Scene], FaultRule] | None = None
    """What becomes of the rule when it fires: the rule itself where nothing changes (any more)."""
    is_anywhere: bool = False
    """Without a word about the place it acts at every one of ``occasions``, not only at the first."""
    is_server_wide: bool = False
    """Everybody on this server feels it, whoever it was meant for."""
    with_callback: bool = False
    """It shows only to a client that asks for callbacks."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What a provider's own form makes of it, by provider."""

    @property
    def occasions(self) -> Occasions:
        """Where the main hook can act, the usual place first."""
        return self.hooks[0].at

    @property
    def needs_socket(self) -> bool:
        """Whether it acts on the raw socket, which an application called in process has not."""
        return any(isinstance(hook, OnWire) for hook in self.hooks) or self.layer is Layer.NETWORK

    @property
    def commits(self) -> bool | None:
        """For a fault at the submit: whether the task exists afterwards.

        None where it does not act there, or where that is up to the provider's own checks.
        """
        if Occasion.SUBMIT not in self.occasions or isinstance(self.hooks[0], OnSession):
            return None
        return not isinstance(self.hooks[0], InPlace)
