"""Reading a file to forecast: what a spreadsheet does to it, and what cannot be trusted."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packed import excel, parquet
from tocsin.anticipate import forecast_table
from tocsin.anticipate.data.history import as_history, history_of
from tocsin.anticipate.data.panel import Panel
from tocsin.errors import SourceRefused, TocsinError, UsageError
from tocsin.observe import example_files, read_table

SERIES = next(path for path in example_files() if path.name.startswith("ged_sb"))


def read(path: Path) -> Panel:
    table = read_table(path)
    return history_of(table.sound(), "ged_sb", name=table.name, lines=table.lines)


def forecast(path: Path, origin: str, horizon: int = 2) -> pl.DataFrame:
    return forecast_table(
        read(path), origin=origin, horizon=horizon, draws=50, seed=1, target="ged_sb"
    )


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("Syria,2020-13,1", "line 3, column month"),
        ("Syria,2020-2,1", "line 3, column month"),
        ("Syria,Feb-20,1", "line 3, column month"),
        ("Syria,,1", "line 3, column month"),
        ("Syria,2020-02x,1", "line 3, column month"),
        ("Syria,0001-01,1", "line 3, column month"),
        ("Syria,2020-02,-1", "line 3, column ged_sb"),
        ("Syria,2020-02,1e12", "line 3, column ged_sb"),
        ("Syria,2020-02,1.5", "line 3, column ged_sb"),
        ("Syria,2020-02,inf", "line 3, column ged_sb"),
        ("Syria,2020-02,x", "line 3, column ged_sb"),
        (",2020-02,1", "line 3, column country"),
        ("Syria,2020-01,5", "line 2, column month"),
        (" Syria ,2020-01-01,5", "line 2, column month"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(tmp_path: Path, row: str, place: str) -> None:
    path = tmp_path / "h.csv"
    path.write_text(f"country,month,ged_sb\nSyria,2020-01,1\n{row}\n")
    with pytest.raises(SourceRefused, match=place):
        read(path)


def _plain() -> bytes:
    return b"country,month,ged_sb\nSyria,2020-01,1\nSyria,2020-02,3\nMali,2020-02,\n"


@pytest.mark.parametrize(
    "data",
    [
        _plain(),
        b"\xef\xbb\xbf" + _plain(),
        _plain().replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + _plain().replace(b"\n", b"\r\n"),
        _plain().replace(b"2020-01", b"2020-01-01").replace(b"2020-02", b"2020-02-01"),
        _plain().replace(b",3", b",3.0"),
        _plain().replace(b"Syria", b'"Syria"').replace(b",1\n", b',"1"\n'),
        _plain().replace(b"Syria,", b" Syria , "),
        _plain().replace(b"\n", b",more\n").replace(b"more", b"notes", 1),
        _plain().replace(b",", b";"),
        gzip.compress(_plain(), mtime=0),
        excel(_plain()),
        parquet(_plain()),
        b"ged_sb,note,month,country\n1,,2020-01,Syria\n3,a,2020-02,Syria\n",
    ],
)
def test_what_a_spreadsheet_does_to_a_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "h.csv"
    path.write_bytes(data)
    found = read(path)
    assert found.territories == ("Syria",)
    assert found.deaths.tolist() == [[1.0, 3.0]]


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"country,month,deaths\nSyria,2020-01,1\n", UsageError, "deaths"),
        (b"country,month,ged_sb\n", SourceRefused, "no row"),
        (b"country,month,ged_sb\nSyria,2020-01,\n", SourceRefused, "No row"),
        (b"", SourceRefused, "empty"),
        (b"country,month,ged_sb\nC\x81te,2020-01,1\n", SourceRefused, "UTF-8"),
        (b"country,month,ged_sb\nMali,2020-01\n", SourceRefused, "line 2"),
        (b"\x1f\x8b\x08\x00broken", SourceRefused, "damaged"),
    ],
)
def test_a_file_that_is_none(
    tmp_path: Path, data: bytes, error: type[TocsinError], words: str
) -> None:
    path = tmp_path / "h.csv"
    path.write_bytes(data)
    with pytest.raises(error, match=words):
        read(path)


def test_frames_of_any_library_are_taken() -> None:
    rows = {"country": ["Mali", "Mali"], "month": ["2020-01", "2020-02"], "ged_sb": [1, 2]}
    frame = pl.DataFrame(rows).with_columns(pl.col("month").str.to_date("%Y-%m"))
    known = history_of(frame, "ged_sb")
    assert known.deaths.tolist() == [[1.0, 2.0]]
    assert as_history(known, "ged_sb") is known
    assert as_history(frame.to_arrow(), "ged_sb").deaths.tolist() == [[1.0, 2.0]]
    pandas = pytest.importorskip("pandas")
    assert as_history(pandas.DataFrame(rows), "ged_sb").deaths.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize(
    ("table", "error", "words"),
    [
        ({"country": ["Mali"]}, UsageError, "not a dict"),
        (pl.DataFrame({"country": ["Mali"], "month": ["2020-01"]}), UsageError, "ged_sb"),
        (pl.DataFrame({"country": ["Mali"], "month": [1], "ged_sb": [2]}), SourceRefused, "row 1"),
        (
            pl.DataFrame({"country": ["Mali"], "month": ["2020-01"], "ged_sb": [[2]]}),
            UsageError,
            "column ged_sb",
        ),
    ],
)
def test_a_frame_that_is_no_history(table: object, error: type[TocsinError], words: str) -> None:
    with pytest.raises(error, match=words):
        history_of(table, "ged_sb")


months = st.tuples(st.integers(2015, 2018), st.integers(1, 12))
values = st.one_of(st.just(0), st.integers(0, 30), st.integers(0, 10_000_000))
histories = st.dictionaries(
    st.tuples(st.sampled_from(["Mali", "Syria", "Atlantis", "A, B", "é"]), months),
    values,
    min_size=1,
    max_size=60,
)


def written(path: Path, rows: dict[tuple[str, tuple[int, int]], int]) -> str:
    text = "".join(f'"{name}",{y}-{m:02d},{v}\n' for (name, (y, m)), v in rows.items())
    path.write_text("country,month,ged_sb\n" + text, encoding="utf-8")
    last = max(key[1] for key in rows)
    return f"{last[0]}-{last[1]:02d}"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=histories)
def test_every_count_is_kept_and_nothing_is_made_up(tmp_path: Path, rows: dict) -> None:  # type: ignore[type-arg]
    path = tmp_path / "h.csv"
    written(path, rows)
    found = read(path)
    assert int((~np.isnan(found.deaths)).sum()) == len(rows)
    assert np.nansum(found.deaths) == sum(rows.values())
    for (name, (year, month)), value in rows.items():
        column = next(t for t, m in enumerate(found.months) if (m.year, m.month) == (year, month))
        assert found.deaths[found.territories.index(name), column] == value


@pytest.mark.slow
@settings(
    deadline=None,
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=histories)
def test_gaps_and_late_comers_are_forecast_with_width(tmp_path: Path, rows: dict) -> None:  # type: ignore[type-arg]
    """Countries come and go, months are missing: who is alive has draws that are not all one."""
    path = tmp_path / "h.csv"
    origin = written(path, rows)
    found = forecast_table(
        read(path), origin=origin, horizon=2, draws=1000, seed=1, target="ged_sb"
    )
    year, month = int(origin[:4]), int(origin[5:])
    alive = {name for name, (y, m) in rows if (year - y) * 12 + month - m < 12}
    assert set(found["country"]) == alive
    assert found.height == len(alive) * 2 * 1000
    assert (found["outcome"] >= 0).all()
    assert found["outcome"].is_finite().all()
    spread = found.group_by("country", "month").agg(pl.col("outcome").n_unique())
    assert (spread["outcome"] > 1).all()


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every sixth country of the example's series: to learn from them takes a sixth of the time."""
    path = tmp_path_factory.mktemp("some") / "some.csv"
    names = pl.read_csv(SERIES)["country"].unique().sort().gather_every(6)
    pl.read_csv(SERIES).filter(pl.col("country").is_in(names.to_list())).write_csv(path)
    return path


