"""Country-month series under every spelling."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tocsin.errors import SourceRefused
from tocsin.observe import observe_file


def written(folder: Path, text: str) -> Path:
    path = folder / "series.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_of_two_producers_are_one_territory(tmp_path: Path) -> None:
    text = 'country,month,ged_sb\n"Congo, DRC",2020-01,1\nDR Congo (Zaire),2020-02,2\n'
    assert observe_file(written(tmp_path, text))["series"]["gwno"].unique().to_list() == [490]


def test_the_same_month_twice_is_kept_aside(tmp_path: Path) -> None:
    text = "country,month,ged_sb\nSyria,2020-01,1\nSYR,2020-01,2\nSyria,2020-02,-1\nSyria,x,1\n"
    tables = observe_file(written(tmp_path, text))
    assert tables["quarantine"]["rule"].to_list() == ["duplicate", "negative", "date"]
    assert tables["series"]["deaths"].to_list() == [1]


def test_yugoslavia_became_serbia(tmp_path: Path) -> None:
    text = "country,month,n\nSerbia (Yugoslavia),2000-01,1\nSerbia (Yugoslavia),2010-01,2\n"
    series = observe_file(written(tmp_path, text))["series"]
    assert series["gwno"].to_list() == [345, 340]


def test_no_counts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="counts"):
        observe_file(written(tmp_path, "country,month\nSyria,2020-01\n"))


def test_a_part_is_added_to_its_state(tmp_path: Path) -> None:
    text = (
        "country,month,ged_sb\nIsrael,2023-10,50\nPalestine,2023-10,900\nIsrael,2023-11,60\n"
        "West Bank and Gaza,2023-11,4000\nPalestine,2023-12,7\nMorocco,2023-10,1\n"
        "Western Sahara,2023-10,7\n"
    )
    tables = observe_file(written(tmp_path, text))
    assert tables["quarantine"].is_empty()
    found = tables["series"].sort("gwno", "month").select("territory", "deaths").rows()
    assert found == [("Morocco", 8), ("Israel", 950), ("Israel", 4060), ("Israel", 7)]


def test_a_part_that_stands_twice_is_added_once(tmp_path: Path) -> None:
    text = "country,month,n\nChina,2023-10,0\nHong Kong,2023-10,3\nHKG,2023-10,3\n"
    tables = observe_file(written(tmp_path, text))
    assert tables["quarantine"]["rule"].to_list() == ["duplicate"]
    assert tables["series"]["deaths"].to_list() == [3]


def test_placeholders_are_no_counts(tmp_path: Path) -> None:
    text = "country,month,n\nMali,2023-10,NA\nMali,2023-11,-99\nMali,2023-12,n/a\nMali,2024-01,0\n"
    tables = observe_file(written(tmp_path, text))
    assert tables["quarantine"].is_empty()
    assert tables["series"]["deaths"].to_list() == [0]


@pytest.mark.parametrize(
    "form", ["2023M{month:02d}", "{name}-23", "01/{month:02d}/2023", "{month}/1/2023"]
)
def test_months_as_banks_and_spreadsheets_write_them(tmp_path: Path, form: str) -> None:
    months = [form.format(month=at, name=date(2023, at, 1).strftime("%b")) for at in range(1, 13)]
    rows = "".join(f"Mali,{month},{at}\n" for at, month in enumerate(months, 1))
    series = observe_file(written(tmp_path, f"country,month,ged_sb\n{rows}"))["series"]
    told = dict(series.select("month", "deaths").iter_rows())
    assert told == {date(2023, at, 1): at for at in range(1, 13)}


def test_days_that_are_no_firsts_of_a_month_are_not_guessed(tmp_path: Path) -> None:
    text = "country,month,ged_sb\nMali,02/03/2023,1\nMali,04/05/2023,2\n"
    assert observe_file(written(tmp_path, text))["quarantine"]["rule"].to_list() == ["date"] * 2


def test_months_and_countries_of_views(tmp_path: Path) -> None:
    text = "isoab,month_id,country_id,ged_sb\nMLI,517,50,5\nNER,518,51,1\n"
    series = observe_file(written(tmp_path, text))["series"].sort("month")
    assert series["gwno"].to_list() == [432, 436]
    assert series["month"].to_list() == [date(2023, 1, 1), date(2023, 2, 1)]
    assert series["target"].unique().to_list() == ["ged_sb"]


@pytest.mark.parametrize("turned", [False, True])
def test_divisions_of_a_part_are_added_up_and_never_beside_the_whole(
    tmp_path: Path, turned: bool
) -> None:
    rows = ["Israel,2023-10,50", "Gaza,2023-10,900", "West Bank,2023-10,20", "Gaza Strip,2023-11,7"]
    head = "country,month,ged_sb"
    series = observe_file(written(tmp_path, "\n".join([head, *rows])))["series"].sort("month")
    assert series["deaths"].to_list() == [970, 7]
    assert series["territory"].to_list() == ["Israel", "Israel"]
    both = ["Palestine,2023-10,920", "Gaza,2023-10,900"]
    both = both[::-1] if turned else both
    tables = observe_file(written(tmp_path, "\n".join([head, *both])))
    assert tables["quarantine"]["reason"].to_list() == [
        "A count of the same territory and month came before, as number 1."
    ]


def test_thousands_of_a_long_table_are_read_as_those_of_a_wide_one(tmp_path: Path) -> None:
    text = 'country,month,ged_sb\nMali,2023-01,"1,204"\nMali,2023-02,1 204\nMali,2023-03,1.204\n'
    tables = observe_file(written(tmp_path, text))
    assert tables["series"]["deaths"].to_list() == [1204, 1204]
    assert tables["quarantine"]["rule"].to_list() == ["number"]


def test_cells_are_no_countries_and_middles_of_countries_no_counts(tmp_path: Path) -> None:
    cells = "pg_id,month_id,isoab,lat,lon,ged_sb\n153000,535,MLI,15.75,-0.25,3\n"
    with pytest.raises(SourceRefused, match=r"parts of countries \(pg_id\)"):
        observe_file(written(tmp_path, cells))
    middles = "country,month,lat,lon,ged_sb\nMali,2020-01,17.4,-3.9,4\n"
    assert observe_file(written(tmp_path, middles))["series"].select("target", "deaths").rows() == [
        ("ged_sb", 4)
    ]


def test_disputed_ground_is_added_to_the_state_under_which_it_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "series.csv"
    rows = ("Azerbaijan,3", "Nagorno-Karabakh,8", "Georgia,0", "Abkhazia,1", "South Ossetia,1",
            "Ukraine,100", "Crimea,5", "Somalia,30", "Somaliland,4", "Puntland,2")  # fmt: skip
    text = "country,month,deaths\n" + "".join(f"{row.replace(',', ',2020-10,')}\n" for row in rows)
    path.write_text(text, encoding="utf-8")
    tables = observe_file(path)
    assert tables["quarantine"].is_empty()
    found = dict(tables["series"].select("territory", "deaths").iter_rows())
    assert found == {"Azerbaijan": 11, "Georgia": 2, "Ukraine": 105, "Somalia": 36}


def test_points_between_thousands_are_none_of_decimals(tmp_path: Path) -> None:
    text = "country,month,deaths\nMali,2023-10,12\nMali,2023-11,1.000\nMali,2023-12,1.204\n"
    tables = observe_file(written(tmp_path, text))
    assert tables["series"].sort("month")["deaths"].to_list() == [12, 1000, 1204]
    # A program's decimals of nought stay what they are.
    text = "country,month,deaths\nMali,2023-11,1.000\nMali,2023-12,3.000\n"
    tables = observe_file(written(tmp_path, text))
    assert tables["series"].sort("month")["deaths"].to_list() == [1, 3]


def test_views_own_numbers_of_countries_beside_its_months(tmp_path: Path) -> None:
    text = "month_id,country_id,ged_sb\n517,50,3\n517,78,1\n517,999,1\n"
    tables = observe_file(written(tmp_path, text))
    found = tables["series"].sort("territory").select("territory", "deaths").rows()
    assert found == [("Mali", 3), ("Niger", 1)]
    assert tables["quarantine"]["reason"].to_list() == ["VIEWS has no country 999."]
