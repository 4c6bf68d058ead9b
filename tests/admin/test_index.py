"""The page for people."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from mock_server.admin.table import OPERATIONS

if TYPE_CHECKING:
    from tests.admin.conftest import Desk


class Links(HTMLParser):
    """Every address that the page names, and every element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.elements: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.addresses += [value for name, value in attrs if name in {"href", "src"} and value]


def test_every_link_of_the_page_works_and_stays_here(desk: Desk) -> None:
    answer = desk.ask("GET", "", key=None)
    assert answer.headers["content-type"].startswith("text/html")
    links = Links(answer.text)
    assert len(links.addresses) > 10
    assert "script" not in links.elements
    for address in links.addresses:
        assert address.startswith("/__lipflap/")
        assert desk.run(desk.asked("HEAD", address)).status_code == 200


def test_every_operation_is_on_the_page(desk: Desk) -> None:
    page = unescape(re.sub(r"<[^>]+>", "", desk.ask("GET", "", key=None).text))
    for operation in OPERATIONS:
        assert operation.full_path in page
        assert operation.summary.replace("``", "") in page


def test_the_path_without_its_slash_leads_to_the_page(desk: Desk) -> None:
    answer = desk.run(desk.asked("GET", "/__lipflap"))
    assert (answer.status_code, answer.headers["location"]) == (307, "http://lipflap.test/__lipflap/")


def test_code_in_a_sentence_is_shown_as_code(desk: Desk) -> None:
    page = desk.ask("GET", "", key=None).text
    assert "``" not in page
    assert "<code>key</code>" in page
