"""Growth in use: from a first use to an established one."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.hazard.posterior import Posterior
from tocsin.anticipate.diffusion.region.growth import _cases, _monthly_rate, diffusion_growth
from tocsin.anticipate.diffusion.region.picture import make_picture
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.errors import StageNotReady
from tocsin.schema import TABLES, conform

Tables = dict[str, pl.DataFrame]


@pytest.mark.slow
def test_uses_that_sum_up_to_five_have_grown(region: Tables) -> None:
    picture = make_picture(region, imputations=2)
    rows = diffusion_growth(region, picture, worlds=9, seed=1)
    conform(TABLES["diffusion_growth"], rows.with_columns(source=pl.lit("s")))
    assert rows["channel"].to_list() == ["ties", "not by network"]
    assert rows["mean"].sum() == pytest.approx(1.0)
    # Eight organisations told of three uses in each of two quarters; four were told of none.
    assert rows.select("users", "grown").row(0) == (12, 8)
    # Each grows a little over a year after its first use, and others wait some years more.
    assert 1 / 90 < rows["rate"][0] < 1 / 12
    assert rows["rate_low"][0] < rows["rate"][0] < rows["rate_high"][0]
    assert rows.equals(diffusion_growth(region, picture, worlds=9, seed=1))


def test_too_little_growth_is_said(region: Tables) -> None:
    few = region["adoption_quarters"].filter(pl.col("actor_id").is_in(["1", "2"]))
    picture = make_picture(region, imputations=2)
    with pytest.raises(StageNotReady, match="2 uses grew"):
        diffusion_growth(region | {"adoption_quarters": few}, picture, worlds=9, seed=1)


def test_a_use_has_grown_at_the_end_of_the_quarter_in_which_it_sums_up(region: Tables) -> None:
    picture = make_picture(region, imputations=2)
    cases, grown = _cases(region["adoption_quarters"], picture)
    assert [cases.actors[one] for one in cases.actor] == sorted(map(str, range(12)))
    days = dict(zip((int(cases.actors[one]) for one in cases.actor), grown, strict=True))
    zero = date(1970, 1, 1)
    for n in range(12):
        first = date.fromordinal(date(2010, 1, 1).toordinal() + 400 + 230 * n)
        # Three uses in the first quarter of its year and three a year later, known in April.
        known = (date(first.year + 1, 4, 1) - zero).days if n < 8 else np.inf
        assert days[n] == known
        mine = [cases.actors[one] for one in cases.actor].index(str(n))
        # Of twelve draws the median is five or six days after the first.
        assert 0 <= cases.entry[mine] - (first - zero).days <= 6
        assert cases.adopts[mine] == (n < 8)
        assert cases.exit[mine] >= (known if n < 8 else 0)
    assert (cases.stays >= cases.exit).all()
    assert cases.covariates.shape == (12, 0)


def test_the_rate_of_growth_is_by_month_and_adds_what_comes_over_each_channel() -> None:
    """A window of 40 months: at risk for 1.5 windows in all, exposed for half and a quarter."""
    table = pl.DataFrame({"actor": ["a", "b"], "technology": "x", "time": [20.0, None]})
    cases = read_cases(table, end=40.0)
    zero = np.zeros(1, dtype=np.int64)
    design = Design(
        zero, zero, zero, zero, np.zeros((1, 2)), np.array([[[0.3, 0.2]], [[0.0, 0.25]]]),
        np.array([[0.5, 0.25], [0.5, 0.25]]), np.zeros(2, dtype=np.int64), zero, np.zeros((2, 0)),
        np.ones(2),
    )  # fmt: skip
    posterior = Posterior(
        np.array([[2.0], [4.0]]), np.ones((2, 1)), np.ones((2, 1, 2)), np.zeros((2, 0)),
        np.array([[[3.0], [1.0]], [[0.0], [8.0]]]), np.zeros(2), np.zeros((2, 2)), 1.0, 0,
    )  # fmt: skip
    assert cases.clock.month == 1.0
    expected = np.array([2 * 1.5 + 3 * 0.5 + 1 * 0.25, 4 * 1.5 + 8 * 0.25]) / 1.5 / 40
    np.testing.assert_allclose(_monthly_rate(cases, design, posterior), expected)
    days = read_cases(
        table.with_columns(time=pl.Series(["2020-01-01", ""])), start="2019-01-01",
        end="2023-01-01",
    )  # fmt: skip
    found = _monthly_rate(days, design, posterior)
    np.testing.assert_allclose(found, expected * 40 / 48, rtol=1e-3)
