"""A server without a thread and without a socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from contracts.inline.acts import Break, End, Hold, Send
from mock_server.hosting.inline import InlineServer
from mock_server.settings import Settings

KEY = "key-of-this-test"
IDENTIFY = b'{"video_url": "https://cdn.test/a.mp4"}'


@pytest.fixture
def server() -> Iterator[InlineServer]:
    with InlineServer(Settings(clock="manual", callbacks="loopback", pace="quick")) as made:
        made.tenants[:] = [made.tenant_of(KEY)]
        yield made


def request(path: str, body: bytes = b"", *headers: bytes) -> bytes:
    method = b"POST" if body else b"GET"
    lines = [
        method + b" " + path.encode() + b" HTTP/1.1",
        b"Host: a",
        b"Authorization: Bearer " + KEY.encode(),
    ]
    lines += [b"Content-Type: application/json", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def fault(server: InlineServer, text: str) -> None:
    status, _ = server.ask("POST", f"/__lipflap/faults?key={KEY}", json.dumps(text).encode())
    assert status == 201


def now_ms(server: InlineServer) -> int:
    return int(json.loads(server.ask("GET", f"/__lipflap/clock?key={KEY}")[1])["now_ms"])


def test_a_request_is_answered_in_http(server: InlineServer) -> None:
    talk = server.connect()
    whole = request("/v1/videos/identify-face", IDENTIFY)
    talk.feed(whole[:30])
    assert talk.answer() is None
    talk.feed(whole[30:])
    (sent,) = talk.answer() or ()
    assert isinstance(sent, Send)
    head, _, body = sent.data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"content-length: %d" % len(body) in head
    assert json.loads(body)["data"]["session_id"]


def test_requests_on_one_connection_are_answered_in_turn(server: InlineServer) -> None:
    talk = server.connect()
    talk.feed(request("/v1/videos/identify-face", IDENTIFY) + request("/v1/videos/advanced-lip-sync/none"))
    assert [answer[0].data[9:12] for answer in (talk.answer(), talk.answer()) if answer] == [b"200", b"404"]  # type: ignore[union-attr]
    assert talk.answer() is None


def test_who_wants_no_more_gets_an_end(server: InlineServer) -> None:
    talk = server.connect()
    talk.feed(request("/v1/videos/identify-face", IDENTIFY, b"Connection: close"))
    assert isinstance((talk.answer() or ())[-1], End)


def test_what_is_no_http_is_a_bad_request(server: InlineServer) -> None:
    talk = server.connect()
    talk.feed(b"\x00\x01 nonsense\r\n\r\n")
    (sent,) = talk.answer() or ()
    assert isinstance(sent, Send)
    assert sent.data.startswith(b"HTTP/1.1 400 ")


def test_an_answer_to_head_has_no_body(server: InlineServer) -> None:
    talk = server.connect()
    talk.feed(b"HEAD /__lipflap/health HTTP/1.1\r\nHost: a\r\n\r\n")
    (sent,) = talk.answer() or ()
    assert isinstance(sent, Send)
    assert sent.data.endswith(b"\r\n\r\n")


def test_faults_of_the_wire_become_acts(server: InlineServer) -> None:
    fault(server, "stall-headers@identify#1;limit_ms=5000")
    fault(server, "conn-reset-headers@identify#2")
    talk = server.connect()
    talk.feed(request("/v1/videos/identify-face", IDENTIFY) * 2)
    assert talk.answer() == (Hold(5_000), End())
    assert talk.answer() == (Break(),)


def test_its_time_goes_when_it_is_told(server: InlineServer) -> None:
    server.ask("GET", f"/__lipflap/clock?key={KEY}")
    before = now_ms(server)
    moment = server.look(1_500, lambda: True)
    assert moment.is_past
    assert now_ms(server) == before + 1_500
    assert not server.look(1_500, lambda: False).is_past
    server.advance(500).result()
    assert now_ms(server) == before + 2_000


def test_callbacks_that_fall_due_are_sent_before_time_has_passed(server: InlineServer) -> None:
    got: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            # a receiver that asks back is served while its callback is under way
            status, _ = server.ask("GET", f"/__lipflap/tasks/{body['task_id']}?key={KEY}")
            got.append(f"{body['task_status']} {status}")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as receiver:
        threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True).start()
        submit(server, f"http://127.0.0.1:{receiver.server_address[1]}/")
        moment = server.look(60_000, lambda: True)
        assert not moment.is_past
        assert moment.next_ms is not None
        server.advance(60_000).result()
        receiver.shutdown()
    assert got[-1] == "succeed 200"


def submit(server: InlineServer, callback_url: str) -> None:
    talk = server.connect()
    talk.feed(request("/v1/videos/identify-face", IDENTIFY))
    (sent,) = talk.answer() or ()
    assert isinstance(sent, Send)
    session = json.loads(sent.data.partition(b"\r\n\r\n")[2])["data"]
    face = {"face_id": session["face_data"][0]["face_id"], "sound_file": "https://cdn.test/a.mp3"}
    times = {
        "sound_start_time": 0,
        "sound_end_time": 3000,
        "sound_insert_time": session["face_data"][0]["start_time"],
    }
    body = {
        "session_id": session["session_id"],
        "face_choose": [{**face, **times}],
        "callback_url": callback_url,
    }
    talk.feed(request("/v1/videos/advanced-lip-sync", json.dumps(body).encode()))
    (sent,) = talk.answer() or ()
    assert isinstance(sent, Send)
    assert sent.data.startswith(b"HTTP/1.1 200"), sent.data
