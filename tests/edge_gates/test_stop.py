"""SIGTERM under load: whatever was asked is answered, whoever asks later is refused, and it is quick."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.e2e

CLIENTS = 8
STOP_S = 5


def ask_until_refused(port: int, headers: dict[str, str], warm: threading.Event, found: Counter[str]) -> None:
    """Poll again and again; ``found`` gets each status, and the name of each fault but the refusal at the end."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    while True:
        try:
            connection.connect()
            while connection.sock is not None:
                connection.request("GET", "/v1/videos/advanced-lip-sync/none", headers=headers)
                answer = connection.getresponse()
                answer.read()
                found[str(answer.status)] += 1
                warm.set()
        except ConnectionRefusedError:
            return
        except OSError as fault:
            found[type(fault).__name__] += 1
            connection.close()


@pytest.mark.parametrize("headers", [{}, {"Connection": "close"}], ids=["kept", "new"])
def test_a_signal_loses_no_answer(headers: dict[str, str]) -> None:
    lipflap = Path(sys.executable).with_name("lipflap")
    command = [str(lipflap), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdout is not None
        port = urlsplit(json.loads(server.stdout.readline())["url"]).port
        assert port is not None
        found: list[Counter[str]] = [Counter() for _ in range(CLIENTS)]
        warm = [threading.Event() for _ in range(CLIENTS)]
        clients = [
            threading.Thread(target=ask_until_refused, args=(port, headers, *pair))
            for pair in zip(warm, found, strict=True)
        ]
        for client in clients:
            client.start()
        for event in warm:
            assert event.wait(20)
        told_s = time.perf_counter()
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
        took_s = time.perf_counter() - told_s
        for client in clients:
            client.join(20)
        assert server.stderr is not None
        assert "Traceback" not in server.stderr.read().decode()
    total = sum(found, Counter())
    print(f"\n{total['401']} answers, stopped after {took_s:.2f} s")
    assert set(total) == {"401"}, total
    assert took_s < STOP_S
