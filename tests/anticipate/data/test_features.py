"""Features know nothing of later months."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy.signal import lfilter

from tocsin.anticipate.data.features import borders, features, recent
from tocsin.anticipate.data.panel import panel


@pytest.mark.slow
def test_a_later_month_changes_no_earlier_feature(seen: dict[str, pl.DataFrame]) -> None:
    whole = panel(seen["series"].filter(pl.col("target") == "ged_sb"))
    cut = whole.upto(date(2015, 6, 1))
    keep = [whole.gwnos.index(gwno) for gwno in cut.gwnos]
    assert len(keep) == 191
    now, then = features(whole), features(cut)
    width = len(cut.months)
    assert np.allclose(now[0][:, :width], then[0])
    assert np.allclose(now[1][:, :width], then[1])
    assert np.isfinite(now[0]).all()


def test_borders_are_mutual(seen: dict[str, pl.DataFrame]) -> None:
    found = borders(panel(seen["series"].filter(pl.col("target") == "ged_sb")))
    assert (found == found.T).all()
    assert found.sum() > 500


def test_means_that_fade_have_the_bits_of_a_filter() -> None:
    random = np.random.default_rng(1)
    values = random.lognormal(2, 2, (30, 90)).round()
    values[random.random(values.shape) < 0.2] = np.nan
    known, fade = ~np.isnan(values), 0.5 ** (1 / 3)
    total, weight = (
        lfilter([1.0], [1.0, -fade], one, axis=1)
        for one in (np.where(known, values, 0.0), known.astype(float))
    )
    assert (recent(values, 3) == total / np.maximum(weight, 1e-9)).all()
    assert (recent(values, 3)[np.cumsum(known, axis=1) == 0] == 0).all()