@pytest.mark.slow
def test_names_and_shape_are_those_of_the_file(some: Path) -> None:
    found = forecast(some, "2017-10")
    assert found.columns == ["country", "month", "draw", "outcome"]
    living = set(pl.read_csv(some).filter(pl.col("month") == "2017-10")["country"])
    assert set(found["country"]) == living
    assert len(living) > 30
    assert found["month"].unique().sort().to_list() == ["2017-11", "2017-12"]
    assert found.height == len(living) * 2 * 50
    assert (found["outcome"] >= 0).all()
    assert (found["outcome"] == found["outcome"].round()).all()


@pytest.mark.slow
def test_the_future_is_not_looked_at(some: Path, tmp_path: Path) -> None:
    whole = pl.read_csv(some)
    path = tmp_path / "cut.csv"
    whole.filter(pl.col("month") <= "2017-10").write_csv(path)
    assert forecast(path, "2017-10").equals(forecast(some, "2017-10"))


QUIET = "".join(f"A,20{year}-0{month},0\n" for year in range(10, 20) for month in range(1, 10))


@pytest.mark.parametrize("body", ["Syria,2020-01,7\n", QUIET])
def test_one_month_or_all_zero_is_forecast_with_width(tmp_path: Path, body: str) -> None:
    path = tmp_path / "h.csv"
    path.write_text("country,month,ged_sb\n" + body)
    origin = body.strip().splitlines()[-1].split(",")[1]
    found = forecast_table(
        read(path), origin=origin, horizon=2, draws=1000, seed=1, target="ged_sb"
    )
    assert found.height == 2000
    assert found["outcome"].n_unique() > 1


