"""Kirin's error tables: the codes of a failed task as its page lists them, then the HTTP statuses.

Every row can also be forced: ``lipflap.fault=error:<code or name>``, as a hint in a media URL or as the whole
``external_task_id``. A row of the task channel then fails the task; a row of the HTTP channel answers the
create. Where ``when`` says "magic value only", no plain request means that row to a simulator.

Task codes are text: all begin with a zero. ``014002098`` is a gap in the page's numbering and is never sent.
HTTP errors have a status and, by decision, an upper-case word; several rows may share both.
Sources are sections of ``kirin.md``, the provider's dossier.
"""

from __future__ import annotations

from collections.abc import Mapping

from contracts.model import Channel, ErrorCode

_SEED = "kirin.md § 8 [seed 000]"
_STATUS = "kirin.md § 8 [doc: sibling pages, gitbook] for the status; code ASSUMED: ambiguity 19"
_MAGIC = "magic value only"


def _task(
    name: str,
    code: str,
    meaning: str,
    advice: str,
    when: str,
    *,
    message: str = "",
    is_retryable: bool = False,
    source: str = _SEED,
) -> ErrorCode:
    """One code of a failed task; the answer that shows it is an HTTP 200."""
    return ErrorCode(
        name, Channel.TASK, 200, code, "task", meaning, message or meaning, advice, is_retryable, when, source
    )


def _http(
    name: str,
    http_status: int,
    code: str,
    meaning: str,
    advice: str,
    when: str,
    *,
    is_retryable: bool = False,
    source: str = _STATUS,
) -> ErrorCode:
    """One HTTP status with its word; the group is the status."""
    return ErrorCode(
        name,
        Channel.HTTP,
        http_status,
        code,
        str(http_status),
        meaning,
        meaning,
        advice,
        is_retryable,
        when,
        source,
    )


ERRORS: tuple[ErrorCode, ...] = (
    _task(
        "generation-failed",
        "014002095",
        "internal generation error",
        "submit again later, knowing that it is a new job",
        _MAGIC,
        is_retryable=True,
    ),
    _task(
        "unparsable-result",
        "014002096",
        "the result could not be parsed",
        "submit again later, knowing that it is a new job",
        _MAGIC,
        is_retryable=True,
    ),
    _task(
        "upstream-http",
        "014002097",
        "the upstream service answered with an HTTP error",
        "read error_message and correct the parameter it names",
        "a request of any model that breaks a rule of rules.py, such as an unknown session",
        message="upstream HTTP 400: code 1201, wrong key or illegal value",
        source=f"{_SEED}; ambiguity 9",
    ),
    _task(
        "moderation",
        "014002097",
        "the upstream service refused the content",
        "change the content; the same file will be refused again",
        "a video or audio URL with the hint lipflap.moderation=reject",
        message="upstream HTTP 400: code 1301, content security policy triggered",
        source="ASSUMED: kirin.md ambiguity 9: a code of Kling's, carried by 014002097",
    ),
    _task(
        "sync-exception",
        "014002099",
        "exception in synchronous generation",
        "submit again later, knowing that it is a new job",
        _MAGIC + ", on kirin_identify_face or kirin_tts",
        is_retryable=True,
        source=f"{_SEED}; ambiguity 10",
    ),
    _http(
        "invalid-request",
        400,
        "INVALID_REQUEST",
        "the request cannot be read",
        "send one JSON object as application/json",
        "a body that is not a JSON object, or is not declared as application/json",
        source="ASSUMED: kirin.md § 8: 400 is not documented for this protocol",
    ),
    _http(
        "invalid-value",
        400,
        "INVALID_PARAMETER",
        "a parameter is missing or illegal",
        "correct the parameter that the message names",
        "a field that is missing, of the wrong type or out of range; an external_task_id in use; "
        "a model and an X-Model that differ",
        source="ASSUMED: kirin.md ambiguities 2, 9 and 16",
    ),
    _http(
        "auth-missing",
        401,
        "UNAUTHORIZED",
        "API key is missing",
        "send Authorization: Bearer <API key>",
        "no Authorization header, or an empty one",
    ),
    _http(
        "auth-invalid",
        401,
        "UNAUTHORIZED",
        "API key is invalid",
        "check the API key",
        "a scheme other than Bearer, no key after it, or a key that is not known",
    ),
    _http(
        "payment-required",
        402,
        "40201",
        "insufficient credits",
        "top up; do not retry",
        _MAGIC,
        source="kirin.md § 8 [client: seacloud-cli internal/clierrors], ambiguity 20: a form of the 403",
    ),
    _http(
        "insufficient-credits",
        403,
        "INSUFFICIENT_BALANCE",
        "insufficient balance",
        "top up; do not retry",
        f"{_MAGIC}: accounts have no balance here",
    ),
    _http(
        "forbidden",
        403,
        "PERMISSION_DENIED",
        "permission denied",
        "check what the API key may use",
        _MAGIC,
    ),
    _http(
        "no-route",
        404,
        "ROUTE_NOT_FOUND",
        "no such path or method",
        "use the documented path and method",
        "an unknown path, or a wrong verb",
        source="ASSUMED: kirin.md § 8: 404 is not documented for this protocol",
    ),
    _http(
        "not-found",
        404,
        "TASK_NOT_FOUND",
        "task not found",
        "check the id; tasks are visible to the key that made them",
        "GET of a task that does not exist for this key",
        source="ASSUMED: kirin.md ambiguity 17",
    ),
    _http(
        "unknown-model",
        404,
        "MODEL_NOT_FOUND",
        "model not found",
        "use a model id of GET /api/v1/skill/models",
        "a model that is none of the three, in a generation or in the path of a spec",
        source="ASSUMED: kirin.md ambiguity 18 [doc: SeaCloud multimodal/errors]",
    ),
    _http(
        "too-large",
        413,
        "PAYLOAD_TOO_LARGE",
        "the request body is too large",
        "send a smaller file, or its URL",
        "a body over the server's cap",
        source="ASSUMED: neither a cap nor a status is documented",
    ),
    _http(
        "rate-limited",
        429,
        "RATE_LIMIT_EXCEEDED",
        "rate limit exceeded",
        "slow down and retry later",
        _MAGIC,
        is_retryable=True,
        source="kirin.md § 8 [doc: sibling pages, gitbook], code [doc: SeaCloud multimodal/errors]",
    ),
    _http(
        "internal",
        500,
        "INTERNAL_ERROR",
        "internal server error",
        "retry a query; look for the task before a create is sent again",
        _MAGIC,
        is_retryable=True,
    ),
    _http(
        "unavailable",
        503,
        "SERVICE_UNAVAILABLE",
        "service temporarily unavailable",
        "retry later",
        _MAGIC,
        is_retryable=True,
        source="ASSUMED: kirin.md § 8 has no row for it; a gateway's usual answer",
    ),
)

UPSTREAM: Mapping[str, tuple[int, int]] = {
    "upstream-http": (400, 1201),
    "moderation": (400, 1301),
}
"""By row: Kling's HTTP status and code; ``error_message`` begins ``upstream HTTP 400: code 1201, ``."""

AT_CREATE: Mapping[str, str] = {
    "upstream-http": "invalid-value",
    "moderation": "invalid-value",
}
"""By row: the HTTP row that replaces it where upstream faults are told to surface at create (ambiguity 9)."""
