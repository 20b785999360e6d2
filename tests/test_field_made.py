"""Untidy files that are made here: as programs export them again, and as offices keep them.

What went wrong is said above each test. The cases that lie as files are in `test_field_cases.py`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest

from tocsin.errors import SourceRefused
from tocsin.observe import Reading, Source, reading
from tocsin.observe.mapping.mapped import Mapped
from tocsin.observe.mapping.suggest import suggest_mapping
from tocsin.schema.mapping import MappingFile

GED = (
    "id", "year", "type_of_violence", "side_a", "side_b", "where_prec", "latitude", "longitude",
    "country", "country_id", "date_prec", "date_start", "date_end", "best", "high", "low",
)  # fmt: skip
LOG = MappingFile.model_validate(
    {"source": "Log", "columns": {"id": "id", "date": "date", "country": "country"}}
)


def ged(
    day: str, *, names: Sequence[str] = GED, point: tuple[str, str] = ("16.27", "-0.05")
) -> str:
    """Two rows of UCDP GED with the same day, between semicolons."""
    row = f"2021;1;A;B;1;{point[0]};{point[1]};Mali;432;1;{day};{day};3;4;2"
    return "\n".join([";".join(names), f"1;{row}", f"2;{row}"]) + "\n"


def read(text: str | bytes, mapping: MappingFile | None = None, name: str = "t.csv") -> Reading:
    content = text if isinstance(text, bytes) else text.encode()
    return reading(Source.of_bytes(name, content), Mapped(mapping) if mapping else None)


def log(**more: str) -> MappingFile:
    columns = LOG.columns | {key: value for key, value in more.items() if key != "form"}
    forms = {"date": more["form"]} if "form" in more else {}
    return MappingFile.model_validate({"source": "Log", "columns": columns, "forms": forms})


@pytest.mark.parametrize("day", ["44201", "42739", "05jan2021", "2021-01-05"])
def test_days_of_ged_as_spreadsheets_and_stata_keep_them(day: str) -> None:
    """Every row was refused; from which day numbers count, the column of years tells."""
    found = read(ged(day))
    assert found.tables()["reports"]["date_start"].unique().to_list() == [date(2021, 1, 5)]
    assert any("days since 1904-01-01" in note for note in found.source.notes) == (day == "42739")


def test_numbers_that_agree_with_no_year_stay_refused() -> None:
    tables = read(ged("40000")).tables()
    assert tables["quarantine"]["value"].to_list() == ["40000", "40000"]


def test_names_in_capitals_and_decimals_with_a_comma() -> None:
    """The file of a database was of no known source; all points of a German one were lost."""
    capitals = [name.upper() for name in GED]
    found = read(ged("2021-01-05", names=capitals, point=("16,27", "-0,05")))
    points = found.tables()["reports"].select("latitude", "longitude").unique().rows()
    assert points == [(16.27, -0.05)]
    assert found.reader.kind == "ucdp-ged"
    assert "small letters" in " ".join(found.source.notes)


def test_utf_16_without_a_mark() -> None:
    """It was called Windows-1252."""
    text = ged("2021-01-05")
    for encoding in ("utf-16-le", "utf-16-be"):
        assert read(text.encode(encoding)).tables()["reports"].height == 2


def test_an_archive_that_a_mac_made() -> None:
    """Its hidden twin of the file made two files of one."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("ged.csv", ged("2021-01-05"))
        archive.writestr("__MACOSX/._ged.csv", b"\0\5")
        archive.writestr(".DS_Store", b"\0")
    assert read(content.getvalue(), name="ged.zip").tables()["reports"].height == 2


