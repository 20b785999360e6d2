"""What all charts share: colours safe for the colour-blind, fonts, and how a chart is placed.

Maps use the scale 'cividis' (Nuñez, Anderton and Renslow 2018), lines and marks the palette of
`tocsin.base.display.colours`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from tocsin.base.display.colours import AMBER, BLUE, GREEN, GREY, LAND, ORANGE, PINK, SKY
from tocsin.base.iris import put_off_grammars
from tocsin.errors import require
from tocsin.share.facts.words import Facts

__all__ = [
    "AMBER", "BLUE", "CIVIDIS", "FULL", "GREEN", "GREY", "INK", "LAND", "ORANGE", "PINK", "SKY",
    "TECHNOLOGY_COLOURS", "Spec", "altair", "place", "trusted",
]  # fmt: skip

Spec = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")

INK = "#1b2733"
CIVIDIS = ("#fee838", "#bbae6d", "#7c7b78", "#00224e")
"""Four steps of that scale, darker with more."""


TECHNOLOGY_COLOURS = {
    "Uncrewed aircraft": BLUE,
    "Improvised explosives": ORANGE,
    "Guided or indirect fire": GREEN,
    "Cyber": PINK,
    "Information operations": SKY,
}


FULL: Any = "container"


_CONFIG: Spec = {
    "font": "system-ui, sans-serif",
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": INK},
    "legend": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "orient": "bottom",
        "columns": 1,
        "symbolOpacity": 1,
        "labelLimit": 0,
        "titleLimit": 0,
    },
    "view": {"stroke": None},
    "title": {"anchor": "start", "fontSize": 14, "color": INK},
}


def altair() -> ModuleType:
    """Import the library of charts, without the grammars of IRIs that no chart has.

    Returns:
        The module `altair`.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    put_off_grammars()
    return require("altair", extra="share")


def trusted(draw: Callable[P, T]) -> Callable[P, T]:
    """Draw charts without checking each of their parts against the grammar of Vega-Lite.

    That they keep to it is seen by a test; to check them anew each time took a third of a page.

    Args:
        draw: a function that draws charts.

    Returns:
        The function, which draws the same without that check.
    """

    @wraps(draw)
    def unchecked(*args: P.args, **more: P.kwargs) -> T:
        altair()
        from altair.utils.schemapi import debug_mode

        with debug_mode(False):
            return draw(*args, **more)

    return unchecked


def place(name: str, section: str, chart: Any, *, title: str, alt: str, height: int) -> Facts:
    """Make an Altair chart ready for the page: as wide as its place there.

    Args:
        name: the identifier of the chart in the page.
        section: the section of the page in which it stands.
        chart: an Altair chart.
        title: what stands above it.
        alt: what it shows in words, for people who cannot see it.
        height: its height in pixels.

    Returns:
        `id, section, title, alt`, and `spec`, the chart as a specification of Vega-Lite.
    """
    chart = chart.properties(width=FULL, height=height, background="white").configure(**_CONFIG)
    spec = chart.to_dict(validate=False)
    # One legend below the other, so that none is cut on a phone; Altair does not know the option.
    spec["config"]["legend"]["layout"] = {"bottom": {"direction": "vertical", "anchor": "start"}}
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    # The last label of an axis stands half beyond the axis.
    spec["padding"] = {"left": 5, "top": 5, "right": 18, "bottom": 5}
    return {"id": name, "section": section, "title": title, "alt": alt, "spec": spec}
