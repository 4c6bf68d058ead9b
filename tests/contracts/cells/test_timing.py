"""Faster time, proved in processes of Python and Node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.cells.timing import PRELOAD, Timing, find_library, is_dynamic, is_python, real_time, timing_for
from contracts.witness.usage import UsageError
from contracts.witness.wall import steady_s, unix_s

HOUR_S = 3_600.0

IN_PYTHON = """
import asyncio, datetime, json, queue, select, socket, threading, time
def seconds(wait):
    began = time.monotonic()
    try:
        wait()
    except (TimeoutError, queue.Empty):
        pass
    return time.monotonic() - began
ours, _ = socket.socketpair()
ours.settimeout(1800)
print(json.dumps({
    "now": time.time(),
    "date": datetime.datetime.now(datetime.UTC).timestamp(),
    "is_date": isinstance(datetime.datetime.now(), datetime.datetime),
    "timeout": ours.gettimeout(),
    "waits": [
        seconds(lambda: time.sleep(1800)),
        seconds(lambda: threading.Event().wait(1800)),
        seconds(lambda: queue.Queue().get(timeout=1800)),
        seconds(lambda: asyncio.run(asyncio.sleep(1800))),
        seconds(lambda: select.select([ours], [], [], 1800)),
        seconds(lambda: ours.recv(1)),
    ],
}))
"""
IN_NODE = """
const began = Date.now(), first = performance.now();
setTimeout(() => console.log(JSON.stringify({
    now: Date.now() / 1000, waits: [(Date.now() - began) / 1000, (performance.now() - first) / 1000],
})), 1800 * 1000);
"""


def said(argv: list[str], timing: Timing) -> dict[str, object]:
    environment = {**os.environ, **timing.environment(os.environ, unix_s())}
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=30, check=True)
    return json.loads(done.stdout)


def assert_all_in_half_an_hour_that_took_seconds(waits: object) -> None:
    assert isinstance(waits, list)
    assert all(1800 <= wait < 2.5 * HOUR_S for wait in waits), waits


def test_every_wait_of_a_python_client_is_faster():
    timing = timing_for([sys.executable], "1000x")
    told = said([sys.executable, "-c", IN_PYTHON], timing)
    assert_all_in_half_an_hour_that_took_seconds(told["waits"])
    assert told["timeout"] == pytest.approx(1800)
    assert told["is_date"] is True
    assert abs(told["date"] - told["now"]) < 60


def test_a_python_client_lives_in_the_moment_that_the_timing_says():
    timing = timing_for([sys.executable], "1000x", now_s=unix_s() - HOUR_S / 1000)
    told = said([sys.executable, "-c", "import time; print(time.time())"], timing)
    assert isinstance(told, float)
    assert 0 <= timing.faster_s(unix_s()) - told < HOUR_S


def test_a_sitecustomize_of_the_clients_own_is_still_loaded(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("import os; os.environ['MINE'] = '1'")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    timing = timing_for([sys.executable], "60x")
    assert said([sys.executable, "-c", "import os; print(os.environ['MINE'])"], timing) == 1


def test_without_the_variable_the_preload_changes_nothing():
    command = [sys.executable, "-c", "import time; print(type(time.time).__name__)"]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(PRELOAD)}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "builtin_function_or_method\n"


def test_node_is_faster_by_libfaketime():
    timing = timing_for(["node"], "1000x")
    assert timing.library == str(find_library()), "make tools installs it"
    told = said(["node", "-e", IN_NODE], timing)
    assert_all_in_half_an_hour_that_took_seconds(told["waits"])
    assert 0 <= timing.faster_s(unix_s()) - told["now"] < HOUR_S


def test_a_python_behind_a_shell_escapes_from_libfaketime():
    timing = timing_for(["sh"], "1000x")
    command = f"{sys.executable} -c 'import threading; threading.Event().wait(1800); print(1)'"
    began = steady_s()
    assert said(["sh", "-c", command], timing) == 1
    assert steady_s() - began < 20


def test_real_time_lays_nothing_into_the_environment():
    assert timing_for([sys.executable], "real").environment({}, 0.0) == {}
    assert real_time("why").says.startswith("real time: why")
    assert (real_time().clock, real_time().wall_s(60)) == ("real", 60)


@pytest.mark.parametrize("clock", ["soon", "0x", "-1x", "2000x", "60", "nanx", "x"])
def test_a_clock_that_is_none_is_a_mistake(clock):
    with pytest.raises(UsageError, match="--clock must be auto, real, or a rate"):
        timing_for(["python3"], clock)


def test_a_program_that_nothing_makes_faster_keeps_real_time_unless_told(tmp_path):
    static = tmp_path / "client"
    static.write_bytes(b"\x7fELF\x02\x01" + bytes(58))
    assert not timing_for([str(static)]).is_scaled
    told = timing_for([str(static)], "60x")
    assert (told.rate, told.library) == (60.0, "")


def test_what_a_program_is_can_be_seen(tmp_path):
    script = tmp_path / "client"
    script.write_text("#!/usr/bin/env python3\n")
    assert is_python(script)
    assert is_python(Path(sys.executable))
    shell = tmp_path / "client.sh"
    shell.write_text("#!/bin/sh\n")
    assert not is_python(shell)
    assert is_dynamic(shell)
    assert is_dynamic(Path(shutil.which("sh") or ""))


def test_tolerances_grow_with_the_rate_and_not_without():
    fast, real = Timing(40.0, 0.0, ""), real_time()
    assert (real.floor_ms(900), real.ceiling_ms(60_000)) == (900, 60_000)
    assert (real.noise_ms, fast.noise_ms) == (0, 400)
    assert 300 <= fast.floor_ms(900) < 900
    assert fast.ceiling_ms(60_000) > 60_000
