"""Months, years or countries that stand beside each other are read where it is certain."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import polars as pl
import pytest

from tocsin.errors import SourceRefused
from tocsin.observe import Source, reading
from tocsin.observe.reader import Reading


def read(content: str | bytes, name: str = "t.csv") -> tuple[Reading, dict[str, pl.DataFrame]]:
    raw = content.encode() if isinstance(content, str) else content
    found = reading(Source.of_bytes(name, raw))
    return found, found.tables()


def told(content: str) -> list[tuple[str, str, str, int]]:
    rows = read(content)[1]["series"].sort("territory", "month", "target")
    return [
        (row["territory"], row["month"].isoformat()[:7], row["target"], row["deaths"])
        for row in rows.to_dicts()
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Country,Jan 2024,Feb 2024,Mar 2024",
        "Pays,janv. 2024,févr. 2024,mars 2024",
        "País,ene-24,feb-24,mar-24",
        "البلد,يناير 2024,فبراير 2024,مارس 2024",
        "country,2024-01,2024-02,2024-03",
        "country,202401,202402,202403",
        "country,01/2024,02/2024,03/2024",
        "country,2024-01-31,2024-02-29,2024-03-31",
        ",2024 Jan,2024 Feb,2024 Mar",
    ],
)
def test_a_column_a_month(header: str) -> None:
    assert told(f"{header}\nMali,3,0,\nNiger,,-,12\n") == [
        ("Mali", "2024-01", "count", 3),
        ("Mali", "2024-02", "count", 0),
        ("Niger", "2024-03", "count", 12),
    ]


def test_each_cell_is_traced_to_its_column() -> None:
    content = 'Country,Jan 2024,Feb 2024,Mar 2024\nMali,3,"1,204",many\nAtlantis,1,2,3\nNiger,,,\n'
    found, tables = read(content)
    assert tables["series"]["deaths"].to_list() == [3, 1204]
    refused = tables["quarantine"].select("line", "column", "value").rows()
    # A country that nobody knows is refused once, and not once for each month.
    assert refused == [(2, "Mar 2024", "many"), (3, "Country", "Atlantis")]
    said = " ".join(found.source.notes)
    assert "from 'Jan 2024' to 'Mar 2024'" in said
    assert "it is called 'count'" in said


def test_what_a_row_counts_is_its_target_and_totals_are_left_out() -> None:
    content = (
        "Country,ISO3,Indicator,Jan 2024,Feb 2024,Mar 2024,Total,Notes\n"
        "Mali,MLI,Deaths,3,4,5,12,\nMali,MLI,Events,1,1,2,4,a remark\n"
        "Niger,NER,Deaths,0,0,1,1,\nTotal,,,4,5,8,17,\n"
    )
    found = told(content)
    assert len(found) == 9
    assert ("Mali", "2024-03", "Events", 2) in found
    assert "Not read: ISO3, Total, Notes." in " ".join(read(content)[0].source.notes)


def test_months_without_a_year_take_it_from_beside_them() -> None:
    content = "Country,Year,Jan,Feb,Mar\nMali,2023,1,2,3\nMali,2024,4,5,6\n"
    assert [row[1:] for row in told(content)][3:] == [
        ("2024-01", "count", 4), ("2024-02", "count", 5), ("2024-03", "count", 6),
    ]  # fmt: skip


def test_real_days_of_excel_under_a_title_are_months() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Deaths by country and month"])
    sheet.append([])
    sheet.append(["Country", *(datetime(2024, month, 1) for month in (1, 2, 3, 4))])
    sheet.append(["Mali", 1, 2, 3, 4])
    content = io.BytesIO()
    book.save(content)
    found = read(content.getvalue(), "t.xlsx")[1]["series"]
    assert found["month"].to_list() == [date(2024, month, 1) for month in (1, 2, 3, 4)]


def test_a_column_a_country() -> None:
    content = (
        "Month,Mali,Niger,Burkina Faso,Total\n2024-01,1,2,3,6\n2024-02,0,,4,4\nTotal,1,2,7,10\n"
    )
    assert told(content) == [
        ("Burkina Faso", "2024-01", "count", 3), ("Burkina Faso", "2024-02", "count", 4),
        ("Mali", "2024-01", "count", 1), ("Mali", "2024-02", "count", 0),
        ("Niger", "2024-01", "count", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        "Country,Q1 2021,Q2 2021,Q3 2021,Q4 2021",
        "Country,2021Q1,2021Q2,2021Q3,2021Q4",
        "Pays,T1 2021,T2 2021,T3 2021,T4 2021",
        "Pays,1er trimestre 2021,2e trimestre 2021,3e trimestre 2021,4e trimestre 2021",
        "País,1T2021,2T2021,3T2021,4T2021",
        "country,2021-Q1,2021-Q2,2021-Q3,2021-Q4",
        "country,Q1-21,Q2-21,Q3-21,Q4-21",
        "Country,Jan-Mar 2021,Apr-Jun 2021,Jul-Sep 2021,Oct-Dec 2021",
        "País,I trimestre 2021,II trimestre 2021,III trimestre 2021,IV trimestre 2021",
        "البلد,الربع الأول 2021,الربع الثاني 2021,الربع الثالث 2021,الربع الرابع 2021",
    ],
)
def test_a_column_a_quarter_whose_sum_is_kept(header: str) -> None:
    found = told(f"{header}\nMali,31,0,,2\nNiger,,-,12,\n")
    assert [row[3] for row in found] == [10, 11, 10, 0, 0, 0, 1, 0, 1, 4, 4, 4]
    assert [row[1] for row in found[:6]] == [f"2021-{month:02d}" for month in range(1, 7)]
    assert found[-1][:2] == ("Niger", "2021-09")


def test_a_quarter_that_is_divided_is_said() -> None:
    content = "Country,Year,Q1,Q2,Q3,Q4,2021\nMali,2021,3,1,0,6,10\nNiger,2021,1,1,1,1,4\n"
    found, tables = read(content)
    assert tables["series"].filter(territory="Mali").sort("month")["deaths"].to_list() == [
        1, 1, 1, 0, 1, 0, 0, 0, 0, 2, 2, 2,
    ]  # fmt: skip
    said = " ".join(found.source.notes)
    assert "divided evenly among its three months" in said
    assert "Not read: 2021." in said
    turned = "Quarter,Mali,Niger,Chad\n2021Q1,31,2,3\n2021Q2,10,3,4\n"
    assert [row[3] for row in told(turned)[6:9]] == [10, 11, 10]


def test_a_quarter_that_is_not_over_or_no_sum_is_refused() -> None:
    now = datetime.now()
    quarter = f"Q{(now.month + 2) // 3} {now.year}"
    content = f"Country,Q1 2021,Q2 2021,{quarter}\nMali,3,1,6\nNiger,1,1,1\n"
    tables = read(content)[1]
    assert tables["quarantine"]["rule"].to_list() == ["date", "date"]
    assert tables["series"].height == 12
    content = "Country,Indicator,Q1 2021,Q2 2021,Q3 2021\nMali,Killed,3,1,6\nMali,IDPs,9,8,7\n"
    tables = read(content)[1]
    assert tables["series"]["target"].unique().to_list() == ["Killed"]
    assert tables["quarantine"].height == 3


@pytest.mark.parametrize(
    "rows",
    ["Country,Year,Quarter,Killed,Note\nMali,2021,Q1,31,a\nMali,2021,Q2,10,\nMali,2021,Q3,,b\n",
     "Pays,Année,Trimestre,Killed\nMali,2021,T1,31\nMali,2021,T2,10\nMali,2021,T4,0\n",
     "Pays;Période;Killed\nMali;T1 2021;31\nMali;T2 2021;10\nMali;T4 2021;-\n",
     "country,quarter,Killed\nMali,2021-Q1,31\nMali,2021-Q2,10\nTotal,,41\n",
     "País,Ano,Trimestre,Killed\nMali,2021,1,31\nMali,2021,2,10\nMali,2021,Total,41\n",
     "Country,Indicator,Year,Qtr,Value\nMali,Killed,2021,Q1,31\nMali,Killed,2021,Q2,10\n"],
)  # fmt: skip
def test_quarters_below_each_other(rows: str) -> None:
    found = told(rows)[:6]
    assert [row[3] for row in found] == [10, 11, 10, 3, 4, 3]
    assert {(row[0], row[2]) for row in found} == {("Mali", "Killed")}
    assert [row[1] for row in found] == [f"2021-{month:02d}" for month in range(1, 7)]
    assert "below each other" in " ".join(read(rows)[0].source.notes)


@pytest.mark.parametrize(
    "rows",
    ["Country,Year,Quarter,Killed\nMali,2021,Q1,3\nMali,2021,Q1,1\nMali,2021,Q2,1\n",
     "Country,Year,Quarter,Place,Killed\nMali,2021,Q1,Gao,3\nMali,2021,Q2,Kayes,1\n",
     "Country,Quarter,Killed\nMali,Q1,3\nMali,Q2,1\nMali,Q4,1\n",
     "Pays,Année,Période,Morts\nMali,2021,T1,3\nMali,2021,T2,1\nMali,2021,T3,1\n"],
)  # fmt: skip
def test_quarters_that_may_be_of_events_are_no_series(rows: str) -> None:
    with pytest.raises(SourceRefused):
        read(rows)


def test_a_cell_that_is_no_quarter_is_refused_with_its_reason() -> None:
    many = "".join(f"Mali,{1900 + at // 4},Q{at % 4 + 1},1\n" for at in range(300, 480))
    more = "".join(f"Niger,{1900 + at // 4},Q{at % 4 + 1},1\n" for at in range(200, 480))
    tables = read(f"Country,Year,Quarter,Killed\n{many}{more}Chad,2021,Q7,5\n")[1]
    assert tables["quarantine"]["reason"].to_list() == ["'Q7' is no quarter of a year."]


def test_a_year_beside_its_months_is_their_sum() -> None:
    content = "Country,Jan 2024,Feb 2024,Mar 2024,Q1 2024,2024\nMali,1,3,4,8,8\nNiger,1,0,5,6,6\n"
    assert sum(row[3] for row in told(content)) == 14


def test_a_column_a_year_as_the_world_bank_has_it() -> None:
    content = (
        '"Data Source","World Development Indicators"\n\n"Last Updated Date","2024-06-28"\n\n'
        '"Country Name","Country Code","Indicator Name","Indicator Code","2020","2021","2022"\n'
        '"Mali","MLI","Population, total","SP.POP.TOTL","21224040","21904983",""\n'
        '"Niger","NER","Population, total","SP.POP.TOTL","","",""\n'
        '"Sub-Saharan Africa","SSF","Population, total","SP.POP.TOTL","1","2","3"\n'
    )
    tables = read(content)[1]
    assert tables["covariates"].select("territory", "year", "indicator", "value").rows() == [
        ("Mali", 2020, "Population, total", 21224040.0),
        ("Mali", 2021, "Population, total", 21904983.0),
    ]
    assert tables["quarantine"].is_empty()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("Country,Province,Jan 2024,Feb 2024,Mar 2024\nMali,Gao,1,2,3\nMali,Ségou,1,2,3\n", "Prov"),
        ("Country,Jan,Feb,Mar\nMali,1,2,3\n", "the year"),
        ("Pays,T1 2024,T2 2024,T3 2024\nMali,1,2,3\n", "thirds of a year"),
        ("Country,Zone,Q1 2024,Q2 2024,Q3 2024\nMali,Gao,1,2,3\nMali,Mopti,1,2,3\n", "Zone"),
        ("Country,Country of asylum,Jan 2024,Feb 2024,Mar 2024\nMali,Niger,1,2,3\n", "both"),
        ("Country,Jan 2024,Feb 2024,Mar 2024,Jan 2024\nMali,1,2,3,4\n", "one name"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_refused_with_the_reason(content: str, why: str) -> None:
    with pytest.raises(SourceRefused, match=why) as refusal:
        read(content)
    assert "Leave columns out" in str(refusal.value.remedy)


def test_parts_of_countries_without_a_country_are_to_be_summed() -> None:
    with pytest.raises(SourceRefused, match=r"parts of countries \(District\)") as refusal:
        read("District,Jan 2024,Feb 2024,Mar 2024\nNorth,1,2,3\nSouth,1,2,3\n")
    assert str(refusal.value.remedy).startswith("Sum the counts by country and month")


@pytest.mark.parametrize(
    "content",
    [
        # Weeks, a month in another form, and a log that has three dates.
        "Country,2024-01-01,2024-01-08,2024-01-15,2024-02-01\nMali,1,2,3,4\n",
        "Country,Jan-05,Jan-12,Jan-19\nMali,1,2,3\n",
    ],
)
def test_days_across_are_no_months(content: str) -> None:
    with pytest.raises(SourceRefused):
        read(content)


def test_a_month_that_is_not_over_yet_is_refused_cell_by_cell() -> None:
    content = "Country,Jan 2024,Feb 2024,Mar 2024,Jan 2091\nMali,1,2,3,4\n"
    tables = read(content)[1]
    assert tables["series"].height == 3
    assert tables["quarantine"]["column"].to_list() == ["Jan 2091"]
