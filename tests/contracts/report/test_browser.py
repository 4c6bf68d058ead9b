"""The page in a real Chromium: nothing is complained of, the filter filters, a link opens its card."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.report.html import anchor, write_html

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--remote-debugging-pipe",
)
ON_3_AND_4 = """
import os, sys
for number, given in enumerate(sys.argv[1:3]):
    os.dup2(int(given), 100 + number)
os.dup2(100, 3)
os.dup2(101, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Chromium takes commands at file descriptor 3 and answers at 4, and only there."""
COMPLAINTS = {"Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Audits.issueAdded"}
SHOWN = "[...document.querySelectorAll('.card:not([hidden])')].map(card => card.dataset.name)"


class Browser:
    """Chromium's own protocol over two pipes: one message after the other, each ended by a zero byte."""

    def __init__(self, profile: str) -> None:
        program = shutil.which("chromium")
        assert program, "the package chromium is missing"
        theirs, self._to = os.pipe()
        self._from, theirs_too = os.pipe()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", ON_3_AND_4, str(theirs), str(theirs_too)),
                *(program, *FLAGS, f"--user-data-dir={profile}", "about:blank"),
            ],
            pass_fds=(theirs, theirs_too),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs)
        os.close(theirs_too)
        self._rest = b""
        self._session: dict[str, str] = {}
        self._asked = 0
        self.events: list[dict[str, object]] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = {
            "sessionId": self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        }
        for domain in ("Page", "Runtime", "Log", "Audits"):
            self.ask(f"{domain}.enable")
        self.ask("Page.setLifecycleEventsEnabled", enabled=True)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()
        os.close(self._to)
        os.close(self._from)

    def ask(self, method: str, **params: object) -> dict:
        self._asked += 1
        message = {"id": self._asked, "method": method, "params": params, **self._session}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != self._asked:
            self.events.append(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def _read(self) -> dict:
        while b"\0" not in self._rest:
            data = os.read(self._from, 65_536)
            assert data, "Chromium has ended"
            self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def open(self, url: str, width: int = 1280, scheme: str = "light") -> None:
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.events.clear()
        loader = self.ask("Page.navigate", url=url)["loaderId"]
        while not any(_is_loaded(event, loader) for event in self.events):
            self.events.append(self._read())

    def value(self, expression: str) -> object:
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    @property
    def complaints(self) -> list[dict[str, object]]:
        return [event for event in self.events if event["method"] in COMPLAINTS]


def _is_loaded(event: dict, loader: str) -> bool:
    told = event["params"]
    return event["method"] == "Page.lifecycleEvent" and (told["name"], told["loaderId"]) == ("load", loader)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def url(sample_run, tmp_path_factory) -> str:
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    write_html(sample_run, path)
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_opens_without_a_complaint_and_fits_the_width(browser, url, width, scheme):
    browser.open(url, width, scheme)
    assert browser.value("document.querySelectorAll('.card').length") == 20
    assert browser.value("document.documentElement.scrollWidth <= innerWidth")
    assert browser.complaints == []


def test_the_first_screen_holds_the_verdict_and_what_went_wrong(browser, url):
    browser.open(url)
    for selector in ("h1", ".facts", ".problem"):
        assert browser.value(f"document.querySelector('{selector}').getBoundingClientRect().bottom < 900"), (
            selector
        )


def test_dark_is_dark_and_light_is_light(browser, url):
    grounds = []
    for scheme in ("light", "dark"):
        browser.open(url, scheme=scheme)
        grounds.append(browser.value("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(250, 249, 246)", "rgb(21, 23, 27)"]


def test_the_filter_shows_what_it_says(browser, url, sample_run):
    browser.open(url)
    for show, is_green in (("red", False), ("green", True)):
        browser.value(f"document.querySelector('[data-show={show}]').click()")
        expected = [cell.scenario for cell in sample_run.cells if cell.is_green is is_green]
        assert sorted(browser.value(SHOWN)) == sorted(expected)
        assert browser.value("document.getElementById('count').value") == f"{len(expected)} shown"
    browser.value("document.querySelector('[data-show=all]').click()")
    browser.value(
        "const name = document.getElementById('find'); name.value = 'FLAKY'; name.dispatchEvent(new Event('input'))"
    )
    assert browser.value(SHOWN) == ["incident/one-flaky-poll"]
    assert browser.value("document.querySelectorAll('.matrix tbody:not([hidden])').length") == 1


def test_a_link_opens_the_card_even_where_the_filter_hides_it(browser, url, cell_named):
    browser.open(url)
    card = f"document.getElementById({anchor(cell_named('happy'))!r})"
    browser.value("document.querySelector('[data-show=red]').click()")
    assert browser.value(f"{card}.hidden && !{card}.open")
    browser.value(
        "new Promise(done => { addEventListener('hashchange', () => setTimeout(done));"
        " document.querySelector('.tile.green').click(); })"
    )
    assert browser.value(f"!{card}.hidden && {card}.open")


def test_the_command_can_be_copied(browser, url):
    browser.open(url)
    command = browser.value(
        "document.querySelector('.copy').click(); getSelection().toString()",
    )
    assert (
        command == "lipflap replay incident/one-flaky-poll@7 --provider kling -- node my-client.js '{output}'"
    )


def test_hostile_output_runs_nothing(browser, url):
    browser.open(url)
    assert browser.value("document.querySelectorAll('script').length") == 1
    assert browser.value("[...document.querySelectorAll('b')].every(one => one.textContent !== 'bold')")
