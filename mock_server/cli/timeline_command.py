"""``lipflap timeline``: the story of one task of a running server."""

from __future__ import annotations

import json
from typing import Annotated
from urllib.parse import quote

import msgspec
import typer

from mock_server.cli.admin_client import AdminClient
from mock_server.cli.client_env import KEY
from mock_server.cli.clock_commands import DEFAULT_URL, Key, Token, Url


class _Event(msgspec.Struct):
    at: str | None
    text: str
    gap_ms: int | None = None
    advice: str | None = None


class _Timeline(msgspec.Struct):
    """What is shown of the answer; the rest of it is for programs."""

    task_id: str
    provider: str
    events: list[_Event]


def timeline(
    task: Annotated[str, typer.Argument(help="The id of the task.")],
    as_json: Annotated[bool, typer.Option("--json", help="The server's answer as it is.")] = False,
    url: Url = DEFAULT_URL,
    key: Key = KEY,
    admin_token: Token = "",
) -> None:
    """Tell the story of a task: every request and the gap before it, stages, faults and callbacks, in plain words.

    Where it is worth a word, a line below says what a good client does at that point.

    Example:

        lipflap timeline 802529029860498467 --key lipflap
    """
    answer = AdminClient(url, key, admin_token).request("GET", f"tasks/{quote(task, safe='')}/timeline")
    if as_json:
        typer.echo(json.dumps(answer, indent=2))
        return
    told = msgspec.convert(answer, _Timeline)
    typer.echo(f"Task {told.task_id} of {told.provider}")
    for event in told.events:
        gap = "" if event.gap_ms is None else f"+{event.gap_ms / 1000:.3f} s"
        typer.echo(f"{event.at or 'later':<24}  {gap:>12}  {event.text}")
        if event.advice:
            typer.echo(f"{'':<40}{event.advice}")
