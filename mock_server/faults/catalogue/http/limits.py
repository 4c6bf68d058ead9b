"""Faults of the HTTP layer: rate limits in every form of Retry-After, and an account that runs dry midway."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate

from msgspec.structs import replace

from mock_server.core.errors import Refused
from mock_server.core.fault import Occasion, Window
from mock_server.faults.model import Expected, Fault, InPlace, Layer, Param, Reply, Scene
from mock_server.flow.call import Answer

_LIMITED = (Occasion.POLL, Occasion.SUBMIT, Occasion.IDENTIFY, Occasion.LIST, Occasion.TTS)
_RETRY_AFTER = b"retry-after"
_UNPAID = {"kirin": "payment-required"}
"""Kirin has a 402 as well, beside the 403 that an empty account gets by default."""


def with_retry_after(answer: Answer, text: str | None) -> Answer:
    """The answer with this Retry-After and no other; with none at all for None."""
    others = tuple(header for header in answer.headers if header[0] != _RETRY_AFTER)
    own = () if text is None else ((_RETRY_AFTER, text.encode("ascii")),)
    return replace(answer, headers=(*others, *own))


def _limit(retry_after: Callable[[Scene], str | None]) -> Callable[[Scene], Reply | None]:
    """A refusal for too many requests, with the Retry-After that is wanted, or with none."""

    def refuse(scene: Scene) -> Reply | None:
        return with_retry_after(scene.refuse(Refused("rate-limited")), retry_after(scene))

    return refuse


def _seconds(scene: Scene) -> str:
    return str(scene.number("retry_after_s"))


def _date(scene: Scene) -> str:
    # a date has whole seconds: rounded up, so that who obeys it never comes too early
    now_s = -(-scene.now_ms // 1000)
    return formatdate(now_s + scene.number("retry_after_s"), usegmt=True)


def _no_header(scene: Scene) -> None:  # noqa: ARG001
    return None


def _unpaid(scene: Scene) -> Reply:
    row = _UNPAID.get(scene.provider) or scene.contract.unpaid[scene.text("reason")]
    return scene.refuse(Refused(row))


def _wait_s(default: int) -> tuple[Param, ...]:
    return (Param("retry_after_s", default, "seconds until a retry is welcome", low=0, high=10_000_000),)


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="rate-429-seconds",
        layer=Layer.HTTP,
        says="answers 429 with Retry-After in seconds",
        client_must="send nothing until that time has passed, then go on",
        hooks=(InPlace(_limit(_seconds), _LIMITED),),
        expected=Expected.SUCCESS,
        motive="the header says how long to wait, and a client has to read it",
        link="https://github.com/botpress/botpress/pull/15145",
        window=Window(2, 3),
        params=_wait_s(7),
    ),
    Fault(
        id="rate-429-http-date",
        layer=Layer.HTTP,
        says="answers 429 with Retry-After as an HTTP date, on the tenant's clock",
        client_must="read the date as well as the number of seconds, and send nothing before it",
        hooks=(InPlace(_limit(_date), _LIMITED),),
        expected=Expected.SUCCESS,
        motive="the date was parsed as a number, became NaN, and the client retried without any pause",
        link="https://github.com/elizaOS/eliza/issues/22162",
        window=Window(2, 2),
        params=_wait_s(7),
    ),
    Fault(
        id="rate-429-no-header",
        layer=Layer.HTTP,
        says="answers 429 without Retry-After",
        client_must="back off by itself, longer each time, and try again",
        hooks=(InPlace(_limit(_no_header), _LIMITED),),
        expected=Expected.SUCCESS,
        motive="not every 429 says how long to wait, and a client needs a pause of its own then",
        link="https://github.com/modelcontextprotocol/typescript-sdk/pull/1965",
        window=Window(2, 4),
    ),
    Fault(
        id="rate-429-huge-retry-after",
        layer=Layer.HTTP,
        says="answers 429 with a Retry-After of a day",
        client_must="tell the user how long it would have to wait, and not hang in silence",
        hooks=(InPlace(_limit(_seconds), _LIMITED),),
        expected=Expected.EITHER,
        motive="a client that sleeps as long as it is told, without a bound and without a word, looks as if it hung",
        link="https://github.com/CopilotKit/CopilotKit/pull/3842",
        window=Window(2, 2),
        params=_wait_s(86_400),
    ),
    Fault(
        id="credits-exhausted-mid-poll",
        layer=Layer.HTTP,
        says="answers a poll as for an account that cannot pay; the task goes on",
        client_must="stop, name the reason, and say that the job may still be running",
        hooks=(InPlace(_unpaid, _LIMITED),),
        expected=Expected.EITHER,
        motive="a 402 in the middle of a workflow says nothing about the job that is running already",
        link="https://github.com/Comfy-Org/ComfyUI/issues/7989",
        window=Window(5, 5),
        params=(
            Param("reason", "exhausted", "what is wrong with the account", choices=("exhausted", "arrears")),
        ),
        notes={
            "gmi": "402 with the same text for both reasons",
            "kirin": "402, code 40201, for both reasons",
            "kling": "429 with 1102 for exhausted, with 1101 for arrears",
        },
    ),
)
