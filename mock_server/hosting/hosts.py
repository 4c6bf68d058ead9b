"""Which names a request may call this server by: the defence of a local server against DNS rebinding.

A web page can make its own name lead to 127.0.0.1 and then talk to us as to itself; but it must use that name.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from mock_server.hosting.refusal import Refusal
from mock_server.settings import Settings

_OUR_NAMES = ("localhost", "*.localhost", "*.test", "host.docker.internal", "host.containers.internal")
"""Names that no public DNS gives away (RFC 6761), and what containers call the machine they run on."""
_CACHE_SIZE = 256


class AllowedHosts:
    """Checks the Host header. ``names`` are exact, or begin with ``*.``; a sole ``*`` allows everything."""

    def __init__(self, names: Iterable[str]) -> None:
        wanted = {name.lower() for name in names}
        self._allows_any = "*" in wanted
        self._exact = {name for name in wanted if not name.startswith("*")}
        self._endings = tuple(name[1:] for name in wanted if name.startswith("*."))
        self._known: set[bytes] = set()

    @classmethod
    def of(cls, settings: Settings) -> AllowedHosts:
        """Beyond loopback, where other machines have their own names for us, all are allowed unless some are named."""
        if not settings.is_loopback and not settings.allowed_hosts:
            return cls(["*"])
        public = urlsplit(settings.public_url).hostname
        return cls([*_OUR_NAMES, *settings.allowed_hosts, *([public] if public else [])])

    def check(self, host: bytes) -> None:
        """Raises Refusal, its text naming the flag that would allow ``host``."""
        if self._allows_any or host in self._known:
            return
        name = _name_of(host)
        if not (name in self._exact or name.endswith(self._endings) or _is_loopback(name)):
            raise Refusal(
                421, f"the Host {name!r} is not one of this server's; --allow-host {name} would allow it"
            )
        if len(self._known) < _CACHE_SIZE:
            self._known.add(host)


def _name_of(host: bytes) -> str:
    """Without the port, and without the dot that may end a name."""
    text = host.decode("latin-1").strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0].removesuffix(".")


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
