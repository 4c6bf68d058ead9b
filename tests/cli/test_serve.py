"""``lipflap serve`` as a process: what it says, how it ends, and how it refuses."""

from __future__ import annotations

import signal
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_the_first_line_on_stdout_is_for_programs_and_the_rest_for_people(serve) -> None:
    served = serve()
    assert served.told == {"url": served.url, "pid": served.process.pid}
    assert httpx.get(f"{served.url}/__lipflap/health").json() == {"status": "ok"}
    code, out, err = served.stop()
    assert (code, out) == (0, "")
    for words in (served.url, "KLING_BASE_URL=", "GMI_BASE_URL=", "VTRIX_BASE_URL=", "lipflap env PROVIDER"):
        assert words in err
    assert len(err.splitlines()) == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_open_request_is_answered_before_the_server_ends(serve, number: int) -> None:
    served = serve()
    with httpx.Client() as client:
        assert client.get(f"{served.url}/__lipflap/ready").status_code == 200
        assert served.stop(number)[0] == 0


def test_an_open_stream_is_told_to_end_when_the_server_does(serve) -> None:
    served = serve()
    with httpx.stream("GET", f"{served.url}/__lipflap/journal/stream") as stream:
        code, _, err = served.stop()
        assert stream.read() == b""
    assert code == 0
    assert "Traceback" not in err


def test_links_lead_back_by_the_host_that_the_client_wrote(serve) -> None:
    served = serve()
    answer = httpx.get(f"{served.url}/__lipflap/media", headers={"Host": "mock.test:1234"}).json()
    assert answer["samples"][0]["url"].startswith("http://mock.test:1234/")


def test_nothing_tells_which_server_it_is(serve) -> None:
    assert "server" not in httpx.get(f"{serve().url}/__lipflap/health").headers


def test_a_sqlite_store_survives_a_restart(serve, tmp_path: Path) -> None:
    key = {"Authorization": "Bearer survivor"}
    video = {"video_url": "https://cdn.test/a.mp4"}
    first = serve("--store", "sqlite:///kept.db")
    session = httpx.post(f"{first.url}/v1/videos/identify-face", json=video, headers=key).json()["data"]
    assert first.stop()[0] == 0
    assert (tmp_path / "kept.db").exists()
    clip = {"face_id": "0", "sound_file": "https://cdn.test/a.mp3"}
    times = {"sound_start_time": 0, "sound_end_time": 2000, "sound_insert_time": 0}
    job = {"session_id": session["session_id"], "face_choose": [{**clip, **times}]}
    second = serve("--store", "sqlite:///kept.db")
    made = httpx.post(f"{second.url}/v1/videos/advanced-lip-sync", json=job, headers=key)
    assert made.status_code == 200, made.text


def test_tls_serves_names_of_this_machine_and_of_the_public_url(serve, tmp_path: Path) -> None:
    served = serve("--tls", "--tls-dir", "certs", "--public-url", "https://mock.test:8443/")
    ca = Path(str(served.told["ca_file"]))
    assert ca == tmp_path / "certs" / "ca.pem"
    context = ssl.create_default_context(cafile=str(ca))
    port = int(served.url.rpartition(":")[2])
    assert served.url.startswith("https://127.0.0.1:")
    for host in ("localhost", "127.0.0.1"):
        assert httpx.get(f"https://{host}:{port}/__lipflap/health", verify=context).status_code == 200
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        context.wrap_socket(plain, server_hostname="mock.test") as wrapped,
    ):
        names = [name for _, name in wrapped.getpeercert()["subjectAltName"]]
    assert "mock.test" in names
    samples = httpx.get(f"{served.url}/__lipflap/media", verify=context).json()["samples"]
    assert samples[0]["url"].startswith("https://mock.test:8443/__lipflap/media/")
    err = served.stop()[2]
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        assert f"export {name}={ca}" in err


