"""A brief without a forecast tells what was reported, and names what is missing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tocsin.errors import StageNotReady
from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Region, Settings
from tocsin.share import brief, summary_lines
from tocsin.share.facts.reported import (
    all_violence,
    behind,
    count_doubles,
    count_reported,
    last_known,
    later,
    recent,
    recorded_deaths,
    totals,
    unseen_territories,
    wider,
)

SAHEL = Settings(region=Region(name="Sahel", territories={"Sahel": [432, 436]}))


@pytest.fixture
def tables() -> dict[str, pl.DataFrame]:
    """Two incidents in Mali, one of them with an unknown number of deaths."""
    found = {name: empty(model) for name, model in TABLES.items()}
    start = [date(2023, 1, 5), date(2024, 3, 9)]
    rows = pl.DataFrame({"date_start": start, "date_end": start, "deaths_best": [7, None]})
    rows = rows.with_columns(
        incident_id=pl.concat_str(pl.lit("i-"), pl.col("date_start").cast(pl.String)),
        territory=pl.lit("Mali"),
        gwno=pl.lit(432),
    )
    found["incidents"] = pl.concat([found["incidents"], rows], how="diagonal_relaxed")
    return found


def test_incidents_are_counted_by_territory(tables: dict[str, pl.DataFrame]) -> None:
    [row] = count_reported(tables, SAHEL)
    assert (row["territory"], row["incidents"], row["deaths"]) == ("Mali", 2, 7)
    assert unseen_territories(tables, SAHEL) == ["Niger"]
    assert last_known(tables) == date(2024, 3, 1)


def test_what_a_log_probably_tells_twice_is_counted_once(tables: dict[str, pl.DataFrame]) -> None:
    ids = [f"i-{number}" for number in range(4)]
    tables["incidents"] = pl.DataFrame(
        {"incident_id": ids, "gwno": 432, "territory": "Mali", "deaths_best": [7, 5, 6, 9]},
        schema_overrides={"deaths_best": pl.Int64},
    ).with_columns(total_of=pl.lit(None))
    tables["incident_reports"] = pl.DataFrame({"report_id": [*"abcd"], "incident_id": ids})
    pairs = [
        ("a", "b", 0.9, "open"), ("a", "c", 0.8, "open"), ("b", "c", 0.9, "open"),
        ("c", "d", 0.9, "said to be two"),
    ]  # fmt: skip
    names = ("report_a", "report_b", "probability", "verdict")
    tables["retold_pairs"] = pl.DataFrame(pairs, schema=names, orient="row")
    # Of three rows that may be one event two are too many, and not three.
    assert count_doubles(tables, SAHEL) == {"pairs": 3, "incidents": 2, "deaths": 9}
    assert (
        count_doubles(tables, Settings(region=Region(name="B", territories={"B": [439]}))) is None
    )
    tables["retold_pairs"] = tables["retold_pairs"].filter(pl.col("verdict") != "open")
    assert count_doubles(tables, SAHEL) is None


def test_deaths_of_the_latest_year_are_of_the_target(tables: dict[str, pl.DataFrame]) -> None:
    months = pl.date_range(date(2020, 1, 1), date(2021, 12, 1), "1mo", eager=True)
    one = pl.DataFrame({"month": months}).with_columns(
        territory=pl.lit("Niger"), gwno=pl.lit(436), deaths=2, source=pl.lit("x")
    )
    both = [one.with_columns(target=pl.lit(name)) for name in ("ged_sb", "ged_total")]
    tables["series"] = pl.concat(both).select(tables["series"].columns)
    assert recorded_deaths(tables, SAHEL) == [{"gwno": 436, "territory": "Niger", "deaths": 24}]


@pytest.mark.slow
def test_a_brief_of_events_has_their_page_and_no_forecast(
    tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    brief(tables, SAHEL, out=tmp_path, made=date(2024, 4, 1))
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "What was reported" in page
    assert "Nothing was read of Niger" in page
    assert 'id="risk"' not in page
    assert 'id="portfolios"' not in page
    french = (tmp_path / "index.fr.html").read_text(encoding="utf-8")
    assert "2\xa0incidents" in french
    assert "No forecast was made" in "\n".join(summary_lines(tables, SAHEL))


def test_data_of_elsewhere_make_no_brief(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    with pytest.raises(StageNotReady, match="it speaks of Mali"):
        brief(tables, Settings(), out=tmp_path / "brief")
    assert not (tmp_path / "brief").exists()


def test_a_total_of_others_is_no_incident_and_is_said(tables: dict[str, pl.DataFrame]) -> None:
    assert totals(tables, SAHEL) is None
    summed = tables["incidents"].with_columns(
        pl.when(pl.col("deaths_best").is_null()).then(3).alias("total_of")
    )
    found = {**tables, "incidents": summed}
    assert totals(found, SAHEL) == {"reports": 1, "events": 3}
    assert [row["incidents"] for row in count_reported(found, SAHEL)] == [1]


def test_incidents_of_the_last_three_months(tables: dict[str, pl.DataFrame]) -> None:
    told = [recent(tables, SAHEL, date(2023, month, 1)) for month in (1, 3, 4)]
    places = [{"gwno": 432, "territory": "Mali"}]
    assert told == [{"incidents": 1, "deaths": 7, "places": places}] * 2 + [None]
    assert recent(tables, SAHEL, date(2024, 3, 1)) == {
        "incidents": 1, "deaths": 0, "places": places,
    }  # fmt: skip


def test_places_are_those_of_which_incidents_of_any_time_were_read(
    tables: dict[str, pl.DataFrame],
) -> None:
    row = tables["incidents"].head(1).with_columns(
        gwno=pl.lit(436, pl.Int64), territory=pl.lit("Niger"), date_start=pl.lit(date(2020, 1, 1)),
    )  # fmt: skip
    more = {**tables, "incidents": pl.concat([tables["incidents"], row])}
    found = recent(more, SAHEL, date(2023, 1, 1))
    assert found is not None
    assert found["incidents"] == 1
    assert [one["gwno"] for one in found["places"]] == [432, 436]


def test_incidents_after_the_last_month_of_a_forecast(tables: dict[str, pl.DataFrame]) -> None:
    assert later(tables, SAHEL, date(2022, 1, 1)) is None  # there is no forecast
    told = {**tables, "forecasts": pl.DataFrame({"gwno": [432]})}
    days = tables["incidents"]["date_start"].sort().to_list()
    assert later(told, SAHEL, days[-1].replace(day=1)) is None
    found = later(told, SAHEL, days[0].replace(day=1))
    newer = tables["incidents"].filter(pl.col("date_start") > days[0])
    assert found is not None
    assert (found["incidents"], found["last"]) == (newer.height, days[-1])
    assert found["deaths"] == (newer["deaths_best"].sum() or 0)
    assert all(row["deaths"] > 0 for row in found["places"])


def test_all_organised_violence_beside_the_part_that_is_forecast(
    tables: dict[str, pl.DataFrame],
) -> None:
    def series(target: str, *deaths: int) -> list[dict[str, object]]:
        months = (date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1))
        return [
            {"gwno": 432, "territory": "Mali", "month": month, "target": target, "deaths": count,
             "source": "s"}
            for month, count in zip(months, deaths, strict=True)
        ]  # fmt: skip

    def told(*rows: dict[str, object]) -> Any:
        schema = tables["series"].schema
        mine = {
            **tables,
            "series": pl.DataFrame(rows, schema=schema),
            "incidents": tables["incidents"].clear(),
        }
        return wider(mine, SAHEL, date(2024, 3, 1))

    part, whole = series("ged_sb", 0, 1, 2), series("ged_total", 4, 5, 6)
    assert told(*part, *whole) == {
        "deaths": 15,
        "places": [{"gwno": 432, "territory": "Mali", "deaths": 15}],
        "elsewhere": 0,
    }
    assert told(*part, *whole[:2]) is None
    assert told(*part, *series("ged_total", 0, 1, 2)) is None
    assert told(*part) is None


def test_every_territory_with_serious_violence_is_named(tables: dict[str, pl.DataFrame]) -> None:
    schema = tables["series"].schema
    counts = {432: 900, 433: 30, 434: 29, 435: 28, 436: 27, 437: 26, 438: 3, 439: 0}
    rows = [
        {"gwno": gwno, "territory": f"T{gwno}", "month": date(2024, 3, 1), "target": target,
         "deaths": deaths if target == "ged_total" else 1, "source": "s"}
        for gwno, deaths in counts.items() for target in ("ged_sb", "ged_total")
    ]  # fmt: skip
    mine = {
        **tables,
        "series": pl.DataFrame(rows, schema=schema),
        "incidents": tables["incidents"].clear(),
    }
    settings = Settings(region=Region(name="R", territories={"R": list(counts)}))
    found = wider(mine, settings, date(2024, 3, 1))
    assert found is not None
    assert [row["deaths"] for row in found["places"]] == [900, 30, 29, 28, 27, 26]
    assert found["elsewhere"] == 3
    # Of 439 another producer told of fewer than the part: that is no whole.
    assert all_violence(mine, "ged_sb", date(2024, 3, 1)) == {
        gwno: deaths for gwno, deaths in counts.items() if deaths
    }
    assert all_violence(mine, "ged_sb", date(2024, 4, 1)) == {}
    assert all_violence(mine, "own", date(2024, 3, 1)) == {}


def test_counts_that_end_before_those_of_others_are_listed() -> None:
    months = {432: (5, 6), 436: (11, 12), 439: (3,), 645: (1,)}
    rows = [
        {"gwno": gwno, "territory": f"T{gwno}", "month": date(2022, month, 1), "target": target,
         "deaths": deaths, "source": "s"}
        for gwno, known in months.items() for month in known
        for target, deaths in (("ged_sb", 1), ("ged_ns", None))
    ]  # fmt: skip
    series = pl.DataFrame(rows, schema=empty(TABLES["series"]).schema)
    forecasts = pl.DataFrame({"origin": [date(2022, 12, 1)]})
    settings = Settings(region=Region(name="R", territories={"R": [432, 436, 439]}))
    found = behind({"series": series, "forecasts": forecasts}, settings, date(2022, 12, 1))
    # 645 is no territory of the region, and 436 is as new as the forecast.
    assert [(row["gwno"], row["last"]) for row in found] == [
        (439, date(2022, 3, 1)), (432, date(2022, 6, 1)),
    ]  # fmt: skip
    without = {"series": series, "forecasts": forecasts.clear()}
    assert behind(without, settings, date(2022, 12, 1)) == []
