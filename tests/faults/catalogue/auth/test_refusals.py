"""Keys and tokens that are right and refused: whose, with which row, until when."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from mock_server.core.account import DEMO_ACCESS_KEY, DEMO_SECRET_KEY
from mock_server.core.clock import MANUAL_EPOCH_MS

Start = Callable[..., Any]
NOW_S = MANUAL_EPOCH_MS // 1000
VIRTUAL = {"clock": "manual", "dialects": {"kling.jwt_clock": "virtual"}}
LIST = ("GET", "/v1/videos/advanced-lip-sync")


def bearer(*, header: dict[str, object] | None = None, **claims: object) -> dict[str, str]:
    said = {"iss": DEMO_ACCESS_KEY, "exp": NOW_S + 7200, **claims}
    return {"authorization": f"Bearer {jwt.encode(said, DEMO_SECRET_KEY, algorithm='HS256', headers=header)}"}


@pytest.mark.parametrize(("nbf", "welcome"), [(-6, True), (-5, True), (-4, False), (0, False)])
def test_a_token_is_judged_by_a_clock_that_is_behind(rig: Start, nbf: int, welcome: bool) -> None:
    here = rig("auth-clock-skew-nbf", key=DEMO_ACCESS_KEY, **VIRTUAL)
    wire = here.ask(*LIST, headers=bearer(nbf=NOW_S + nbf))
    assert (wire.status, wire.json["code"]) == ((200, 0) if welcome else (401, 1003))


def test_an_early_token_is_accepted_once_the_slow_clock_gets_there(rig: Start) -> None:
    here = rig("auth-clock-skew-nbf;skew_s=60", key=DEMO_ACCESS_KEY, **VIRTUAL)
    token = bearer(nbf=NOW_S)
    assert here.ask(*LIST, headers=token).status == 401
    here.admin("POST", "clock/advance", {"seconds": 60})
    assert here.ask(*LIST, headers=token).status == 200


def test_a_slow_clock_goes_by_the_wall_where_tokens_do(rig: Start) -> None:
    here = rig("auth-clock-skew-nbf@poll;skew_s=3600", key=DEMO_ACCESS_KEY, clock="manual")
    now_s = int(time.time())
    here.headers = bearer(nbf=now_s - 60, exp=now_s + 3600)
    job = here.job("kling")
    task_id = job.start()
    # by the tenant's clock the token would hold for long
    here.admin("POST", "clock/advance", {"seconds": 300_000_000})
    wire = job.poll(task_id)
    assert (wire.status, wire.json["code"]) == (401, 1003)


def test_a_token_without_nbf_and_an_api_key_know_no_skew(rig: Start) -> None:
    here = rig("auth-clock-skew-nbf", **VIRTUAL)
    assert here.ask(*LIST, headers=bearer()).status == 200
    assert here.ask(*LIST).status == 200


def test_the_token_in_use_expires_and_a_later_one_is_accepted(rig: Start) -> None:
    here = rig("auth-token-expired-mid-poll", key=DEMO_ACCESS_KEY, **VIRTUAL)
    old, new = bearer(), bearer(exp=NOW_S + 7201)
    here.headers = old
    job = here.job("kling")
    task_id = job.start()
    here.admin("POST", "clock/advance", {"seconds": 1799})
    assert job.poll(task_id, headers=old).status == 200
    here.admin("POST", "clock/advance", {"seconds": 1})
    refused = job.poll(task_id, headers=old)
    assert (refused.status, refused.json["code"]) == (401, 1004)
    seen = [job.poll(task_id, headers=token).status for token in (old, new, old, new)]
    assert seen == [401, 200, 401, 200]


def test_the_old_token_is_refused_for_every_task_that_is_old_enough(rig: Start) -> None:
    here = rig("auth-token-expired-mid-poll", key=DEMO_ACCESS_KEY, **VIRTUAL)
    here.headers = old = bearer()
    job = here.job("kling")
    first, second = job.start(), job.start()
    here.admin("POST", "clock/advance", {"seconds": 1800})
    young = job.start()
    assert [job.poll(task_id, headers=old).status for task_id in (first, second, young)] == [401, 401, 200]
    new = bearer(exp=NOW_S + 7300)
    assert [job.poll(task_id, headers=new).status for task_id in (first, second, young)] == [200, 200, 200]


def test_an_api_key_is_refused_once_a_task(rig: Start, provider: str) -> None:
    here = rig("auth-token-expired-mid-poll", clock="manual")
    job = here.job(provider)
    first, second = job.start(), job.start()
    assert job.poll(first).status == 200
    here.admin("POST", "clock/advance", {"seconds": 1800})
    seen = [job.poll(task_id).status for task_id in (first, first, second, first, second)]
    assert seen == [401, 200, 401, 200, 200]


def test_an_iam_access_token_is_refused_until_a_later_one_comes(rig: Start) -> None:
    here = rig("auth-token-expired-mid-poll;cutoff_s=4000000000;after_s=0", key="me")
    login = here.ask("POST", "/api/v1/me/auth-tokens", {"email": "me", "password": "me"}).json["authToken"]
    session = here.ask("POST", "/api/v1/me/sessions", {"type": "native", "authToken": login})
    assert session.status == 200, session.data
    job = here.job("gmi")
    task_id = job.start()
    job.queue = "/api/v1/ie/requestqueue/requests"
    wire = job.poll(task_id, headers={"authorization": f"Bearer {session.json['accessToken']}"})
    assert (wire.status, wire.json) == (401, {"error": "Access token expired"})


def test_a_single_401_at_the_third_poll(rig: Start, provider: str) -> None:
    job = rig("auth-401-transient").job(provider)
    task_id = job.start()
    assert [job.poll(task_id).status for _ in range(5)] == [200, 200, 401, 200, 200]


def test_a_plan_without_the_model_refuses_every_submit(rig: Start, provider: str) -> None:
    job = rig("auth-403-plan-gated").job(provider)
    job.identify()
    assert [job.submit().status for _ in range(3)] == [403, 403, 403]
    assert job.tasks() == []


def test_a_token_without_typ_is_refused_everywhere(rig: Start) -> None:
    here = rig("auth-missing-typ", **VIRTUAL)
    bare = bearer(header={"typ": None})
    for wire in (here.ask(*LIST, headers=bare), here.job("kling").identify(headers=bare)):
        assert (wire.status, wire.json["code"]) == (401, 1002)


def test_a_token_with_typ_and_an_api_key_are_accepted(rig: Start) -> None:
    here = rig("auth-missing-typ", **VIRTUAL)
    assert here.ask(*LIST, headers=bearer()).status == 200
    assert here.ask(*LIST).status == 200


@pytest.mark.parametrize("fault", ["auth-clock-skew-nbf", "auth-missing-typ"])
@pytest.mark.parametrize("other", ["gmi", "kirin"])
def test_where_tokens_are_not_signed_by_callers_a_fault_of_their_making_is_refused(
    rig: Start, fault: str, other: str
) -> None:
    job = rig().job(other)
    wire = job.identify(headers={"x-lipflap-fault": fault})
    assert wire.status == 400
    assert b"only kling can do so" in wire.body


@pytest.mark.parametrize("place", ["poll", "list"])
def test_a_place_that_is_named_is_the_only_one(rig: Start, place: str) -> None:
    here = rig(f"auth-missing-typ@{place}", key=DEMO_ACCESS_KEY, **VIRTUAL)
    here.headers = bare = bearer(header={"typ": None})
    job = here.job("kling")
    task_id = job.start()
    seen = {"poll": job.poll(task_id, headers=bare).status, "list": here.ask(*LIST, headers=bare).status}
    assert [name for name, status in seen.items() if status == 401] == [place]
