"""The small rules of the Python client, each by itself."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.binary())
def test_any_bytes_are_an_object_or_unreadable(raw):
    from lipsync.body import Unreadable, read_object

    with suppress(Unreadable):
        assert isinstance(read_object(raw), dict)


@given(JSON, JSON, st.sampled_from(["kling", "gmi", "kirin"]))
def test_no_type_is_a_surprise(one, other, name):
    from pathlib import Path

    from lipsync.flow import Reply
    from lipsync.main import MAKERS
    from lipsync.settings import Settings
    from lipsync.statuses import State
    from lipsync.verdict import judge

    settings = Settings(name, "http://api.test", "key", "http://v.test", "http://a.test", Path("out"))
    provider = MAKERS[name](settings)
    body = {
        "code": one,
        "data": other,
        "status": one,
        "outcome": other,
        "output": [{"content": [other]}],
        "id": one,
    }
    verdict = judge(Reply(200, {}, json.dumps(body).encode()), provider)
    for look in (provider.seen(verdict.body), provider.identified(verdict.body)):
        assert isinstance(look.state, State)
        assert isinstance(look.url, str)
    assert isinstance(provider.task_id(verdict.body), str)


@pytest.mark.parametrize(
    ("raw", "is_fine"),
    [
        (b'{"a": 1}', True),
        (b'\xef\xbb\xbf{"a": 1}', True),
        ('{"a": 1}'.encode("utf-16-le"), True),
        (b'{"a": NaN}', False),
        (b'{"a": 1, "a": 1}', False),
        (b"\xff", False),
        (b'"a"', False),
    ],
)
def test_strict_about_what_cannot_be_known(raw, is_fine):
    from lipsync.body import Unreadable, read_object

    if is_fine:
        assert read_object(raw) == {"a": 1}
    else:
        with pytest.raises(Unreadable):
            read_object(raw)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5),
        ("5", 5),
        (5.0, 5),
        ("5.1", 5),
        (True, None),
        ("x", None),
        (None, None),
        (float("inf"), None),
        (2**70, 2**70),
    ],
)
def test_whole_numbers_in_every_dress(value, number):
    from lipsync.body import whole

    assert whole(value) == number


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("succeed", "done"),
        ("SUCCEEDED", "done"),
        ("In-Progress", "running"),
        ("cancelled", "failed"),
        ("paused", "running"),
    ],
)
def test_many_words_and_three_states(word, state):
    from lipsync.statuses import state_of

    assert state_of(word).value == state


@pytest.mark.parametrize(
    ("address", "from_home", "from_outside"),
    [
        ("169.254.169.254", True, True),
        ("::ffff:169.254.169.254", True, True),
        ("fe80::1", True, True),
        ("fd00:ec2::254", True, True),
        ("100.100.100.200", True, True),
        ("0.0.0.0", True, True),
        ("127.0.0.1", False, True),
        ("10.1.2.3", False, True),
        ("::1", False, True),
        ("93.184.216.34", False, False),
    ],
)
def test_where_a_result_may_lie(address, from_home, from_outside):
    from lipsync.addresses import is_forbidden

    assert is_forbidden(address, is_api_local=True) is from_home
    assert is_forbidden(address, is_api_local=False) is from_outside


def test_the_memory_of_another_job_is_not_thrown_away(hostile, do_job, output):
    hostile.polls_needed = 10**9
    assert do_job(LIPFLAP_DEADLINE_S="0.3").exit_code == 75
    other = do_job(LIPFLAP_AUDIO_URL=f"{hostile.url}/other.mp3")
    assert other.exit_code == 2
    assert "another job" in other.stderr


def test_a_memory_that_cannot_be_read_stops_the_job(hostile, do_job, output):
    output.with_name("out.mp4.task.json").write_bytes(b"{")
    assert do_job().exit_code == 2
    assert hostile.seen == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"LIPFLAP_AUDIO_URL": ""}, "LIPFLAP_AUDIO_URL is not set"),
        ({"LIPFLAP_DEADLINE_S": "soon"}, "LIPFLAP_DEADLINE_S must be a number"),
        ({"LIPFLAP_CALLBACK_LISTEN": "nowhere"}, "LIPFLAP_CALLBACK_LISTEN"),
    ],
)
def test_what_is_missing_is_named(hostile, do_job, change, says):
    done = do_job(**change)
    assert done.exit_code == 2
    assert says in done.stderr
    assert hostile.seen == []


def test_an_unchanged_video_is_seen_where_the_source_lies_here(hostile, output, env_for, tmp_path, video):
    from lipsync.main import run_job

    source = tmp_path / "source.mp4"
    source.write_bytes(video)
    done = run_job("kling", {**env_for(hostile.url, output), "LIPFLAP_SOURCE_FILE": str(source)})
    assert done.exit_code == 1
    assert "unchanged" in done.stderr
    assert not output.exists()
