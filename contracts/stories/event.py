"""What may happen in a story, as data: the judge's own table of the faults that a story is made of.

The rows stand from simple to odd, and so do the windows and values in each: who shrinks a story goes to the front.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from contracts.contract import PROVIDERS, load_contract
from contracts.model import Channel

ERROR = "error:"
IN_TASK = "@task"


class Kind(StrEnum):
    """Which part of a story an event belongs to."""

    FAULT = "fault"
    """On the way: HTTP, network, media, keys."""
    ANSWER = "answer"
    """A variant of an answer, in one of three tiers."""
    PLAN = "plan"
    """Another path of the task than from accepted to done."""
    CALLBACK = "callback"


class Tier(StrEnum):
    """How far an answer is from what the contract says."""

    LEGAL = "legal"
    """The contract allows it, and few expect it."""
    DRIFT = "drift"
    """Tomorrow's API: what was there is there, and something is new."""
    ILLEGAL = "illegal"
    """The contract forbids it, and services have sent it."""


class Row(Struct, frozen=True):
    """One fault as stories use it.

    ``places`` are operations, the usual one first. ``windows`` are in the words of the grammar, the simplest first;
    ``params`` are values to choose from, the first the simplest and left out where it is empty. ``outcome`` is what a
    good client ends with where nothing else goes wrong. ``weight`` says how often it is drawn.
    """

    fault: str
    kind: Kind
    places: tuple[str, ...]
    windows: tuple[str, ...]
    outcome: str = "success"
    tier: Tier | None = None
    params: Mapping[str, tuple[str, ...]] = {}
    providers: tuple[str, ...] = PROVIDERS
    weight: int = 4

    @property
    def needs_callback(self) -> bool:
        return self.kind is Kind.CALLBACK


class Event(Struct, frozen=True, order=True):
    """A fault with its place, window and values, in the words of the grammar. Empty texts leave it to the fault."""

    fault: str
    on: str = ""
    window: str = ""
    params: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        place = f"@{self.on}" if self.on else ""
        window = f"#{self.window}" if self.window else ""
        return f"{self.fault}{place}{window}" + "".join(f";{name}={value}" for name, value in self.params)

    @property
    def row(self) -> Row:
        """What the table knows of it. Raises KeyError for a fault that is in no story."""
        return ROWS[self.fault] if not self.fault.startswith(ERROR) else _row_of_error(self.fault)

    @property
    def outcome(self) -> str:
        """What a good client ends with where nothing else goes wrong."""
        is_unclear = self.fault in UNCLEAR and (self.on or self.row.places[0]) in {"submit", "identify"}
        return "either" if is_unclear else self.row.outcome

    @property
    def place(self) -> str:
        """Where it shows: an operation, or the plan."""
        return self.row.kind.value if self.row.kind is Kind.PLAN else self.on or self.row.places[0]


def event_of(text: str) -> Event:
    """The event that ``ID@ON#WINDOW;name=value`` stands for; what it says is not judged here."""
    head, *pairs = text.strip().split(";")
    head, _, window = head.partition("#")
    fault, _, on = head.partition("@")
    if fault.startswith(ERROR) and on == IN_TASK.removeprefix("@"):
        fault, on = f"{fault}{IN_TASK}", ""
    params = tuple((name, value) for name, _, value in (pair.partition("=") for pair in pairs if pair))
    return Event(fault, on, window, params)


UNCLEAR = frozenset(
    {
        *(
            "gateway-502-html",
            "gateway-504-html",
            "html-200",
            "empty-200",
            "json-truncated",
            "server-restart",
        ),
        *(
            "conn-reset-headers",
            "empty-response",
            "random-garbage",
            "malformed-chunk",
            "stall-headers",
            "stall-body",
        ),
    }
)
"""Faults after which nobody knows whether the request was taken: a good client does not pay for a second one."""

SLOW = frozenset({"status-throttled"})
"""Faults that wait for some polls, and longer than anybody's patience lasts where the task goes by time."""

_ONCE = ("1", "2", "1-3")
_ALWAYS = ("*", "1", "2-3")
_SHOWN = ("poll", "identify")
_ASKED = ("poll", "submit", "identify")
_FETCHED = ("poll", "submit", "identify", "download")
_CUT = ("", "status-line", "head", "half-body", "whole")
_LONG_MS = ("600000",)


def _fault(
    fault: str,
    places: Sequence[str],
    windows: Sequence[str] = _ONCE,
    outcome: str = "success",
    *,
    weight: int = 4,
    providers: tuple[str, ...] = PROVIDERS,
    **params: tuple[str, ...],
) -> Row:
    return Row(fault, Kind.FAULT, tuple(places), tuple(windows), outcome, None, params, providers, weight)


def _answer(
    fault: str,
    tier: Tier,
    places: Sequence[str] = ("poll",),
    windows: Sequence[str] = _ALWAYS,
    outcome: str = "success",
    **params: tuple[str, ...],
) -> Row:
    return Row(fault, Kind.ANSWER, tuple(places), tuple(windows), outcome, tier, params)


