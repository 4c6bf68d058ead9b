"""Draw and encode the sample media that ship in the package. Run by hand; needs ffmpeg with x264 and LAME.

    python scripts/make_samples.py

The picture and the sound are computed here, so nothing in them is anybody else's work. The same ffmpeg
writes the same bytes again.
"""

from __future__ import annotations

import math
import struct
import subprocess
import tempfile
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "mock_server" / "media" / "samples"
FRAMES_PER_S = 25
SAMPLE_RATE = 16_000
SYLLABLES_PER_S = 3.5

BACKGROUND, SKIN, EYE, LIPS, HAIR = (
    b"\x2d\x4a\x5f",
    b"\xe9\xb9\x90",
    b"\x23\x2b\x35",
    b"\x8e\x2f\x3c",
    b"\x4b\x33\x28",
)
FORMANTS_HZ = ((730, 1090), (530, 1840), (270, 2290), (570, 840), (300, 870))
"""Two per vowel: a, e, i, o, u as commonly measured for an adult voice."""


def loudness(second: float) -> float:
    """How far the mouth is open, 0 to 1: syllables, with a breath every two seconds."""
    if second % 2 > 1.7:
        return 0.0
    return math.sin(math.pi * (second * SYLLABLES_PER_S % 1)) ** 2


def speech(seconds: int) -> bytes:
    """PCM like a robot's vowels: harmonics of a voice, weighted by the formants of each syllable."""
    samples = []
    for index in range(seconds * SAMPLE_RATE):
        second = index / SAMPLE_RATE
        vowel = FORMANTS_HZ[int(second * SYLLABLES_PER_S) % len(FORMANTS_HZ)]
        # The phase is that of a fixed pitch: a pitch that glides would need an integral, and nobody listens.
        voice = sum(
            math.sin(2 * math.pi * 125 * harmonic * second)
            * sum(math.exp(-(((125 * harmonic - formant) / 120) ** 2)) for formant in vowel)
            for harmonic in range(1, 21)
        )
        samples.append(round(9_000 * loudness(second) * math.tanh(voice)))
    return struct.pack(f"<{len(samples)}h", *samples)


def faces(width: int, height: int, seconds: int) -> Iterator[bytes]:
    """RGB pictures of a face whose mouth follows the loudness, one a frame."""
    unit = min(width, height)
    middle_x, middle_y = width // 2, height // 2
    for frame in range(seconds * FRAMES_PER_S):
        second = frame / FRAMES_PER_S
        eye_height = 0.008 if second % 3 > 2.88 else 0.045
        opening = 0.012 + 0.085 * loudness(second)
        ovals = (
            (0.0, -0.10, 0.31, 0.34, HAIR),
            (0.0, 0.0, 0.27, 0.36, SKIN),
            (-0.11, -0.08, 0.035, eye_height, EYE),
            (0.11, -0.08, 0.035, eye_height, EYE),
            (0.0, 0.19, 0.11, opening, LIPS),
        )
        rows = [bytearray(BACKGROUND * width) for _ in range(height)]
        for x, y, half_width, half_height, colour in ovals:
            centre = (middle_x + x * unit, middle_y + y * unit)
            draw_oval(rows, centre, (half_width * unit, half_height * unit), colour)
        yield b"".join(rows)


def draw_oval(
    rows: list[bytearray], centre: tuple[float, float], radii: tuple[float, float], colour: bytes
) -> None:
    """Fill an ellipse, row by row."""
    for y, row in enumerate(rows):
        share = (y - centre[1]) / radii[1]
        if abs(share) < 1:
            half = radii[0] * math.sqrt(1 - share * share)
            left, right = round(centre[0] - half), round(centre[0] + half)
            row[3 * left : 3 * right] = colour * (right - left)


def ffmpeg(*arguments: str, feed: bytes = b"") -> None:
    """Run ffmpeg so that neither dates, versions nor threads show in the result."""
    exact = ("-fflags", "+bitexact", "-flags", "+bitexact", "-map_metadata", "-1", "-threads", "1")
    *rest, target = arguments
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", *rest, *exact, target]
    subprocess.run(command, input=feed, check=True)


def make_video(target: Path, size: tuple[int, int], seconds: int, sound: Path | None) -> None:
    """A drawn face at four times the drawing's size, with the sound or without an audio track."""
    width, height = size[0] // 4, size[1] // 4
    source = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(FRAMES_PER_S))
    audio: Sequence[str] = (
        () if sound is None else ("-i", str(sound), "-c:a", "aac", "-b:a", "32k", "-ar", "48000")
    )
    video = ("-vf", f"scale={size[0]}:{size[1]}:flags=bicubic", "-pix_fmt", "yuv420p", "-c:v", "libx264")
    tuning = ("-preset", "veryslow", "-crf", "33", "-g", "50", "-movflags", "+faststart", "-t", str(seconds))
    feed = b"".join(faces(width, height, seconds))
    ffmpeg(*source, "-i", "-", *audio, *video, *tuning, str(target), feed=feed)


def make_sounds(sound: Path) -> None:
    """The same four seconds in every format. Frames of the mp3 stand alone: no reservoir, no Xing frame."""
    mp3 = ("-c:a", "libmp3lame", "-b:a", "48k", "-ar", "24000")
    alone = ("-reservoir", "0", "-write_xing", "0", "-id3v2_version", "0")
    aac = ("-c:a", "aac", "-b:a", "48k", "-ar", "44100")
    source = ("-i", str(sound), "-t", "4")
    ffmpeg(*source, "-c:a", "pcm_s16le", str(SAMPLES / "speech.wav"))
    ffmpeg(*source, *mp3, *alone, str(SAMPLES / "speech.mp3"))
    ffmpeg(*source, *aac, "-movflags", "+faststart", str(SAMPLES / "speech.m4a"))
    ffmpeg(*source, *aac, str(SAMPLES / "speech.aac"))


def main() -> None:
    """Write all samples anew and print their sizes."""
    SAMPLES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "sound.wav"
        with wave.open(str(sound), "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
            file.writeframes(speech(8))
        make_sounds(sound)
        make_video(SAMPLES / "talk.mp4", (1280, 720), 8, sound)
    ffmpeg("-i", str(SAMPLES / "talk.mp4"), "-c", "copy", str(SAMPLES / "talk.mov"))
    make_video(SAMPLES / "silent.mp4", (1280, 720), 5, None)
    make_video(SAMPLES / "portrait.mp4", (1080, 1920), 3, None)
    for path in sorted(SAMPLES.iterdir()):
        print(f"{path.stat().st_size:8} {path.name}")


if __name__ == "__main__":
    main()
