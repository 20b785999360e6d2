"""The page: one file that opens anywhere, offline, and the same page as PDF."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from tocsin.errors import require
from tocsin.share.charts import charts
from tocsin.share.facts import Facts, percent

_SNIPPET = """
for (const box of document.querySelectorAll("[data-chart]")) {
  const spec = JSON.parse(document.getElementById("spec-" + box.dataset.chart).textContent);
  vegaEmbed(box, spec, { actions: false, renderer: "svg", ast: true })
    .then(() => { box.dataset.done = "yes"; })
    .catch((error) => { box.dataset.done = "failed"; box.textContent = String(error); });
}
"""
SECTIONS = ("risk", "fans", "alerts", "adoption", "portfolios", "record")
"""The sections that hold charts."""
PRINT_WIDTH = 620
"""Points across a printed page, for charts that cannot ask how wide they may be."""


def html(facts: Facts) -> str:
    """The page with live charts. Nothing in it asks for another address."""
    return _render(facts, script=_bundle(), pictures={})


def pdf(facts: Facts) -> bytes:
    """The page as PDF, its charts drawn as SVG.

    Raises:
        MissingExtra: the extra `pdf` is not installed.
    """
    weasyprint = require("weasyprint", extra="pdf")
    converter = require("vl_convert", extra="share")
    pictures = {}
    for chart in charts(facts):
        spec = chart["spec"] | {"width": PRINT_WIDTH, "autosize": {"type": "pad"}}
        pictures[chart["id"]] = converter.vegalite_to_svg(spec)
    page = _render(facts, script="", pictures=pictures)
    found: bytes = weasyprint.HTML(string=page, url_fetcher=_refuse).write_pdf()
    return found


def _render(facts: Facts, *, script: str, pictures: dict[str, str]) -> str:
    jinja2 = require("jinja2", extra="share")
    folder = files("tocsin.share")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["percent"] = percent
    template = environment.from_string(folder.joinpath("brief.html.j2").read_text("utf-8"))
    drawn = charts(facts)
    return str(
        template.render(
            **facts,
            charts={name: [c for c in drawn if c["section"] == name] for name in SECTIONS},
            style=folder.joinpath("brief.css").read_text("utf-8"),
            script=script,
            pictures=pictures,
        )
    )


@cache
def _bundle() -> str:
    converter = require("vl_convert", extra="share")
    bundle: str = converter.javascript_bundle(_SNIPPET)
    # The page's own end tag must not stand within the script.
    return bundle.replace("</script", "<\\/script")


def _refuse(address: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"a brief asks for no address: {address}")