def _plan(
    fault: str, outcome: str, *, weight: int = 4, place: str = "submit", **params: tuple[str, ...]
) -> Row:
    return Row(fault, Kind.PLAN, (place,), ("",), outcome, None, params, weight=weight)


def _callback(
    fault: str,
    place: str = "callback",
    providers: tuple[str, ...] = PROVIDERS,
    weight: int = 4,
    **params: tuple[str, ...],
) -> Row:
    return Row(fault, Kind.CALLBACK, (place,), ("",), "success", None, params, providers, weight)


_SIGNED = ("gmi", "kling")

_TABLE = (
    _fault("gateway-502-html", _ASKED),
    _fault("empty-200", _ASKED),
    _fault("html-200", _ASKED),
    _fault("gateway-504-html", _ASKED, weight=2),
    _fault("conn-reset-headers", _FETCHED),
    _fault("empty-response", _FETCHED, weight=2),
    _fault("rate-429-seconds", _ASKED, retry_after_s=("", "1", "30")),
    _fault("rate-429-http-date", _ASKED),
    _fault("rate-429-no-header", _ASKED),
    _fault("rate-429-huge-retry-after", _ASKED, ("1", "2"), "either"),
    _fault("submit-accepted-502-html", ("submit",), ("1",), "either"),
    _fault("submit-accepted-reply-lost", ("submit",), ("1",), "either", stage=_CUT),
    _fault("submit-accepted-rst", ("submit",), ("1",), "either", stage=_CUT),
    _fault("submit-accepted-slow-reply", ("submit",), ("1",), "either", weight=2, stage=_CUT),
    _fault("submit-503-not-accepted", ("submit", "identify"), ("1", "1-2"), retry_after_s=("", "30")),
    _fault("concurrency-429-submit", ("submit",), ("1", "1-2")),
    _fault("submit-refused-connect", ("identify",), ("1",), weight=2),
    _fault("credits-exhausted-mid-poll", ("poll",), ("1", "2"), "either", reason=("", "arrears")),
    _fault("auth-401-transient", _ASKED, ("1", "2")),
    _fault("auth-token-expired-mid-poll", ("poll",), ("*",), after_s=("", "1")),
    _fault("auth-403-plan-gated", ("submit", "identify"), ("*",), "failure"),
    _fault("random-garbage", _FETCHED, ("1", "2"), weight=2),
    _fault("malformed-chunk", _FETCHED, ("1", "2"), weight=2, broken=("", "data", "end")),
    _fault("stall-headers", _FETCHED, ("1", "2"), weight=2, limit_ms=_LONG_MS),
    _fault("stall-body", _FETCHED, ("1", "2"), weight=2, limit_ms=_LONG_MS),
    _fault("slow-lognormal", _FETCHED, ("*",), weight=1),
    _fault("keepalive-race-close", _FETCHED, ("1",), weight=1),
    _fault("server-restart", _FETCHED, ("1", "2"), weight=1),
    _fault("deploy-drain", _FETCHED, ("*",), weight=1),
    _fault("drip-body", ("download", "poll"), ("1",), weight=1),
    _fault("poll-404-lag", ("poll",), ("1", "1-2")),
    _fault("poll-404-forever", ("poll",), ("*",), "failure"),
    _fault("task-gc-early", ("poll",), ("*",), "either", weight=2, after_ms=("", "0")),
    _fault("url-404-then-ok", ("download",), ("1", "1-2")),
    _fault("url-expired-403", ("download",), ("*",), after_ms=("", "0"), weight=2),
    _fault("url-redirect-foreign", ("download",), ("*",)),
    _fault("url-rejects-auth", ("download",), ("*",)),
    _fault("url-needs-auth", ("download",), ("*",), "either"),
    _fault("redirect-loop", ("download",), ("*",), "failure"),
    _fault("redirect-to-metadata", ("download",), ("*",), "failure"),
    _fault("download-truncated", ("download",), ("1", "1-2"), fraction=("", "0.0", "0.99")),
    _fault("download-rst-midway", ("download",), ("1", "1-2"), fraction=("", "0.0", "0.99")),
    _fault("download-no-length", ("download",), ("*",), "failure"),
    _fault("range-ignored", ("download",), ("*",), weight=2),
    _fault("etag-changed-resume", ("download",), ("*",), weight=2),
    _fault("media-is-html", ("download",), ("*",), "failure", content_type=("", "text/html")),
    _fault("media-zero-bytes", ("download",), ("*",), "failure"),
    _fault("media-no-moov", ("download",), ("*",), "failure"),
    _fault("completed-result-422", ("download",), ("1",), "failure"),
    _fault("result-read-once", ("download",), ("2-",), weight=2),
    _answer("unknown-status", Tier.DRIFT, windows=("1", "2-3"), word=("", "finalizing", "in-review")),
    _answer("extra-unknown-fields", Tier.DRIFT, _ASKED),
    _answer("big-int-id", Tier.DRIFT, ("submit",), ("*",)),
    _answer("numbers-as-strings", Tier.ILLEGAL, ("poll", "submit")),
    _answer("ms-vs-s-timestamps", Tier.ILLEGAL, ("poll", "submit")),
    _answer("null-vs-absent", Tier.LEGAL, ("poll", "submit"), form=("", "null")),
    _answer("progress-backwards", Tier.LEGAL, windows=("1-3",)),
    _answer("completed-output-late", Tier.LEGAL, windows=("1-2", "1")),
    _answer("poll-replica-flap", Tier.LEGAL, windows=("/2",)),
    _answer("terminal-regress", Tier.ILLEGAL, windows=("2-3",)),
    _answer("json-truncated", Tier.ILLEGAL, _ASKED, _ONCE, percent=("", "1", "99")),
    _answer(
        "http-200-error-code",
        Tier.LEGAL,
        _ASKED,
        ("1", "2"),
        "either",
        error=("", "not-found", "rate-limited"),
    ),
    _answer(
        "status-dialect-swap",
        Tier.ILLEGAL,
        windows=("*",),
        outcome="either",
        word=("", "completed", "SUCCESS"),
    ),
    _answer(
        "json-nan-dup-bom", Tier.ILLEGAL, _SHOWN, outcome="either", form=("", "duplicate", "bom", "surrogate")
    ),
    _answer("wrong-content-type", Tier.ILLEGAL, _SHOWN, outcome="either", form=("", "utf-16")),
    _answer("gzip-surprise", Tier.ILLEGAL, _SHOWN, outcome="either", form=("", "corrupt")),
    _answer(
        "completed-no-output",
        Tier.ILLEGAL,
        windows=("*",),
        outcome="failure",
        form=("", "empty-list", "empty-object", "absent"),
    ),
    _plan("fail-at-99", "failure", polls=("", "0")),
    _plan("failed-no-reason", "failure"),
    _plan("failed-message-succeed", "failure"),
    _plan("late-moderation-reject", "failure", polls=("", "1")),
    _plan("face-lost-midway", "failure"),
    _plan("status-throttled", "success", polls=("", "1")),
    _plan("stuck-queued", "failure", weight=1),
    _plan("stuck-processing", "failure", weight=1),
    _plan("very-slow-success", "either", weight=1, polls=("20",)),
    _plan("media-unchanged-video", "either", weight=2),
    _plan("media-duration-mismatch", "either", weight=2),
    _plan("face-id-stale", "failure"),
    _plan("face-none", "failure", place="identify"),
    _plan("face-session-expired", "either", place="identify"),
    _callback("callback-bad-signature", providers=_SIGNED, variant=("", "absent")),
    _callback("callback-duplicate", copies=("", "2")),
    _callback("callback-lost"),
    _callback("callback-late"),
    _callback("callback-before-reply", "submit"),
    _callback("callback-out-of-order"),
    _callback("callback-contradicts-poll"),
    _callback("callback-null-payload"),
    _callback("callback-reordered-json"),
    _callback("callback-stale-timestamp", providers=_SIGNED),
    _callback("callback-replay-new-id", providers=_SIGNED),
    _callback("callback-two-signatures", providers=_SIGNED),
    _callback("callback-duplicate-concurrent", weight=1),
    _callback("callback-storm", weight=1, count=("20",)),
)

