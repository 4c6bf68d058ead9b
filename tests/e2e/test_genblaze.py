"""genblaze-gmicloud 0.3.5 against the queue over TLS, as its own documents say: base URL, key, trusted authority."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol

import httpx
import pytest
from genblaze_core.exceptions import ProviderError
from genblaze_core.models.enums import Modality, ProviderErrorCode, StepStatus
from genblaze_core.models.step import Step
from genblaze_core.providers import ModelFamily, ModelRegistry, ModelSpec, ValidationOutcome
from genblaze_gmicloud import GMICloudVideoProvider
from genblaze_gmicloud._probe import empty_payload_request_probe

pytestmark = pytest.mark.e2e

QUEUE = "/api/v1/ie/requestqueue/apikey"
ACCOUNTS = """
[[accounts]]
name = "known"
keys = ["known-key"]

[[accounts]]
name = "kling only"
keys = ["kling-key"]
scopes = ["kling"]
"""


class Served(Protocol):
    url: str
    ca_file: str


MakeProvider = Callable[..., GMICloudVideoProvider]


@pytest.fixture
def make_provider() -> Iterator[MakeProvider]:
    made = []

    def make(url: str, key: str, **options: object) -> GMICloudVideoProvider:
        provider = GMICloudVideoProvider(api_key=key, base_url=url + QUEUE, poll_interval=0.01, **options)  # type: ignore[arg-type]
        made.append(provider)
        return provider

    yield make
    for provider in made:
        provider.close()


@pytest.fixture
def https(tls_server: Served, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a server whose authority this process trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", tls_server.ca_file)
    return tls_server.url


@pytest.fixture(scope="session")
def guarded_url(make_server: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A server that knows its accounts."""
    file = tmp_path_factory.mktemp("accounts") / "accounts.toml"
    file.write_text(ACCOUNTS)
    return make_server(pace="instant", auth=str(file))


def test_a_job_runs_to_a_video_that_is_downloaded_over_https(
    https: str, key: str, make_provider: MakeProvider, play: Callable[[bytes], object]
) -> None:
    provider = make_provider(https, key)
    step = lip_sync_step(https, identify(https, key))
    request_id = provider.submit(step).prediction_id
    done = provider.resume(request_id, step)
    assert (done.status, done.error) == (StepStatus.SUCCEEDED, None)
    assert done.provider_payload == {"gmicloud": {"request_id": request_id, "status": "success"}}
    (asset,) = done.assets
    assert asset.url.startswith(f"{https}/")
    assert play(httpx.get(asset.url).content) == (
        8.0,
        {"audio", "video"},
        (1280, 720),
    )


