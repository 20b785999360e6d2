"""The page in a real browser: offline, on a desk and on a phone."""

from __future__ import annotations

import io
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import weasyprint
from pypdf import PdfReader

from tocsin.share.page import render
from tocsin.share.page.language import LANGUAGES, Words
from tocsin.share.page.template import fill

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DONE = (
    "document.querySelectorAll('[data-chart]').length > 0 && "
    "document.querySelectorAll('[data-chart]').length == "
    "document.querySelectorAll('[data-done]').length"
)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_brief_in_chromium(walked: Path, browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    requests: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((walked / "brief" / "index.html").as_uri())
    page.wait_for_function(DONE, timeout=60_000)
    assert faults == []
    assert len(requests) == 1
    assert requests[0].startswith("file://")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    states = page.evaluate("[...document.querySelectorAll('[data-done]')].map(x => x.dataset.done)")
    assert set(states) == {"yes"}
    assert page.locator("[data-chart] svg").count() == len(states)
    page.locator("#portfolios summary").first.click()
    assert page.locator("#portfolios details table").first.is_visible()
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["index", "diffusion", "diffusion.fr", "diffusion.ar"])
def test_no_word_of_a_chart_is_cut(walked: Path, browser: Browser, width: int, name: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((walked / "brief" / f"{name}.html").as_uri())
    page.wait_for_function(DONE, timeout=60_000)
    cut = page.evaluate(
        """[...document.querySelectorAll('[data-chart] svg')].flatMap(svg => {
             const box = svg.getBoundingClientRect();
             return [...svg.querySelectorAll('text')]
               .filter(t => t.textContent.trim() && getComputedStyle(t).opacity != '0')
               .filter(t => { const r = t.getBoundingClientRect();
                 return t.textContent.includes('…') ||
                   r.width && (r.left < box.left - 2 || r.right > box.right + 2); })
               .map(t => svg.closest('[data-chart]').dataset.chart + ': ' + t.textContent); })"""
    )
    page.close()
    assert cut == []


@pytest.mark.browser
def test_the_french_page_in_chromium(walked: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.goto((walked / "brief" / "index.fr.html").as_uri())
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "Syrie" in page.inner_text("main")
    assert faults == []
    page.close()


def test_the_first_page_is_one_sheet_in_each_language(walked: Path) -> None:
    for language in LANGUAGES:
        sheets = PdfReader(walked / "brief" / f"first.{language}.pdf").pages
        assert len(sheets) == 1, language
        assert len(sheets[0].extract_text()) > 500


@pytest.mark.slow
def test_a_first_page_that_is_longer_is_set_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in French, where two briefs differ: the page's own rule for print must not win."""
    style = files("tocsin.share.page").joinpath("templates/brief.css").read_text("utf-8")

    def sheets(sentences: int) -> int:
        body = (
            "<p>A sentence of a brief that tells of a territory and of its months.</p>" * sentences
        )
        page = f"<html><head><style>{style}</style></head><body>{body}</body></html>"
        monkeypatch.setattr(render, "first_page", lambda _facts, _language: page)
        return len(PdfReader(io.BytesIO(render.first_sheet({}, "en"))).pages)

    # At the size of the page itself 52 take two sheets.
    assert [sheets(n) for n in (20, 52, 66)] == [1, 1, 2]


@pytest.mark.slow
def test_in_print_no_table_is_cut_and_no_row_is_torn() -> None:
    """As of eight columns of words and long numbers, over pages."""
    style = files("tocsin.share.page").joinpath("templates/brief.css").read_text("utf-8")
    cells = '<td>Technology in armed hands</td><td class="n">−2,990,000 to +223,000</td>' * 4
    table = f"<div class='wide'><table class='broad'>{f'<tr>{cells}</tr>' * 90}</table></div>"
    page = f"<html><head><style>{style}</style></head><body><main>{table}</main></body></html>"
    rows = 0
    for sheet in weasyprint.HTML(string=page).render().pages:
        box = sheet._page_box
        right = box.margin_left + box.width
        for one in box.descendants():
            if one.element_tag == "td":
                assert one.position_x + one.width <= right + 1
            rows += one.element_tag == "tr"
    assert rows == 90


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_names_the_sources_of_its_numbers(language: str) -> None:
    citations = [
        {"name": "A set", "own": [], "used": True, "deaths": True},
        {"name": "A list of actors", "own": [], "used": True, "deaths": False},
        {"name": "Unused", "own": [], "used": False, "deaths": False},
    ]
    told = {"lead": [], "risk": [1], "old": False, "citations": citations}
    page = fill("first.html.j2", words=Words(language), **told)
    assert "A set" in page
    assert "A list of actors" not in page
    assert "Unused" not in page


def test_data_of_ones_own_stand_in_the_quotes_of_the_language() -> None:
    rows = [{"name": "A set", "own": []}, {"name": "Own tables", "own": ["log", "file.csv"]}]
    assert [Words(language).quote_sources(rows) for language in ("en", "fr")] == [
        "A set; “log” and “file.csv”",
        "A set\u00a0; «\u00a0log\u00a0» et «\u00a0file.csv\u00a0»",
    ]


def test_the_pdf_says_the_same(walked: Path) -> None:
    pages = PdfReader(walked / "brief" / "brief.pdf").pages
    # A page for who decides, and about ten for an analyst.
    assert len(pages) <= 12
    text = "".join(page.extract_text() for page in pages)
    assert "In plain words" in text
    assert "Track record" in text
