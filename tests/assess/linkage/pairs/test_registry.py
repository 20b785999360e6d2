"""Comparisons of other packages are tried before they are used, and act only when asked for."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from offers import offer
from tocsin.assess.linkage.link import link_records
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.classes import add_classes
from tocsin.assess.linkage.pairs.comparisons import Comparison, Level, comparison_columns
from tocsin.assess.linkage.pairs.features import FEATURES, Feature
from tocsin.assess.linkage.pairs.registry import (
    COMPARISONS,
    REAL,
    WHOLE,
    Addition,
    choose_comparisons,
)
from tocsin.assess.linkage.records.records import records, sheet
from tocsin.assess.linkage.waterfall import waterfall
from tocsin.errors import PluginFailed

GROUP = "tocsin.comparisons"
MOST = Feature("greatest(high_l, high_r)", lambda a, b: np.maximum(a["high"], b["high"]))
LEVELS = (Level("many", (("most", ">=", 5),), 0.3), Level("few", (), 0.7))


def large(**changed: object) -> Addition:
    given = {"name": "large", "known": "counted", "levels": LEVELS} | changed
    features = given.pop("features", {"most": MOST})
    return Addition(Comparison(**given), features)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def features_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = dict(FEATURES)
    monkeypatch.setattr("tocsin.assess.linkage.pairs.comparisons.FEATURES", FEATURES)
    yield
    FEATURES.clear()
    FEATURES.update(kept)


def test_own_comparisons_stay_first() -> None:
    assert COMPARISONS.names()[:4] == ["time", "place", "actors", "deaths"]
    assert [one.name for one in choose_comparisons(("type",))] == [
        "time",
        "place",
        "actors",
        "deaths",
        "type",
    ]


@pytest.mark.slow
def test_it_is_used_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, GROUP, large=large())
    day = [f"2021-{month:02d}-{day:02d}" for month in range(1, 9) for day in (3, 17)]
    frame = pl.DataFrame({"id": [f"{i}" for i in range(16)], "date": day, "place": "Gao",
                          "deaths": [str(i) for i in range(16)]})  # fmt: skip
    rows = records([sheet("a", frame), sheet("b", frame)])
    without, linked = link_records(rows), link_records(rows, others=["large"])
    assert [one.name for one in choose_comparisons((), ["large"])][-1] == "large"
    assert "large" not in waterfall(without)["comparison"].to_list()
    steps = waterfall(linked)
    assert "large" in steps["comparison"].to_list()
    totals = steps.group_by("left", "right").agg(pl.col("bits").sum(), pl.col("total").last())
    assert totals["bits"].to_list() == pytest.approx(totals["total"].to_list())


@pytest.mark.parametrize(
    ("addition", "words"),
    [
        ("text", "is no tocsin.assess"),
        (large(name="small"), "is called 'small' inside"),
        (large(features={}), "'most >=', which is no feature"),
        (large(known="seen"), "'seen =='"),
        (large(features={"gap": MOST, "most": MOST}), "a feature 'gap', which is there already"),
        (large(features={"most": MOST, "a;b": MOST}), "no name of a column"),
        (large(levels=LEVELS[:1]), "two levels or more"),
        (large(levels=LEVELS[::-1]), "the last without a condition"),
        (large(levels=(LEVELS[0], Level("few", (), 1.5))), "not between 0 and 1"),
        (large(levels=(LEVELS[0], Level("few", (), 0.0))), "not between 0 and 1"),
        (large(levels=(LEVELS[0], Level("few", (), 1.0))), "not between 0 and 1"),
        (large(features={"most": Feature("high_l", MOST.numpy)}), "other numbers in SQL"),
        (large(features={"most": Feature("no_such_column", MOST.numpy)}), "raised BinderException"),
        (large(features={"most": Feature(MOST.sql, lambda a, b: a["x"])}), "raised KeyError"),
        (large(features={"most": Feature(MOST.sql, lambda a, b: 3)}), "not a number"),
    ],
)
def test_what_is_no_comparison_is_named(
    monkeypatch: pytest.MonkeyPatch, addition: object, words: str
) -> None:
    offer(monkeypatch, GROUP, large=[addition] if isinstance(addition, str) else addition)
    with pytest.raises(PluginFailed, match="comparison 'large' of the package 'demo") as caught:
        choose_comparisons((), ["large"])
    assert words in caught.value.what
    assert "most" not in FEATURES


EAST = "(lon_l - lon_r) * (half_l + half_r)"


def test_a_feature_reads_the_columns_that_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried on made pairs is there when reports are linked: kilometres east, too."""
    rows = records([sheet("a", pl.DataFrame({"id": ["1"], "date": ["2021-01-01"], "lat": ["10"],
                                             "lon": ["20"]}))])  # fmt: skip
    nothing = Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64))
    classed, _ = add_classes(rows, nothing, known={}, taxonomy={})
    assert {*WHOLE, *REAL} <= set(comparison_columns(classed, ()).columns)
    east = Feature(EAST, lambda a, b: (a["lon"] - b["lon"]) * (a["half"] + b["half"]))
    levels = (Level("east of it", (("east", ">=", 0),), 0.5), Level("west of it", (), 0.5))
    offer(monkeypatch, GROUP, large=large(levels=levels, features={"east": east}))
    found = choose_comparisons((), ["large"])[-1]
    sides = [{name: np.array([1.0, x]) for name in (*WHOLE, *REAL)} for x in (0.0, 2.0)]
    # Of reports that do not count deaths nothing is compared.
    sides[0]["best"] = np.array([1.0, -1.0])
    assert found.gamma(*sides).tolist() == [1, -1]
