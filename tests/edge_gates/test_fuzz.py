"""Bytes that are almost HTTP: no 5xx, no traceback, no hang, and a server that is alive afterwards."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.edge_gates.conftest import StartChild

pytestmark = pytest.mark.e2e

REQUESTS, ALL_REQUESTS = 2_000, 100_000
AT_ONCE = 100
PATIENCE_S = 30
DEADLINES = {
    "first_byte_timeout_s": 0.2,
    "head_timeout_s": 0.2,
    "body_timeout_s": 0.2,
    "idle_timeout_s": 0.2,
}

METHODS = [
    b"GET",
    b"POST",
    b"PUT",
    b"DELETE",
    b"HEAD",
    b"OPTIONS",
    b"PATCH",
    b"TRACE",
    b"CONNECT",
    b"PRI",
    b"get",
    b"",
]
TARGETS = [
    b"/v1/videos/identify-face",
    b"/v1/videos/advanced-lip-sync",
    b"/v1/videos/advanced-lip-sync/1?pageNum=1&pageSize=500",
    b"/v1/audio/tts",
    b"/model/v1/generation",
    b"/model/v1/generation/task/x",
    b"/api/v1/ie/requestqueue/apikey/requests",
    b"/api/v1/skill/models",
    b"/__lipflap/tasks",
    b"/__lipflap/media",
    b"/__lipflap/media/talk.mp4",
    b"/__lipflap/journal?limit=1",
    b"/__lipflap/uploads/a?until=9&signature=x",
    b"/__lipflap/clock",
    b"http://localhost/v1/audio/tts",
    b"*",
    b"//",
    b"/%00%ff/../..//",
    b"/?",
    b"localhost:80",
]
HEADERS = [
    b"Authorization: Bearer k",
    b"Content-Type: application/json",
    b"Content-Type: video/mp4",
    b"Content-Length: 2",
    b"Transfer-Encoding: chunked",
    b"Connection: close",
    b"Connection: Upgrade",
    b"Upgrade: h2c",
    b"Upgrade: websocket",
    b"Expect: 100-continue",
    b"Range: bytes=0-0,1-1",
    b"If-None-Match: *",
    b"X-Lipflap-Fault: nothing",
    b"X: " + b"x" * 5000,
]
BAD_HEADERS = [
    b"Host: evil.example",
    b"Authorization: \xff\xfe",
    b"Content-Length: 18446744073709551616",
    b"Content-Length: -1",
    b"Content-Length: ",
    b"Transfer-Encoding: gzip, chunked",
    b": empty",
    b"no colon",
    b" folded: yes",
    b"Cookie: \x00\x01",
]
BODIES = [
    b"",
    b"{}",
    b'{"video_url":"https://cdn.test/a.mp4"}',
    b"2\r\n{}\r\n0\r\n\r\n",
    b"[" * 500,
    b"\xff" * 50,
    b"5;x\r\n",
]
VERSIONS = [b"HTTP/1.0", b"HTTP/2.0", b"HTTP/0.9", b"", b"http/1.1"]
TOKENS = [
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    b"\x00",
    b":",
    b" ",
    b"\t",
    b"0\r\n\r\n",
    b"HTTP/1.1",
    b"%",
    b"\xff",
    b"9" * 20,
]


def made(chance: random.Random) -> bytes:
    """A request by the grammar: each part now and then a wrong one."""
    method = chance.choice(METHODS if chance.random() < 0.1 else METHODS[:5])
    version = chance.choice(VERSIONS) if chance.random() < 0.1 else b"HTTP/1.1"
    start = b" ".join((method, chance.choice(TARGETS), version))
    headers = [b"Host: localhost"] if chance.random() < 0.95 else []
    headers += [
        chance.choice(BAD_HEADERS if chance.random() < 0.05 else HEADERS) for _ in range(chance.randrange(6))
    ]
    chance.shuffle(headers)
    return b"\r\n".join((start, *headers, b"", b"")) + chance.choice(BODIES)


def mutated(request: bytes, chance: random.Random) -> bytes:
    """``request`` with up to four places spoilt, or none."""
    data = bytearray(request)
    for _ in range(chance.choice((0, 0, 1, 1, 2, 4))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0 if at < len(data):
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randrange(1, 20)]
            case 2:
                data[at:at] = chance.choice(TOKENS)
            case 3:
                data[at:at] = data[at : at + chance.randrange(1, 40)]
            case _:
                del data[at:]
    return bytes(data)


async def answer_to(port: int, request: bytes, cut: int) -> bytes:
    """What the server says first; it is sent in two pieces, and left as soon as there is an answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request[:cut])
        await asyncio.sleep(0)
        writer.write(request[cut:])
        return await reader.read(4096)
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


async def fuzz(port: int, count: int, seed: int) -> tuple[Counter[str], list[bytes]]:
    """How often each status came, and the requests that were answered by a 5xx."""
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    blamed: list[bytes] = []
    left = iter(range(count))

    async def one_after_another() -> None:
        for _ in left:
            request = mutated(made(chance), chance)
            async with asyncio.timeout(PATIENCE_S):
                answer = await answer_to(port, request, chance.randrange(len(request) + 1))
            status = answer[9:12].decode("latin-1")
            assert not answer or status.isdigit(), answer
            found[status or "none"] += 1
            if status.startswith("5"):
                blamed.append(request)

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return found, blamed


def test_no_bytes_make_a_5xx_or_a_traceback(start_child: StartChild, is_full: bool) -> None:
    child = start_child(**DEADLINES)
    seed = int(os.environ.get("LIPFLAP_EDGE_SEED", "0"))
    found, blamed = asyncio.run(fuzz(child.port, ALL_REQUESTS if is_full else REQUESTS, seed))
    print(
        f"\nraw requests by the status of their answer: {dict(found.most_common())}; {child.memory_mb:.0f} MB"
    )
    assert blamed == []
    health = b"GET /__lipflap/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert asyncio.run(answer_to(child.port, health, 0))[9:12] == b"200"
    assert len(found) > 5, "the requests reach many places"
