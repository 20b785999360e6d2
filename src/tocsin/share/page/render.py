"""The pages: one file each that opens anywhere, offline, and the whole page as PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tocsin.errors import require
from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.share.charts import charts
from tocsin.share.facts.words import Facts
from tocsin.share.page.diffusion import PageWords, page_values, sentence
from tocsin.share.page.happening import other_violence
from tocsin.share.page.language import Words
from tocsin.share.page.lead import lead
from tocsin.share.page.planning.parts import say_parts
from tocsin.share.page.planning.story import driver_sentences, story
from tocsin.share.page.planning.words import PlanWords
from tocsin.share.page.script import bundle
from tocsin.share.page.template import fill

SECTIONS = ("risk", "fans", "alerts", "adoption", "portfolios", "record")
"""The sections that hold charts."""
PRINT_SIZE = {
    "risk": (400, 330), "fans": (270, 130), "alerts": (270, 110), "portfolios": (620, 260),
}  # fmt: skip
"""How wide and at most how high a section's charts are in print, in pixels, before they shrink."""
WHOLE_SIZE = (620, 190)
"""The same for all others."""
PRINT_FONT = "DejaVu Sans"
"""Of charts in print: it must be measured as it is drawn, or a label would be cut."""
"""Points across a printed page, for charts that cannot ask how wide they may be."""
ISRAEL = 666
"""The note that Palestine is counted under it stands only where Israel is shown."""


def html(facts: Facts, beside: Sequence[Any] = ()) -> str:
    """Write the whole page with live charts; nothing in it asks for another address.

    Args:
        facts: the facts of a brief.
        beside: what stands beside the page for machines: each with `file` and `label`.

    Returns:
        A page of HTML.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    return _whole(facts, script=bundle(), pictures={}, beside=beside)


def first_page(facts: Facts, language: str) -> str:
    """Write the plain first page of a brief by itself.

    Args:
        facts: the facts of the brief.
        language: one of `lead.LANGUAGES`.

    Returns:
        A page of HTML that asks for no other address.

    Raises:
        UsageError: there is no first page in that language.
        MissingExtra: the extra `share` is not installed.
    """
    words = Words(language)
    return fill("page.html.j2", **facts, words=words, lead=lead(facts, words))


def diffusion_page(facts: Facts, language: str) -> str:
    """Write the page on how technology spreads; nothing in it asks for another address.

    Args:
        facts: the facts of a brief.
        language: one of `diffusion.LANGUAGES`.

    Returns:
        A page of HTML.

    Raises:
        UsageError: there is no page in that language.
        MissingExtra: the extra `share` is not installed.
    """
    values = page_values(facts, language)
    return fill("diffusion.html.j2", **facts, script=bundle(), **values)


def pdf(facts: Facts) -> bytes:
    """Write the whole page as PDF, with its charts drawn as SVG.

    Args:
        facts: the facts of a brief.

    Returns:
        The bytes of the PDF.

    Raises:
        MissingExtra: the extra `pdf` is not installed.
    """
    weasyprint = require("weasyprint", extra="pdf")
    converter = require("vl_convert", extra="share")
    pictures = {}
    for chart in charts(facts):
        width, most = PRINT_SIZE.get(chart["section"], WHOLE_SIZE)
        own = {"width": width, "autosize": {"type": "pad"}}
        own["height"] = min(chart["spec"].get("height", most), most)
        own["config"] = chart["spec"].get("config", {}) | {"font": PRINT_FONT}
        pictures[chart["id"]] = plain_scales(converter.vegalite_to_svg(chart["spec"] | own))
    page = _whole(facts, script="", pictures=pictures)
    found: bytes = weasyprint.HTML(string=page, url_fetcher=_refuse).write_pdf()
    return found


def plain_scales(svg: str) -> str:
    """Draw a scale of colours as bars of one colour each: some readers of PDF show no gradient.

    Args:
        svg: a chart as Vega writes it.

    Returns:
        The same with a bar for each stop of a gradient, from left to right, in its colour.

    >>> told = plain_scales(
    ...     '<path d="M0,0h20v8h-20Z" fill="url(#g)"/><linearGradient id="g"><stop offset="0" '
    ...     'stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient>'
    ... )
    >>> told.count("<rect"), "url(" in told
    (2, False)
    """
    stops = {
        name: re.findall(r'stop-color="([^"]+)"', inside)
        for name, inside in re.findall(
            r'<linearGradient id="([^"]+)".*?>(.*?)</linearGradient>', svg
        )
    }

    def bars(found: re.Match[str]) -> str:
        width, height, name = float(found[1]), found[2], found[3]
        colours = stops[name]
        each = width / len(colours)
        # Each reaches under the next one, so that no line of the page shows between them.
        return "".join(
            f'<rect x="{at * each:.2f}" y="0" width="{min(each + 1, width - at * each):.2f}" '
            f'height="{height}" fill="{colour}"/>'
            for at, colour in enumerate(colours)
        )

    return re.sub(
        r'<path d="M0,0h([\d.]+)v([\d.]+)h-[\d.]+Z" fill="url\(#([^)]+)\)"[^>]*/>', bars, svg
    )


def first_sheet(facts: Facts, language: str) -> bytes:
    """Write the plain first page as PDF, on one sheet of A4.

    Args:
        facts: the facts of a brief.
        language: one of `lead.LANGUAGES`.

    Returns:
        The bytes of the PDF. Where the text is too long, it is set smaller, down to two thirds; a
        text that is longer still goes on to a second sheet.

    Raises:
        UsageError: there is no first page in that language.
        MissingExtra: the extra `pdf` is not installed.
    """
    weasyprint = require("weasyprint", extra="pdf")
    page = first_page(facts, language)
    for size in (11, 10, 9, 8, 7):
        own = weasyprint.CSS(string=f":root, body {{ font-size: {size}pt !important; }}")
        sheets = weasyprint.HTML(string=page, url_fetcher=_refuse).render(stylesheets=[own])
        if len(sheets.pages) == 1:
            break
    found: bytes = sheets.write_pdf()
    return found


def _whole(
    facts: Facts, *, script: str, pictures: dict[str, str], beside: Sequence[Any] = ()
) -> str:
    drawn, words = charts(facts), Words("en")
    return fill(
        "brief.html.j2",
        **facts,
        words=words,
        lead=lead(facts, words),
        other_violence=other_violence(facts, words),
        charts={name: [c for c in drawn if c["section"] == name] for name in SECTIONS},
        counted_under=any(row["gwno"] == ISRAEL for row in facts["risk"]),
        diffusion_sentence=sentence(facts["diffusion"], PageWords("en")),
        carried=_where_it_lies(facts),
        said_parts=say_parts(facts["parts"], PlanWords("en")),
        script=script,
        pictures=pictures,
        beside=beside,
    )


def _where_it_lies(facts: Facts) -> Facts:
    """Where the differences in deaths lie, and what the first page says of these territories."""
    words = PlanWords("en")
    told = story(facts["comparisons"], facts["outcomes"], facts["target"], words)
    rows = [row for row in facts["comparisons"] if row["outcome"] == "deaths"]
    return {
        "warnings": told["warnings"],
        "drivers": [
            f"{row['portfolio']}: {' '.join(driver_sentences(row['driver'], words))}"
            for row in rows
            if row["against"] == STATUS_QUO and row["driver"] and not row["driver"]["only"]
        ],
    }


def _refuse(address: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"a brief asks for no address: {address}")
