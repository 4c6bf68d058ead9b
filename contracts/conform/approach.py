"""Find out what stands at a URL, and set up the bench for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec.structs import replace

from contracts.conform.clock import ServerClock, SimulatorClock, WaitingClock
from contracts.conform.lab import TIMEOUT_S, WRONG_KEY, Lab
from contracts.conform.listener import Listener
from contracts.conform.surfaces import SURFACES
from contracts.conform.target import Target
from contracts.contract import load_contract
from contracts.witness.admin import Admin
from contracts.witness.server import ServerAddress
from contracts.witness.usage import UsageError

ADMIN_HEADER = "X-Lipflap-Admin-Token"
"""Named where a simulator refuses a caller of its admin surface, and nowhere else."""


class Nature(msgspec.Struct, frozen=True):
    """What is known of a server before it is examined. ``version`` is empty for one that is no simulator."""

    version: str = ""
    takes_any_key: bool = False

    @property
    def is_simulator(self) -> bool:
        return bool(self.version)


class _Version(msgspec.Struct):
    lipflap: str


def nature_of(target: Target) -> Nature:
    """Ask the server what it is. Raises UsageError where nobody answers, or a simulator wants its admin token."""
    token = {"Authorization": f"Bearer {target.admin_token}"} if target.admin_token else {}
    answer = _got(f"{target.url.rstrip('/')}/__lipflap/version", token)
    if answer.status_code == httpx.codes.UNAUTHORIZED and ADMIN_HEADER in answer.text:
        raise UsageError("this simulator asks for its admin token: --admin-token")
    try:
        version = msgspec.json.decode(answer.content, type=_Version).lipflap if answer.is_success else ""
    except msgspec.DecodeError:
        version = ""
    if not version:
        return Nature()
    surface = SURFACES[target.provider]
    poll = target.url.rstrip("/") + surface.poll(surface.unknown_task).path
    stranger = _got(poll, {"Authorization": f"Bearer {WRONG_KEY}"})
    return Nature(version, takes_any_key=stranger.status_code != httpx.codes.UNAUTHORIZED)


@contextmanager
def prepared(target: Target, nature: Nature, purpose: str = "checks") -> Iterator[Lab]:
    """The bench, until the block ends. On a simulator that takes any key, everything happens under keys of our own.

    Benches with other purposes then know nothing of each other.
    """
    with ExitStack() as stack:
        clock: ServerClock
        other_clock: ServerClock | None = None
        if nature.is_simulator:
            target = _with_own_keys(target, purpose) if nature.takes_any_key else target
            clock = _stopped(stack, target, target.key, is_ours=nature.takes_any_key)
            if target.other_key:
                other_clock = _stopped(stack, target, target.other_key, is_ours=nature.takes_any_key)
        else:
            clock = WaitingClock()
        lab = Lab(
            target,
            load_contract(target.provider),
            SURFACES[target.provider],
            clock,
            is_simulator=nature.is_simulator,
            takes_any_key=nature.takes_any_key,
            other_clock=other_clock,
            forget=clock.forget if nature.takes_any_key and isinstance(clock, SimulatorClock) else None,
            listener=_listening(stack, target, nature),
        )
        yield stack.enter_context(lab)


def _with_own_keys(target: Target, purpose: str) -> Target:
    lead = f"{target.key}-conform-{target.provider}-{purpose}"
    return replace(target, key=f"{lead}-own", other_key=f"{lead}-other")


def _stopped(stack: ExitStack, target: Target, key: str, *, is_ours: bool) -> ServerClock:
    admin = stack.enter_context(Admin(ServerAddress(target.url, target.admin_token), key))
    if is_ours:
        admin.send("POST", "reset", {"what": ["all"]})
    clock = SimulatorClock(admin)
    stack.callback(clock.restore)
    return clock


def _listening(stack: ExitStack, target: Target, nature: Nature) -> Listener | None:
    """Where we were told to; without a word, on loopback for a simulator that is there too."""
    if target.callback_listen:
        host, _, port = target.callback_listen.rpartition(":")
        if not (host and port.isascii() and port.isdigit() and int(port) < 1 << 16):
            raise UsageError(f"--callback-listen must be HOST:PORT, not {target.callback_listen!r}")
        return stack.enter_context(Listener(host, int(port)))
    if nature.is_simulator and _is_loopback(target.url):
        return stack.enter_context(Listener())
    return None


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _got(url: str, headers: dict[str, str]) -> httpx.Response:
    try:
        return httpx.get(url, headers=headers, timeout=TIMEOUT_S, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise UsageError(f"nobody answers at {url}: {fault or type(fault).__name__}") from fault
