"""The policy over URLs and addresses."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.outbound.targets import (
    Target,
    TargetPolicy,
    TargetRefused,
    judge_address,
    judge_url,
    unwrapped,
)

ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://cdn.test/a.mp4", Target("http", "cdn.test", 80)),
        ("HTTPS://CDN.Test:8443/?q=1#f", Target("https", "cdn.test", 8443)),
        ("http://localhost:9000/hook", Target("http", "localhost", 9000)),
        ("http://my_service:1/", Target("http", "my_service", 1)),
        ("http://[::1]:65535/", Target("http", "::1", 65535)),
        ("https://cdn.test./", Target("https", "cdn.test.", 443)),
        ("http://0x7f000001/", Target("http", "0x7f000001", 80)),
    ],
)
def test_a_plain_url_gives_its_target(url: str, target: Target) -> None:
    assert judge_url(url) == target


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/only/a/path",
        "//cdn.test/a",
        "http://",
        "http:///a",
        "http://:80/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_",
        "ftp://cdn.test/",
        "javascript:alert(1)",
        "http://user@cdn.test/",
        "http://user:word@cdn.test/",
        "http://@cdn.test/",
        "http://cdn.test@169.254.169.254/",
        "http://cdn.test:0/",
        "http://cdn.test:65536/",
        "http://cdn.test:-1/",
        "http://cdn.test:8o/",
        "http://cdn.test:\uff18\uff10/",
        "http://cdn.test\\@169.254.169.254/",
        "http://cdn.test/\x00",
        "http://cdn.test/\r\nHost:%20x",
        "http://cdn .test/",
        " http://cdn.test/",
        "http://cdn.test/\t",
        "http://cdn.test/\u3000",
        "http://cdn.test/\ud800",
        "http://127。0。0。1/",
        "http://ⓔxample.test/",
        "http://%31%32%37.0.0.1/",
        "http://127.0.0.999/",
        "http://127.0.0.01/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://[v1.x]/",
        "http://[127.0.0.1]/",
        "http://a..b/",
        "http://" + "a" * 64 + ".test/",
        "http://" + "a." * 127 + "test/",
        "http://cdn.test/" + "a" * 8_192,
    ],
)
def test_a_url_that_could_mislead_is_refused(url: str) -> None:
    with pytest.raises(TargetRefused):
        judge_url(url)


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: "http://" + text))
def test_any_text_is_judged_and_never_crashes(url: str) -> None:
    target = None
    with suppress(TargetRefused):
        target = judge_url(url)
    if target is not None:
        assert target.scheme in {"http", "https"}
        assert target.host
        assert 1 <= target.port <= 65_535


@given(st.ip_addresses(v=4), st.integers(1, 65_535))
def test_the_judged_target_is_what_the_url_says(address: IPv4Address, port: int) -> None:
    assert judge_url(f"http://{address}:{port}/") == Target("http", str(address), port)
    mapped = IPv6Address(f"::ffff:{address}")
    assert judge_url(f"https://[{mapped}]:{port}/") == Target("https", str(mapped), port)


@pytest.mark.parametrize("text", ["127.0.0.1", "127.255.255.254", "::1"])
def test_loopback_allows_this_machine(text: str) -> None:
    assert judge_address(TargetPolicy.LOOPBACK, ip_address(text)) is None


@given(ADDRESSES)
def test_loopback_allows_nothing_else(address: IPv4Address | IPv6Address) -> None:
    is_allowed = judge_address(TargetPolicy.LOOPBACK, address) is None
    assert is_allowed == (str(address) == "::1" or (address.version == 4 and address.packed[0] == 127))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "1.1.1.1", "2001:4860:4860::8888", "2606:4700::1111", "::ffff:8.8.8.8"]
)
def test_public_allows_the_internet(text: str) -> None:
    assert judge_address(TargetPolicy.PUBLIC, ip_address(text)) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("0.0.0.0", "unspecified"),
        ("::", "unspecified"),
        ("0.1.2.3", "private or reserved"),
        ("10.0.0.1", "private or reserved"),
        ("172.16.0.1", "private or reserved"),
        ("192.168.0.1", "private or reserved"),
        ("100.64.0.1", "private or reserved"),
        ("100.100.100.200", "private or reserved"),
        ("169.254.169.254", "link-local"),
        ("192.0.0.192", "private or reserved"),
        ("192.88.99.1", "private or reserved"),
        ("198.18.0.1", "private or reserved"),
        ("203.0.113.1", "private or reserved"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.255", "multicast"),
        ("240.0.0.1", "private or reserved"),
        ("255.255.255.255", "private or reserved"),
        ("fe80::1", "link-local"),
        ("fec0::1", "private or reserved"),
        ("fc00::1", "private or reserved"),
        ("fd00:ec2::254", "private or reserved"),
        ("ff02::1", "multicast"),
        ("100::1", "private or reserved"),
        ("2001:db8::1", "private or reserved"),
        ("3fff::1", "private or reserved"),
        ("5f00::1", "private or reserved"),
        ("::127.0.0.1", "private or reserved"),
        ("::ffff:0:7f00:1", "private or reserved"),
        ("::ffff:169.254.169.254", "link-local"),
        ("::ffff:10.0.0.1", "private or reserved"),
        ("64:ff9b::169.254.169.254", "link-local"),
        ("64:ff9b::127.0.0.1", "loopback"),
        ("64:ff9b:1::1", "private or reserved"),
        ("2002:7f00:1::", "loopback"),
        ("2002:a9fe:a9fe::1", "link-local"),
        # Teredo over server 8.8.8.8, client 127.0.0.1 (its bits inverted)
        ("2001:0:808:808::80ff:fffe", "loopback"),
    ],
)
def test_public_refuses_every_inner_and_special_address(text: str, kind: str) -> None:
    assert (
        judge_address(TargetPolicy.PUBLIC, ip_address(text))
        == f"{kind} address; only public ones are allowed"
    )


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_wrapping(address: IPv4Address) -> None:
    plain = judge_address(TargetPolicy.PUBLIC, address)
    number = int(address)
    for wrapped in (
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address(int(IPv6Address("64:ff9b::")) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
    ):
        assert unwrapped(wrapped) == (address,)
        assert judge_address(TargetPolicy.PUBLIC, wrapped) == plain


@given(ADDRESSES)
def test_link_local_multicast_and_unspecified_pass_only_under_any(address: IPv4Address | IPv6Address) -> None:
    assert judge_address(TargetPolicy.ANY, address) is None
    assert judge_address(TargetPolicy.OFF, address) is not None
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        assert judge_address(TargetPolicy.LOOPBACK, address) is not None
        assert judge_address(TargetPolicy.PUBLIC, address) is not None


@given(ADDRESSES)
def test_no_address_is_both_loopback_and_public(address: IPv4Address | IPv6Address) -> None:
    allowed = [p for p in (TargetPolicy.LOOPBACK, TargetPolicy.PUBLIC) if judge_address(p, address) is None]
    assert len(allowed) <= 1


@given(ADDRESSES)
def test_a_reason_names_no_address(address: IPv4Address | IPv6Address) -> None:
    for policy in TargetPolicy:
        assert str(address) not in (judge_address(policy, address) or "")