def test_the_authority_must_be_trusted(
    tls_server: Served, key: str, make_provider: MakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(ProviderError, match="CERTIFICATE_VERIFY_FAILED"):
        make_provider(tls_server.url, key).poll("any")


def test_its_own_polls_see_the_job_go_on(https: str, key: str, make_provider: MakeProvider) -> None:
    provider = make_provider(https, key)
    request_id = provider.submit(lip_sync_step(https, identify(https, key))).prediction_id
    assert [provider.poll(request_id) for _ in range(4)] == [False, False, True, True]


def test_the_prompt_of_a_step_goes_along_without_harm(
    https: str, key: str, make_provider: MakeProvider
) -> None:
    step = lip_sync_step(https, identify(https, key), prompt="say it")
    request_id = make_provider(https, key).submit(step).prediction_id
    assert record(https, key, request_id)["payload"] == {"prompt": "say it", **step.params}


def test_an_incomplete_payload_is_invalid_input_and_the_text_names_the_fields(
    server_url: str, key: str, make_provider: MakeProvider
) -> None:
    step = Step(
        provider="gmicloud", model="kling-lip-sync", modality=Modality.VIDEO, prompt="your prompt here"
    )
    with pytest.raises(ProviderError, match=r"\(400\).*session_id.*face_choose") as caught:
        make_provider(server_url, key).submit(step)
    assert caught.value.error_code is ProviderErrorCode.INVALID_INPUT


@pytest.mark.parametrize(
    ("row", "status", "code"),
    [
        ("rate-limited", 429, ProviderErrorCode.RATE_LIMIT),
        ("internal", 500, ProviderErrorCode.SERVER_ERROR),
        ("bad-gateway", 502, ProviderErrorCode.SERVER_ERROR),
        ("unavailable", 503, ProviderErrorCode.SERVER_ERROR),
        ("moderation", 400, ProviderErrorCode.CONTENT_POLICY),
        ("forbidden", 403, ProviderErrorCode.AUTH_FAILURE),
    ],
)
def test_each_refusal_falls_into_its_class(
    server_url: str, key: str, make_provider: MakeProvider, row: str, status: int, code: ProviderErrorCode
) -> None:
    step = lip_sync_step(server_url, "any", external_task_id=f"lipflap.fault=error:{row}")
    with pytest.raises(ProviderError, match=re.escape(f"submit failed ({status})")) as caught:
        make_provider(server_url, key).submit(step)
    assert caught.value.error_code is code


@pytest.mark.parametrize(("wrong_key", "status"), [("unknown-key", 401), ("kling-key", 403)])
def test_a_key_that_does_not_open_the_queue_is_an_authentication_failure(
    guarded_url: str, make_provider: MakeProvider, wrong_key: str, status: int
) -> None:
    provider = make_provider(guarded_url, wrong_key)
    with pytest.raises(ProviderError, match=re.escape(f"({status})")) as caught:
        provider.submit(lip_sync_step(guarded_url, "any"))
    assert caught.value.error_code is ProviderErrorCode.AUTH_FAILURE
    with pytest.raises(ProviderError, match=f"rejected GMI_API_KEY.*{status}"):
        provider.preflight_auth()


def test_a_key_that_opens_the_queue_passes_its_check(guarded_url: str, make_provider: MakeProvider) -> None:
    make_provider(guarded_url, "known-key").preflight_auth()


def test_an_unknown_model_is_a_model_error(server_url: str, key: str, make_provider: MakeProvider) -> None:
    step = lip_sync_step(server_url, "any").model_copy(update={"model": "kling-lip-synk"})
    with pytest.raises(ProviderError, match=r"submit failed \(404\)") as caught:
        make_provider(server_url, key).submit(step)
    assert caught.value.error_code is ProviderErrorCode.MODEL_ERROR


def test_an_unknown_request_is_not_found(server_url: str, key: str, make_provider: MakeProvider) -> None:
    with pytest.raises(ProviderError, match=r"poll failed \(404\): Request not found"):
        make_provider(server_url, key).poll("6f1d7c1e-90a4-4b5b-9a55-0d4f7be1c001")


def test_a_failed_job_ends_the_step_and_the_reason_shows_where_the_dialect_puts_it_on_top(
    server_url: str, key: str, make_provider: MakeProvider, make_server: Callable[..., str]
) -> None:
    talkative_url = make_server(pace="instant", dialects={"gmi.failed_error": "both"})
    ends = [fail(make_provider(url, key), url) for url in (server_url, talkative_url)]
    assert [step.status for step in ends] == [StepStatus.FAILED, StepStatus.FAILED]
    assert ends[0].error == "Video generation failed"
    assert str(ends[1].error).startswith("Lip sync failed")


def test_its_probe_finds_the_models_that_there_are(
    server_url: str, key: str, make_provider: MakeProvider
) -> None:
    family = ModelFamily(
        name="kling",
        pattern=re.compile("^kling-"),
        spec_template=ModelSpec(model_id="*", modality=Modality.VIDEO),
        description="every model of Kling's",
        probe=empty_payload_request_probe,
    )
    provider = make_provider(server_url, key, models=ModelRegistry(provider_families=(family,)))
    slugs = ("kling-lip-sync", "kling-identify-face", "kling-lip-synk")
    outcomes = [provider.validate_model(slug).outcome for slug in slugs]
    assert outcomes == [ValidationOutcome.OK_AUTHORITATIVE] * 2 + [ValidationOutcome.NOT_FOUND]
    assert requests(server_url, key) == []


def lip_sync_step(url: str, session_id: str, prompt: str | None = None, **more: object) -> Step:
    entry = {
        "face_id": "0",
        "sound_file": f"{url}/__lipflap/media/speech.mp3",
        "sound_start_time": 0,
        "sound_end_time": 3000,
        "sound_insert_time": 1000,
        "sound_volume": 2,
        "original_audio_volume": 2,
    }
    params = {"session_id": session_id, "face_choose": [entry], **more}
    return Step(
        provider="gmicloud", model="kling-lip-sync", modality=Modality.VIDEO, prompt=prompt, params=params
    )


def fail(provider: GMICloudVideoProvider, url: str) -> Step:
    step = lip_sync_step(url, "ses_gone")
    return provider.resume(provider.submit(step).prediction_id, step)


def identify(url: str, key: str) -> str:
    """A session; genblaze has no call for it."""
    body = {"model": "kling-identify-face", "payload": {"video_url": f"{url}/__lipflap/media/talk.mp4"}}
    answer = httpx.post(f"{url}{QUEUE}/requests", json=body, headers=bearer(key))
    return str(answer.json()["outcome"]["data"]["session_id"])


def record(url: str, key: str, request_id: str) -> dict[str, object]:
    return dict(httpx.get(f"{url}{QUEUE}/requests/{request_id}", headers=bearer(key)).json())


def requests(url: str, key: str) -> list[object]:
    return list(httpx.get(f"{url}{QUEUE}/requests", headers=bearer(key)).json()["requests"])


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
