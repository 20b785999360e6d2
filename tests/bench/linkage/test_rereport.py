"""The noise model: seeded, complete in its truth, and harder level by level."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.bench.linkage.measure import events_of
from tocsin.bench.linkage.rereport import LEVELS, rereport


def test_the_same_seed_tells_the_same(seen: dict[str, pl.DataFrame]) -> None:
    events = events_of(seen["reports"], before=True).head(300)
    one, truth_one = rereport(events, "heavy", sources=2, seed=3)
    two, truth_two = rereport(events, "heavy", sources=2, seed=3)
    assert all(a.equals(b) for a, b in zip(one, two, strict=True))
    assert truth_one.equals(truth_two)
    other, _ = rereport(events, "heavy", sources=2, seed=4)
    assert not one[0].equals(other[0])


@pytest.mark.parametrize("level", LEVELS)
def test_every_report_has_its_events(seen: dict[str, pl.DataFrame], level: str) -> None:
    events = events_of(seen["reports"], before=True).head(300)
    files, truth = rereport(events, level, sources=3, seed=1)
    assert set(truth["event"]) <= set(events["id"])
    for number, file in enumerate(files):
        assert set(file["id"]) == set(truth.filter(pl.col("source") == number)["id"])
        assert file["id"].n_unique() == file.height


@pytest.fixture(scope="module")
def measured(seen: dict[str, pl.DataFrame]) -> dict[str, dict[str, float]]:
    """What a source of each level really did to 1,500 events, as shares and kilometres."""
    events = events_of(seen["reports"], before=True).sort("id").head(1500)
    found = {}
    for level in LEVELS:
        (file, *_), truth = rereport(events, level, sources=1, seed=1)
        told = truth.join(file, on="id").join(events, left_on="event", right_on="id", suffix="_was")
        once = told.filter(pl.len().over("event") == 1, pl.len().over("id") == 1)
        told_day, real_day = (
            pl.col(name).str.slice(0, 10) for name in ("date_start", "date_start_was")
        )
        north = (pl.col("lat").cast(float) - pl.col("latitude").cast(float)).abs() * 111.2
        found[level] = once.select(
            moved=(told_day != real_day).mean(),
            off=(north > 0.01).mean(),
            km=north.filter(north > 0.01).quantile(0.5),
            renamed=(pl.col("actor1") != pl.col("side_a")).fill_null(True).mean(),
            miscounted=(pl.col("deaths").cast(float) != pl.col("best").cast(float)).mean(),
            uncounted=pl.col("deaths").is_null().mean(),
        ).to_dicts()[0] | {
            "omitted": 1 - truth["event"].n_unique() / events.height,
            "parts": truth.filter(pl.len().over("event") > 1)["event"].n_unique() / events.height,
            "joined": truth.filter(pl.len().over("id") > 1)["id"].n_unique() / events.height,
        }  # fmt: skip
    return found


def test_a_noisier_level_really_errs_more(measured: dict[str, dict[str, float]]) -> None:
    light, medium, heavy = (measured[level] for level in ("light", "medium", "heavy"))
    for kind in light:
        assert light[kind] < medium[kind] < heavy[kind], kind
    assert light["omitted"] > 0.05


@pytest.mark.parametrize("level", LEVELS)
def test_errors_are_as_frequent_as_declared(
    measured: dict[str, dict[str, float]], level: str
) -> None:
    noise, found = LEVELS[level], measured[level]
    # Four standard errors of a share among 1,500 events are at most 0.052.
    assert found["omitted"] == pytest.approx(noise.omit, abs=0.04 + 0.1 * noise.omit)
    assert found["uncounted"] == pytest.approx(noise.no_count, abs=0.04)
    # A moved day may also come from a day that was blurred into a range.
    assert noise.move_date - 0.04 < found["moved"] < noise.move_date + noise.blur_date + 0.04
    assert found["off"] > noise.jitter - 0.06


def test_real_sources_agree_as_little_as_was_measured(seen: dict[str, pl.DataFrame]) -> None:
    events = events_of(seen["reports"], before=True).sort("id").head(3000)
    files, truth = rereport(events, "real", sources=2, seed=1)
    told = [truth.filter(source=n).join(f, on="id") for n, f in enumerate(files)]
    for one in told:
        assert 0.28 < one["event"].n_unique() / events.height < 0.42
    both = told[0].join(told[1], on="event").drop_nulls("deaths").drop_nulls("deaths_right")
    many = both.filter(pl.col("deaths").cast(float) >= 5)
    ratio = (many["deaths"].cast(float) + 0.5).log() - (
        many["deaths_right"].cast(float) + 0.5
    ).log()
    assert 0.7 < ratio.to_numpy().std() < 1.1
