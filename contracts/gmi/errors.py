"""GMI Cloud's errors, in the order of their statuses.

An answer is a status and one sentence, so every ``code`` is empty.

Every row can also be forced: ``lipflap.fault=error:<name>``, as a hint in a media URL or as the whole
``external_task_id``; a status instead of a name means the first row with it. Where ``when`` says "magic value
only", no plain request means that row to a simulator.

``invalid-value`` is what the queue refuses itself, by the shape of the payload. What only the service behind
it can judge (rules.py) shows as ``upstream-error`` for the synchronous model and as ``task-failed`` for the
queued one (gmi.md ambiguity 7). Sources are sections of ``gmi.md``, the provider's dossier.
"""

from __future__ import annotations

from contracts.model import Channel, ErrorCode

_TABLE = "gmi.md § 8"
_TEXT = "text ASSUMED"
_MAGIC = "magic value only"


def _row(
    name: str,
    http_status: int,
    meaning: str,
    message: str,
    advice: str,
    when: str,
    source: str,
    *,
    is_retryable: bool = False,
    channel: Channel = Channel.HTTP,
) -> ErrorCode:
    """One row; its group is the status, or "task" for a failure that a record reports."""
    group = str(http_status) if channel is Channel.HTTP else "task"
    return ErrorCode(
        name, channel, http_status, "", group, meaning, message, advice, is_retryable, when, source
    )


