"""Files of producers in forms that had not been tried: new columns, answers, sums, forecasts."""

from __future__ import annotations

import json
from typing import Any

from fieldkinds.truth import Event, Made, case, delimited, workbook

ACLED = {
    "event_id_cnty": lambda e: f"MLI{e.id[1:]}", "event_date": lambda e: e.day.isoformat(),
    "year": lambda e: e.day.year, "time_precision": 1, "disorder_type": "Political violence",
    "event_type": "Battles", "sub_event_type": "Armed clash", "actor1": lambda e: e.group,
    "assoc_actor_1": "", "inter1": "Rebel group", "actor2": "Military Forces of Mali (2021-)",
    "assoc_actor_2": "", "inter2": "State forces", "interaction": "State forces-Rebel group",
    "civilian_targeting": "", "iso": 466, "region": "Western Africa", "country": lambda e: e.country,
    "admin1": lambda e: e.adm1, "admin2": lambda e: e.adm1, "admin3": "", "location": lambda e: e.place,
    "latitude": lambda e: e.north, "longitude": lambda e: e.east, "geo_precision": 1,
    "source": "Radio", "source_scale": "National", "notes": "A clash.",
    "fatalities": lambda e: e.dead, "tags": "", "population_best": 1200, "timestamp": 1735000000,
}  # fmt: skip


def _rows(told: list[Event], columns: dict[str, Any]) -> list[dict[str, Any]]:
    return [{k: v(e) if callable(v) else v for k, v in columns.items()} for e in told]


def _table(rows: list[dict[str, Any]]) -> list[list[Any]]:
    return [list(rows[0]), *[list(row.values()) for row in rows]]


@case()
def acled_answer(told: list[Event]) -> Made:
    """ACLED's server since 2025."""
    rows = [{k: str(v) for k, v in row.items()} for row in _rows(told, ACLED)]
    return "read.json", json.dumps({
        "status": 200, "success": True, "last_update": 3, "count": len(rows), "messages": [],
        "data": rows, "filename": "", "data_query_restrictions": {"date_recency": None},
        "total_count": len(rows)})  # fmt: skip


@case()
def acled_without_codes(told: list[Event]) -> Made:
    """Without `interaction`, and without what is not read."""
    gone = {"interaction", "tags", "population_best", "disorder_type", "source_scale", "region"}
    rows = _rows(told, {k: v for k, v in ACLED.items() if k not in gone})
    return "acled.csv", delimited(_table(rows))


@case()
def acled_semicolons(told: list[Event]) -> Made:
    """The export tool's own form: semicolons, and days in words."""
    rows = _rows(told, {**ACLED, "event_date": lambda e: f"{e.day:%d %B %Y}"})
    return "2024-01-01-2024-12-31-Mali.csv", delimited(_table(rows), ";")


@case()
def acled_workbook(told: list[Event]) -> Made:
    """Regional files: capitals, days of Excel, whole numbers as decimals."""
    from datetime import datetime

    rows = _rows(
        told, {**ACLED, "event_date": lambda e: datetime(e.day.year, e.day.month, e.day.day)}
    )
    return "Africa_lagged_data.xlsx", workbook(
        {"Sheet1": _table([{k.upper(): v for k, v in row.items()} for row in rows])}
    )


