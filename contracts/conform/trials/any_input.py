"""Schemathesis: requests in shape and out of shape for every operation, and chains of them along the links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import httpx

from contracts.conform.approach import Nature, prepared
from contracts.conform.generated.cases import GeneratedCase, GeneratedRun
from contracts.conform.generated.command import generate
from contracts.conform.generated.known import Setting
from contracts.conform.lab import TIMEOUT_S, Lab
from contracts.conform.target import Target
from contracts.conform.verdict import Finding, Trial

ID = "any-input"
LOGIN_PATH = "/api/v1/me/auth-tokens"
_LAST_WORDS = 1_500


def run(target: Target, nature: Nature) -> Sequence[Finding]:
    """At another server than a simulator, what only reads."""
    with prepared(target, nature, "inputs") as lab:
        setting = Setting(
            url=target.url.rstrip("/"),
            key=lab.target.key,
            account=lab.target.account or lab.target.key,
            admin_token=target.admin_token,
            task_id=target.task_id,
            moves_clock=nature.is_simulator,
            takes_any_key=nature.takes_any_key,
            only_reads=not nature.is_simulator,
        )
        flags = () if _can_log_in(lab, setting) else _without_sessions(lab)
        done = generate(target.provider, setting, target.max_examples, target.seed, flags)
        return findings(done, secret=setting.key)


def findings(done: GeneratedRun, secret: str) -> list[Finding]:
    """One for each check and operation, with the first case; and one where the run itself broke off.

    What is quoted does not hold ``secret``: a log-in sends it as a password.
    """
    first: dict[str, Finding] = {}
    for check, case, reason in _failures(done):
        says = f"{case.method} {case.path.partition('?')[0]} does not pass {check}"
        first.setdefault(says, Finding(f"{says}: {reason}", (_without(secret, case.quote()),)))
    if done.exit_code and not first:
        first[""] = Finding(
            f"Schemathesis broke off with code {done.exit_code}",
            (_without(secret, done.output[-_LAST_WORDS:]),),
        )
    return list(first.values())


def _without(secret: str, text: str) -> str:
    return text.replace(secret, "***") if secret else text


def _failures(done: GeneratedRun) -> Iterator[tuple[str, GeneratedCase, str]]:
    for case in done.exchanges:
        for check, reason in zip(case.failed, case.reasons, strict=True):
            yield check, case, reason


def _sessions(lab: Lab) -> list[str]:
    """Operations that ask for a session, and those that open one."""
    return [
        id_ for id_, row in lab.contract.operations.items() if "/me/" in row.path or id_.startswith("iam")
    ]


def _can_log_in(lab: Lab, setting: Setting) -> bool:
    if not _sessions(lab) or setting.only_reads:
        return False
    body = {"email": setting.account, "password": setting.key}
    answer = httpx.post(setting.url + LOGIN_PATH, json=body, timeout=TIMEOUT_S, trust_env=False)
    return answer.is_success


def _without_sessions(lab: Lab) -> tuple[str, ...]:
    return tuple(word for id_ in _sessions(lab) for word in ("--exclude-operation-id", id_))


TRIAL = Trial(ID, "answers any input as the contract says", run)
