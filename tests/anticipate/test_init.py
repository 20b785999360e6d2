"""What the stage says where there is nothing that it could forecast."""

from __future__ import annotations

import re
from datetime import date

import polars as pl
import pytest

from tocsin.anticipate import STEP
from tocsin.errors import StageNotReady
from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.schema.step import Given


@pytest.mark.parametrize(
    ("months", "said"), [(46, "46 months: a forecast needs"), (60, "set target .*: deaths_all")]
)
def test_a_log_that_is_too_short_is_told_so_at_once(months: int, said: str) -> None:
    """A log without state-based deaths was told to set another target, then that it is short."""
    days = [date(2019 + at // 12, at % 12 + 1, 1) for at in range(months)]
    counted = pl.DataFrame({
        "territory": ["Haiti"] * months, "gwno": [41] * months, "month": days,
        "target": ["deaths_all"] * months, "deaths": [1] * months,
    })  # fmt: skip
    own = empty(TABLES["incident_series"])
    names = [name for name in counted.columns if name in own.columns]
    told = pl.concat([own, counted.select(names).cast({n: own.schema[n] for n in names})],
                     how="diagonal")  # fmt: skip
    with pytest.raises(StageNotReady) as caught:
        STEP.function(
            {"series": empty(TABLES["series"]), "incident_series": told}, Given(Settings())
        )
    assert re.search(said, caught.value.remedy or "")