GED = {
    "id": lambda e: 400000 + int(e.id[1:]), "relid": lambda e: f"MLI-2024-1-{e.id}", "year": 2024,
    "active_year": 1, "code_status": "Clear", "type_of_violence": 1, "conflict_dset_id": 11347,
    "conflict_new_id": 11347, "conflict_name": "Mali: Government", "dyad_dset_id": 1, "dyad_new_id": 1,
    "dyad_name": "x", "side_a_dset_id": 72, "side_a_new_id": 72, "side_a": "Government of Mali",
    "side_b_dset_id": 9, "side_b_new_id": 9, "side_b": lambda e: e.group, "number_of_sources": 1,
    "source_article": "x", "source_office": "x", "source_date": "2024-12-30", "source_headline": "x",
    "source_original": "x", "where_prec": 1, "where_coordinates": lambda e: e.place,
    "where_description": "", "adm_1": lambda e: f"{e.adm1} region", "adm_2": "",
    "latitude": lambda e: e.north, "longitude": lambda e: e.east,
    "geom_wkt": lambda e: f"POINT ({e.east} {e.north})", "priogrid_gid": 1, "country": lambda e: e.country,
    "country_id": 432, "region": "Africa", "event_clarity": 1, "date_prec": 1,
    "date_start": lambda e: f"{e.day} 00:00:00.000", "date_end": lambda e: f"{e.day} 00:00:00.000",
    "deaths_a": 0, "deaths_b": lambda e: e.dead, "deaths_civilians": 0, "deaths_unknown": 0,
    "best": lambda e: e.dead, "high": lambda e: e.dead, "low": lambda e: e.dead, "gwnoa": 432.0, "gwnob": "",
}  # fmt: skip


@case()
def ged_candidate(told: list[Event]) -> Made:
    """A month of the Candidate data."""
    return "GEDEvent_v25_0_3.csv", delimited(_table(_rows(told, GED)))


@case()
def ged_new_columns(told: list[Event]) -> Made:
    """Columns that a later release adds, in another order, with decimals."""
    more = {"uuid": "a", **dict(reversed(GED.items())), "side_a_2": "", "event_type": "x",
            "country_id": "432.0", "where_prec": "1.0", "id": lambda e: f"{400000 + int(e.id[1:])}.0"}  # fmt: skip
    return "GEDEvent_v26_1.csv", delimited(_table(_rows(told, more)))


@case(
    rows={0: "country|state|No country|Gleditsch", 1: "country|state|No country|Gleditsch"}, count=2
)
def ged_without_country(told: list[Event]) -> Made:
    """Rows whose country is empty."""
    return "GEDEvent_v26_1.csv", delimited(
        _table(_rows(told, {**GED, "country": "", "country_id": ""}))
    )


_SERIES = [("Mali", "2024-01-01", 4), ("Mali", "2024-02-01", 0), ("Niger", "2024-01-01", 7)]


@case(series=_SERIES)
def hdx_country_month(told: list[Event]) -> Made:
    """ACLED's sums by country and month."""
    rows = [["Country", "Month", "Year", "Events", "Fatalities"], ["Mali", "January", 2024, 9, 4],
            ["Mali", "February", 2024, 3, 0], ["Niger", "January", 2024, 5, 7]]  # fmt: skip
    return "number_of_political_violence_events.csv", delimited(rows)  # type: ignore[arg-type]


@case(series=_SERIES)
def hdx_workbook(told: list[Event]) -> Made:
    """The same, behind a sheet of notes."""
    rows = [["Country", "Month", "Year", "Fatalities"], ["Mali", "January", 2024, 4],
            ["Mali", "February", 2024, 0], ["Niger", "January", 2024, 7]]  # fmt: skip
    notes = [["Terms of use"], ["These data are sums."]]
    return "fatalities_by_country-month.xlsx", workbook({"Notes": notes, "Data": rows})


@case(refuse="parts of countries|sum")
def hdx_district_month(told: list[Event]) -> Made:
    """Sums by district and month."""
    rows = [["Country", "Admin1", "Admin2", "ISO3", "Admin2 Pcode", "Month", "Year", "Events", "Fatalities"],
            ["Mali", "Gao", "Gao", "MLI", "ML07", "January", 2024, 2, 1]]  # fmt: skip
    return "hdx.csv", delimited(rows)  # type: ignore[arg-type]


@case(refuse="sum")
def hapi_answer(told: list[Event]) -> Made:
    """Sums by district and month, as the Humanitarian Data Exchange's server answers."""
    return "conflict-events.json", json.dumps({"data": [{
        "location_code": "MLI", "location_name": "Mali", "admin1_name": "Gao", "admin2_code": "ML0701",
        "event_type": "political_violence", "events": 3, "fatalities": 5,
        "reference_period_start": f"2024-0{m}-01T00:00:00", "reference_period_end": f"2024-0{m}-28T23:59:59"}
        for m in range(1, 7)]})  # fmt: skip


