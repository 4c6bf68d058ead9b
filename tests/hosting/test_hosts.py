"""Names that a request may use for this server."""

from __future__ import annotations

import pytest

from mock_server.hosting.hosts import AllowedHosts
from mock_server.hosting.refusal import Refusal
from mock_server.settings import Settings

LOCAL = [
    b"localhost",
    b"LocalHost:8787",
    b"localhost.",
    b"127.0.0.1:8787",
    b"127.0.0.2",
    b"[::1]:8787",
    b"kling.localhost",
    b"mock.test:8787",
    b"host.docker.internal:8787",
]
FOREIGN = [
    b"evil.example",
    b"localhost.evil.example",
    b"127.0.0.1.evil.example",
    b"evillocalhost",
    b"192.168.1.5:8787",
    b"[::2]",
    b":8787",
    b"\xff",
    b"[",
]


@pytest.mark.parametrize("host", LOCAL)
def test_on_loopback_this_machine_s_names_are_allowed(host: bytes) -> None:
    AllowedHosts.of(Settings()).check(host)


@pytest.mark.parametrize("host", FOREIGN)
def test_on_loopback_every_other_name_is_refused_with_the_flag_that_allows_it(host: bytes) -> None:
    with pytest.raises(Refusal, match="--allow-host") as caught:
        AllowedHosts.of(Settings()).check(host)
    assert caught.value.status == 421


def test_the_public_url_s_host_is_ours() -> None:
    AllowedHosts.of(Settings(public_url="https://mock.example:8787")).check(b"mock.example:8787")


def test_named_hosts_are_allowed_and_a_star_in_front_stands_for_any_below() -> None:
    hosts = AllowedHosts.of(Settings(allowed_hosts=("Mock.example", "*.corp.example")))
    for host in (b"mock.example", b"a.corp.example:1", b"a.b.corp.example", b"localhost"):
        hosts.check(host)
    for host in (b"corp.example", b"evilcorp.example"):
        with pytest.raises(Refusal):
            hosts.check(host)


def test_a_star_allows_everything() -> None:
    hosts = AllowedHosts.of(Settings(allowed_hosts=("*",)))
    for host in FOREIGN:
        hosts.check(host)


def test_beyond_loopback_any_name_will_do_unless_some_are_named() -> None:
    AllowedHosts.of(Settings(host="0.0.0.0")).check(b"lipflap.svc.cluster")
    with pytest.raises(Refusal):
        AllowedHosts.of(Settings(host="0.0.0.0", allowed_hosts=("mock.example",))).check(
            b"lipflap.svc.cluster"
        )


def test_a_name_is_judged_alike_each_time() -> None:
    hosts = AllowedHosts.of(Settings())
    for _ in range(3):
        hosts.check(b"localhost:1")
        with pytest.raises(Refusal):
            hosts.check(b"evil.example:1")
