"""Where things stand in the three providers' messages, as the judge reads them: its own table, none of the server's."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import MsgspecError, Struct, json

from contracts.witness.witnessed import Body, Line, LineKind

Path = tuple[str | int, ...]


class Act(StrEnum):
    """What a line is about, whichever way its provider words it."""

    IDENTIFY = "identify"
    SUBMIT = "submit"
    POLL = "poll"
    LIST = "list"
    CANCEL = "cancel"
    DOWNLOAD = "download"
    CALLBACK = "callback"
    OTHER = "other"


class Ending(StrEnum):
    """What a status word says of a task; a word that the contract has not says RUNNING."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_end(self) -> bool:
        return self is not Ending.RUNNING


class Shape(Struct, frozen=True):
    """A task object: the places to look for it, for its status, its result and its reasons, first found first."""

    roots: tuple[Path, ...]
    id: Path
    status: Path
    ends: Mapping[str, Ending]
    results: tuple[Path, ...]
    reasons: tuple[Path, ...]


class Dialect(Struct, frozen=True):
    """A provider's operations by their ids; ``models`` say what a create is about where one operation serves all."""

    acts: Mapping[str, Act]
    task: Shape
    messages: tuple[Path, ...]
    model: Path = ()
    models: Mapping[str, Act] = {}
    params: tuple[Path, ...] = ((),)


class Told(Struct, frozen=True):
    """What a message says of a task. ``result`` is a link or, of an identification, its session."""

    id: str
    word: str
    ending: Ending
    result: str
    reason: str

    @property
    def is_end(self) -> bool:
        """Whether nothing is left to wait for: a success without a result may be about to get one."""
        return self.ending.is_end and (self.ending is not Ending.SUCCEEDED or bool(self.result))


_KLING = Shape(
    roots=(("data",), ()),
    id=("task_id",),
    status=("task_status",),
    ends={"succeed": Ending.SUCCEEDED, "failed": Ending.FAILED},
    results=(("task_result", "videos", 0, "url"),),
    reasons=(("task_status_msg",),),
)
_GMI = Shape(
    roots=((),),
    id=("request_id",),
    status=("status",),
    ends={"success": Ending.SUCCEEDED, "failed": Ending.FAILED, "cancelled": Ending.CANCELLED},
    results=(
        ("outcome", "video_url"),
        ("outcome", "media_urls", 0, "url"),
        ("outcome", "data", "session_id"),
    ),
    reasons=(("outcome", "error"), ("error",)),
)
_KIRIN = Shape(
    roots=((),),
    id=("id",),
    status=("status",),
    ends={"completed": Ending.SUCCEEDED, "failed": Ending.FAILED},
    results=(("output", 0, "content", 0, "url"), ("output", 0, "content", 0, "text")),
    reasons=(("error", "error_message"), ("error", "message"), ("error",)),
)
_GMI_ACTS = {
    "submitRequest": Act.OTHER,
    "getRequest": Act.POLL,
    "listRequests": Act.LIST,
    "cancelRequest": Act.CANCEL,
}

DIALECTS: Mapping[str, Dialect] = {
    "kling": Dialect(
        acts={
            "identifyFace": Act.IDENTIFY,
            "createLipSync": Act.SUBMIT,
            "createLegacyLipSync": Act.SUBMIT,
            "getLipSync": Act.POLL,
            "getLegacyLipSync": Act.POLL,
            "listLipSync": Act.LIST,
            "listLegacyLipSync": Act.LIST,
        },
        task=_KLING,
        messages=(("message",),),
    ),
    "gmi": Dialect(
        acts={**_GMI_ACTS, **{f"iam{name[0].upper()}{name[1:]}": act for name, act in _GMI_ACTS.items()}},
        task=_GMI,
        messages=(("error",), ("message",), ("detail",)),
        model=("model",),
        models={"kling-lip-sync": Act.SUBMIT, "kling-identify-face": Act.IDENTIFY},
        params=(("payload",),),
    ),
    "kirin": Dialect(
        acts={"createGeneration": Act.OTHER, "getGeneration": Act.POLL},
        task=_KIRIN,
        messages=(("error", "error_message"), ("error", "message"), ("message",), ("status", "message")),
        model=("model",),
        models={"kirin_lipsync": Act.SUBMIT, "kirin_identify_face": Act.IDENTIFY},
        params=(("input", 0, "params"),),
    ),
}


def act_of(line: Line) -> Act:
    """What ``line`` is about. A create of a model that is none of ours is OTHER."""
    if line.kind is LineKind.DELIVERY:
        return Act.CALLBACK
    if line.operation == "download":
        return Act.DOWNLOAD
    dialect = DIALECTS.get(line.provider)
    act = dialect.acts.get(line.operation, Act.OTHER) if dialect else Act.OTHER
    if dialect is None or act is not Act.OTHER or line.operation not in dialect.acts:
        return act
    model = text(find(parsed(line.request), dialect.model)) or line.header("x-model") or ""
    return dialect.models.get(model, Act.OTHER)


def told(line: Line) -> Told | None:
    """What the answer to a request, or the body of a callback, says of a task; None where it shows none."""
    dialect = DIALECTS.get(line.provider)
    if line.kind is LineKind.DELIVERY:
        # a gateway may pass Kling's callback on as it came
        return _told(parsed(line.request), (_KLING, dialect.task)) if dialect else None
    return _told(parsed(line.response), (dialect.task,)) if dialect else None


def _told(body: object, shapes: tuple[Shape, ...]) -> Told | None:
    for shape in shapes:
        for root in shape.roots:
            found = find(body, root)
            if word := text(find(found, shape.status)):
                return Told(
                    id=text(find(found, shape.id)),
                    word=word,
                    ending=shape.ends.get(word, Ending.RUNNING),
                    result=first_text(found, shape.results),
                    reason=first_text(found, shape.reasons),
                )
    return None


def task_id_in(line: Line) -> str:
    """The id that the answer gives its task; empty where it gives none."""
    dialect = DIALECTS.get(line.provider)
    if dialect is None:
        return ""
    body = parsed(line.response)
    places = tuple((*root, *dialect.task.id) for root in dialect.task.roots)
    return first_text(body, places)


def message_of(line: Line) -> str:
    """The provider's sentence in an answer that is an error; empty where there is none."""
    dialect = DIALECTS.get(line.provider)
    return first_text(parsed(line.response), dialect.messages) if dialect else ""


def param(line: Line, name: str) -> str:
    """A parameter of a create, wherever its provider keeps parameters; empty where it is absent."""
    dialect = DIALECTS.get(line.provider)
    if dialect is None:
        return ""
    return first_text(parsed(line.request), tuple((*root, name) for root in dialect.params))


def parsed(body: Body) -> object:
    """The body as JSON; None where it is none, or was cut.

    A body that the server took a secret out of is shorter than it was, too: what can still be read was not cut.
    """
    try:
        value = json.decode(body.data)
    except (MsgspecError, ValueError, RecursionError):
        return None
    return None if body.is_cut and not isinstance(value, dict | list) else value


def find(value: object, path: Path) -> object:
    """What stands at ``path`` below ``value``; None where nothing does."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def first_text(value: object, paths: tuple[Path, ...]) -> str:
    """The first of ``paths`` that holds a text, or a whole number as text; empty where none does."""
    return next((found for path in paths if (found := text(find(value, path)))), "")


def text(value: object) -> str:
    """A text, or a whole number as text, for ids come as either; else empty."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
