"""The page stands alone, shows every cell, and takes nothing that a client has written for markup."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise

import pytest
from lxml import html
from msgspec.structs import replace

from contracts.cells.result import Run
from contracts.report.html import TEMPLATES, anchor, body_text, last_part, page_of, safe_link, write_html
from contracts.witness.witnessed import Body


@pytest.fixture(scope="module")
def page(sample_run):
    return page_of(sample_run)


@pytest.fixture(scope="module")
def tree(page):
    return html.document_fromstring(page.replace("\x00", ""))


def text_of(element) -> str:
    return " ".join(element.text_content().split())


def test_the_head_says_what_was_tested_and_how_it_went(tree):
    head = text_of(tree.xpath("//header")[0])
    assert "It survived 14 of 20 scenarios." in head
    assert "node my-client.js {output}" in head
    assert "96 %" in head
    assert "40 times as fast, by libfaketime" in head


def test_what_went_wrong_comes_first_and_in_plain_words(tree):
    first = text_of(tree.xpath("//ol[@class='problems']/li")[0])
    assert first.startswith("✗ Broken: One job is submitted once the job was submitted 2 times")
    assert "A good client: It submits once" in first


def test_every_cell_has_a_card_a_tile_and_a_row_that_lead_to_it(tree, sample_run):
    for cell in sample_run.cells:
        (card,) = tree.xpath("//details[@id=$id]", id=anchor(cell))
        assert (
            len(
                tree.xpath(
                    "//a[@href=$to][contains(@class, 'tile')]", to=f"#{anchor(cell).replace('@', '%40')}"
                )
            )
            == 1
        )
        assert ("open" in card.attrib) is (not cell.is_green)
        assert cell.replay in text_of(card)
        assert len(card.xpath(".//svg[contains(@class, 'timeline')]")) == (1 if cell.lines else 0)


def test_a_picture_has_a_text_for_those_who_cannot_see_it(tree, cell_named):
    (card,) = tree.xpath("//details[@id=$id]", id=anchor(cell_named("double-pay-trap")))
    (label,) = card.xpath(".//svg[@role='img']/@aria-label")
    assert label.startswith("8 requests in 10 min 48 s; lip-sync task 825449868069810328 succeeded;")
    assert "finding 1 rests on #2, #3" in label


def test_a_red_card_holds_what_was_said_on_the_wire(tree, cell_named):
    (card,) = tree.xpath("//details[@id=$id]", id=anchor(cell_named("incident/one-flaky-poll")))
    assert "<h1>502 Bad Gateway</h1>" in text_of(card)
    assert "gave up: 502 Bad Gateway" in text_of(card)


def test_hostile_text_is_text(page, tree):
    assert "<b>bold</b>" not in page
    assert "&lt;/script&gt;&lt;b&gt;bold&lt;/b&gt;" in page
    assert len(tree.xpath("//script")) == 1
    assert not tree.xpath("//i[text()='tags'] | //*[starts-with(@href, 'javascript:')]")
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_the_page_needs_nothing_but_itself(page, tree):
    loaded = tree.xpath("//@src | //link/@href | //style/text()")
    assert not [one for one in loaded if re.search(r"(https?:)?//(?!www\.w3\.org)", one)]
    assert {link.get("rel") for link in tree.xpath("//a[starts-with(@href, 'http')]")} == {
        "noreferrer noopener"
    }


def test_its_policy_allows_the_one_script_and_no_request(page, tree):
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    script = re.search(r"<script>(.*)</script>", page, re.DOTALL)
    digest = b64encode(sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")


def test_headings_go_down_one_step_at_a_time(tree):
    levels = [int(element.tag[1]) for element in tree.xpath("//h1 | //h2 | //h3")]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_ids_are_unique(tree):
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_a_green_run_is_praised_and_has_no_list_of_faults(green_run):
    tree = html.document_fromstring(page_of(green_run))
    assert text_of(tree.xpath("//h1")[0]) == "It survived all 2 scenarios."
    assert not tree.xpath("//ol[@class='problems']")


def test_a_run_of_nothing_is_a_page_too():
    assert "It survived all 0 scenarios." in page_of(Run("nobody", ()))


def test_a_long_run_begins_with_what_is_red(sample_run):
    many = tuple(replace(sample_run.cells[0], scenario=f"fault/f-{number}") for number in range(60))
    assert 'data-begins="red"' in page_of(replace(sample_run, cells=(*sample_run.cells, *many)))
    assert 'data-begins="red"' not in page_of(replace(sample_run, cells=many))


def test_seven_hundred_cells_make_a_page_of_some_megabytes(sample_run, tmp_path):
    cells = tuple(replace(cell, seed=seed) for seed in range(35) for cell in sample_run.cells)
    write_html(replace(sample_run, cells=cells), tmp_path / "report.html")
    assert (tmp_path / "report.html").stat().st_size < 700 * 14_000


@pytest.mark.parametrize(
    ("link", "is_safe"),
    [("https://x.test", True), ("javascript:alert(1)", False), ("", False), (None, False)],
)
def test_only_a_link_to_the_web_is_a_link(link, is_safe):
    assert safe_link(link) == (link if is_safe else None)


def test_bodies_and_outputs_are_cut_where_they_are_long():
    assert body_text(Body(bytes=5, base64="AAECAwQ=")) == "(5 bytes)"
    assert body_text(Body()) == ""
    assert len(body_text(Body(bytes=9_000, text="x" * 9_000))) == 600
    assert last_part("x" * 5_000) == "… " + "x" * 4_000
    assert last_part("short") == "short"


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", css))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    *((ink, ground) for ink in ("ink", "faint") for ground in ("paper", "card", "band")),
    *((ink, ground) for ink in ("red", "green", "blue", "amber") for ground in ("paper", "card", "band")),
    *((f"{name}", f"{name}-soft") for name in ("red", "green", "amber")),
    *((f"on-{name}", name) for name in ("red", "green")),
    *(("ink", f"{name}-soft") for name in ("grey", "blue")),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(theme):
    light, _, rest = (TEMPLATES / "style.css").read_text(encoding="utf-8").partition("@media screen and")
    named = colours(light) if theme == "light" else colours(rest.partition("\n}\n")[0])
    assert {
        pair: contrast(named[pair[0]], named[pair[1]])
        for pair in PAIRS
        if contrast(named[pair[0]], named[pair[1]]) < 4.5
    } == {}
