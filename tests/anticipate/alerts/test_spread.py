"""First use and neighbours, on a made-up ledger over Syria and its neighbours."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.anticipate.alerts.spread import spread, spread_evidence

SYRIA, IRAQ, MALI = 652, 645, 432
FIRST = Rule(name="f", kind="first-use", technology="cyber", within=6, probability=0.2)
NEXT = Rule(name="n", kind="neighbour", technology="cyber", within=6, probability=0.2)


def incidents() -> pl.DataFrame:
    rows = [(g, str(g), day) for g in (SYRIA, IRAQ, MALI)
            for day in (date(2010, 1, 5), date(2014, 12, 5))]  # fmt: skip
    return pl.DataFrame(rows, schema=["gwno", "territory", "date_start"], orient="row")


def quarters(*uses: tuple[int, date, float]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"gwno": g, "quarter": q, "expected": e, "technology": "cyber"} for g, q, e in uses],
        schema={"gwno": pl.Int64, "quarter": pl.Date, "expected": pl.Float64,
                "technology": pl.String},
    )  # fmt: skip


def test_a_quarter_is_known_when_it_is_over_and_a_doubtful_use_is_none() -> None:
    found = spread(
        "cyber",
        quarters((SYRIA, date(2012, 1, 1), 0.4), (SYRIA, date(2012, 4, 1), 0.4),
                 (IRAQ, date(2012, 1, 1), 0.3)),
        incidents(),
    )  # fmt: skip
    assert found is not None
    seen = {g: [m for m, s in zip(found.months, found.seen[:, i], strict=True) if s]
            for i, g in enumerate(found.gwnos)}  # fmt: skip
    assert seen[SYRIA][0] == date(2012, 6, 1)
    assert seen[IRAQ] == []
    beside = found.beside[:, found.gwnos.index(IRAQ)]
    assert found.months[int(np.flatnonzero(beside)[0])] == date(2012, 6, 1)
    assert not found.beside[:, found.gwnos.index(MALI)].any()


def test_silence_counts_only_where_it_was_listened_for() -> None:
    made = spread("cyber", quarters((SYRIA, date(2012, 1, 1), 3.0)), incidents())
    assert made is not None
    case = spread_evidence(FIRST, made)
    iraq = case.gwnos.index(IRAQ)
    assert np.isnan(case.probability[:12]).all()
    assert case.event[20, iraq] == 0
    assert np.isnan(case.event[-6:, iraq]).all()
    syria = case.gwnos.index(SYRIA)
    assert case.event[21, syria] == 1
    assert np.isnan(case.probability[27:, syria]).all()


def test_the_neighbour_rule_speaks_only_beside_a_use() -> None:
    made = spread("cyber", quarters((SYRIA, date(2012, 1, 1), 3.0)), incidents())
    assert made is not None
    case = spread_evidence(NEXT, made)
    spoken = {g: (~np.isnan(case.probability[:, i])).any() for i, g in enumerate(case.gwnos)}
    assert spoken == {SYRIA: False, IRAQ: True, MALI: False}


def test_the_chance_knows_nothing_later() -> None:
    early, late = (
        spread("cyber", quarters((SYRIA, date(2012, 1, 1), 3.0), *more), incidents())
        for more in ((), ((IRAQ, date(2013, 1, 1), 3.0),))
    )
    assert early is not None
    assert late is not None
    upto = early.months.index(date(2013, 2, 1)) + 1
    one, two = (spread_evidence(FIRST, made).probability[:upto] for made in (early, late))
    np.testing.assert_array_equal(one, two)


def test_no_incidents_no_spread() -> None:
    assert spread("cyber", quarters(), incidents().clear()) is None
