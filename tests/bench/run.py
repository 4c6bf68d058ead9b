"""Compare lipflap with a bare ASGI application on the same uvicorn, in one run, taking turns.

Run: ``make bench`` or ``python tests/bench/run.py [--cycles 6] [--seconds 2]``. Prints a table of shares: requests
a second divided by the bare application's in the same cycle. Trust shares, not absolutes.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
from load import Figures, drive

HERE = Path(__file__).parent
KEY = "bench"
SYNC = "/v1/videos/advanced-lip-sync"
AUDIO = "https://cdn.test/line.mp3?lipflap.duration_ms=5000"
VIDEO = "https://cdn.test/talk.mp4?lipflap.duration_ms=12000"


def main() -> None:
    """Run every comparison and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    with bare_server() as bare, lipflap_server() as ours:
        session = identify(ours.port)
        rows: Sequence[tuple[str, list[bytes], list[bytes]]] = (
            ("poll of a finished task", *poll_requests(ours.port, session)),
            ("submit, validated", [post("/", 390 * b"x")], [submit(session, AUDIO)]),
            ("whole flow", [post("/", 390 * b"x")] * 3, flow_requests(ours.port, session)),
            ("submit of 5 MB base64", [post("/", 7_000_000 * b"x")], [submit(session, five_megabytes())]),
        )
        print(f"{'':26} {'share':>22} {'ours/s':>9} {'bare/s':>9} {'p99 ms':>8} {'bare p99':>9}")
        for name, theirs, mine in rows:
            compare(name, options, (bare.port, theirs), (ours.port, mine))
    memory_of_tasks()
    cold_starts(options.cycles)


def compare(
    name: str, options: argparse.Namespace, bare: tuple[int, list[bytes]], ours: tuple[int, list[bytes]]
) -> None:
    """Take turns, and print the share of the bare application: median, least and most."""
    shares: list[float] = []
    mine: list[Figures] = []
    theirs: list[Figures] = []
    for _ in range(options.cycles):
        theirs.append(drive(*bare, options.seconds))
        mine.append(drive(*ours, options.seconds))
        shares.append(mine[-1].per_second / theirs[-1].per_second)
        if mine[-1].failures:
            sys.exit(f"{name}: {mine[-1].failures} of {mine[-1].requests} answers were not 200")
    share = f"{statistics.median(shares):.2f} ({min(shares):.2f} to {max(shares):.2f})"
    rates = [statistics.median(f.per_second for f in figures) for figures in (mine, theirs)]
    tails = [statistics.median(f.percentile_ms(0.99) for f in figures) for figures in (mine, theirs)]
    print(f"{name:26} {share:>22} {rates[0]:9.0f} {rates[1]:9.0f} {tails[0]:8.1f} {tails[1]:9.1f}")


# servers


class Server:
    """A server in a process of its own, on a free port of loopback."""

    def __init__(self, command: Callable[[int], list[str]], path: str) -> None:
        self.port = free_port()
        started = time.perf_counter()
        self.process = subprocess.Popen(
            command(self.port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.start_s = wait_for_answer(self.port, path) - started

    @property
    def memory_mb(self) -> float:
        return psutil.Process(self.process.pid).memory_info().rss / 1e6

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@contextmanager
def bare_server() -> Iterator[Server]:
    server = Server(bare_command, "/")
    yield server
    server.stop()


@contextmanager
def lipflap_server() -> Iterator[Server]:
    server = Server(lipflap_command, SYNC)
    yield server
    server.stop()


def bare_command(port: int) -> list[str]:
    options = ["--port", str(port), "--no-access-log", "--log-level", "error", "--app-dir", str(HERE)]
    return [sys.executable, "-m", "uvicorn", "bare:app", *options]


def lipflap_command(port: int) -> list[str]:
    lipflap = Path(sys.executable).with_name("lipflap")
    return [str(lipflap), "serve", "--port", str(port), "--pace", "instant", "--slots", "1000000"]


def wait_for_answer(port: int, path: str) -> float:
    """When the first answer was there, whatever its status. Gives up after 20 s."""
    for _ in range(4000):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(get(path))
                if connection.recv(1):
                    return time.perf_counter()
        except OSError:
            time.sleep(0.005)
    sys.exit(f"no answer on port {port}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# requests


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def submit(session: str, sound: str) -> bytes:
    times = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 1000}
    entry = {"face_id": "0", "sound_file": sound, **times, "sound_volume": 1.0, "original_audio_volume": 0.5}
    body = {"session_id": session, "face_choose": [entry], "watermark_info": {"enabled": False}}
    return post(SYNC, json.dumps(body).encode())


def identify(port: int) -> str:
    data = ask(port, "/v1/videos/identify-face", {"video_url": VIDEO})
    return str(data["session_id"])


def poll_requests(port: int, session: str) -> tuple[list[bytes], list[bytes]]:
    body = submit(session, AUDIO).partition(b"\r\n\r\n")[2]
    task = ask(port, SYNC, json.loads(body))["task_id"]
    return [get("/")], [get(f"{SYNC}/{task}")]


def flow_requests(port: int, session: str) -> list[bytes]:
    """Identify, submit, poll: three requests, as a client makes them."""
    identify_faces = post("/v1/videos/identify-face", json.dumps({"video_url": VIDEO}).encode())
    return [identify_faces, submit(session, AUDIO), *poll_requests(port, session)[1]]


def five_megabytes() -> str:
    """A WAV of 5 MiB, as Base64: 30 s of silence, stereo, 44.1 kHz."""
    data_bytes = 5 * 2**20 - 44
    head = b"RIFF" + (data_bytes + 36).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    form = (1).to_bytes(2, "little") + (2).to_bytes(2, "little") + (44_100).to_bytes(4, "little")
    form += (176_400).to_bytes(4, "little") + (4).to_bytes(2, "little") + (16).to_bytes(2, "little")
    wav = head + form + b"data" + data_bytes.to_bytes(4, "little") + bytes(data_bytes)
    return base64.b64encode(wav).decode()


def ask(port: int, path: str, body: object) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        data: dict[str, object] = json.load(answer)["data"]
        return data


# memory and start


def memory_of_tasks(count: int = 10_000) -> None:
    """What ``count`` tasks with their journal entries cost, above a server that has answered one."""
    with lipflap_server() as server:
        session = identify(server.port)
        drive(server.port, [submit(session, AUDIO)], 0.2, connections=1)
        before_mb = server.memory_mb
        made = 0
        while made < count:
            made += drive(server.port, [submit(session, AUDIO)], 0.5).requests
        grown_mb = (server.memory_mb - before_mb) * count / made
    print(f"{count} tasks: {grown_mb:.0f} MB above idle ({before_mb:.0f} MB); measured over {made}")


def cold_starts(cycles: int) -> None:
    """From the start of the process to the first answer, ours over the bare application's."""
    ratios = []
    times = []
    for _ in range(cycles):
        seconds = []
        for make in (bare_server, lipflap_server):
            with make() as server:
                seconds.append(server.start_s)
        ratios.append(seconds[1] / seconds[0])
        times.append(seconds)
    middle = [statistics.median(pair[side] for pair in times) for side in (0, 1)]
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    print(
        f"cold start: {statistics.median(ratios):.2f} ({spread}), {middle[1]:.2f} s against {middle[0]:.2f} s"
    )


if __name__ == "__main__":
    # bytecode is cached on any machine but one that forbids it; without it we measure the compiler
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main()
