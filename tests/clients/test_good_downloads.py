"""The download of the good clients, each flavour: whole or not at all, and the key stays at home."""

from __future__ import annotations

import pytest

ONCE = {
    "cut off": {"then": "half"},
    "not there yet": {"status": 404},
    "a gateway's fault": {"status": 502},
    "nothing": {"then": "nothing"},
}


@pytest.mark.parametrize("trouble", ONCE)
def test_a_stumble_of_the_download_is_repeated(hostile, answer, do_job, output, video, trouble):
    hostile.script["download"] = [answer(body=video, **ONCE[trouble])]
    done = do_job()
    assert done.exit_code == 0, done.stderr
    assert output.read_bytes() == video
    assert hostile.count("submit") == 1


def test_a_transfer_is_resumed_from_the_same_file(hostile, answer, do_job, output, video):
    half = len(video) // 2
    rest = {"ETag": '"one"', "Content-Range": f"bytes {half}-{len(video) - 1}/{len(video)}"}
    hostile.script["download"] = [
        answer(body=video, headers={"ETag": '"one"'}, then="half"),
        answer(206, video[half:], rest),
    ]
    done = do_job()
    assert done.exit_code == 0, done.stderr
    asked = [one.headers.get("range") for one in hostile.seen if one.kind == "download"]
    assert asked[0] is None
    assert asked[1:] in ([f"bytes={half}-"], [None])
    assert output.read_bytes() == video


@pytest.mark.parametrize("second", ["range ignored", "other file", "other place"])
def test_a_transfer_begins_anew_where_it_cannot_be_resumed(hostile, answer, do_job, output, video, second):
    half = len(video) // 2
    span = f"bytes {half}-{len(video) - 1}/{len(video)}"
    seconds = {
        "range ignored": answer(body=video, headers={"ETag": '"two"'}),
        "other file": answer(206, video[half:], {"ETag": '"two"', "Content-Range": span}),
        "other place": answer(206, video, {"ETag": '"one"', "Content-Range": f"bytes 0-{len(video) - 1}/*"}),
    }
    hostile.script["download"] = [
        answer(body=video, headers={"ETag": '"one"'}, then="half"),
        seconds[second],
    ]
    done = do_job()
    assert done.exit_code == 0, done.stderr
    assert output.read_bytes() == video


def no_moov(video: bytes) -> bytes:
    return video.replace(b"moov", b"free")


BAD_FILES = {
    "HTML": lambda video: b"<html>no such file</html>",
    "nothing": lambda video: b"",
    "no index": no_moov,
    "cut off": lambda video: video[: len(video) // 2],
}


def test_no_transfer_outlives_the_job(hostile, answer, do_job, output, video):
    hostile.script["download"] = [answer(body=video, then="drip")]
    done = do_job(LIPFLAP_DOWNLOAD_S="50", LIPFLAP_DEADLINE_S="2")
    assert done.exit_code == 1
    assert "the time for this job, 2 s, is up" in done.stderr
    assert "task-1" in done.stderr
    assert not output.exists()


@pytest.mark.parametrize("bad", BAD_FILES)
def test_what_is_no_video_is_not_kept(hostile, answer, do_job, output, video, bad):
    hostile.script["download"] = [answer(body=BAD_FILES[bad](video)) for _ in range(9)]
    done = do_job()
    assert done.exit_code == 1
    assert "task task-1 is done" in done.stderr
    assert [path.name for path in output.parent.iterdir()] == ["out.mp4.task.json"]
    assert hostile.count("download") == 6


def test_a_video_that_ends_before_the_speech_is_not_kept(hostile, do_job, output):
    done = do_job(LIPFLAP_CLIP_MS="7900")
    assert done.exit_code == 0, done.stderr
    output.unlink()
    output.with_name("out.mp4.task.json").unlink()
    hostile.script["identify"] = []
    late = {"face_id": "0", "start_time": 20_000, "end_time": 28_000}
    hostile.script["identify"].append(_identified(late))
    done = do_job()
    assert done.exit_code == 1
    assert "the speech ends at 23000 ms" in done.stderr


def _identified(face):
    import json
    from types import SimpleNamespace

    body = json.dumps({"code": 0, "data": {"session_id": "s-1", "face_data": [face]}}).encode()
    return SimpleNamespace(status=200, body=body, headers={}, then="whole", is_taken=True)


def test_an_address_that_is_too_old_is_renewed_once(hostile, answer, do_job, output, video):
    hostile.script["download"] = [answer(403)]
    done = do_job()
    assert done.exit_code == 0, done.stderr
    assert hostile.count("poll") == 3


def test_an_address_that_stays_too_old_is_reported(hostile, answer, do_job):
    hostile.script["download"] = [answer(403) for _ in range(9)]
    done = do_job()
    assert done.exit_code == 1
    assert (hostile.count("download"), hostile.count("poll")) == (2, 3)


def test_the_key_is_not_sent_unasked(hostile, do_job):
    assert do_job().exit_code == 0
    assert [one.headers.get("authorization") for one in hostile.seen if one.kind == "download"] == [None]


def test_the_key_goes_to_the_apis_own_origin_if_that_asks(hostile, answer, do_job):
    hostile.script["download"] = [answer(401)]
    assert do_job().exit_code == 0
    sent = ["authorization" in one.headers for one in hostile.seen if one.kind == "download"]
    assert sent == [False, True]


def test_the_key_goes_nowhere_else(hostile, answer, do_job):
    foreign = hostile.url.replace("127.0.0.1", "localhost")
    hostile.script["download"] = [answer(302, b"", {"Location": f"{foreign}/a.mp4"}), answer(401)]
    done = do_job()
    assert done.exit_code == 1
    assert not [one for one in hostile.seen if one.kind == "download" and "authorization" in one.headers]


def test_a_redirect_is_followed_and_a_loop_is_not(hostile, answer, do_job):
    hostile.script["download"] = [answer(302, b"", {"Location": "/elsewhere.mp4"})]
    assert do_job().exit_code == 0


def test_a_loop_of_redirects_ends(hostile, answer, do_job):
    hostile.script["download"] = [answer(302, b"", {"Location": "/result.mp4"}) for _ in range(30)]
    done = do_job()
    assert done.exit_code == 1
    assert "redirects" in done.stderr
    assert hostile.count("download") == 6


@pytest.mark.parametrize(
    "place",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/a",
        "file:///etc/passwd",
        "http://0.0.0.0/a",
        "ftp://a/b",
    ],
)
def test_a_redirect_into_the_dark_is_refused(hostile, answer, do_job, place):
    hostile.script["download"] = [answer(302, b"", {"Location": place})]
    done = do_job()
    assert done.exit_code == 1
    assert "the result's address" in done.stderr
    assert hostile.count("download") == 1
