"""Templates of pages: text from users is never markup, and a blank that lacks is an error."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from tocsin.base.display.quantity import quantity
from tocsin.errors import require
from tocsin.share.facts.words import cautious_share, figure, percent, percent_bound, write_minus


@cache
def environment(folder: str, *, extra: str) -> Any:
    """Make what draws the templates of a folder; each is read once.

    Args:
        folder: the folder, as seen from the package `tocsin.share`.
        extra: the extra that brings the library.

    Returns:
        An environment of Jinja.

    Raises:
        MissingExtra: the extra is not installed.
    """
    jinja2 = require("jinja2", extra=extra)
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("tocsin.share", folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["percent"] = percent
    found.filters["figure"], found.filters["minus"] = figure, write_minus
    found.filters["cautious"] = cautious_share
    found.filters["percent_bound"] = percent_bound
    found.filters["counted"] = quantity
    return found


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
    style = files("tocsin.share.page").joinpath("templates/brief.css").read_text("utf-8")
    found = environment("page/templates", extra="share").get_template(template)
    return str(found.render(style=style, **values))
