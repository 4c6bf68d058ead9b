"""The audio track of one clip: the window of the sound, placed on the video's clock by an edit list."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from mock_server.core.errors import ProbeError
from mock_server.core.task import Clip
from mock_server.media import flac, pcm
from mock_server.media.adts import is_adts
from mock_server.media.coded_sound import CodedSound, sound_of_adts, sound_of_movie, sound_of_mp3
from mock_server.media.isobmff import Edit, TrackKind
from mock_server.media.mp3 import is_mp3
from mock_server.media.riff import is_wave, read_wave
from mock_server.media.track import Track

_SILENCE_HZ = 16_000


def clip_track(clip: Clip, audio: bytes | None, video_ms: int) -> Track:
    """The part ``[start_ms, end_ms)`` of ``audio``, sounding from ``insert_ms`` on, no longer than the video.

    mp3 and AAC frames are copied, PCM becomes FLAC. Without bytes, and for a coding that no MP4 can carry,
    the track has the right times and is silent. The volume stands in the track's header; most players
    leave it at that.
    """
    length_ms = max(0, min(clip.length_ms, video_ms - clip.insert_ms))
    track = None
    if audio is not None and length_ms:
        track = _sounding(clip, audio, length_ms, video_ms)
    return track or _silent(clip, length_ms)


def _sounding(clip: Clip, audio: bytes, length_ms: int, video_ms: int) -> Track | None:
    try:
        if is_wave(audio):
            return _pcm_track(clip, audio, length_ms)
        sound = _coded(audio)
    except ProbeError:
        # The file was fit to be probed, yet its tables lead nowhere: it is treated as one without bytes.
        return None
    return _coded_track(clip, sound, length_ms, video_ms) if sound is not None else None


def _coded(audio: bytes) -> CodedSound | None:
    if is_mp3(audio):
        return sound_of_mp3(audio)
    if is_adts(audio):
        return sound_of_adts(audio)
    return sound_of_movie(audio)


def _pcm_track(clip: Clip, audio: bytes, length_ms: int) -> Track | None:
    wave = read_wave(audio)
    first, end = (ms * wave.sample_rate // 1000 for ms in (clip.start_ms, clip.start_ms + length_ms))
    found = pcm.planes_of(audio, wave, first, end)
    if found is None or not found[0].samples:
        return None
    stream, planes = found
    return _flac_track(clip, stream, list(flac.verbatim_frames(stream, planes)))


def _silent(clip: Clip, length_ms: int) -> Track:
    stream = flac.Stream(_SILENCE_HZ, 1, 2, length_ms * _SILENCE_HZ // 1000)
    return _flac_track(clip, stream, list(flac.silent_frames(stream)))


def _flac_track(clip: Clip, stream: flac.Stream, frames: list[bytes]) -> Track:
    length_ms = round(stream.samples * 1000 / stream.sample_rate)
    return Track(
        kind=TrackKind.AUDIO,
        timescale=stream.sample_rate,
        entry=flac.entry(stream),
        samples=frames,
        durations=flac.durations(stream),
        edits=_placed(clip, length_ms, 0),
        volume=clip.volume,
    )


def _coded_track(clip: Clip, sound: CodedSound, length_ms: int, video_ms: int) -> Track | None:
    starts = sound.starts
    begins = sound.run_in + clip.start_ms * sound.timescale // 1000
    ends = min(starts[-1], begins + -(-length_ms * sound.timescale // 1000))
    if begins >= ends:
        return None
    first = sound.decodes_from(bisect_right(starts, begins) - 1)
    # Some readers count every sample of a track, heard or not. What would make the file longer than its
    # video for them is left out: a frame or two, and only of a clip that ends with the video.
    room = (video_ms - clip.insert_ms) * sound.timescale // 1000
    end = min(bisect_left(starts, ends), bisect_right(starts, starts[first] + room) - 1)
    if starts[end] <= begins:
        return None
    heard_ms = min(length_ms, (min(ends, starts[end]) - begins) * 1000 // sound.timescale)
    return Track(
        kind=TrackKind.AUDIO,
        timescale=sound.timescale,
        entry=sound.entry,
        samples=sound.frames[first:end],
        durations=sound.durations[first:end],
        edits=_placed(clip, heard_ms, begins - starts[first]),
        volume=clip.volume,
    )


def _placed(clip: Clip, length_ms: int, media_time: int) -> tuple[Edit, ...]:
    pause = (Edit(clip.insert_ms, -1),) if clip.insert_ms else ()
    return (*pause, Edit(length_ms, media_time))
