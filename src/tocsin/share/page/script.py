"""The script of a page: the libraries that draw its charts, and a few lines that call them."""

from __future__ import annotations

from functools import cache

import numpy as np

from tocsin.base.cache import remember
from tocsin.errors import require

_SNIPPET = """
for (const table of document.querySelectorAll(".wide table")) {
  const names = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent);
  for (const row of table.querySelectorAll("tbody tr")) {
    [...row.cells].forEach((cell, at) => { cell.dataset.label = names[at] || ""; });
  }
  table.classList.add("labelled");
}
for (const box of document.querySelectorAll("[data-chart]")) {
  const spec = JSON.parse(document.getElementById("spec-" + box.dataset.chart).textContent);
  vegaEmbed(box, spec, { actions: false, renderer: "svg", ast: true })
    .then(() => { box.dataset.done = "yes"; })
    .catch((error) => { box.dataset.done = "failed"; box.textContent = String(error); });
}
"""


@cache
def bundle() -> str:
    """Give the script that draws the charts of a page, to stand within it.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    converter = require("vl_convert", extra="share")

    def compute() -> dict[str, np.ndarray]:
        written = converter.javascript_bundle(_SNIPPET).encode()
        return {"script": np.frombuffer(written, dtype=np.uint8)}

    # To put the libraries of the page into one script takes two seconds each time.
    key = {"snippet": _SNIPPET, "vl_convert": converter.__version__}
    bundle = remember("scripts", key, compute)["script"].tobytes().decode()
    # The page's own end tag must not stand within the script.
    return bundle.replace("</script", "<\\/script")
