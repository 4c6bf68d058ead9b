"""Retry-After, in both forms, is kept by every flavour; and what is no form of it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("kind", ["submit", "poll", "download"])
def test_nobody_comes_back_early(hostile, answer, do_job, form, kind):
    header = {"Retry-After": "1" if form == "seconds" else in_two_seconds}
    hostile.script[kind] = [answer(429, b'{"code": 1302, "message": "slow"}', header, is_taken=False)]
    done = do_job()
    assert done.exit_code == 0, done.stderr
    first, second = [one.at_s for one in hostile.seen if one.kind == kind][:2]
    assert second - first >= 1


def in_two_seconds() -> str:
    """A date has whole seconds: this is at least one ahead."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)


@pytest.mark.parametrize(
    ("ours_s", "theirs_s", "wait_s"),
    [(0, 0, 7), (3, 0, 7), (0, 3, 7), (-7200, 0, 7), (7200, 0, 7), (0, -7200, 7), (0, 7200, 7), (20, 20, 0)],
)
def test_a_date_is_read_by_two_clocks_of_which_one_may_be_off(monkeypatch, ours_s, theirs_s, wait_s):
    from types import SimpleNamespace

    from lipsync import waiting

    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    monkeypatch.setattr(waiting, "time", SimpleNamespace(time=lambda: noon.timestamp() + ours_s))
    headers = {
        "retry-after": format_datetime(noon + timedelta(seconds=7), usegmt=True),
        "date": format_datetime(noon + timedelta(seconds=theirs_s), usegmt=True),
    }
    assert waiting.retry_after_s(headers) == wait_s


@pytest.mark.parametrize("said", ["", "soon", "-1", "1.5", "1e3", "٣", "Wed", "0x10"])
def test_what_is_no_form_asks_for_nothing(said):
    from lipsync.waiting import retry_after_s

    assert retry_after_s({"retry-after": said}) is None


@given(st.text())
def test_no_header_is_too_odd(said):
    from lipsync.waiting import retry_after_s

    asked_s = retry_after_s({"retry-after": said, "date": said})
    assert asked_s is None or asked_s >= 0


@given(st.floats(0.001, 100), st.floats(0.001, 1000))
def test_backoff_stays_between_floor_and_ceiling(floor_s, more_s):
    from lipsync.waiting import Backoff

    backoff = Backoff(floor_s, floor_s * 1.25 + more_s)
    waits = [backoff.next_s() for _ in range(50)]
    assert min(waits) >= floor_s
    assert max(waits) <= (floor_s * 1.25 + more_s) * 1.0001