ERRORS: tuple[ErrorCode, ...] = (
    _row(
        "invalid-value",
        400,
        "the queue's own check refused the payload",
        "Invalid payload",
        "correct the field that the text names",
        "model or payload, or a field of the payload, that is missing, of a wrong type or out of range",
        f"{_TABLE} [client: genblaze-gmicloud _probe.py], ambiguities 1 and 8; {_TEXT}",
    ),
    _row(
        "invalid-request",
        400,
        "the request cannot be read",
        "Invalid JSON body",
        "send one JSON object as application/json",
        "a body that is not JSON, or is not declared as application/json",
        f"ASSUMED: {_TABLE} has no row for it; answered as a shape fault",
    ),
    _row(
        "moderation",
        400,
        "the content policy refused the media",
        "Request rejected by content policy",
        "change the content; the same file will be refused again",
        f"{_MAGIC}; media with the hint lipflap.moderation=reject is judged upstream, see the module's head",
        f"status [client: genblaze-gmicloud _errors.py]; {_TEXT}",
    ),
    _row(
        "auth-missing",
        401,
        "no key was sent",
        "Authorization header is missing",
        "send Authorization: Bearer <key>",
        "no Authorization header, or an empty one",
        f"{_TABLE} [client: genblaze-gmicloud _base.py], ambiguity 19; {_TEXT}",
    ),
    _row(
        "auth-invalid",
        401,
        "the key is not known",
        "Invalid API key",
        "check the key",
        "a scheme other than Bearer, no key after it, a key or an IAM token that is not known",
        f"{_TABLE} [client: genblaze-gmicloud _base.py], ambiguity 19; {_TEXT}",
    ),
    _row(
        "auth-expired",
        401,
        "the IAM token has expired",
        "Access token expired",
        "refresh the session, or log in again",
        "an IAM access or refresh token after its exp, on a call that takes one",
        f"gmi.md § 9 [client: gmicloud _decorator.py]; {_TEXT}",
    ),
    _row(
        "auth-failed",
        401,
        "the login was refused",
        "Invalid credentials",
        "check e-mail, password and one-time code",
        "an e-mail or password that is no account's; an authToken or refreshToken that is none of ours",
        f"ASSUMED: gmi.md § 9 has no row for it; {_TEXT}",
    ),
    _row(
        "insufficient-credits",
        402,
        "the account has no credits",
        "Insufficient credits. Please add more credits to your account.",
        "add credits; do not retry",
        f"{_MAGIC}: accounts have no balance here",
        f"{_TABLE} [field: B]",
    ),
    _row(
        "forbidden",
        403,
        "the key may not do this",
        "API key does not have access to this resource",
        "use an inference key of the right organisation",
        "a known key without the GMI scope; behind a switch, one of another organisation than "
        "X-Organization-ID names",
        f"{_TABLE} [client: genblaze-gmicloud _base.py], ambiguity 19; {_TEXT}",
    ),
    _row(
        "unknown-model",
        404,
        "there is no such model",
        "Model not found",
        "use an id of GET /models; ids are case-sensitive",
        "a model that is none of the two, in a submit or in the path of a card, whatever the payload",
        f"{_TABLE} [client: genblaze-gmicloud _probe.py, _base.py]; {_TEXT}",
    ),
    _row(
        "model-not-allowed",
        404,
        "the account has no access to the model",
        "Model not found or you do not have access to it",
        "ask for access to the model",
        _MAGIC,
        f"{_TABLE} [client: genblaze-gmicloud _base.py]; {_TEXT}",
    ),
    _row(
        "not-found",
        404,
        "there is no such request",
        "Request not found",
        "check the request_id; requests are visible to the organisation that made them",
        "GET or DELETE of a request_id that does not exist for this key",
        f"ASSUMED: {_TABLE}: undocumented, hides foreign ids; {_TEXT}",
    ),
    _row(
        "no-route",
        404,
        "there is no such path or method",
        "Route not found",
        "use the documented path and method",
        "an unknown path, or a wrong verb",
        f"ASSUMED: {_TABLE} has no row for it",
    ),
    _row(
        "conflict",
        409,
        "the request has already ended",
        "Request has already finished and cannot be cancelled",
        "none needed: read the record",
        "DELETE of a request whose status is success or failed",
        "ASSUMED: gmi.md ambiguity 15",
    ),
    _row(
        "too-large",
        413,
        "the request body is too large",
        "Request body too large",
        "send the URL of the file instead",
        "a body over the server's cap",
        "ASSUMED: neither a cap nor a status is documented",
    ),
    _row(
        "rate-limited",
        429,
        "too many requests",
        "Too many requests. Please try again later.",
        "wait, as long as Retry-After says if it is there, and retry",
        _MAGIC,
        f"{_TABLE} [client: genblaze-gmicloud _errors.py; client: gmi-cli]; {_TEXT}",
        is_retryable=True,
    ),
    _row(
        "upstream-error",
        500,
        "the service behind the queue refused the parameters of a synchronous call",
        "Backend error (400). Please try again.",
        "correct the media or the id, in spite of the text; the same request will fail again",
        "a kling-identify-face whose video breaks a rule of rules.py, such as one of 61 s",
        f"{_TABLE} [client: genblaze-gmicloud _base.py; field: D], ambiguity 7",
    ),
    _row(
        "internal",
        500,
        "a fault of the queue",
        "Internal server error",
        "retry a query; list the requests before a submit is sent again",
        _MAGIC,
        f"ASSUMED: {_TABLE}: same shape as the others; {_TEXT}",
        is_retryable=True,
    ),
    _row(
        "bad-gateway",
        502,
        "the gateway got no usable answer",
        "Bad gateway",
        "retry a query; list the requests before a submit is sent again",
        _MAGIC,
        f"ASSUMED: {_TABLE}: same shape as the others; {_TEXT}",
        is_retryable=True,
    ),
    _row(
        "unavailable",
        503,
        "temporarily unavailable",
        "Service temporarily unavailable",
        "retry later",
        _MAGIC,
        f"ASSUMED: {_TABLE}: same shape as the others; {_TEXT}",
        is_retryable=True,
    ),
    _row(
        "task-failed",
        200,
        "an accepted request failed; outcome.error says why",
        "Lip sync failed",
        "read outcome.error; the same payload will fail again",
        "a kling-lip-sync that breaks a rule of rules.py, such as an unknown session",
        "gmi.md § 7.3 [field: B], ambiguities 4 and 7",
        channel=Channel.TASK,
    ),
)
