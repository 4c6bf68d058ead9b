"""Kling's error table, row by row as its page sorts it, then the rows that only the simulator needs.

Every row can also be forced: ``lipflap.fault=error:<code or name>``, as a hint in a media URL or as the whole
``external_task_id``. Where ``when`` says "magic value only", no plain request means that row to a simulator.

Sources are sections of ``kling.md``, the provider's dossier; its § 8 is the page ``get-started/error-codes``.
The page gives meanings, not messages: a message is the meaning unless the row has one of its own.
"""

from __future__ import annotations

from contracts.model import Channel, ErrorCode

_TABLE = "kling.md § 8 [doc:cur get-started/error-codes, doc:2026a, doc:2025]"
_MAGIC = "magic value only"


def _row(
    name: str,
    http_status: int,
    code: str,
    group: str,
    meaning: str,
    advice: str,
    when: str,
    *,
    message: str = "",
    is_retryable: bool = False,
    channel: Channel = Channel.HTTP,
    source: str = _TABLE,
) -> ErrorCode:
    """One row, its arguments in the order of the page's columns."""
    text = message or meaning
    return ErrorCode(
        name, channel, http_status, code, group, meaning, text, advice, is_retryable, when, source
    )


def _auth(name: str, code: str, meaning: str, advice: str, when: str) -> ErrorCode:
    return _row(name, 401, code, "authentication failed", meaning, advice, when)


def _account(name: str, http_status: int, code: str, meaning: str, advice: str) -> ErrorCode:
    return _row(name, http_status, code, "account exception", meaning, advice, _MAGIC)


def _internal(name: str, http_status: int, code: str, meaning: str) -> ErrorCode:
    return _row(name, http_status, code, "internal error", meaning, "retry later", _MAGIC, is_retryable=True)


_REQUEST = "invalid request parameters"
_POLICY = "policy triggered"

ERRORS: tuple[ErrorCode, ...] = (
    _auth("auth-failed", "1000", "authentication failed", "check the Authorization header", _MAGIC),
    _auth(
        "auth-missing",
        "1001",
        "Authorization is empty",
        "send the Authorization header",
        "no Authorization header, or an empty one",
    ),
    _auth(
        "auth-invalid",
        "1002",
        "Authorization is invalid",
        "send a correct Authorization header",
        "a scheme other than Bearer; a malformed JWT, a wrong signature, an unknown key, no exp or iss",
    ),
    _auth(
        "auth-not-yet-valid",
        "1003",
        "Authorization is not yet valid",
        "wait until nbf, or issue a new token",
        "a JWT whose nbf lies in the future",
    ),
    _auth(
        "auth-expired",
        "1004",
        "Authorization has expired",
        "issue a new token",
        "a JWT whose exp has passed",
    ),
    _account("account-error", 429, "1100", "account exception", "check the account; do not retry"),
    _account("arrears", 429, "1101", "account in arrears (postpaid)", "top up; do not retry"),
    _account(
        "pack-exhausted",
        429,
        "1102",
        "resource pack used up or expired (prepaid)",
        "buy a resource pack or enable postpaid; do not retry",
    ),
    _account("forbidden", 403, "1103", "no right to this API or model", "check the account's permissions"),
    _row(
        "invalid-request",
        400,
        "1200",
        _REQUEST,
        "invalid request parameters",
        "check the request parameters",
        "a body that is not JSON, or is not declared as application/json",
    ),
    _row(
        "invalid-value",
        400,
        "1201",
        _REQUEST,
        "wrong key or illegal value",
        "read the message and correct the parameter",
        "a field that is missing, of the wrong type, out of range, or against a rule of rules.py",
    ),
    _row(
        "no-route",
        404,
        "1202",
        _REQUEST,
        "invalid request method",
        "use the documented path and method",
        "an unknown path, a wrong verb, or the spelling Identify-face",
    ),
    _row(
        "not-found",
        404,
        "1203",
        _REQUEST,
        "the requested resource does not exist",
        "read the message and correct the id",
        "GET of a task that does not exist for this account",
    ),
    _row(
        "policy",
        400,
        "1300",
        _POLICY,
        "platform policy triggered",
        "check which policy the request touches",
        _MAGIC,
    ),
    _row(
        "moderation",
        400,
        "1301",
        _POLICY,
        "content security policy triggered",
        "change the content",
        "a video or audio URL with the hint lipflap.moderation=reject",
    ),
    _row(
        "rate-limited",
        429,
        "1302",
        _POLICY,
        "requests too fast: platform rate limit",
        "slow down and retry later, or ask for a higher limit",
        _MAGIC,
        is_retryable=True,
    ),
    _row(
        "slots-full",
        429,
        "1303",
        _POLICY,
        "concurrency or QPS over the prepaid resource pack",
        "wait until a task has ended and retry, or ask for a larger pack",
        "one more task in flight than the account has slots",
        message="parallel task over resource pack limit",
        is_retryable=True,
        source=f"{_TABLE}; message: § 9 [doc:cur get-started/concurrency-rules]",
    ),
    _row(
        "ip-not-allowed",
        429,
        "1304",
        _POLICY,
        "IP allow-list policy triggered",
        "contact support; do not retry",
        _MAGIC,
    ),
    _internal("internal", 500, "5000", "internal server error"),
    _internal("unavailable", 503, "5001", "temporarily unavailable: maintenance"),
    _internal("timeout", 504, "5002", "internal timeout: backlog"),
    _row(
        "too-large",
        400,
        "1200",
        _REQUEST,
        "request body too large",
        "send a smaller file, or its URL",
        "a body over the server's cap",
        source="ASSUMED: neither a cap nor a code is documented; the generic row of the parameter group",
    ),
    _row(
        "task-failed",
        200,
        "",
        "task",
        "the accepted task failed",
        "read task_status_msg",
        _MAGIC,
        channel=Channel.TASK,
        source="kling.md § 5 [doc:cur video/lip-sync]: a failed task has a task_status_msg and no code",
    ),
)
