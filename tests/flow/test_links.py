"""Links lead below our own results, whatever base the client reached us at."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from mock_server.flow import links
from mock_server.flow.library import OWN_RESULTS

BASE = "https://mock.test:8443"
LINKS = {
    links.video_link(BASE, "8"): "8.mp4",
    links.watermark_link(BASE, "8"): "8.watermark.mp4",
    links.thumbnail_link(BASE, "8"): "8.png",
    links.speech_link(BASE, "8"): "8.mp3",
    links.face_link(BASE, "7", "0"): "7.face-0.png",
}


@pytest.mark.parametrize(("link", "name"), LINKS.items())
def test_a_link_is_the_base_and_a_name_of_its_own(link: str, name: str) -> None:
    assert link == f"{BASE}{OWN_RESULTS}{name}"
    assert urlsplit(link).netloc == "mock.test:8443"


def test_no_two_links_of_a_task_are_alike() -> None:
    assert len(LINKS) == 5
