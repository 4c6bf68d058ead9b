"""No secret ever leaves: not in answers, not in the journal, not in the log, not in the file on the disk."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.e2e

KEY, OTHER, TOKEN = "canary-key-4711", "canary-key-0815", "canary-admin-token"
ACCESS, SECRET = "canary-access", "canary-secret-of-32-characters-at-least"
WEBHOOK = b64encode(b"canary-webhook-secret-of-a-good-length").decode()
SIGNED = "https://cdn.test/a.mp4?X-Amz-Signature=canary-signature&token=canary-query-token"
CANARIES = (
    KEY,
    OTHER,
    TOKEN,
    SECRET,
    WEBHOOK,
    "canary-webhook",
    "canary-signature",
    "canary-query-token",
    "canary-word",
)
ACCOUNTS = f"""
[[accounts]]
name = "ada@client.example"
keys = ["{KEY}"]
access_key = "{ACCESS}"
secret_key = "{SECRET}"
"""
PAGES = (
    "journal",
    "journal?violations=true",
    "tasks",
    "deliveries",
    "faults",
    "ledger",
    "clock",
    "dialects",
    "media",
    "scenarios",
    "faults/catalogue",
    "openapi.json",
    "version",
    "health",
    "ready",
    "",
)


def requests_of_a_day(url: str) -> list[httpx.Response]:
    """Good ones, refused ones, and ones that nobody should ever send."""
    bearer = {"authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=url) as client:
        return [
            client.post("/v1/videos/identify-face", headers=bearer, json={"video_url": SIGNED}),
            client.post("/v1/videos/identify-face", headers={"authorization": f"Bearer {OTHER}"}, json={}),
            client.post("/v1/videos/identify-face", headers={"authorization": f"Basic {OTHER}"}, json={}),
            client.get("/v1/videos/advanced-lip-sync?api_key=canary-query-token", headers=bearer),
            client.post("/v1/videos/advanced-lip-sync", headers=bearer, content=b'{"broken": '),
            client.post("/v1/videos/advanced-lip-sync", headers=bearer, json={"face_choose": 1}),
            client.get("/v1/videos/nothing-here", headers=bearer),
            client.post("/model/v1/generation", headers=bearer, json={"model": "no-such"}),
            client.post(
                "/api/v1/me/auth-tokens", json={"email": "ada@client.example", "password": "canary-word"}
            ),
            client.get("/v1/videos/advanced-lip-sync/1", headers={**bearer, "x-lipflap-fault": "nonsense"}),
            client.get("/__lipflap/journal", headers={"authorization": f"Bearer {OTHER}"}),
        ]


def serve_a_day(tmp_path: Path) -> dict[str, str]:
    """Everything that a server said and left behind, by place."""
    accounts, store = tmp_path / "accounts.toml", tmp_path / "lipflap.db"
    accounts.write_text(ACCOUNTS, encoding="utf-8")
    options = [
        "--port",
        "0",
        "--auth",
        str(accounts),
        "--store",
        f"sqlite:///{store}",
        "--admin-token",
        TOKEN,
    ]
    options += ["--webhook-secret", f"whsec_{WEBHOOK}", "--log-level", "debug", "--fault-header"]
    options += ["--fault", "gateway-502-html@list#1"]
    command = [sys.executable, "-m", "mock_server", "serve", *options]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    url = json.loads(server.stdout.readline())["url"]
    answers, pages = requests_of_a_day(url), pages_of(url)
    server.send_signal(signal.SIGINT)
    out, log = server.communicate(timeout=30)
    files = [path.read_bytes().decode("latin-1") for path in tmp_path.glob("lipflap.db*") if path.is_file()]
    return {
        "answers": "".join(answer.text + str(answer.headers) for answer in answers),
        "admin": "".join(pages),
        "stdout": out,
        "log": log,
        "store": "".join(files),
    }


def pages_of(url: str) -> list[str]:
    """Every page of the admin surface, with and without the tenant's key."""
    admin = {"authorization": f"Bearer {TOKEN}"}
    return [
        httpx.get(f"{url}/__lipflap/{page}", headers=admin, params={"key": KEY} if key else {}).text
        for page in PAGES
        for key in (False, True)
        if not (key and "?" in page)
    ]


def test_canaries_are_found_nowhere(tmp_path: Path) -> None:
    texts = serve_a_day(tmp_path)
    assert texts["log"], "something was logged at all"
    found = {(place, canary) for place, text in texts.items() for canary in CANARIES if canary in text}
    # the client's own URL is answered with, so it has to be kept
    assert found - {("store", "canary-signature"), ("store", "canary-query-token")} == set()
