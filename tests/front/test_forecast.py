"""A forecast comes with its record, the same from any frame, and refuses what it must."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import tocsin
from offers import offer
from tocsin.anticipate import forecast_table
from tocsin.errors import PluginFailed, SourceRefused, StageNotReady, TocsinError, UsageError

MONTHS = pl.date_range(date(2018, 1, 1), date(2023, 12, 1), "1mo", eager=True)
COUNTS = pl.concat(
    [
        pl.DataFrame(
            {"country": name, "month": MONTHS, "deaths": [i * step % 7 for i in range(72)]}
        )
        for name, step in (("Mali", 1), ("Niger", 3))
    ]
)  # fmt: skip
ASKED = {"horizon": 3, "model": "zero-inflated", "draws": 100}


@pytest.mark.slow
def test_the_same_from_any_frame_and_from_a_file(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    one = tocsin.forecast(COUNTS, **ASKED)
    COUNTS.write_csv(tmp_path / "counts.csv")
    as_text = COUNTS.with_columns(pl.col("month").dt.strftime("%Y-%m")).to_pandas()
    others = [
        COUNTS.to_pandas(),
        COUNTS.to_pandas().set_index(["country", "month"]),
        COUNTS.to_pandas().assign(month=lambda d: pandas.PeriodIndex(d.month, freq="M")),
        as_text,
        COUNTS.to_arrow(),
        COUNTS.sample(fraction=1.0, shuffle=True, seed=1),
        tmp_path / "counts.csv",
    ]
    for other in others:
        found = tocsin.forecast(other, **ASKED)
        assert found.summary.equals(one.summary)
        assert found.record.equals(one.record)
        assert (found.draws == one.draws).all()


@pytest.mark.slow
def test_draws_are_those_of_the_command_line_and_labelled() -> None:
    found = tocsin.forecast(COUNTS, origin="2022-10", **ASKED)
    rows = forecast_table(COUNTS, origin="2022-10", horizon=3, draws=100, seed=found.seed,
                         target="deaths", model="zero-inflated")  # fmt: skip
    draws = found.draws
    assert draws.dims == ("unit", "month", "draw")
    assert draws.shape == (2, 3, 100)
    mali = draws.sel(unit="Mali", month="2022-12").values.ravel()
    theirs = rows.filter(country="Mali", month="2022-12")["outcome"].to_numpy()
    assert (mali == theirs).all()
    assert found.summary.filter(country="Mali")["mean"][1] == pytest.approx(mali.mean())
    assert draws.attrs["origin"] == "2022-10"


def test_the_record_stands_beside_it() -> None:
    found = tocsin.forecast(COUNTS, **ASKED)
    assert found.record["model"][0] == "zero-inflated"
    assert found.record.filter(window="all", horizon=0, region="all").height == 2
    assert set(found.record["model"]) == {"zero-inflated", "last twelve months"}
    assert found.record.filter("chosen")["model"].unique().to_list() == ["zero-inflated"]
    text = repr(found)
    assert "record 2021 to 2023: zero-inflated: mean CRPS" in text
    assert "last twelve months" in text
    baseline = tocsin.forecast(COUNTS, 3, "last twelve months", draws=100)
    assert set(baseline.record["model"]) == {"last twelve months"}
    with pytest.raises(StageNotReady, match=r"No year of .* months? can be scored") as caught:
        tocsin.forecast(COUNTS.filter(pl.col("month") >= date(2022, 1, 1)), **ASKED)
    assert "four complete years" in caught.value.remedy


@pytest.mark.slow
def test_the_table_series_and_what_was_read() -> None:
    whole = COUNTS.rename({"country": "territory"}).with_columns(
        gwno=pl.col("territory").replace_strict({"Mali": 432, "Niger": 436}, return_dtype=pl.Int64),
        target=pl.lit("ged_sb"),
    )
    found = tocsin.forecast(whole, **ASKED)
    assert found.target == "ged_sb"
    assert found.summary["country"].unique().sort().to_list() == ["Mali", "Niger"]
    two = pl.concat([whole, whole.with_columns(target=pl.lit("ged_ns"))])
    assert tocsin.forecast(two, **ASKED).summary.equals(found.summary)
    with pytest.raises(UsageError, match="no count 'ged_os'"):
        tocsin.forecast(two, target="ged_os", **ASKED)


@pytest.mark.slow
def test_units_that_ended_are_told() -> None:
    ended = COUNTS.filter((pl.col("country") == "Mali") | (pl.col("month") < date(2022, 1, 1)))
    found = tocsin.forecast(ended, **ASKED)
    assert found.left_out.rows() == [("Niger", date(2021, 12, 1))]
    assert found.draws.shape[0] == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("frame", "asked", "error", "words"),
    [
        (COUNTS, {"model": "zero inflatd"}, UsageError, "Did you mean 'zero-inflated'"),
        (COUNTS, {"horizon": 37}, UsageError, "from 1 to 36"),
        (COUNTS, {"horizon": 2.5}, UsageError, "whole number"),
        (COUNTS, {"draws": 2}, UsageError, "from 10"),
        (COUNTS, {"seed": -1}, UsageError, "seed"),
        (COUNTS, {"origin": "2030-01"}, UsageError, "2018-01 to 2023-12"),
        (COUNTS, {"origin": "last"}, UsageError, "not a month"),
        (COUNTS, {"origin": 2022}, UsageError, "'2022' is not a month"),
        (COUNTS, {"model": None}, UsageError, "No forecaster is called 'None'"),
        (COUNTS, {"target": 3}, UsageError, "no count '3'"),
        (COUNTS, {"target": "death"}, UsageError, "Did you mean 'deaths'"),
        (COUNTS.rename({"country": "Country"}), {}, UsageError, "Rename 'Country' to 'country'"),
        (COUNTS.drop("month"), {}, UsageError, "missing: month"),
        (COUNTS.drop("deaths"), {}, UsageError, "no count"),
        (COUNTS.with_columns(more=1), {}, UsageError, "Which of 2 counts"),
        (COUNTS.with_columns(pl.col("deaths") - 1), {}, SourceRefused, "'-1' is not a whole"),
        (COUNTS.with_columns(pl.lit("May").alias("month")), {}, SourceRefused, "not a month"),
        (pl.concat([COUNTS, COUNTS]), {}, SourceRefused, "there twice"),
        (COUNTS.clear(), {}, TocsinError, "no row"),
        ([1, 2], {}, UsageError, "not a list"),
        (None, {}, UsageError, "not None"),
        ("no_such_file.csv", {}, UsageError, "no such file"),
    ],
)
def test_what_is_wrong_is_refused_at_the_door(frame, asked, error, words) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error) as caught:
        tocsin.forecast(frame, **(ASKED | asked))
    assert words in f"{caught.value.where} {caught.value.what} {caught.value.remedy}"


@pytest.mark.slow
def test_an_origin_and_numbers_may_be_those_of_pandas_and_numpy() -> None:
    pandas = pytest.importorskip("pandas")
    plain = tocsin.forecast(COUNTS, **(ASKED | {"origin": "2022-10", "draws": 50}))
    for origin in (
        pandas.Timestamp("2022-10-05 10:00"), pandas.Period("2022-10", "M"),
        np.datetime64("2022-10"), datetime(2022, 10, 1, 5), date(2022, 10, 31),
    ):  # fmt: skip
        asked = ASKED | {"origin": origin, "draws": np.int64(50)}
        found = tocsin.forecast(COUNTS, **asked)  # type: ignore[arg-type]
        assert found.origin == date(2022, 10, 1)
        assert found.summary.equals(plain.summary)


@pytest.mark.slow
def test_a_model_of_another_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def level(history, horizon, draws):  # type: ignore[no-untyped-def]
        history.deaths[:] = 10.0  # its own copy
        return np.full((len(history.gwnos), horizon, draws), 2.0)

    def short(history, horizon, draws):  # type: ignore[no-untyped-def]
        return np.zeros((1, horizon, draws))

    offer(monkeypatch, "tocsin.forecasters", level=level, short=short)
    found = tocsin.forecast(COUNTS, 3, "level", draws=50)
    assert found.summary["mean"].unique().to_list() == [2.0]
    assert found.plot("Mali").to_dict()["layer"]
    assert found._history["deaths"].max() == 6
    with pytest.raises(PluginFailed, match=r"'short' of the package 'demo 1\.0' gave draws"):
        tocsin.forecast(COUNTS, 3, "short", draws=50)


def test_a_plot_of_what_is_not_forecast_is_refused() -> None:
    with pytest.raises(UsageError, match="Did you mean 'Mali'"):
        tocsin.forecast(COUNTS, **ASKED).plot("mali")


def test_months_that_are_absent_are_said_and_may_be_zero() -> None:
    months = pl.date_range(date(2017, 1, 1), date(2023, 12, 1), "1mo", eager=True)
    some = [month for at, month in enumerate(months) if at % 4 == 0 or month == months[-1]]
    counts = pl.DataFrame({"country": "Mali", "month": some, "deaths": 8})

    def ahead(absent: str) -> tocsin.front.forecast.Forecast:
        return tocsin.forecast(counts, 3, "last twelve months", draws=50, absent=absent)

    unknown, zero = ahead("unknown"), ahead("zero")
    assert "absent='zero'" in unknown.notes[0]
    assert zero.notes == ()
    assert zero.summary["mean"].mean() < unknown.summary["mean"].mean() / 2  # type: ignore[operator]
    with pytest.raises(UsageError, match="absent"):
        ahead("maybe")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"country": "nation", "month": "mois"}, "Rename 'nation' to 'country'. Rename 'mois' to"),
        ({"deaths": "year"}, "There is no count"),
    ],
)
def test_headings_in_other_words_are_understood(change: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        tocsin.forecast(_counts().rename(change), model="zero-inflated")


def test_a_unit_a_column_is_told_how_to_stand() -> None:
    wide = _counts().select("month", Mali="deaths", Chad="deaths")
    with pytest.raises(UsageError, match="melt"):
        tocsin.forecast(wide, model="zero-inflated")


def test_a_function_is_no_name_of_a_forecaster() -> None:
    with pytest.raises(UsageError, match="by its name"):
        tocsin.forecast(_counts(), model=len)  # type: ignore[arg-type]


def test_counts_that_are_texts_are_counts() -> None:
    told = _counts().with_columns(pl.col("deaths").cast(pl.String), year=pl.lit(2020))
    found = tocsin.forecast(told, horizon=2, model="zero-inflated", draws=20)
    assert found.target == "deaths"


def _counts() -> pl.DataFrame:
    months = pl.date_range(date(2018, 1, 1), date(2023, 12, 1), "1mo", eager=True)
    return pl.DataFrame({"country": "Mali", "month": months, "deaths": [n % 5 for n in range(72)]})
