"""What GMI Cloud's queue refuses by the shape of a request alone, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, cast

import pytest

from contracts.contract import load_contract

if TYPE_CHECKING:
    from tests.contracts.documents.conftest import PaperOf

Json = dict[str, object]
Documented = Callable[[str], Json]

CONTRACT = load_contract("gmi")


@pytest.fixture
def documented(paper_of: PaperOf) -> Documented:
    """Bodies of documented examples, to be changed at will."""
    return lambda name: cast(Json, deepcopy(paper_of("gmi").examples[name]["body"]))


def submit(model: str, payload: object) -> Json:
    return {"model": model, "payload": payload}


def sentences(body: Json) -> list[str]:
    branch = CONTRACT.branch("SubmitBody", body)
    assert branch is not None
    return [violation.sentence() for violation in CONTRACT.violations(branch, body)]


@pytest.mark.parametrize(
    ("model", "branch"),
    [
        ("kling-identify-face", "SubmitIdentifyFace"),
        ("kling-lip-sync", "SubmitLipSync"),
        ("Kling-Lip-Sync", None),
        ("sora-2-pro", None),
    ],
)
def test_model_slug_picks_the_branch_whatever_the_payload(model: str, branch: str | None) -> None:
    assert CONTRACT.branch("SubmitBody", submit(model, {})) == branch


@pytest.mark.parametrize("payload", [{}, {"prompt": "your prompt here"}])
def test_template_payload_alone_is_refused_naming_what_is_missing(payload: Json) -> None:
    assert sentences(submit("kling-lip-sync", payload)) == [
        "payload.session_id is required",
        "payload.face_choose is required",
    ]
    assert sentences(submit("kling-identify-face", payload)) == [
        "payload needs exactly one of video_id and video_url"
    ]


@pytest.mark.parametrize("prompt", ["walk slowly", "", 7, None, ["x"]])
def test_prompt_beside_valid_fields_is_ignored_whatever_it_is(documented: Documented, prompt: object) -> None:
    body = documented("lip-sync-request")
    cast(Json, body["payload"])["prompt"] = prompt

    assert sentences(body) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, ["model is required", "payload is required"]),
        ({"model": 7, "payload": []}, ["model must be a string", "payload must be an object"]),
        ({"model": "", "payload": {}}, ["model must not be empty"]),
    ],
)
def test_envelope_is_checked_for_every_model(body: Json, said: list[str]) -> None:
    assert sorted(v.sentence() for v in CONTRACT.violations("RequestEnvelope", body)) == said


@pytest.mark.parametrize(
    ("payload", "is_accepted"),
    [
        ({"video_url": "https://a.example/v.mp4"}, True),
        ({"video_id": "8612"}, True),
        ({"video_id": "", "video_url": "https://a.example/v.mp4"}, True),
        ({"video_id": "8612", "video_url": ""}, True),
        ({"video_id": "8612", "video_url": "https://a.example/v.mp4"}, False),
        ({"video_id": "", "video_url": ""}, False),
        ({"video_url": "file:///etc/passwd"}, False),
        ({"video_url": 7}, False),
    ],
)
def test_identify_takes_exactly_one_video(payload: Json, is_accepted: bool) -> None:
    assert (sentences(submit("kling-identify-face", payload)) == []) is is_accepted


def test_a_missing_field_is_named_by_its_path(documented: Documented) -> None:
    body = documented("lip-sync-request")
    (entry,) = cast(dict[str, list[Json]], body["payload"])["face_choose"]
    del entry["face_id"]

    assert sentences(body) == ["payload.face_choose[0].face_id is required"]


def test_any_number_of_faces_but_none_is_accepted(documented: Documented) -> None:
    body = documented("lip-sync-request-several-faces")
    payload = cast(Json, body["payload"])
    entry = cast(list[Json], payload["face_choose"])[0]

    assert sentences(body) == []
    payload["face_choose"] = [{**entry, "face_id": str(number)} for number in range(50)]
    assert sentences(body) == []
    payload["face_choose"] = []
    assert sentences(body) == ["payload.face_choose must not be empty"]


def test_fields_of_kling_that_have_no_effect_are_still_text(documented: Documented) -> None:
    body = documented("lip-sync-request-by-audio-id")
    payload = cast(Json, body["payload"])

    assert sentences(body) == []
    payload.update(external_task_id=7, callback_url={})
    assert sorted(sentences(body)) == [
        "payload.callback_url must be a string",
        "payload.external_task_id must be a string",
    ]


@pytest.mark.parametrize("file_type", ["jpeg", "jpg", "png", "mp4", "mp3", "wav"])
def test_upload_takes_the_known_file_types(file_type: str) -> None:
    assert CONTRACT.violations("UploadUrlRequest", {"file_type": file_type}) == ()


@pytest.mark.parametrize("body", [{}, {"file_type": "mov"}, {"file_type": "MP3"}, {"file_type": None}])
def test_upload_refuses_any_other(body: Json) -> None:
    assert {violation.path for violation in CONTRACT.violations("UploadUrlRequest", body)} == {"file_type"}
