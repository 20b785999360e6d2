"""What the stage says where there is nothing that it could forecast."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import tocsin.anticipate as room
from tocsin.anticipate import STEP
from tocsin.errors import StageNotReady
from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.schema.step import Given


@pytest.mark.parametrize(
    ("months", "said"), [(46, "46 months: any forecast needs"), (60, "set target .*: deaths_all")]
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


def test_forecasts_are_made_once_for_all_that_decides_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether in this workspace, in another one, or ahead in another process."""
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path))
    made: list[tuple[int, int]] = []

    def anticipate(series: pl.DataFrame, *, seed: int, **_asked: Any) -> dict[str, pl.DataFrame]:
        made.append((series["deaths"].sum(), seed))
        return {"forecasts": pl.DataFrame({"mean": [len(made)]})}

    monkeypatch.setattr(room, "anticipate", anticipate)
    months = [date(2019 + at // 12, at % 12 + 1, 1) for at in range(48)]
    series = pl.DataFrame({"gwno": [41] * 48, "month": months, "deaths": range(48)})
    given = Given(Settings())
    first = room._remember_forecasts(series, given)
    # The same rows, in other chunks of memory.
    again = room._remember_forecasts(pl.concat([series.head(7), series.tail(41)]), given)
    assert first["forecasts"].equals(again["forecasts"])
    assert made == [(1128, Settings().seed)]
    room._remember_forecasts(series.with_columns(pl.col("deaths") + 1), given)
    room._remember_forecasts(series, Given(Settings(seed=9)))
    monkeypatch.setattr("tocsin.anticipate.models.registry.FORECASTER", "zero-inflated")
    room._remember_forecasts(series, given)
    assert made[1:] == [(1176, Settings().seed), (1128, 9), (1128, Settings().seed)]
