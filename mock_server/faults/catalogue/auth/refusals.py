"""Faults of the auth layer: a key or a token that is right, and refused all the same."""

from __future__ import annotations

from msgspec.structs import replace

from mock_server.core.errors import Refused
from mock_server.core.fault import FaultRule, Occasion, Window
from mock_server.faults.catalogue.auth.token import token_of
from mock_server.faults.model import Expected, Fault, InPlace, Layer, Param, Reply, Scene

_ANY_CALL = (Occasion.POLL, Occasion.SUBMIT, Occasion.IDENTIFY, Occasion.LIST, Occasion.TTS)
_ONLY_JWT = ("kling",)
_EXPIRED = {"kling": "auth-expired", "gmi": "auth-expired", "kirin": "auth-invalid"}
_UNSURE = {"kling": "auth-failed", "gmi": "auth-invalid", "kirin": "auth-invalid"}
_NO_CUTOFF = 0


def _refuse_early(scene: Scene) -> Reply | None:
    token = token_of(scene.headers)
    if token is None or token.not_before_s <= scene.token_now_s - scene.number("skew_s"):
        return None
    return scene.refuse(Refused("auth-not-yet-valid"))


def _refuse_expired(scene: Scene) -> Reply | None:
    token = token_of(scene.headers)
    cutoff_s = scene.number("cutoff_s")
    is_known = token is None or cutoff_s == _NO_CUTOFF or int(token.expires_s) <= cutoff_s
    if not is_known or (token is None and scene.nth > 1):
        return None
    return scene.refuse(Refused(_EXPIRED[scene.provider]))


def _with_cutoff(rule: FaultRule, scene: Scene) -> FaultRule:
    """The rule knowing the token that it met first: whatever ends later was issued later."""
    token = token_of(scene.headers)
    if token is None or rule.params.get("cutoff_s"):
        return rule
    return replace(rule, params={**rule.params, "cutoff_s": int(token.expires_s)})


def _is_late(scene: Scene) -> bool:
    task = scene.task
    return task is not None and scene.now_ms >= task.created_ms + scene.number("after_s") * 1000


def _refuse_once(scene: Scene) -> Reply | None:
    return scene.refuse(Refused(_UNSURE[scene.provider]))


def _refuse_plan(scene: Scene) -> Reply | None:
    return scene.refuse(Refused("forbidden"))


def _refuse_without_type(scene: Scene) -> Reply | None:
    token = token_of(scene.headers)
    return None if token is None or token.type else scene.refuse(Refused("auth-invalid"))


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="auth-clock-skew-nbf",
        layer=Layer.AUTH,
        says="has a clock that is behind: a JWT whose nbf is later than that clock is refused as not yet valid",
        client_must="date nbf back by some seconds, or leave it out; where it is refused all the same, say why",
        hooks=(InPlace(_refuse_early, _ANY_CALL),),
        expected=Expected.SUCCESS,
        motive="nbf was judged without any leeway: after a clock was set back by one second four runs in six failed",
        link="https://github.com/surrealdb/surrealdb/issues/7491",
        providers=_ONLY_JWT,
        params=(Param("skew_s", 5, "how far the server's clock is behind, in s", 0, 86_400),),
        is_anywhere=True,
        notes={"kling": "answers 401 with code 1003; an API key has no nbf and is not affected"},
    ),
    Fault(
        id="auth-token-expired-mid-poll",
        layer=Layer.AUTH,
        says="refuses the token in use with 401 once the task has run for so long; a token issued later is accepted",
        client_must="make a new token, ask again once, and never submit again",
        hooks=(InPlace(_refuse_expired, (Occasion.POLL,)),),
        expected=Expected.SUCCESS,
        motive="tokens live 30 minutes, some jobs last longer: a client that signs only once loses them while it waits",
        link="https://smithery.ai/skills/jeremylongshore/klingai-known-pitfalls",
        params=(
            Param("after_s", 1_800, "how old the task is then, in s of the tenant's clock", 0, 2_592_000),
            Param(
                "cutoff_s",
                _NO_CUTOFF,
                "tokens whose exp is this Unix second or earlier are refused; 0 takes the exp of the first that is met",
                0,
                10**15,
            ),
        ),
        counts=_is_late,
        begins=_with_cutoff,
        notes={
            "kling": "code 1004 for a JWT until one with a later exp comes; an API key is refused once a task",
            "gmi": "an IAM access token is refused until one with a later exp comes, an API key once a task",
            "kirin": "has API keys only, which are refused once a task",
        },
    ),
    Fault(
        id="auth-401-transient",
        layer=Layer.AUTH,
        says="refuses one request with 401, though nothing is wrong with the key",
        client_must="refresh its token if it has one, ask again once, and only then say that the key is refused",
        hooks=(InPlace(_refuse_once, _ANY_CALL),),
        expected=Expected.SUCCESS,
        motive="a 401 that would have gone with a fresh token ended the session of a client that did not try one",
        link="https://github.com/fliks-app/fliks/pull/248",
        window=Window(3, 3),
        notes={"kling": "code 1000, the generic row of the auth group"},
    ),
    Fault(
        id="auth-403-plan-gated",
        layer=Layer.AUTH,
        says="refuses the submit with 403: the account's plan does not include the model",
        client_must="show the provider's reason and stop: no retry helps",
        hooks=(InPlace(_refuse_plan, (Occasion.SUBMIT, Occasion.IDENTIFY, Occasion.TTS)),),
        expected=Expected.FAILURE,
        motive="models that only some plans include have to be avoided beforehand: each call to one is refused",
        link="https://github.com/scenario-labs/skills/pull/121",
    ),
    Fault(
        id="auth-missing-typ",
        layer=Layer.AUTH,
        says="refuses a JWT whose header has no typ",
        client_must="send typ: JWT in the token's header",
        hooks=(InPlace(_refuse_without_type, _ANY_CALL),),
        expected=Expected.SUCCESS,
        motive="tokens signed by hand left typ out, which the libraries add by themselves, and were refused",
        link="https://smithery.ai/skills/jeremylongshore/klingai-known-pitfalls",
        providers=_ONLY_JWT,
        is_anywhere=True,
        notes={"kling": "answers 401 with code 1002; an API key is not affected"},
    ),
)
