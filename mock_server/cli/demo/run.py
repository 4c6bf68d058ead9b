"""Run the three jobs side by side over real HTTP, show how far they are, keep what they made."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from mock_server.cli.client_env import KEY, client_env
from mock_server.cli.demo.jobs import JOBS
from mock_server.cli.demo.timeline import Timeline
from mock_server.cli.demo.visit import JobFailedError, Visit
from mock_server.core.errors import ProbeError
from mock_server.hosting.background import BackgroundServer
from mock_server.media.probe import probe
from mock_server.settings import Settings

STEPS = ("face identified", "submitted", "finished", "downloaded")


def run_demo(settings: Settings, output: Path) -> bool:
    """Whether every job went well; ``output`` then holds a video for each. Raises ConfigurationError."""
    console = Console()
    timeline = Timeline()
    with BackgroundServer(settings) as server:
        console.print(f"A server plays all three at {server.url}")
        failures = asyncio.run(_run_all(server.url, output, timeline, console))
    console.print(timeline.table())
    for provider, reason in failures.items():
        Console(stderr=True).print(f"{provider} failed: {reason}", style="red", markup=False)
    if not failures:
        console.print(f"The videos are in {output}/: " + ", ".join(f"{provider}.mp4" for provider in JOBS))
    return not failures


async def _run_all(url: str, output: Path, timeline: Timeline, console: Console) -> dict[str, str]:
    """Why jobs failed, by provider; empty where all went well."""
    columns = (
        TextColumn("{task.fields[provider]:<6}"),
        BarColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        jobs = [_run_one(provider, url, output, timeline, progress) for provider in JOBS]
        reasons = await asyncio.gather(*jobs)
    return {provider: reason for provider, reason in zip(JOBS, reasons, strict=True) if reason}


async def _run_one(provider: str, url: str, output: Path, timeline: Timeline, progress: Progress) -> str:
    bar = progress.add_task("waiting", total=len(STEPS), provider=provider)

    def tell(what: str) -> None:
        timeline.note(provider, what)
        progress.update(bar, advance=1, description=what)

    try:
        await _complete(provider, url, output, tell)
    except (JobFailedError, ProbeError, httpx.HTTPError, OSError) as fault:
        tell("failed")
        return str(fault) or type(fault).__name__
    return ""


async def _complete(provider: str, url: str, output: Path, tell: Callable[[str], None]) -> None:
    variables = client_env(provider, url)
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30, trust_env=False) as http:
        visit = Visit(http, variables["LIPFLAP_VIDEO_URL"], variables["LIPFLAP_AUDIO_URL"], tell)
        video_url = await JOBS[provider](visit)
        tell("finished")
        video = (await http.get(video_url)).raise_for_status().content
    length_ms = probe(video).duration_ms
    (output / f"{provider}.mp4").write_bytes(video)
    tell(f"downloaded {len(video) // 1024} KiB, {length_ms / 1000:.1f} s")
