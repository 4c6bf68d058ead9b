"""Every row of the catalogue, at every provider, over a real socket: the same bytes twice, counted, and gone again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from mock_server.core.fault import Occasion
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.model import Fault

Start = Callable[..., Any]

POLLS = 8
STEP_S = 1000
"""On the tenant's clock, so that eight polls reach every moment that a fault waits for by default."""
LATE_S = 22_000
"""And after them, until the latest callback has come."""
QUICK = {
    "delay_ms": 20,
    "limit_ms": 100,
    "for_ms": 100,
    "every_ms": 1,
    "median_ms": 5,
    "max_ms": 20,
    "count": 20,
}
"""Params that cost time on the wall, made small."""
STAGES = {"submitted", "queued", "dispatched", "processing", "succeeded", "failed", "cancelled"}
DATE = re.compile(rb"date: [^\r]+\r\n", re.IGNORECASE)

CASES = [
    pytest.param(fault, provider, id=f"{fault.id}-{provider}")
    for fault in CATALOGUE
    for provider in fault.providers
]


@pytest.fixture(scope="module")
def here(module_rig: Start) -> Any:
    """One server for all rows: a reset gives every row the same world."""
    secret = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
    rig = module_rig(
        clock="manual",
        pace="polls:3",
        webhook_secrets=(secret,),
        public_url="http://lipflap.test",
        dialects={"gmi.callbacks": "kling"},
    )
    rig.patience_s = 3.0
    return rig


class Story:
    """One plain day of a client under one fault; ``captured`` is every byte of it."""

    def __init__(self, rig: Any, fault: Fault | None, provider: str, receiver: Any) -> None:
        self.rig, self.fault, self.provider, self.receiver = rig, fault, provider, receiver
        self.captured: list[tuple[str, bytes, str]] = []
        self.callbacks: list[tuple[dict[str, str], bytes]] = []

    def play(self) -> None:
        self.rig.admin("POST", "reset", {"what": ["all"]})
        self.receiver.requests.clear()
        if self.fault is not None:
            self.rig.admin("POST", "faults", self.form(self.fault))
        job = self.rig.job(self.provider)
        self.note("identify", job.identify())
        task_ids = [self.submitted(job) for _ in range(2)]
        for _ in range(POLLS):
            for task_id in filter(None, task_ids):
                self.polled(job, task_id)
            self.rig.admin("POST", "clock/advance", {"seconds": STEP_S})
        self.rig.admin("POST", "clock/advance", {"seconds": LATE_S})
        if self.provider != "kirin":
            self.note("list", job.listed())
        self.spoken()
        self.callbacks = list(self.receiver.requests)

    def form(self, fault: Fault) -> dict[str, object]:
        params = {param.name: QUICK[param.name] for param in fault.params if param.name in QUICK}
        return {"fault": fault.id, "match": {"provider": self.provider}, "params": params}

    def submitted(self, job: Any) -> str:
        headers = {"idempotency-key": "one-intent"}
        self.note("submit", job.submit(callback_url=self.receiver.url, headers=headers))
        self.settle()
        return str(job.tasks()[0]["id"]) if job.tasks() else ""

    def polled(self, job: Any, task_id: str) -> None:
        wire = self.note("poll", job.poll(task_id))
        self.settle()
        try:
            url = job.result_url(wire)
        except (ValueError, KeyError, IndexError, TypeError):
            return
        if url.startswith("http"):
            self.note("download", job.download(wire))

    def spoken(self) -> None:
        if self.provider == "kling":
            body = {"text": "hello there", "voice_id": "girlfriend_1_speech02", "voice_language": "en"}
            self.note("tts", self.rig.ask("POST", "/v1/audio/tts", body))

    def settle(self) -> None:
        """Let callbacks that are due go out now, so that their place in the journal does not hang on the wall."""
        self.rig.admin("POST", "clock/advance", {"seconds": 0})
        self.captured.append(("callbacks so far", b"%d" % len(self.receiver.requests), ""))

    def note(self, what: str, wire: Any) -> Any:
        self.captured.append((what, DATE.sub(b"", wire.data), wire.end))
        return wire


def fired(rig: Any) -> int:
    return sum(int(rule["fired"]) for rule in rig.admin("GET", "faults")["faults"])


@pytest.fixture(scope="module")
def plain(here: Any, module_receiver: Any) -> Callable[[str], Story]:
    """The same day with nothing switched on, by provider."""
    kept: dict[str, Story] = {}

    def story(provider: str) -> Story:
        if provider not in kept:
            kept[provider] = Story(here, None, provider, module_receiver)
            kept[provider].play()
        return kept[provider]

    return story


@pytest.mark.parametrize(("fault", "provider"), CASES)
def test_a_fault_is_the_same_twice_counted_and_gone_when_it_is_over(
    here: Any, module_receiver: Any, plain: Callable[[str], Story], fault: Fault, provider: str
) -> None:
    usual = plain(provider)
    first = Story(here, fault, provider, module_receiver)
    first.play()
    times = fired(here)
    again = Story(here, fault, provider, module_receiver)
    again.play()
    assert first.captured == again.captured, "the same seed and requests give the same bytes"
    assert fired(here) == times, "it is counted alike"
    if needs_more_than_a_day(fault):
        return
    assert times > 0, "it fired"
    differs = first.captured != usual.captured or first.callbacks != usual.callbacks
    assert differs, "it can be seen on the wire"
    assert legal(here), "the server's state stays legal"


def needs_more_than_a_day(fault: Fault) -> bool:
    """Faults that meet a special request only, which their own tests make."""
    return fault.id in SPECIAL


SPECIAL = {
    "auth-clock-skew-nbf": "meets JWTs",
    "auth-missing-typ": "meets JWTs without typ",
    "idem-key-conflict": "meets another body under the same key",
    "range-ignored": "meets Range",
    "etag-changed-resume": "meets Range",
    "url-expired-403": "meets a URL that was kept for long",
    "url-rejects-auth": "meets a download with a key",
    "cancel-race": "meets a cancel",
    "concurrency-429-submit": "meets a submit while others run",
}


def legal(rig: Any) -> bool:
    page = rig.admin("GET", "tasks")
    for task in page["tasks"]:
        moments = [step["at_ms"] for step in task["steps"] if step["at_ms"] is not None]
        assert {step["stage"] for step in task["steps"]} <= STAGES
        assert moments == sorted(moments)
        assert task["stage"] in STAGES
    journal = rig.admin("GET", "journal?limit=1000")
    numbers = [entry["number"] for entry in journal["entries"]]
    assert numbers == sorted(set(numbers))
    assert json.dumps(page)
    return True


@pytest.mark.parametrize("provider", ["kling", "gmi", "kirin"])
def test_once_taken_back_nothing_of_any_fault_is_left(
    here: Any, module_receiver: Any, plain: Callable[[str], Story], provider: str
) -> None:
    usual = plain(provider).captured
    for fault in CATALOGUE:
        if provider in fault.providers and not fault.is_server_wide:
            here.admin("POST", "faults", Story(here, fault, provider, module_receiver).form(fault))
    here.admin("DELETE", "faults")
    story = Story(here, None, provider, module_receiver)
    story.play()
    assert story.captured == usual


def test_the_catalogue_is_whole() -> None:
    assert len(CATALOGUE) >= 96
    assert {place for fault in CATALOGUE for place in fault.occasions} >= set(Occasion) - {Occasion.TTS}