@case(refuse="forecast")
def acled_cast(told: list[Event]) -> Made:
    """ACLED's own forecasts are no counts of what happened."""
    rows = [["country", "admin1", "month", "year", "total_forecast", "battles_forecast", "total_observed"],
            ["Mali", "Gao", "January", 2025, 12, 3, 10]]  # fmt: skip
    return "cast.csv", delimited(rows)  # type: ignore[arg-type]


@case(refuse="forecast")
def acled_cast_countries(told: list[Event]) -> Made:
    """The same by country: nothing but the names of its columns tells that they are forecasts."""
    rows = [["country", "month", "year", "total_forecast", "battles_forecast"],
            ["Mali", "January", 2025, 12, 3], ["Mali", "February", 2025, 11, 4]]  # fmt: skip
    return "cast.csv", delimited(rows)  # type: ignore[arg-type]


@case(refuse="forecast")
def views_answer(told: list[Event]) -> Made:
    """Forecasts of VIEWS from its server."""
    return "fatalities003.json", json.dumps({"next_page": "", "model_tree": [], "row_count": 2, "data": [
        {"country_id": 50, "month_id": 541, "name": "Mali", "isoab": "MLI", "year": 2025, "month": m,
         "main_mean": 31.2, "main_dich": 0.9, "main_mean_ln": 3.4} for m in (1, 2)]})  # fmt: skip


@case(refuse="GDELT")
def gdelt_mentions(told: list[Event]) -> Made:
    """The table of mentions, which is not that of events."""
    row = ["1180000001", "20240313000000", "20240313001500", "1", "x.example", "https://x.example/a",
           "3", "-1", "120", "130", "1", "70", "2400", "-4.2", "", ""]  # fmt: skip
    return "20240313001500.mentions.CSV", "".join("\t".join(row) + "\n" for _ in range(3))


@case(refuse="GDELT")
def gdelt_graph(told: list[Event]) -> Made:
    """The Global Knowledge Graph."""
    row = [
        "20240313001500-0",
        "20240313001500",
        "1",
        "x.example",
        "https://x.example/a",
        *[""] * 22,
    ]
    return "20240313001500.gkg.csv", "".join("\t".join(row) + "\n" for _ in range(3))


@case(refuse="DHIS2|sum|parts")
def dhis2_table(told: list[Event]) -> Made:
    """A pivot table of DHIS2: indicators of districts by month."""
    rows = [
        ["periodid", "periodname", "orgunitid", "orgunitname", "dataname", "value"],
        *[
            [f"20240{m}", f"2024-0{m}", "aB1", "Gao District", "Deaths from violence", m]
            for m in range(1, 7)
        ],
    ]
    return "data.csv", delimited(rows)  # type: ignore[arg-type]


@case(refuse="DHIS2|list of records|headers")
def dhis2_answer(told: list[Event]) -> Made:
    """DHIS2's analytics as JSON: headers and rows apart."""
    return "analytics.json", json.dumps({"headers": [{"name": "dx"}, {"name": "pe"}, {"name": "ou"}, {"name": "value"}],
        "metaData": {}, "rows": [["d1", "202401", "o1", "4.0"]], "width": 4, "height": 1})  # fmt: skip


@case(refuse="one row stands for each country and month")
def country_month_french(told: list[Event]) -> Made:
    """A country-month table with its names in French, as an office keeps it."""
    rows = [
        ["Pays", "Mois", "Année", "Morts"],
        ["Mali", "janvier", 2024, 4],
        ["Mali", "février", 2024, 5],
    ]
    return "series.csv", delimited(rows, ";")  # type: ignore[arg-type]


@case(refuse="sum|country and month|no id|day")
def week_counts(told: list[Event]) -> Made:
    """A bulletin's counts by week."""
    rows = [["Week", "Country", "Number of incidents", "Killed"],
            *[[f"2024-W{w:02d}", "Mali", w, 2 * w] for w in range(1, 9)]]  # fmt: skip
    return "weeks.csv", delimited(rows)  # type: ignore[arg-type]