ROWS: Mapping[str, Row] = {row.fault: row for row in _TABLE}

LEFT_OUT: Mapping[str, str] = {
    "cancel-race": "a client that does one job has no reason to cancel it",
    "idem-key-replay": "no provider documents the key, so it shows only to a client that sends one all the same",
    "idem-key-reject": "the same",
    "idem-key-conflict": "the same",
    "auth-clock-skew-nbf": "it shows only to a client that signs a token of its own",
    "auth-missing-typ": "the same",
}
"""Faults of the catalogue that are in no story, each with the reason."""


def rows_for(provider: str, *, with_callbacks: bool) -> tuple[Row, ...]:
    """The rows that can show at ``provider``: those of its error table last."""
    rows = (row for row in (*_TABLE, *_errors(provider)) if provider in row.providers)
    return tuple(row for row in rows if with_callbacks or not row.needs_callback)


def _errors(provider: str) -> tuple[Row, ...]:
    return tuple(
        _row_of_error(f"{ERROR}{row.name}{IN_TASK if row.channel is Channel.TASK else ''}")
        for row in load_contract(provider).errors.values()
    )


def _row_of_error(fault: str) -> Row:
    """A row of an error table: in the place of the answer to a submit, or as the end of the task. Raises KeyError."""
    name = fault.removeprefix(ERROR).removesuffix(IN_TASK)
    found = {one: load_contract(one).errors.get(name) for one in PROVIDERS}
    rows = {one: row for one, row in found.items() if row is not None}
    if not rows:
        raise KeyError(fault)
    providers = tuple(rows)
    if fault.endswith(IN_TASK):
        return Row(fault, Kind.PLAN, ("submit",), ("",), "failure", providers=providers, weight=2)
    outcome = "either" if any(row.is_retryable for row in rows.values()) else "failure"
    places = ("submit", "identify")
    return Row(fault, Kind.FAULT, places, ("1",), outcome, providers=providers, weight=1)
