"""Which addresses outgoing requests may reach: pure rules over URLs and IP addresses."""

from __future__ import annotations

import re
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from mock_server.core.errors import LipflapError

Address = IPv4Address | IPv6Address

MAX_URL_CHARS = 8_192
MAX_HOST_CHARS = 253
_LABEL = re.compile(r"[a-z0-9_-]{1,63}", re.ASCII)
_DOTTED_QUAD = re.compile(r"[0-9]+(\.[0-9]+){3}", re.ASCII)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class TargetPolicy(StrEnum):
    """Where outgoing requests may go."""

    LOOPBACK = "loopback"
    """This machine only."""
    PUBLIC = "public"
    """The public internet only."""
    ANY = "any"
    """Wherever the name leads, metadata services included."""
    OFF = "off"
    """Nowhere."""


class TargetRefused(LipflapError):
    """The URL, or an address behind it, may not be reached. ``reason`` names no address, only its kind."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"refused by policy: {reason}")


class Target(Struct, frozen=True):
    """Where a URL points. ``host`` is lower-case, an IPv6 address without its brackets."""

    scheme: str
    host: str
    port: int


def judge_url(url: str) -> Target:
    """The target of an absolute http or https URL.

    Strict, so that no two parsers can read two hosts out of it. A host that writes an IPv4 address in
    decimal, hex or short form passes: what counts is the address that it resolves to. Raises TargetRefused.
    """
    if len(url) > MAX_URL_CHARS:
        raise TargetRefused(f"the URL is longer than {MAX_URL_CHARS} characters")
    if " " in url or "\\" in url or not url.isprintable():
        raise TargetRefused("the URL holds a space, a backslash or a control character")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise TargetRefused("the URL is malformed") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise TargetRefused("the URL is neither http nor https")
    if "@" in parts.netloc:
        raise TargetRefused("the URL carries a user name or a password")
    if port == 0:
        raise TargetRefused("port 0 cannot be reached")
    return Target(parts.scheme, _host_of(parts), port or _DEFAULT_PORTS[parts.scheme])


def _host_of(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not host:
        raise TargetRefused("the URL names no host")
    if not parts.netloc.isascii():
        raise TargetRefused("the host is not ASCII; write an international name in its xn-- form")
    is_valid = _is_ipv6(host) if parts.netloc.startswith("[") else _is_name_or_ipv4(host)
    if not is_valid:
        raise TargetRefused("the host is neither a name nor an IP address")
    return host


def _is_ipv6(host: str) -> bool:
    # a scope ("%eth0") would choose the network card, which is nobody's business outside
    if "%" in host:
        return False
    try:
        IPv6Address(host)
    except ValueError:
        return False
    return True


def _is_name_or_ipv4(host: str) -> bool:
    if _DOTTED_QUAD.fullmatch(host):
        try:
            IPv4Address(host)
        except ValueError:
            return False
        return True
    labels = host.removesuffix(".").split(".")
    return len(host) <= MAX_HOST_CHARS and all(_LABEL.fullmatch(label) for label in labels)


def judge_address(policy: TargetPolicy, address: Address) -> str | None:
    """Why ``address`` may not be reached under ``policy``; None where it may."""
    match policy:
        case TargetPolicy.ANY:
            return None
        case TargetPolicy.OFF:
            return "outgoing requests are off"
        case TargetPolicy.LOOPBACK:
            # an IPv4 loopback address wrapped in IPv6 counts as what it is written as
            return None if address.is_loopback else f"{_kind(address)} address; only loopback is allowed"
        case TargetPolicy.PUBLIC:
            refused = [kind for inner in unwrapped(address) if (kind := _kind(inner)) != "public"]
            return f"{refused[0]} address; only public ones are allowed" if refused else None


_NAT64 = IPv6Network("64:ff9b::/96")
_PUBLIC_V6 = IPv6Network("2000::/3")
# IANA special-purpose registries, as far as some supported Python's is_global lets them pass
_NOT_PUBLIC_V4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
_NOT_PUBLIC_V6 = (IPv6Network("3fff::/20"),)


def unwrapped(address: Address) -> tuple[Address, ...]:
    """Where a packet to ``address`` may end up: the IPv4 inside v4-mapped, NAT64, 6to4 and Teredo."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    return address.teredo or (address,)


def _kind(address: Address) -> str:
    if address.is_unspecified:
        return "unspecified"
    if address.is_multicast:
        return "multicast"
    if address.is_link_local:
        return "link-local"
    if address.is_loopback:
        return "loopback"
    return "public" if address.is_global and _is_in_public_space(address) else "private or reserved"


def _is_in_public_space(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_V4)
    return address in _PUBLIC_V6 and not any(address in network for network in _NOT_PUBLIC_V6)
