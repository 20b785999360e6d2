"""Portfolios are compared from a forecast; levers and mechanisms come by name."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import tocsin
from tocsin.errors import UsageError

MONTHS = pl.date_range(date(2018, 1, 1), date(2023, 12, 1), "1mo", eager=True)
COUNTS = pl.concat(
    [
        pl.DataFrame({"country": name, "month": MONTHS, "deaths": [i % 7 for i in range(72)]})
        for name in ("Mali", "Niger")
    ]
)


@pytest.fixture(scope="module")
def ahead() -> tocsin.Forecast:
    return tocsin.forecast(COUNTS, model="zero-inflated", draws=100)


@pytest.mark.slow
def test_the_default_portfolios(ahead: tocsin.Forecast) -> None:
    found = tocsin.compare(ahead, futures=20)
    assert found.portfolios["portfolio"].unique(maintain_order=True).to_list() == [
        "status quo", "enforcement-heavy", "layered",
    ]  # fmt: skip
    assert found.outcomes["territory"].unique().sort().to_list() == ["Mali", "Niger", "region"]
    again = tocsin.compare(ahead, futures=20)
    assert again.differences.equals(found.differences)
    assert "20 futures" in repr(found)


@pytest.mark.slow
def test_what_is_wrong_is_named(ahead: tocsin.Forecast) -> None:
    cases = {
        "No portfolio is named": {},
        "Did you mean 'dialogue'": {"x": {"dialog": 0.5}},
        "An effort of 2 is not": {"x": {"dialogue": 2}},
        "An effort of 'much' is not": {"x": {"dialogue": "much"}},
        "Portfolios are told by name": ["x"],
        "each with its efforts by lever": {"x": ["dialogue"]},
    }
    for words, portfolios in cases.items():
        with pytest.raises(UsageError) as caught:
            tocsin.compare(ahead, portfolios, futures=20)  # type: ignore[arg-type]
        assert words in f"{caught.value.what} {caught.value.remedy}"
    with pytest.raises(UsageError, match="No mechanism is called 'tides'"):
        tocsin.compare(ahead, futures=20, mechanisms=["tides"])
    with pytest.raises(UsageError, match="2 to 1,000,000"):
        tocsin.compare(ahead, futures=1)
    nowhere = COUNTS.with_columns(pl.lit("Atlantis").alias("country")).head(72)
    elsewhere = tocsin.forecast(nowhere, model="zero-inflated", draws=100)
    with pytest.raises(UsageError, match="No territory is called 'Atlantis'"):
        tocsin.compare(elsewhere, futures=20)
    with pytest.raises(UsageError, match="Columns are missing"):
        tocsin.compare(COUNTS, futures=20)


def test_counts_are_no_forecasts() -> None:
    counts = pl.DataFrame({"country": ["Mali"], "month": ["2021-10"], "deaths": [3]})
    with pytest.raises(UsageError, match=r"what `tocsin\.forecast` returned"):
        tocsin.compare(counts)
