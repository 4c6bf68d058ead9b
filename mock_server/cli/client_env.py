"""How to point a client at a server: one row an environment variable, by provider."""

from __future__ import annotations

from dataclasses import dataclass

from mock_server.core.account import DEMO_ACCESS_KEY, DEMO_SECRET_KEY

KEY = "lipflap"
"""Any text opens a tenant; this is the one that the examples use."""
PROVIDERS = ("kling", "gmi", "kirin")


@dataclass(frozen=True, slots=True)
class Variable:
    """``value`` may hold ``{url}`` and ``{key}``."""

    name: str
    value: str
    says: str


_COMMON = (
    Variable("LIPFLAP_URL", "{url}", "the server"),
    Variable("LIPFLAP_KEY", "{key}", "the API key, and so the tenant"),
    Variable("LIPFLAP_VIDEO_URL", "{url}/__lipflap/media/talk.mp4", "a video with a face"),
    Variable("LIPFLAP_AUDIO_URL", "{url}/__lipflap/media/speech.mp3", "a clip of 4 s"),
)
_OWN = {
    "kling": (
        Variable("KLING_BASE_URL", "{url}", "instead of https://api-singapore.klingai.com"),
        Variable("KLING_API_KEY", "{key}", "as a bearer token"),
        Variable("KLING_ACCESS_KEY", DEMO_ACCESS_KEY, "iss of a JWT"),
        Variable("KLING_SECRET_KEY", DEMO_SECRET_KEY, "signs that JWT"),
    ),
    "gmi": (
        Variable("GMI_BASE_URL", "{url}/api/v1/ie/requestqueue/apikey", "as genblaze-gmicloud reads it"),
        Variable("GMI_API_KEY", "{key}", "as a bearer token"),
    ),
    "kirin": (
        Variable("VTRIX_BASE_URL", "{url}", "instead of https://vtrix.ai"),
        Variable("VTRIX_GENERATION_URL", "{url}", "where tasks are made"),
        Variable("VTRIX_MODELS_URL", "{url}", "where models are listed"),
        Variable("VTRIX_API_KEY", "{key}", "as a bearer token"),
    ),
}


def client_env(provider: str, url: str, key: str = KEY) -> dict[str, str]:
    """The variables for a client of ``provider``. Raises KeyError for a name that is none."""
    return {row.name: row.value.format(url=url, key=key) for row in (*_OWN[provider], *_COMMON)}


def base_variable(provider: str, url: str) -> str:
    """The one setting that matters most, as ``NAME=value``."""
    first = _OWN[provider][0]
    return f"{first.name}={first.value.format(url=url)}"