@pytest.mark.slow
@pytest.mark.parametrize("origin", ["2030-01", "October", "2017-13"])
def test_an_origin_outside_the_file(origin: str) -> None:
    with pytest.raises(UsageError):
        forecast(SERIES, origin)


COUNTS = pl.DataFrame(
    {
        "country": "Mali",
        "month": pl.date_range(date(2020, 1, 1), date(2021, 12, 1), "1mo", eager=True),
        "deaths": range(24),
    }
)


@pytest.mark.parametrize("form", ["%Y%m", "%Y%m%d"])
@pytest.mark.parametrize("kind", [pl.String, pl.Int64, pl.Float64])
def test_months_may_be_numbers_of_six_or_eight_digits(form: str, kind: type[pl.DataType]) -> None:
    month = pl.col("month").dt.strftime(form).cast(pl.Int64).cast(kind)
    found = history_of(COUNTS.with_columns(month), "deaths")
    assert found.months == tuple(COUNTS["month"])


def test_midnights_of_another_time_zone_are_no_months() -> None:
    """Kept in universal time, midnight in Damascus lies in the month before."""
    here = pl.col("month").cast(pl.Datetime).dt.replace_time_zone("Asia/Damascus")
    with pytest.raises(SourceRefused, match="2019-12-31 22:00"):
        history_of(COUNTS.with_columns(here.dt.convert_time_zone("UTC")), "deaths")
    for fine in (here, here.dt.offset_by("5h"), here.dt.offset_by("1mo").dt.offset_by("-1s")):
        found = history_of(COUNTS.with_columns(fine), "deaths")
        assert found.months == tuple(COUNTS["month"])


def test_a_number_of_the_month_beside_a_year_is_told() -> None:
    parts = COUNTS.with_columns(pl.col("month").dt.year().alias("year"), pl.col("month").dt.month())
    with pytest.raises(SourceRefused, match="'year' stands beside it") as told:
        history_of(parts, "deaths")
    assert "202110" in str(told.value)


def test_rows_of_one_month_are_to_be_added_up() -> None:
    with pytest.raises(SourceRefused, match="add up 'deaths'"):
        history_of(pl.concat([COUNTS, COUNTS]), "deaths")


def test_a_table_without_any_count_says_so() -> None:
    with pytest.raises(SourceRefused, match="No row has a count in 'deaths'"):
        history_of(COUNTS.with_columns(deaths=pl.lit(None, pl.Int64)), "deaths")
    with pytest.raises(SourceRefused, match="There is no row"):
        history_of(COUNTS.head(0), "deaths")


def test_thousands_may_be_separated() -> None:
    table = pl.DataFrame(
        {"country": ["Mali"] * 3, "month": ["2020-01", "2020-02", "2020-03"],
         "ged_sb": ["1 204", "1,204", "7"]}
    )  # fmt: skip
    assert history_of(table, "ged_sb").deaths.tolist()[0][-3:] == [1204, 1204, 7]
    pointed = table.with_columns(ged_sb=pl.Series(["1.204", "1.000", "7"]))
    assert history_of(pointed, "ged_sb").deaths.tolist()[0][-3:] == [1204, 1000, 7]
    broken = table.with_columns(ged_sb=pl.Series(["1.204", "1.5", "7"]))
    with pytest.raises(SourceRefused, match="whole count"):
        history_of(broken, "ged_sb")
