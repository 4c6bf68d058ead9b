"""The examiner's bench: asks a server in somebody's name, and writes down what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Self

import httpx

from contracts.conform.clock import ServerClock
from contracts.conform.exchange import Caller, Exchange, Request
from contracts.conform.listener import Listener
from contracts.conform.purse import CountedTransport, Purse, cost_for
from contracts.conform.surfaces.surface import Surface
from contracts.conform.target import SIMULATOR_SOUND, SIMULATOR_VIDEO, Media, Target
from contracts.conform.verdict import Evidence, Skip
from contracts.contract import Contract

TIMEOUT_S = 30.0
CALLBACK_TIMEOUT_S = 30.0
OTHER_SCHEME = "Basic bGlwZmxhcDpjb25mb3Jt"
# {"alg":"none","typ":"JWT"} . {"iss":"nobody","exp":4102444800} . no signature of any key
FORGED = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJpc3MiOiJub2JvZHkiLCJleHAiOjQxMDI0NDQ4MDB9.AAAA"
WRONG_KEY = "lipflap-conform-no-such-key"


class Lab:
    """One server under examination. Close it, or use it in a ``with``.

    ``is_simulator`` says that nothing costs and that media may be made up; ``takes_any_key`` that a wrong key cannot
    be told from a right one. ``forget`` makes the server forget what was made, where that hurts nobody.
    """

    def __init__(
        self,
        target: Target,
        contract: Contract,
        surface: Surface,
        clock: ServerClock,
        *,
        is_simulator: bool,
        takes_any_key: bool = False,
        other_clock: ServerClock | None = None,
        forget: Callable[[], None] | None = None,
        listener: Listener | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.target, self.contract, self.surface, self.clock = target, contract, surface, clock
        self.other_clock, self.forget = other_clock or clock, forget
        self.is_simulator, self.takes_any_key, self.listener = is_simulator, takes_any_key, listener
        self.purse = Purse(None if is_simulator else target.spend)
        self.exchanges: list[Exchange] = []
        self.check = ""
        self.kept: dict[str, object] = {}
        """What one check has made and others may use, such as a job."""
        keys = frozenset(filter(None, (target.key, target.other_key)))
        counted = CountedTransport(
            transport or httpx.HTTPTransport(), self.purse, cost_for(contract, surface, keys)
        )
        self._client = httpx.Client(transport=counted, timeout=TIMEOUT_S, trust_env=False)
        self._serial = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @property
    def video(self) -> Media:
        given = self.target.video_url
        return Media(given or SIMULATOR_VIDEO, is_hinted=self.is_simulator and not given)

    @property
    def sound(self) -> Media:
        given = self.target.audio_url
        return Media(given or SIMULATOR_SOUND, is_hinted=self.is_simulator and not given)

    @property
    def evidence(self) -> Evidence:
        return Evidence(
            self.contract,
            self.surface,
            tuple(self.exchanges),
            self.listener.bodies if self.listener else (),
            self.listener is not None,
        )

    @contextmanager
    def under(self, check: str) -> Iterator[None]:
        """What is asked inside belongs to ``check``."""
        before, self.check = self.check, check
        try:
            yield
        finally:
            self.check = before

    def ask(
        self, request: Request, caller: Caller = Caller.OWN, label: str = "", expects: str = ""
    ) -> Exchange:
        """Make one request. Raises PurseEmpty where it would cost too much; an answer that does not come is noted."""
        status, answer, content_type, now_ms = self._sent(request, caller)
        exchange = Exchange(
            number=len(self.exchanges) + 1,
            check=self.check,
            caller=caller,
            operation=request.operation,
            method=request.method,
            path=request.path,
            sent=request.content,
            status=status,
            answer=answer,
            content_type=content_type,
            label=label,
            expects=expects,
            now_ms=now_ms,
        )
        self.exchanges.append(exchange)
        return exchange

    def fresh(self, word: str) -> str:
        """A text that was not used in this run, nor in another against the same account."""
        self._serial += 1
        return f"conform-{self.target.seed}-{word}-{self._serial}"

    def must_spend(self, submits: int) -> None:
        """Raises Skip where less than that is left, or where there are no media to spend it on."""
        if self.is_simulator:
            return
        if (self.purse.left or 0) < submits:
            raise Skip(f"costs {submits} submits: --spend allows {self.purse.left} more")
        if not (self.target.video_url and self.target.audio_url):
            raise Skip("needs media that the server can download: --video and --audio")

    def must_be_simulator(self, what: str) -> None:
        """Raises Skip for any other server."""
        if not self.is_simulator:
            raise Skip(f"only a simulator can {what}")

    def must_know_another(self) -> None:
        """Raises Skip where there is no other customer."""
        if not self.target.other_key:
            raise Skip("needs the key of another customer: --other-key")

    def _sent(self, request: Request, caller: Caller) -> tuple[int, bytes, str, int | None]:
        headers = self._authorization(caller)
        if request.content:
            headers["content-type"] = request.content_type
        try:
            response = self._client.request(
                request.method,
                self.target.url.rstrip("/") + request.path,
                content=request.content or None,
                headers=headers,
            )
        except httpx.HTTPError as fault:
            return 0, f"{type(fault).__name__}: {fault}".encode(), "", self.clock.now_ms
        now_ms = self.clock.now_ms
        if now_ms is None:
            now_ms = _date_ms(response.headers.get("date", ""))
        content_type = response.headers.get("content-type", "")
        return response.status_code, response.content, content_type, now_ms

    def _authorization(self, caller: Caller) -> dict[str, str]:
        values = {
            Caller.OWN: f"Bearer {self.target.key}",
            Caller.OTHER: f"Bearer {self.target.other_key}",
            Caller.OTHER_SCHEME: OTHER_SCHEME,
            Caller.FORGER: f"Bearer {FORGED}",
            Caller.WRONG_KEY: f"Bearer {WRONG_KEY}",
        }
        return {"authorization": values[caller]} if caller in values else {}


def _date_ms(text: str) -> int | None:
    """A Date header as Unix ms, None where it is none."""
    try:
        return round(parsedate_to_datetime(text).timestamp() * 1000)
    except ValueError:
        return None
