"""The data set of all futures: the numbers of the plan's tables, with labels, also from a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import xarray

from tocsin.plan import dataset, plan
from tocsin.plan.portfolios import SHIPPED
from tocsin.plan.portfolios.declared import Portfolio
from tocsin.plan.portfolios.rules import parse_rule
from tocsin.plan.region.outcomes import OUTCOMES
from tocsin.schema import TABLES, empty
from tocsin.schema.vocabulary.lever import LEVERS
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

TODAY = SHIPPED.portfolios[STATUS_QUO]
RULE = parse_rule("if attribution confidence under 0.5 then dialogue to 1.0", LEVERS)
# Three portfolios in two territories, as in `plan.test_init`: one compiled program serves both.
FILE = replace(
    SHIPPED,
    portfolios={
        STATUS_QUO: TODAY, "again": TODAY, "careful": Portfolio("Careful", TODAY.measures, (RULE,)),
    },
)  # fmt: skip
FORECASTS = pl.DataFrame({"gwno": [432, 436], "horizon": [1, 1], "mean": [30.0, 30.0]})
ASKED: dict[str, Any] = {"gwnos": [432, 436], "futures": 32, "seed": 1, "portfolios": FILE}
TABLES_THERE = {"forecasts": FORECASTS, "adoption": empty(TABLES["adoption"])}


@pytest.mark.slow
def test_it_has_the_numbers_of_the_plans_tables_and_comes_back_from_a_file(tmp_path: Path) -> None:
    found, tables = dataset(TABLES_THERE, **ASKED), plan(TABLES_THERE, **ASKED)
    assert dict(found.sizes) == {
        "portfolio": 3, "future": 32, "territory": 2, "year": 10, "followed": 32,
        "parameter": len(found["parameter"]), "lever": len(SHIPPED.levers),
    }  # fmt: skip
    assert found["territory"].values.tolist() == ["Mali", "Niger"]
    assert found.attrs["seed"] == 1
    for row in tables["outcomes"].iter_rows(named=True):
        one = found[row["outcome"]].sel(portfolio=row["portfolio"]).astype("float64")
        assert one.attrs["units"] == row["unit"]
        if row["territory"] == "region":
            by = OUTCOMES[row["outcome"]].how
            one = one if one.ndim == 1 else one.sum("territory") if by == "sum" else one.mean(
                "territory"
            )  # fmt: skip
        else:
            one = one.sel(territory=row["territory"])
        assert float(one.mean()) == pytest.approx(row["mean"], rel=1e-5, abs=1e-6)
    # A rule's doing is in it, and each future stands beside itself.
    assert (
        found["deaths"].sel(portfolio="again") == found["deaths"].sel(portfolio="status quo")
    ).all()
    assert (
        found["deaths"].sel(portfolio="careful") != found["deaths"].sel(portfolio="again")
    ).any()
    for name in ("deaths", "displaced"):
        whole = found[name].astype("float64")
        years = found[f"{name}_by_territory_and_year"].astype("float64").sum("year")
        np.testing.assert_allclose(years.values, whole.values, rtol=1e-4)
        region = found[f"{name}_by_year"].astype("float64").sum("year")
        np.testing.assert_allclose(region.values, whole.sum("territory").values, rtol=1e-4)
    found.to_netcdf(tmp_path / "f.nc", engine="scipy")
    with xarray.open_dataset(tmp_path / "f.nc", engine="scipy") as held:
        xarray.testing.assert_equal(held.load(), found)
        assert held["deaths"].attrs == found["deaths"].attrs


@pytest.mark.parametrize(("name", "said"), [("deaths", "added up"), ("capability", "at the end")])
def test_each_outcome_says_how_years_become_one_number(name: str, said: str) -> None:
    from tocsin.plan.play.labelled import WHOLE

    assert said in WHOLE[OUTCOMES[name].how]
