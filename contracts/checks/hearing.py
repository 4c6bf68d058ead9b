"""What a client can have heard of an answer: the judge blames nobody for what was lost on its way.

The journal holds what the server meant to say. Faults of the wire act after that, so whether it arrived is told by
the ids of the faults that fired.
"""

from __future__ import annotations

from enum import StrEnum

from contracts.checks.wire import Act, act_of, parsed, task_id_in
from contracts.contract import Contract
from contracts.model import Channel
from contracts.witness.witnessed import Line

LOST = frozenset(
    {
        "submit-accepted-reply-lost",
        "submit-accepted-rst",
        "submit-refused-connect",
        "conn-reset-headers",
        "empty-response",
        "random-garbage",
        "stall-headers",
        "stall-body",
        "malformed-chunk",
        "server-restart",
        "download-truncated",
        "download-rst-midway",
        "download-no-length",
    }
)
"""Faults after which no client holds the whole answer."""

UNSURE = frozenset(
    {
        "submit-accepted-slow-reply",
        "slow-lognormal",
        "drip-body",
        "gateway-504-html",
        "wrong-content-type",
        "gzip-surprise",
        "json-nan-dup-bom",
    }
)
"""Faults after which one client holds the answer and another does not: it came late, or in an odd dress."""

NEVER_SENT = frozenset({"submit-refused-connect"})
"""Faults that stand for a connection that was never made: nothing can have been accepted, and every client knows."""

ALREADY_THERE = frozenset({"idem-key-reject"})
"""Faults whose refusal says that the job exists."""

_NOBODY_KNOWS = frozenset({408, 409})
"""Statuses below 500 after which the job may exist: the request took too long, or there is one already."""


class Heard(StrEnum):
    """Whether a client holds an answer."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


def heard(line: Line) -> Heard:
    """Whether the client holds the answer, readable where it is a 2xx."""
    if not line.status or LOST.intersection(line.faults):
        return Heard.NO
    if UNSURE.intersection(line.faults):
        return Heard.MAYBE
    is_file = act_of(line) is Act.DOWNLOAD
    if 200 <= line.status < 300 and not is_file and not isinstance(parsed(line.response), dict):
        return Heard.NO
    return Heard.YES


def meant_status(line: Line, contract: Contract) -> int:
    """The HTTP status that an answer stands for: that of its error, where an error comes under a 200."""
    row = contract.errors.get(line.error or "")
    if row and row.channel is Channel.HTTP and line.status < 300:
        return row.http_status
    return line.status


class Reply(StrEnum):
    """What a client knows of a submit from its answer alone."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    """A task may exist: nothing came back, or nothing that says yes or no."""


def reply_to(line: Line, contract: Contract) -> Reply:
    """What the answer to the submit ``line`` lets its client know.

    A refusal is a 4xx (but 408 and 409), a 503, which turns away at the door, and a 5xx whose row says that it is
    no use to repeat it. Every other 5xx is unclear, and so is a 2xx that cannot be read or names no task.
    """
    if NEVER_SENT.intersection(line.faults):
        return Reply.REFUSED
    if heard(line) is not Heard.YES or ALREADY_THERE.intersection(line.faults):
        return Reply.UNCLEAR
    status = meant_status(line, contract)
    if 200 <= status < 300:
        return Reply.ACCEPTED if task_id_in(line) else Reply.UNCLEAR
    if status == 503 or (400 <= status < 500 and status not in _NOBODY_KNOWS):
        return Reply.REFUSED
    row = contract.errors.get(line.error or "")
    is_final = row is not None and not row.is_retryable and status >= 500
    return Reply.REFUSED if is_final else Reply.UNCLEAR
