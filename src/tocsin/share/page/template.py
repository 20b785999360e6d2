"""Templates of pages: text from users is never markup, and a blank that lacks is an error."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from tocsin.errors import require
from tocsin.share.facts.words import cautious_share, percent


def fill(template: str, **values: Any) -> str:
    """Fill a template of a page.

    Args:
        template: the name of its file.
        values: what stands in its blanks, by their names; `style` is the house's own.

    Returns:
        The page.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    jinja2 = require("jinja2", extra="share")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tocsin.share", "page/templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    environment.filters["cautious"] = cautious_share
    style = files("tocsin.share.page").joinpath("templates/brief.css").read_text("utf-8")
    return str(environment.get_template(template).render(style=style, **values))
