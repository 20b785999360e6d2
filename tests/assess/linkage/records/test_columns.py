"""Columns are recognised by the names that sources give them; a mapping wins."""

from __future__ import annotations

import pytest

from tocsin.assess.linkage.records.columns import recognise
from tocsin.errors import UsageError

HEADERS = {
    "UCDP": (
        "id,date_start,date_end,latitude,longitude,where_coordinates,adm_1,side_a,side_b,best,"
        "low,high,type_of_violence,date_prec,where_prec,country",
        {"id": "id", "date_start": "date_start", "deaths_best": "best", "place_prec": "where_prec"},
    ),
    "ACLED": (
        "event_id_cnty,event_date,year,time_precision,event_type,actor1,actor2,admin1,location,"
        "latitude,longitude,fatalities",
        {
            "id": "event_id_cnty",
            "date": "event_date",
            "deaths_best": "fatalities",
            "adm1": "admin1",
        },
    ),
    "GTD": (
        "eventid,iyear,imonth,iday,country_txt,provstate,city,latitude,longitude,attacktype1_txt,"
        "gname,nkill",
        {"id": "eventid", "year": "iyear", "month": "imonth", "day": "iday", "actor_a": "gname"},
    ),
    "GDELT": (
        "GLOBALEVENTID,SQLDATE,Actor1Name,Actor2Name,EventCode,ActionGeo_Fullname,ActionGeo_Lat,"
        "ActionGeo_Long",
        {
            "id": "GLOBALEVENTID",
            "date": "SQLDATE",
            "latitude": "ActionGeo_Lat",
            "actor_b": "Actor2Name",
        },
    ),
    "plain": (
        "report_id,day,lat,lon,town,province,perp,target,killed",
        {"id": "report_id", "date": "day", "actor_a": "perp", "adm1": "province"},
    ),
}


@pytest.mark.parametrize("source", HEADERS)
def test_known_headers(source: str) -> None:
    header, expected = HEADERS[source]
    found = recognise(header.split(","))
    assert {role: found.get(role) for role in expected} == expected


def test_a_mapping_wins_and_its_errors_are_told() -> None:
    assert recognise(["id", "nr", "date"], {"id": "nr"})["id"] == "nr"
    with pytest.raises(UsageError, match="lacks: when"):
        recognise(["id"], {"date": "when"})


def test_names_in_four_languages_are_recognised() -> None:
    header = ["رقم الحدث", "Date de l'événement", "Localité", "Departamento", "Auteur", "Muertos"]
    fields = ["id", "date", "place", "adm1", "actor_a", "deaths_best"]
    assert recognise(header) == dict(zip(fields, header, strict=True))


def test_the_target_is_the_other_side_where_no_column_names_one() -> None:
    assert recognise(["id", "target"])["actor_b"] == "target"
    assert recognise(["id", "target", "actor2"])["actor_b"] == "actor2"
    assert "actor_b" not in recognise(["id", "target"], {"target": "target"})
