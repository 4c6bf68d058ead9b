"""Results play in a real Chromium, from the first moment to the last."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.core.task import Clip
from mock_server.media.probe import probe
from mock_server.media.result import render_video
from mock_server.media.samples import sample_bytes

PAGE = """<!doctype html><script>
const play = name => new Promise(done => {
  const video = document.createElement("video");
  Object.assign(video, {muted: true, src: name, playbackRate: 8, defaultPlaybackRate: 8});
  video.onerror = () => done({error: video.error.code + " " + video.error.message});
  video.onended = () => done({
    duration: video.duration, width: video.videoWidth, height: video.videoHeight, error: null,
    at: video.currentTime, frames: video.getVideoPlaybackQuality().totalVideoFrames,
    audio_bytes: video.webkitAudioDecodedByteCount,
  });
  video.play().catch(fault => done({error: String(fault)}));
});
Promise.all(NAMES.map(play)).then(all => fetch("/report", {method: "POST", body: JSON.stringify(all)}));
</script>"""
PATIENCE_S = 120
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
)


@contextmanager
def served(files: dict[str, bytes]) -> Iterator[tuple[str, queue.Queue[list[dict[str, object]]]]]:
    """A page that plays all files, and the queue on which it reports."""
    reports: queue.Queue[list[dict[str, object]]] = queue.Queue()
    page = PAGE.replace("NAMES", json.dumps(list(files))).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = files.get(self.path.strip("/"), page)
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if body is page else "video/mp4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", reports
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def played(files: dict[str, bytes]) -> list[dict[str, object]]:
    """What Chromium says of each file, in order."""
    browser = shutil.which("chromium")
    assert browser, "the package chromium is missing"
    with served(files) as (url, reports), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [browser, *FLAGS, f"--user-data-dir={profile}", url]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                return reports.get(timeout=PATIENCE_S)
            finally:
                process.terminate()


def result(source: str | None, sound: str | None) -> tuple[MediaFacts, bytes]:
    video = sample_bytes(source) if source else None
    facts = probe(video) if video else MediaFacts(MediaFormat.MP4, 4_321, 1, "d", 718, 1_042)
    audio = sample_bytes(sound) if sound else None
    heard = probe(audio) if audio else MediaFacts(MediaFormat.MP3, 5_000, 1, "a")
    return facts, render_video(facts, video, [(Clip("0", heard, 500, 2_500, 1_000), audio)])


def test_results_of_every_kind_play_to_the_end():
    cases = [
        ("talk.mp4", "speech.wav"),
        ("talk.mov", "speech.m4a"),
        ("portrait.mp4", "speech.aac"),
        (None, "speech.mp3"),
        (None, None),
    ]
    made = {f"{number}.mp4": result(*case) for number, case in enumerate(cases)}
    reports = played({name: data for name, (_, data) in made.items()})
    for (facts, _), report in zip(made.values(), reports, strict=True):
        assert report["error"] is None
        assert (report["width"], report["height"]) == (facts.width, facts.height)
        assert report["duration"] == pytest.approx(facts.duration_ms / 1000, abs=0.04)
        assert report["at"] == report["duration"]
        assert report["audio_bytes"]
        assert report["frames"]