def test_a_heading_that_stands_twice() -> None:
    """No mapping could read the file, and nobody said why."""
    text = "id,date,country,notes,notes\n1,2021-01-05,Mali,a,b\n"
    assert read(text, log(notes="notes_2")).tables()["reports"]["notes"].to_list() == ["b"]
    with pytest.raises(SourceRefused, match="Two columns are called 'notes'"):
        read(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "cell",
    ["16.27, -0.05", "16.27 -0.05 240 5", "16,27; -0,05", "POINT (-0.05 16.27)", "(16.27;-0.05)"],
)
def test_both_coordinates_in_one_cell(cell: str) -> None:
    """They were left out without a word."""
    text = f'id\tdate\tcountry\tgps\n1\t2021-01-05\tMali\t"{cell}"\n'
    draft = suggest_mapping(Source.of_bytes("t.csv", text.encode()))
    assert 'latitude = "gps"' in draft
    tables = read(text, log(latitude="gps", longitude="gps")).tables()
    assert tables["reports"].select("latitude", "longitude").row(0) == (16.27, -0.05)


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["16,27", "16", "16 27", "gao, mali", "1.5, 2"])
def test_what_is_no_pair_makes_no_point(cell: str) -> None:
    text = f'id\tdate\tcountry\tgps\n1\t2021-01-05\tMali\t"{cell}"\n'
    tables = read(text, log(latitude="gps", longitude="gps")).tables()
    assert tables["reports"]["latitude"].to_list() in ([None], [16.27], [16.0])
    assert tables["reports"]["longitude"].to_list() == [None] or cell in ("16,27", "16")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "form", "first", "last", "precision"),
    [
        ("2021-W05", "%G-W%V", "2021-02-01", "2021-02-07", 3),
        ("2021 Q3", "%Y Q%q", "2021-07-01", "2021-09-30", 5),
        ("5.III.2021", "%d.%B.%Y", "2021-03-05", "2021-03-05", 1),
        ("vendredi 5 mars 2021", "%d %B %Y", "2021-03-05", "2021-03-05", 1),
        ("44260.7", "days since 1899-12-30", "2021-03-05", "2021-03-05", 1),
        ("1614945600", "seconds since 1970-01-01", "2021-03-05", "2021-03-05", 1),
    ],
)
def test_other_ways_to_say_when(
    cell: str, form: str, first: str, last: str, precision: int
) -> None:
    """Such columns were in no draft, or all their rows were refused."""
    text = f"id,date,country\n1,{cell},Mali\n"
    row = read(text, log(form=form)).tables()["reports"].row(0, named=True)
    assert (str(row["date_start"]), str(row["date_end"]), row["date_prec"]) == (
        first,
        last,
        precision,
    )
    assert "since" in form or 'date = "' in suggest_mapping(Source.of_bytes("t.csv", text.encode()))


def test_a_month_in_words_is_never_taken_for_a_day() -> None:
    """March 5 was read as the third of May where a mapping said that the day comes first."""
    text = "id,date,country\n1,March 5 2021,Mali\n2,5 March 2021,Mali\n"
    tables = read(text, log(form="%d %B %Y")).tables()
    assert tables["reports"]["date_start"].to_list() == [date(2021, 3, 5)]
    assert tables["quarantine"]["value"].to_list() == ["March 5 2021"]


@pytest.mark.parametrize(
    ("day", "said"),
    [("1399/10/16", "Solar Hijri"), ("16/05/1442", "Islamic"), ("05/01/2564", "Buddhist")],
)
def test_other_calendars_are_named_and_not_guessed(day: str, said: str) -> None:
    text = f"id,date,country\n1,{day},Mali\n"
    assert said in suggest_mapping(Source.of_bytes("t.csv", text.encode()))
    assert said in read(text, log(form="%d/%m/%Y")).tables()["quarantine"]["reason"][0]


@pytest.mark.slow
def test_a_draft_says_what_it_cannot_know() -> None:
    """Numbers of days count from 1900 or 1904; Ethiopia has its own years; a row may be a sum."""
    draft = suggest_mapping(
        Source.of_bytes(
            "t.csv",
            b"id,date,country,events,killed m,easting\n1,44201,Ethiopia,7,1,816000\n"
            b"2,44202,Ethiopia,3,2,816001\n",
        )
    )
    for form, day, days in (
        ("1899-12-30", "5 January 2021", "2021-01-05 to 2021-01-06"),
        ("1904-01-01", "6 January 2025", "2025-01-06 to 2025-01-07"),
    ):
        assert f'# date = "days since {form}"  # 44201 is {day}; all: {days}' in draft
    for said in ("seven or eight behind", "seems to count events", "put its parts together"):
        assert said in draft
    assert "deaths_best =" not in draft


@pytest.mark.slow
def test_formulas_without_results_are_told() -> None:
    """A program that computes nothing wrote the workbook, and its sums were read as empty."""
    openpyxl = pytest.importorskip("openpyxl")
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (["id", "date", "country", "dead"], ["1", "2021-01-05", "Mali", "=1+2"]):
        book.active.append(row)
    book.save(content)
    found = read(content.getvalue(), log(deaths_best="dead"), "t.xlsx")
    assert found.tables()["reports"]["deaths_best"].to_list() == [None]
    assert "Formulas without results were read as empty (1 cell)" in " ".join(found.source.notes)


