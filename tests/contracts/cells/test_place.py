"""Where a client does its job."""

from __future__ import annotations

from contracts.cells.place import (
    ELSEWHERE_VIDEO,
    WEBHOOK_SECRET,
    Callbacks,
    fresh_folder,
    job_at,
    own_receiver,
)
from contracts.witness.scenario import Scenario
from mock_server.callbacks.signing import key_of as key_of_secret
from mock_server.cli.client_env import client_env

HAPPY = Scenario("happy", {"name": "happy"})


def test_a_folder_is_empty_whatever_was_there(tmp_path):
    first = fresh_folder(tmp_path, "kling", "fault/stuck", 7)
    (first / "output.mp4.task.json").write_text("{}")
    again = fresh_folder(tmp_path, "kling", "fault/stuck", 7)
    assert again == first
    assert list(again.iterdir()) == []
    assert fresh_folder(tmp_path, "kling", "fault/stuck", 8) != first


def test_a_client_finds_everything_in_its_environment(tmp_path):
    given = client_env("kling", "http://mock", "k")
    callbacks = Callbacks("http://127.0.0.1:9/callback", "127.0.0.1:9")
    job = job_at("http://mock", "k", "kling", HAPPY, tmp_path, callbacks, given)
    expected = {
        "LIPFLAP_URL": "http://mock",
        "LIPFLAP_KEY": "k",
        "KLING_API_KEY": "k",
        "LIPFLAP_VIDEO_URL": "http://mock/__lipflap/media/talk.mp4",
        "LIPFLAP_OUTPUT": str(tmp_path / "output.mp4"),
        "LIPFLAP_CALLBACK_URL": "http://127.0.0.1:9/callback",
        "LIPFLAP_CALLBACK_LISTEN": "127.0.0.1:9",
        "LIPFLAP_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }
    assert {name: job.environment[name] for name in expected} == expected


def test_a_receiver_of_ours_is_an_address_and_no_more(tmp_path):
    job = job_at(
        "http://m",
        "k",
        "gmi",
        HAPPY,
        tmp_path,
        Callbacks("http://ours/x"),
        client_env("gmi", "http://m", "k"),
    )
    assert job.callback_url == job.environment["LIPFLAP_CALLBACK_URL"] == "http://ours/x"
    assert "LIPFLAP_CALLBACK_LISTEN" not in job.environment


def test_media_whose_facts_a_scenario_states_are_fetched_by_nobody(tmp_path):
    stated = Scenario("mine", {"name": "mine", "media": {"video": {"faces": 2}}})
    job = job_at("http://m", "k", "gmi", stated, tmp_path, None, client_env("gmi", "http://m", "k"))
    assert job.video_url == job.environment["LIPFLAP_VIDEO_URL"] == ELSEWHERE_VIDEO
    assert "LIPFLAP_CALLBACK_URL" not in job.environment


def test_a_port_of_the_clients_own_is_free():
    callbacks = own_receiver()
    assert callbacks.url == f"http://{callbacks.listen}/callback"


def test_the_server_can_sign_with_the_secret():
    assert key_of_secret(WEBHOOK_SECRET)
