"""The commit point: for every network and auth fault at a submit, whether the task exists afterwards."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import jwt

from mock_server.core.account import DEMO_ACCESS_KEY, DEMO_SECRET_KEY
from mock_server.core.clock import MANUAL_EPOCH_MS
from mock_server.core.fault import Occasion
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.model import Fault, Layer

Start = Callable[..., Any]
QUICK = {"delay_ms", "for_ms", "limit_ms", "every_ms", "median_ms", "max_ms"}
FAULTS = [
    fault
    for fault in CATALOGUE
    if fault.layer in {Layer.NETWORK, Layer.AUTH} and Occasion.SUBMIT in fault.occasions
]


def words(fault: Fault) -> str:
    """The fault at a submit, with no pause longer than a millisecond."""
    params = [f"{param.name}=1" for param in fault.params if param.name in QUICK]
    return ";".join([f"{fault.id}@submit", *params])


def bare_token() -> str:
    """A token that every fault about tokens refuses."""
    now_s = MANUAL_EPOCH_MS // 1000
    claims = {"iss": DEMO_ACCESS_KEY, "exp": now_s + 60, "nbf": now_s}
    return jwt.encode(claims, DEMO_SECRET_KEY, algorithm="HS256", headers={"typ": None})


def wait_until_open(address: tuple[str, int]) -> None:
    while True:
        try:
            socket.create_connection(address, timeout=5).close()
        except ConnectionRefusedError:
            continue
        return


def test_the_faults_at_a_submit_are_as_many_as_we_think() -> None:
    assert [fault.id for fault in FAULTS if fault.commits] == [
        "submit-accepted-reply-lost",
        "submit-accepted-rst",
        "submit-accepted-slow-reply",
        "malformed-chunk",
        "stall-body",
        "drip-body",
        "slow-lognormal",
        "keepalive-race-close",
    ]
    assert [fault.id for fault in FAULTS if not fault.commits] == [
        "conn-reset-headers",
        "empty-response",
        "random-garbage",
        "stall-headers",
        "server-restart",
        "deploy-drain",
        "auth-clock-skew-nbf",
        "auth-401-transient",
        "auth-403-plan-gated",
        "auth-missing-typ",
    ]


def test_the_task_exists_afterwards_exactly_where_the_row_says_so(rig: Start, provider: str) -> None:
    here = rig(clock="manual", dialects={"kling.jwt_clock": "virtual"})
    here_too = [fault for fault in FAULTS if provider in fault.providers]
    seen = {fault.id: after_submit(here, provider, fault) for fault in here_too}
    assert seen == {fault.id: (int(bool(fault.commits)), [fault.id]) for fault in here_too}


def after_submit(here: Any, provider: str, fault: Fault) -> tuple[int, list[str]]:
    """A tenant submits once and meets the fault: its tasks, and the faults in its journal."""
    wants_token = fault.providers == ("kling",)
    here.key = DEMO_ACCESS_KEY if wants_token else f"key-of-{fault.id}"
    here.headers = {"authorization": f"Bearer {bare_token()}"} if wants_token else {}
    job = here.job(provider)
    job.identify()
    job.submit(headers={"x-lipflap-fault": words(fault)})
    wait_until_open(here.address)
    here.headers = {}
    entries = here.admin("GET", "journal")["entries"]
    return len(job.tasks()), list(entries[-1]["faults"])
