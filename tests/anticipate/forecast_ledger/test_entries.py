"""What goes into the ledger, and how it is scored, once."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.data.panel import add_months
from tocsin.anticipate.forecast_ledger.entries import ledger_entries, randomised_pit, score_entries
from tocsin.schema import TABLES, empty

ORIGIN = date(2020, 6, 1)


def drawn() -> pl.DataFrame:
    random = np.random.default_rng(1)
    rows = [
        {
            "territory": "x", "gwno": gwno, "target": "ged_sb", "origin": ORIGIN,
            "month": add_months(ORIGIN, h), "model": "m", "source": "made up",
            "draws": random.poisson(gwno, 500).astype(float).tolist(),
        }
        for gwno in (1, 2) for h in (1, 2, 3)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def series(upto: int, shift: int = 0) -> pl.DataFrame:
    rows = [
        {
            "territory": "x", "gwno": gwno, "month": add_months(ORIGIN, h), "target": "ged_sb",
            "deaths": gwno * 10 + h + 30 + (shift if h > 0 else 0), "source": "truth",
        }
        for gwno in (1, 2) for h in range(-20, upto + 1)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def ledger() -> pl.DataFrame:
    return ledger_entries(drawn(), series(0), issue="a", issued_at="2020-07-01T00:00:00+00:00")


def test_the_ledger_holds_what_was_known_when_it_was_issued() -> None:
    found = ledger()
    assert found["horizon"].to_list() == [1, 2, 3] * 2
    assert found["last_12"][0].to_list() == [float(10 + h + 30) for h in range(-11, 1)]
    later = ledger_entries(drawn(), series(3), issue="a", issued_at="2020-07-01T00:00:00+00:00")
    assert found.equals(later)
    quantiles = found["quantiles"][0].to_numpy()
    assert np.mean(quantiles) == pytest.approx(np.mean(drawn()["draws"][0].to_list()), abs=0.05)


def test_a_forecast_is_scored_once_its_month_has_come() -> None:
    none = empty(TABLES["forecast_scores"])
    first = score_entries(ledger(), none, series(2), scored_at="t1")
    assert first["horizon"].to_list() == [1, 2, 1, 2]
    assert score_entries(ledger(), first, series(2), scored_at="t2").is_empty()
    second = score_entries(ledger(), first, series(3), scored_at="t2")
    assert second["horizon"].to_list() == [3, 3]
    assert second["revision"].to_list() == [0, 0]


def test_a_revised_truth_is_a_new_row() -> None:
    first = score_entries(ledger(), empty(TABLES["forecast_scores"]), series(1), scored_at="t1")
    second = score_entries(ledger(), first, series(1, shift=5), scored_at="t2")
    assert second["revision"].to_list() == [1, 1]
    assert (second["truth"] - first["truth"]).to_list() == [5.0, 5.0]
    both = pl.concat([first, second])
    back = score_entries(ledger(), both, series(1), scored_at="t3")
    assert back["revision"].to_list() == [2, 2]
    assert back["truth"].to_list() == first["truth"].to_list()


@pytest.mark.parametrize("seed", range(4))
def test_ranks_of_a_right_forecast_are_uniform(seed: int) -> None:
    random = np.random.default_rng(seed)
    rate = random.gamma(0.5, 4.0, 3000)[:, None]
    said = np.sort(random.poisson(rate, (3000, 99)), axis=1).astype(float)
    ranks = randomised_pit(said, random.poisson(rate[:, 0]).astype(float), random.random(3000))
    assert ((ranks > 0) & (ranks < 1)).all()
    # Kolmogorov's distance; beyond 0.04 with n = 3000 has a chance of about 1 in 7,000.
    gap = np.abs(np.sort(ranks) - (np.arange(3000) + 0.5) / 3000).max()
    assert gap < 0.04
