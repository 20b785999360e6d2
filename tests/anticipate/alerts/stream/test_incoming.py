"""The watch over real streams is out of sample, and says how far it can be trusted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.alerts.stream import incoming
from tocsin.anticipate.alerts.stream.hawkes import Hawkes, simulate
from tocsin.anticipate.alerts.stream.incoming import find_anomalies
from tocsin.base import cache

USUAL = Hawkes(background=0.8, season=(0.0, 0.0), fast=0.4, slow=0.2, half_life=3.0, dispersion=1.4)
BEGUN = date(2016, 1, 1)


def incidents(burst: int = 0, upto: date = date(2019, 12, 31)) -> pl.DataFrame:
    counts = simulate(USUAL, np.random.default_rng(8), days=1461, paths=1)[0].astype(int)
    counts[(date(2018, 6, 1) - BEGUN).days] += burst
    days = [BEGUN + timedelta(days=i) for i, n in enumerate(counts) for _ in range(n)]
    return pl.DataFrame({"date_start": days}).filter(pl.col("date_start") <= upto).with_columns(
        gwno=pl.lit(652), territory=pl.lit("Syria"), date_prec=pl.lit(1)
    )  # fmt: skip


@pytest.fixture(scope="module")
def found() -> dict[str, pl.DataFrame]:
    return find_anomalies(incidents(burst=25), [652, 645], rate=1.0, seed=1)


@pytest.mark.slow
def test_a_burst_is_an_anomaly_on_its_day(found: dict[str, pl.DataFrame]) -> None:
    hit = found["anomalies"].filter(
        pl.col("first_day") <= date(2018, 6, 1), pl.col("last_day") >= date(2018, 6, 1)
    )
    assert hit.height == 1
    assert hit["observed"][0] >= 25
    assert hit["p_value"][0] < hit["threshold"][0]


@pytest.mark.slow
def test_each_territory_watched_has_a_record(found: dict[str, pl.DataFrame]) -> None:
    row = found["anomaly_record"].to_dicts()
    assert [one["gwno"] for one in row] == [652]
    assert row[0]["first_day"] == date(2017, 1, 1)
    assert row[0]["simulated_rate"] == pytest.approx(1.0, abs=0.35)
    assert row[0]["alarms"] == found["anomalies"].height


@pytest.mark.slow
def test_later_incidents_change_no_earlier_alarm(found: dict[str, pl.DataFrame]) -> None:
    short = find_anomalies(incidents(burst=25, upto=date(2018, 12, 31)), [652], rate=1.0, seed=1)
    before = pl.col("last_day") < date(2018, 12, 20)
    assert short["anomalies"].filter(before).equals(found["anomalies"].filter(before))


@pytest.mark.slow
def test_a_short_or_empty_stream_is_not_watched() -> None:
    short = find_anomalies(incidents(upto=date(2016, 9, 1)), [652], rate=1.0, seed=1)
    assert all(frame.is_empty() for frame in short.values())
    vague = incidents().with_columns(date_prec=pl.lit(5))
    assert all(
        frame.is_empty() for frame in find_anomalies(vague, [652], rate=1.0, seed=1).values()
    )


@pytest.mark.slow
def test_the_same_stream_is_judged_once_and_another_again(
    found: dict[str, pl.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    judged = []

    def judge(streams: object, rate: float, seed: int) -> dict[str, pl.DataFrame]:
        judged.append((rate, seed))
        return found

    monkeypatch.setattr(incoming, "_anomaly_tables", judge)
    asked = incidents(burst=25)
    other = incidents(burst=26)
    for frame, rate, seed in (
        (asked, 1.0, 1), (asked.sample(fraction=1, shuffle=True, seed=2), 1.0, 1), (asked, 2.0, 1),
        (asked, 1.0, 2), (other, 1.0, 1),
    ):  # fmt: skip
        again = find_anomalies(frame, [652, 645], rate=rate, seed=seed)
        assert {name: again[name].equals(found[name]) for name in found} == dict.fromkeys(
            found, True
        )
    assert judged == [(1.0, 1), (2.0, 1), (1.0, 2), (1.0, 1)]
