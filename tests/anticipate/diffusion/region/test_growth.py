"""Growth in use: from a first use to an established one."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.anticipate.diffusion.region.growth import diffusion_growth
from tocsin.anticipate.diffusion.region.picture import make_picture
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