def test_beyond_loopback_the_admin_token_is_demanded(lipflap, serve) -> None:
    refused = lipflap("serve", "--host", "0.0.0.0", "--port", "0")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert one_line(refused.stderr).startswith("lipflap: --host 0.0.0.0")
    served = serve("--host", "0.0.0.0", "--admin-token", "sesame")
    clock = f"{served.url}/__lipflap/clock"
    assert httpx.get(clock).status_code == 401
    assert httpx.get(clock, headers={"Authorization": "Bearer sesame"}).status_code == 200


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--port", "x"), "--port: must be a whole number from 0 to 65535, not 'x'"),
        (("--port", "65536"), "--port: must be a whole number from 0 to 65535, not '65536'"),
        (("--prot", "1"), "No such option: --prot"),
        (("--port",), "Option '--port' requires an argument."),
        (("surplus",), "unexpected extra argument"),
        (("--clock", "slow"), "--clock: clock must be real, manual, or a rate"),
        (("--pace", "polls:0"), "--pace: pace must be one of instant, quick, real or polls:N"),
        (("--seed", "1.5"), "--seed: must be a whole number"),
        (("--slots", "0"), "--slots: must be a whole number from 1"),
        (("--callbacks", "moon"), "--callbacks: must be one of auto, loopback, public, any, off"),
        (("--fetch-from", "moon"), "--fetch-from: must be one of loopback, public, any, off"),
        (("--log-level", "loud"), "--log-level: must be one of debug"),
        (("--public-url", "mock.test"), "--public-url: must be a URL"),
        (("--store", "mysql://x"), "store must be memory or sqlite:///FILE"),
        (("--store", "sqlite:///."), "store"),
        (("--auth", "nobody.toml"), "cannot read accounts from nobody.toml"),
        (("--dialect", "kling.no_face"), "--dialect: must be NAME=VALUE"),
        (("--dialect", "kling.no_face=maybe"), "dialect kling.no_face must be one of error, empty"),
        (("--dialect", "kling.mood=good"), "unknown dialect 'kling.mood'"),
        (("--webhook-secret", "#"), "a webhook secret must be base64"),
        (("--host", "nowhere.invalid", "--admin-token", "x"), "cannot listen on nowhere.invalid"),
        (("--tls", "--tls-dir", "/proc/none", "--port", "0"), "cannot write a certificate to /proc/none"),
    ],
)
def test_what_cannot_work_is_one_line_and_code_2(lipflap, words: tuple[str, ...], said: str) -> None:
    done = lipflap("serve", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in one_line(done.stderr)


def test_a_taken_port_is_one_line_and_code_2(lipflap, taken_port: int) -> None:
    done = lipflap("serve", "--port", str(taken_port))
    assert (done.returncode, done.stdout) == (2, "")
    expected = f"lipflap: port {taken_port} on 127.0.0.1 is taken; give another --port, or 0 for a free one"
    assert one_line(done.stderr) == expected


def test_a_store_that_is_no_database_is_one_line_and_code_2(lipflap, tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("dear reader, " * 1000)
    done = lipflap("serve", "--store", "sqlite:///letter.db", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "letter.db is not a SQLite database" in one_line(done.stderr)


def test_a_store_in_use_is_one_line_and_code_2(lipflap, serve) -> None:
    serve("--store", "sqlite:///shared.db")
    done = lipflap("serve", "--store", "sqlite:///shared.db", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "in use by another process" in one_line(done.stderr)


def test_serving_loads_nothing_that_it_does_not_need(lipflap) -> None:
    done = lipflap("serve", "--port", "0", "--dialect", "no.such=x", PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 2
    loaded = {
        line.rpartition("|")[2].strip()
        for line in done.stderr.splitlines()
        if line.startswith("import time:")
    }
    assert "mock_server.app" in loaded
    for name in (
        "typer",
        "rich",
        "pydantic",
        "httpx",
        "sqlite3",
        "trustme",
        "jwt",
        "hypothesis",
        "schemathesis",
    ):
        assert name not in loaded


def one_line(text: str) -> str:
    lines = text.splitlines()
    assert len(lines) == 1, text
    return lines[0]
