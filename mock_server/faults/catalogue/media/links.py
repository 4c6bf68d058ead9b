"""Faults of the media layer: the link to the result does not work yet, or no more, or not with this key."""

from __future__ import annotations

from mock_server.core.fault import Occasion, Window
from mock_server.core.task import Task
from mock_server.faults.catalogue.asynchronous.pace import DAY_MS
from mock_server.faults.json_edit import edit_tasks, get, put
from mock_server.faults.model import Expected, Fault, InPlace, Layer, OnAnswer, Param, Reply, Scene
from mock_server.flow.call import Answer

_DOWNLOAD = (Occasion.DOWNLOAD,)
_XML = ((b"content-type", b"application/xml"),)
_BEARER = "bearer "


def storage_error(status: int, code: str, message: str) -> Answer:
    """An error as object storage words it."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    )
    return Answer(status, text.encode(), _XML)


def _no_such_key(scene: Scene) -> Reply:  # noqa: ARG001
    return storage_error(404, "NoSuchKey", "The specified key does not exist.")


def _expired(scene: Scene) -> Reply | None:
    assert scene.task is not None, "a download is a task's"
    expires = scene.query.get("Expires")
    if expires is None:
        # a link that no poll has signed is as old as the result
        until_ms = (scene.task.plan.ends_ms or 0) + scene.number("after_ms")
    elif scene.query.get("Signature") != _signature(scene, scene.task, expires):
        return storage_error(403, "SignatureDoesNotMatch", "The signature does not match the request.")
    else:
        until_ms = int(expires) * 1000
    return storage_error(403, "AccessDenied", "Request has expired") if scene.now_ms > until_ms else None


def _signed(answer: Answer, scene: Scene) -> Answer:
    task = scene.task
    if task is None:
        return answer
    expires = str(-(-(scene.now_ms + scene.number("after_ms")) // 1000))
    query = f"Expires={expires}&Signature={_signature(scene, task, expires)}"

    def with_signed_links(document: object) -> object:
        for path in scene.anatomy.result_urls:
            url = get(document, path)
            if isinstance(url, str) and url:
                document = put(document, path, f"{url}{'&' if '?' in url else '?'}{query}")
        return document

    return edit_tasks(answer, scene.anatomy, with_signed_links)


def _signature(scene: Scene, task: Task, expires: str) -> str:
    """It covers the task, as a link to a watermarked copy is the same task's."""
    return scene.choices.digest("link", task.id, expires).hex()[:40]


def _one_mechanism_only(scene: Scene) -> Reply | None:
    if scene.headers.get("authorization") is None:
        return None
    return storage_error(
        400,
        "InvalidArgument",
        "Only one auth mechanism allowed: the query string or the Authorization header",
    )


def _key_needed(scene: Scene) -> Reply | None:
    given = scene.headers.get("authorization") or ""
    if given.lower().startswith(_BEARER) and len(given) > len(_BEARER):
        return None
    return Answer(401, b'{"error":"a key is required"}', ((b"www-authenticate", b"Bearer"),))


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="url-404-then-ok",
        layer=Layer.MEDIA,
        says="shows the link before the file is there: the first downloads get 404",
        client_must="try the download again for a short while",
        hooks=(InPlace(_no_such_key, _DOWNLOAD),),
        expected=Expected.SUCCESS,
        motive="storage knew a finished file only seconds after the job said so",
        link="https://github.com/remotion-dev/remotion/issues/671",
        window=Window(1, 2),
    ),
    Fault(
        id="url-expired-403",
        layer=Layer.MEDIA,
        says="signs the link at each poll, and answers 403 to one that is too old",
        client_must="poll the task once more for a fresh link, and report it when that fails too",
        hooks=(InPlace(_expired, _DOWNLOAD), OnAnswer(_signed, (Occasion.POLL,))),
        expected=Expected.SUCCESS,
        motive="links were good for an hour, and the videos of a chat were gone when it was opened again",
        link="https://github.com/openchatui/openchat/pull/107",
        params=(
            Param(
                "after_ms", 3_600_000, "how long a link is good, in ms of the tenant's clock", 0, 30 * DAY_MS
            ),
        ),
    ),
    Fault(
        id="url-rejects-auth",
        layer=Layer.MEDIA,
        says="answers 400 to a download that brings an Authorization header",
        client_must="send its key to the API alone, and not to where results are kept",
        hooks=(InPlace(_one_mechanism_only, _DOWNLOAD),),
        expected=Expected.SUCCESS,
        motive="signed links broke as soon as a client's default headers went along",
        link="https://github.com/penpot/penpot/pull/10777",
    ),
    Fault(
        id="url-needs-auth",
        layer=Layer.MEDIA,
        says="answers 401 to a download without a key",
        client_must="send its key where the link has the origin of the API, and nowhere else",
        hooks=(InPlace(_key_needed, _DOWNLOAD),),
        expected=Expected.EITHER,
        motive="of 23 platforms four want the key with the download, five refuse it, the others do not care",
        link="https://github.com/ArcReel/ArcReel/issues/2140",
        notes=dict.fromkeys(
            ("kling", "gmi", "kirin"), "any bearer key will do: the link itself is the secret"
        ),
    ),
)
