"""Sessions: opened for a video by URL or for one's own result, or refused with the row of the first broken rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.contract import Contract
from mock_server.core.errors import Refused
from mock_server.core.faces import faces_of
from mock_server.core.media import Interval
from mock_server.flow.call import Call
from mock_server.flow.identify import judged_video, open_session
from mock_server.flow.tasks import accept

if TYPE_CHECKING:
    from tests.flow.conftest import MakeCall, MakeSimulator, MakeTask, Run

URL = "https://cdn.test/talk.mp4?lipflap.duration_ms=8000&lipflap.faces=2"
DAY_MS = 86_400_000


def refusal(run: Run, coroutine: object) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        run(coroutine)  # type: ignore[arg-type]
    return refused.value.error, refused.value.message


def test_a_session_holds_the_video_and_its_faces(run: Run, call: Call, kling: Contract) -> None:
    session = run(open_session(call, kling, video_url=URL, video_id=""))
    assert (session.video_url, session.created_ms, session.tenant) == (URL, call.now_ms, call.tenant)
    assert session.video.duration_ms == 8_000
    assert [face.interval for face in session.faces] == [Interval(0, 8_000)] * 2
    assert call.simulator.store.session(call.tenant, "kling", session.id) == session


def test_each_session_and_each_source_has_an_id_of_its_own(run: Run, call: Call, kling: Contract) -> None:
    one, two = (run(open_session(call, kling, video_url=URL, video_id="")) for _ in range(2))
    assert len({one.id, two.id, one.video_id, two.video_id}) == 4


def test_a_video_without_faces_has_a_session_all_the_same(run: Run, call: Call, kling: Contract) -> None:
    url = "https://cdn.test/talk.mp4?lipflap.faces=0"
    assert run(open_session(call, kling, video_url=url, video_id="")).faces == ()


@pytest.mark.parametrize(
    ("hints", "error", "message"),
    [
        ("reachable=0", "invalid-value", "video_url cannot be downloaded"),
        ("duration_ms=1999", "invalid-value", "video_url must last 2000 to 60000 ms, not 1999 ms"),
        ("moderation=reject", "moderation", "video_url was rejected by content moderation"),
        (
            "duration_ms=1999&lipflap.width=9",
            "invalid-value",
            "video_url must last 2000 to 60000 ms, not 1999 ms",
        ),
    ],
)
def test_the_first_broken_rule_refuses(
    run: Run, call: Call, kling: Contract, hints: str, error: str, message: str
) -> None:
    opened = open_session(call, kling, video_url=f"https://cdn.test/talk.mp4?lipflap.{hints}", video_id="")
    assert refusal(run, opened) == (error, message)


def test_what_is_refused_opens_nothing(run: Run, call: Call, kling: Contract) -> None:
    refusal(run, open_session(call, kling, video_url="http://[", video_id=""))
    assert call.simulator.store.next_number(call.tenant, "session") == 1


def test_the_path_precedes_the_field(run: Run, call: Call, kling: Contract) -> None:
    judged = judged_video(call, kling, "video", video_url="http://[", video_id="", path="input")
    assert refusal(run, judged) == ("invalid-value", "input.video_url cannot be downloaded")
    judged = judged_video(call, kling, "video", video_url="", video_id="9", path="input")
    assert refusal(run, judged) == ("invalid-value", "input.video_id is not a video of yours")


def test_ones_own_result_can_be_used_again(
    run: Run, call: Call, kling: Contract, make_task: MakeTask
) -> None:
    task = make_task(call, 1)
    accept(call, task)
    session = run(open_session(call, kling, video_url="", video_id="result-1"))
    assert task.video is not None
    assert (session.video, session.video_id, session.video_url) == (task.video, "result-1", "")
    assert session.faces == faces_of(task.video, call.home.choices)


@pytest.mark.parametrize(("later_ms", "is_allowed"), [(30 * DAY_MS, True), (30 * DAY_MS + 1, False)])
def test_a_result_is_of_use_for_thirty_days(
    run: Run, make_call: MakeCall, kling: Contract, make_task: MakeTask, later_ms: int, is_allowed: bool
) -> None:
    call = make_call()
    accept(call, make_task(call, 1))
    opened = open_session(make_call(later_ms=later_ms), kling, video_url="", video_id="result-1")
    if is_allowed:
        assert run(opened).video_id == "result-1"
    else:
        assert refusal(run, opened) == ("invalid-value", "video_id was made more than 30 days ago")


def test_nobody_elses_result_and_none_that_is_not_finished_can_be_used(
    run: Run, make_simulator: MakeSimulator, make_call: MakeCall, kling: Contract, make_task: MakeTask
) -> None:
    simulator = make_simulator(pace="real")
    call = make_call(of=simulator)
    accept(call, make_task(call, 1))
    not_yours = ("invalid-value", "video_id is not a video of yours")
    assert refusal(run, open_session(call, kling, video_url="", video_id="result-1")) == not_yours
    stranger = make_call("another", of=simulator, later_ms=DAY_MS)
    assert refusal(run, open_session(stranger, kling, video_url="", video_id="result-1")) == not_yours
    later = make_call(of=simulator, later_ms=DAY_MS)
    assert run(open_session(later, kling, video_url="", video_id="result-1")).video_id == "result-1"