@pytest.mark.parametrize(
    "rows",
    [
        "country,year,month,ged_sb\nMali,2020,1,4\nMali,2020,2,5\n",
        "Country,Month,ged_sb\nMali,Jan 2020,4\nMali,February 2020,5\n",
        "COUNTRY,MONTH,YEAR,ged_sb\nMali,janvier,2020,4\nMali,févr.,2020,5\n",
        "country,month,year,ged_sb\nMali,2020-01,2020,4\nMali,2020-02-29,2020,5\n",
    ],
)
def test_series_with_months_in_any_usual_way(rows: str) -> None:
    """They were refused row by row, or the year became a series of deaths."""
    series = read(rows).tables()["series"]
    assert series.select("month", "target", "deaths").rows() == [
        (date(2020, 1, 1), "ged_sb", 4), (date(2020, 2, 1), "ged_sb", 5),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"SQLite format 3\0" + bytes(80), "GeoPackage"),
        (b"<stata_dta><header>", "Stata"),
        (b"\x72\x02\x01\x00" + bytes(80), "Stata"),
        (b"$FL2@(#) SPSS DATA FILE", "SPSS"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "page of the web"),
        (b'"id,""date"""\n"1,""2021"""\n', "within quotes"),
        (b"Country,Admin1,Month,Year,Fatalities\nMali,Gao,March,2024,3\n", "parts of countries"),
    ],
)
def test_what_is_not_read_is_named(content: bytes, said: str) -> None:
    """It was 'no known table', and nobody was told what to do."""
    with pytest.raises(SourceRefused, match=said) as caught:
        read(content).tables()
    assert caught.value.remedy


@pytest.mark.slow
def test_states_by_their_official_names() -> None:
    """'Republic of Mali' was refused, with the advice that Moldova may be meant."""
    names = {
        "Republic of Mali": "Mali", "Kingdom of Morocco": "Morocco", "République du Tchad": "Chad",
        "Federal Democratic Republic of Ethiopia": "Ethiopia", "جمهورية السودان": "Sudan",
        "Republic of Korea": "South Korea",
    }  # fmt: skip
    text = "id,date,country\n" + "".join(f"{n},2021-01-05,{n}\n" for n in names)
    found = read(text, LOG).tables()["reports"]
    assert dict(found.select("native_id", "territory").iter_rows()) == names
    for other in ("Republic of China", "Islamic State of Iraq", "Islamic Emirate of Afghanistan"):
        assert read(f"id,date,country\n1,2021-01-05,{other}\n", LOG).tables()["reports"].is_empty()


@pytest.mark.slow
def test_an_own_form_with_groups_is_not_taken_for_ours() -> None:
    """Its country alone made it 'the field form under labels', with useless advice."""
    text = "incident/day,incident/country,harm/killed,_id,_uuid\n2021-01-05,Mali,2,1,u1\n"
    with pytest.raises(SourceRefused, match="No known source"):
        read(text)
    draft = suggest_mapping(Source.of_bytes("t.csv", text.encode()))
    assert 'deaths_best = "harm/killed"' in draft


@pytest.mark.slow
def test_the_last_minute_of_a_degree() -> None:
    """Programs round 59.96 seconds to 60.0; the point was lost."""
    text = "id\tdate\tcountry\ty\tx\n1\t2021-01-05\tMali\t15°54'60.0\"N\t2°23'60.0\"E\n"
    found = read(text, log(latitude="y", longitude="x")).tables()["reports"]
    assert found.select(pl.col("latitude", "longitude").round(4)).row(0) == (15.9167, 2.4)


@pytest.mark.slow
def test_geojson_and_json_lines_by_a_mapping() -> None:
    """They were refused with the advice to save them as CSV, which a map's owner cannot do."""
    feature = (
        '{"type": "Feature", "properties": {"id": "1", "date": "2021-01-05", "country": "Mali",'
    )
    feature += ' "dead": 3}, "geometry": {"type": "Point", "coordinates": [-0.05, 16.27, 231.0]}}'
    text = f'{{"type": "FeatureCollection", "features": [{feature}]}}'
    mapping = log(latitude="latitude", longitude="longitude", deaths_best="dead")
    row = read(text, mapping, "t.geojson").tables()["reports"].row(0, named=True)
    assert (row["latitude"], row["longitude"], row["deaths_best"]) == (16.27, -0.05, 3)
    assert 'latitude = "latitude"' in suggest_mapping(Source.of_bytes("t.geojson", text.encode()))
    # A list of persons within a record is no reason to lose the record, and is stored nowhere.
    lines = '{"id": "1", "date": "2021-01-05", "country": "Mali", "who": [{"name": "J"}]}\n' * 2
    tables = read(lines, LOG, "t.jsonl").tables()
    assert (tables["reports"].height, tables["quarantine"]["rule"].to_list()) == (1, ["duplicate"])
