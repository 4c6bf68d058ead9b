"""An independent reader and decoder of media: FFmpeg's libraries, through PyAV."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import av
import pytest

from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.core.task import Clip


@dataclass(frozen=True)
class Stream:
    """One stream as FFmpeg sees it; times in seconds."""

    type: str
    codec: str
    duration: float
    width: int
    height: int


@dataclass(frozen=True)
class Sound:
    """A stream decoded to the end. ``start`` is the time of the first sample; ``planes`` one a channel."""

    start: float
    rate: int
    planes: tuple[bytes, ...]
    sample_bytes: int

    @property
    def samples(self) -> int:
        return len(self.planes[0]) // self.sample_bytes


def _inspect(data: bytes) -> tuple[float, list[Stream]]:
    with av.open(io.BytesIO(data)) as container:
        assert container.duration is not None
        streams = [
            Stream(
                type=stream.type,
                codec=stream.codec_context.name,
                duration=float((stream.duration or 0) * (stream.time_base or 0)),
                width=getattr(stream, "width", 0),
                height=getattr(stream, "height", 0),
            )
            for stream in container.streams
        ]
        return container.duration / 1_000_000, streams


def _hear(data: bytes, number: int = 0) -> Sound:
    """Audio stream ``number``, decoded, as 16-bit planes."""
    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.audio[number]
        stream.codec_context.options = {"err_detect": "explode"}
        resampler = av.AudioResampler(format="s16p")
        start: float | None = None
        planes: list[bytearray] = []
        for frame in container.decode(stream):
            start = float(frame.time or 0.0) if start is None else start
            for part in resampler.resample(frame):
                planes = planes or [bytearray() for _ in part.planes]
                for plane, found in zip(planes, part.planes, strict=True):
                    plane.extend(bytes(found)[: part.samples * 2])
        assert start is not None
        return Sound(start, stream.rate, tuple(map(bytes, planes)), 2)


def _watch(data: bytes) -> list[av.VideoFrame]:
    """All pictures of the video; a decoder that stumbles raises."""
    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.video[0]
        stream.codec_context.options = {"err_detect": "explode"}
        return list(container.decode(stream))


def _remux(data: bytes, form: str, options: dict[str, str]) -> bytes:
    """The same coded samples in another container, written by FFmpeg."""
    target = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(target, "w", format=form, options=options) as sink:
        streams = {stream.index: sink.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                sink.mux(packet)
    return target.getvalue()


def _encode(
    codec: str, form: str, options: dict[str, str], rate: int = 44_100, layout: str = "mono"
) -> bytes:
    """Two seconds of a tone, encoded by FFmpeg."""
    target = io.BytesIO()
    with av.open(target, "w", format=form, options={"fflags": "+bitexact"}) as sink:
        stream = sink.add_stream(codec, rate=rate, layout=layout, options=options)
        graph = av.filter.Graph()
        tone = graph.add("sine", f"frequency=440:sample_rate={rate}:duration=2")
        shape = graph.add("aformat", f"channel_layouts={layout}")
        out = graph.add("abuffersink")
        tone.link_to(shape)
        shape.link_to(out)
        graph.configure()
        fifo = av.AudioResampler(
            stream.codec_context.format, layout, rate, stream.codec_context.frame_size or None
        )
        while True:
            try:
                frame = graph.pull()
            except (av.BlockingIOError, av.EOFError):
                break
            for part in fifo.resample(frame):
                sink.mux(stream.encode(part))
        for part in fifo.resample(None):
            sink.mux(stream.encode(part))
        sink.mux(stream.encode(None))
    return target.getvalue()


@pytest.fixture(scope="session")
def inspect() -> Callable[[bytes], tuple[float, list[Stream]]]:
    return _inspect


@pytest.fixture(scope="session")
def hear() -> Callable[..., Sound]:
    return _hear


@pytest.fixture(scope="session")
def watch() -> Callable[[bytes], list[av.VideoFrame]]:
    return _watch


@pytest.fixture(scope="session")
def remux() -> Callable[[bytes, str, dict[str, str]], bytes]:
    return _remux


@pytest.fixture(scope="session")
def encode() -> Callable[..., bytes]:
    return _encode


@pytest.fixture(scope="session")
def box() -> Callable[..., bytes]:
    """A box of the given kind around its parts, written apart from the package's own writer."""
    return lambda kind, *parts: (8 + sum(map(len, parts))).to_bytes(4, "big") + kind + b"".join(parts)


@pytest.fixture(scope="session")
def drawn_facts() -> MediaFacts:
    """A video of which only facts are known."""
    return MediaFacts(MediaFormat.MP4, 5_310, 1_000_000, "d", 1280, 720)


@pytest.fixture(scope="session")
def clip() -> Callable[..., Clip]:
    """A clip of a five-second file: ``clip(start_ms, end_ms, insert_ms, ...)``."""
    facts = MediaFacts(MediaFormat.MP3, 5_000, 80_000, "a")
    return lambda *times, **rest: Clip("0", facts, *times, **rest)
