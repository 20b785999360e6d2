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
    assert found["carries"]
    assert found["risk"] is risk[0]
    assert (driver(tables, LAYERED, QUO, "deaths") or {})["risk"] is None


def test_differences_that_cancel_out_do_not_hide_each_other() -> None:
    tables = outcomes(region=(200, 190), Chad=(100, 60), Mali=(100, 130))
    found = driver(tables, LAYERED, QUO, "deaths")
    assert found is not None
    # What others lose, one territory cannot have more than all of.
    assert (found["share"], found["territory"], found["rest"]) == (1.0, "Chad", 30)
    assert found["carries"]
    assert found["both_ways"]
    alike = outcomes(region=(200, 150), Chad=(100, 60), Mali=(100, 90))
    assert not (driver(alike, LAYERED, QUO, "deaths") or {})["both_ways"]
    even = outcomes(region=(200, 200), Chad=(100, 60), Mali=(100, 140))
    assert not (driver(even, LAYERED, QUO, "deaths") or {})["carries"]


def test_the_share_is_what_a_reader_works_out_from_the_rest() -> None:
    tables = outcomes(region=(0, 0), Chad=(100, 20), Mali=(50, 60), Niger=(50, 38))
    found = driver(tables, LAYERED, QUO, "deaths")
    assert found is not None
    assert found["share"] == pytest.approx(80 / (80 + 2))
    spread = outcomes(region=(0, 0), Chad=(100, 90), Mali=(100, 92), Niger=(100, 91))
    few = driver(spread, LAYERED, QUO, "deaths")
    assert few is not None
    assert (few["carries"], few["share"]) == (False, pytest.approx(10 / 27))


def test_there_is_none_of_levels_of_no_difference_and_of_unknown_portfolios() -> None:
    tables = outcomes(region=(200, 200), Chad=(100, 100))
    assert driver(tables, LAYERED, QUO, "deaths") is None
    assert driver(tables, LAYERED, QUO, "grievance") is None
    assert driver(tables, "other", QUO, "deaths") is None
    assert driver({"outcomes": tables["outcomes"].clear()}, LAYERED, QUO, "deaths") is None
