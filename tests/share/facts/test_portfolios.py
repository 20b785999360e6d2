"""Where a difference lies: the territory that makes up most of it, and the rest."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.share.facts.portfolios import driver

QUO, LAYERED = "status quo", "layered"


def outcomes(**means: tuple[float, float]) -> dict[str, pl.DataFrame]:
    rows = [
        {"portfolio": portfolio, "outcome": "deaths", "territory": name, "mean": mean}
        for name, pair in means.items()
        for portfolio, mean in zip((QUO, LAYERED), pair, strict=True)
    ]
    return {"outcomes": pl.DataFrame(rows)}


def test_the_territory_with_most_of_a_difference_is_named_with_its_risk() -> None:
    tables = outcomes(region=(1100, 1000), Chad=(90, 85), Mali=(900, 830), Niger=(110, 85))
    risk = [{"territory": "Mali", "far": "fallen"}, {"territory": "Chad", "far": ""}]
    found = driver(tables, LAYERED, QUO, "deaths", risk)
    assert found is not None
    assert (found["territory"], found["rest"]) == ("Mali", -30)
    assert found["share"] == pytest.approx(0.7)
    assert found["risk"] is risk[0]
    assert (driver(tables, LAYERED, QUO, "deaths") or {})["risk"] is None


def test_differences_that_cancel_out_do_not_hide_each_other() -> None:
    tables = outcomes(region=(200, 200), Chad=(100, 60), Mali=(100, 140))
    found = driver(tables, LAYERED, QUO, "deaths")
    assert found is not None
    assert (found["share"], found["territory"], found["rest"]) == (0.5, "Chad", 40)


def test_there_is_none_of_levels_of_no_difference_and_of_unknown_portfolios() -> None:
    tables = outcomes(region=(200, 200), Chad=(100, 100))
    assert driver(tables, LAYERED, QUO, "deaths") is None
    assert driver(tables, LAYERED, QUO, "grievance") is None
    assert driver(tables, "other", QUO, "deaths") is None
    assert driver({"outcomes": tables["outcomes"].clear()}, LAYERED, QUO, "deaths") is None
