"""pytest-asyncio and anyio run asynchronous clients, with the clock in step and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contracts.plugin.conftest import Run

pytest_plugins = ["pytester"]


def test_pytest_asyncio_runs_a_client_in_step(run: Run) -> None:
    result = run(
        """
import pytest_asyncio

@pytest_asyncio.fixture
async def rendered(lipflap, lipflap_clock):
    await asyncio.sleep(3600)
    return await render_async(lipflap)

@pytest.mark.asyncio
@pytest.mark.lipflap(pace="real", fault="gateway-502-html@poll#1")
async def test_fixture(rendered, lipflap_clock):
    assert rendered["task_status"] == "succeed"
    assert lipflap_clock.elapsed_s > 3660

@pytest.mark.asyncio
@pytest.mark.parametrize("way", ["socket", "transport", "asgi"])
async def test_several_at_once(lipflap, lipflap_clock, way):
    ways = {"socket": None, "transport": lipflap.transport(), "asgi": httpx.ASGITransport(lipflap.asgi)}
    work = [render_async(lipflap, f"https://cdn.test/{n}.mp4", transport=ways[way]) for n in range(3)]
    done = await asyncio.wait_for(asyncio.gather(*work), 600)
    assert [one["task_status"] for one in done] == ["succeed"] * 3
    assert len(lipflap.tasks) == 3
    assert 10 <= lipflap_clock.elapsed_s < 11

@pytest.mark.asyncio
async def test_without_the_clock(lipflap):
    async with httpx.AsyncClient(**options(lipflap)) as http:
        answer = await http.post("/v1/videos/identify-face", json={"video_url": lipflap.media.video})
    assert answer.status_code == 200
""",
        *("-p", "asyncio", "-o", "asyncio_default_fixture_loop_scope=function"),
    )
    result.assert_outcomes(passed=5)


def test_anyio_runs_a_client_in_step(run: Run) -> None:
    result = run(
        """
import anyio

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.mark.anyio
@pytest.mark.lipflap(pace="real")
async def test_render(lipflap, lipflap_clock):
    with anyio.fail_after(600):
        async with anyio.create_task_group() as group:
            for number in range(3):
                group.start_soon(render_async, lipflap, f"https://cdn.test/{number}.mp4")
    assert [task.stage for task in lipflap.tasks] == ["succeeded"] * 3
    assert 60 < lipflap_clock.elapsed_s < 310

@pytest.mark.anyio
async def test_threads(lipflap, lipflap_clock):
    await anyio.to_thread.run_sync(render, lipflap)
    assert 10 <= lipflap_clock.elapsed_s < 11
""",
        *("-p", "anyio"),
    )
    result.assert_outcomes(passed=2)


def test_a_silence_ends_by_the_clients_own_timeout(run: Run) -> None:
    result = run(
        """
@pytest.mark.asyncio
@pytest.mark.lipflap(fault="stall-headers@poll#1")
@pytest.mark.parametrize("transport", [False, True])
async def test_stall(lipflap, lipflap_clock, transport):
    with pytest.raises(httpx.ReadTimeout):
        await render_async(lipflap, timeout=30, transport=lipflap.transport() if transport else None)
    assert lipflap_clock.elapsed_s == pytest.approx(40, abs=0.1)
""",
        *("-p", "asyncio", "-o", "asyncio_default_fixture_loop_scope=function"),
    )
    result.assert_outcomes(passed=2)
