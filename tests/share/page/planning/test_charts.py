"""Charts of the page on portfolios: what is drawn is what is told, in colours and in shapes."""

from __future__ import annotations

import pytest

from tocsin.share.page.planning.charts import PALETTE, SHAPES, explorer, pathway_map, picture
from tocsin.share.page.planning.words import PlanWords


@pytest.mark.slow
def test_the_explorer_has_a_point_for_each_pair_of_outcomes() -> None:
    rows = [
        {"portfolio": name, "outcome": label.lower(), "label": label, "unit": "u",
         "mean": 1.0, "low": 0.0, "high": 2.0}
        for name in ("a", "b")
        for label in ("Deaths", "Cost")
    ]  # fmt: skip
    spec = explorer(rows, PlanWords("fr"))["spec"]
    assert len(spec["data"]["values"]) == 8
    # Each axis says what it shows, in which unit, and whether it is a difference.
    said = {one["x_label"]: one["x_said"] for one in spec["data"]["values"]}
    assert said == {
        "Deaths": "Deaths\u00a0: écart par rapport\nau statu quo, u",
        "Cost": "Cost,\nu",
    }
    names = [one["name"] for one in spec["params"]]
    assert {"across", "up"} <= set(names)
    assert len(PALETTE) == len(set(PALETTE)) == len(SHAPES) == len(set(SHAPES))


@pytest.mark.slow
def test_pathways_are_drawn_as_a_picture_also_without_years() -> None:
    row = {"use": "a", "action": "a", "after": None, "colour": "#0072b2", "signpost": ""}
    for begin, end in ((None, None), (2026.0, 2030.0)):
        drawn = picture(pathway_map([row | {"begin": begin, "end": end}], PlanWords("en")))
        assert drawn.startswith("<svg")
        assert "http" not in drawn.replace("http://www.w3.org", "")
