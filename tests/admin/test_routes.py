"""Where the surface hangs, and when it is loaded."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.admin.conftest import Desk


def test_starting_a_server_loads_neither_the_surface_nor_pydantic() -> None:
    program = (
        "import sys; from mock_server.app import create_app; create_app();"
        "print([name for name in sys.modules if name == 'mock_server.admin.table' or name.startswith('pydantic')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_request_without_a_body_does_not_load_pydantic() -> None:
    program = (
        "import asyncio, sys, httpx\n"
        "from mock_server.app import create_app\n"
        "async def ask():\n"
        "    transport = httpx.ASGITransport(create_app())\n"
        "    async with httpx.AsyncClient(transport=transport, base_url='http://x') as client:\n"
        "        return (await client.get('/__lipflap/tasks')).status_code\n"
        "print(asyncio.run(ask()), 'pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["200", "False"]


@pytest.mark.parametrize(
    "path", ["/__lipflap/none", "/__lipflap/tasks/a/b", "/__lipflapping", "/__lipflap/journal/"]
)
def test_a_path_that_is_not_served_is_404_or_leads_to_one_that_is(desk: Desk, path: str) -> None:
    answer = desk.run(desk.asked("GET", path))
    assert answer.status_code == (307 if path.endswith("/") else 404)


def test_files_keep_their_own_routes(desk: Desk) -> None:
    assert desk.run(desk.asked("GET", "/__lipflap/media/talk.mp4")).status_code == 200
    assert desk.run(desk.asked("POST", "/__lipflap/media/talk.mp4")).status_code == 405
    assert desk.run(desk.asked("GET", "/__lipflap/media")).status_code == 200
