"""Drafts of mappings: right where the table tells, open where it does not, never executable."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packed import excel
from tocsin.errors import SourceRefused
from tocsin.observe import Source
from tocsin.observe.mapping.mapped import Mapped, MappingFile
from tocsin.observe.mapping.suggest import suggest_mapping

SPECIMENS = Path(str(files("tocsin.observe") / "specimens"))


def draft(content: str | bytes) -> dict[str, object]:
    packed = content.encode() if isinstance(content, str) else content
    return tomllib.loads(suggest_mapping(Source.of_bytes("log.csv", packed)))


def test_the_draft_of_the_specimen_reads_it() -> None:
    source = Source.of_path(SPECIMENS / "incidentes.csv")
    mapping = MappingFile.model_validate(tomllib.loads(suggest_mapping(source)))
    batches = list(Mapped(mapping).read(source))
    assert sum(batch.accepted for batch in batches) == 5
    assert mapping.forms.decimal == ","
    assert mapping.forms.date == "%d/%m/%Y"


HEADERS = {
    "en": "Event ID,Event date,Country,Latitude,Longitude,Event type,Actor,Fatalities",
    "fr": "Identifiant,Date de l'événement,Pays,Latitude,Longitude,Type d'événement,Acteur,Morts",
    "es": "Identificador,Fecha,País,Latitud,Longitud,Tipo de evento,Actor,Muertos",
    "ar": "المعرف,التاريخ,البلد,خط العرض,خط الطول,نوع الحدث,الفاعل,القتلى",
}
ROWS = [
    "e1,2026-01-30,Syria,36.2,37.16,Clash,Front,3", "e2,2026-01-31,Syria,36.3,37.1,Bomb,Front,0",
    "e3,2026-02-01,Iraq,35.4,44.3,Bomb,Group,1", "e4,2026-02-02,Iraq,35.5,44.4,Bomb,Group,2",
]  # fmt: skip


@pytest.mark.parametrize("language", HEADERS)
@pytest.mark.parametrize("pack", [bytes, excel])
def test_four_languages(language: str, pack) -> None:  # type: ignore[no-untyped-def]
    columns = draft(pack("\n".join([HEADERS[language], *ROWS]).encode()))["columns"]
    fields = (
        "id",
        "date",
        "country",
        "latitude",
        "longitude",
        "category",
        "actor_a",
        "deaths_best",
    )
    assert columns == dict(zip(fields, HEADERS[language].split(","), strict=True))


def test_days_that_read_both_ways_stay_open() -> None:
    text = "date,country\n01/02/2026,Syria\n03/04/2026,Syria\n"
    said = suggest_mapping(Source.of_bytes("log.csv", text.encode()))
    assert "reads both ways" in said
    assert "date" not in tomllib.loads(said)["forms"]
    both = said.replace("# date =", "date =", 2)
    chosen = [line for line in both.splitlines() if line.startswith('date = "%')]
    assert chosen == [
        'date = "%d/%m/%Y"  # 01/02/2026 is 1 February 2026; all: 2026-02-01 to 2026-04-03',
        'date = "%m/%d/%Y"  # 01/02/2026 is 2 January 2026; all: 2026-01-02 to 2026-03-04',
    ]
    assert draft(text + "13/04/2026,Syria\n")["forms"] == {"date": "%d/%m/%Y"}


def test_an_open_form_is_shown_by_a_day_on_which_the_forms_differ() -> None:
    text = "date,country\n05/05/2026,Syria\n03/04/2026,Syria\n"
    said = suggest_mapping(Source.of_bytes("log.csv", text.encode()))
    assert "03/04/2026 is 3 April 2026" in said
    assert "03/04/2026 is 4 March 2026" in said


def test_what_stands_in_a_column_tells_where_its_name_does_not() -> None:
    columns = draft("a,b,c\n2026-01-01,Syria,x\n2026-01-02,Iraq,y\n")["columns"]
    assert columns == {"date": "a", "country": "b"}


def test_year_month_and_day_apart_are_one_day_where_none_stands_whole() -> None:
    apart = "year,month,day,country\n2026,1,30,Syria\n2026,2,1,Iraq\n"
    assert draft(apart)["columns"] == {
        "year": "year", "month": "month", "day": "day", "country": "country",
    }  # fmt: skip
    mapping = MappingFile.model_validate(draft(apart))
    [batch] = Mapped(mapping).read(Source.of_bytes("log.csv", apart.encode()))
    assert [str(day) for day in batch.tables["reports"]["date_start"]] == [
        "2026-01-30", "2026-02-01",
    ]  # fmt: skip
    beside = "date,year,country\n2026-01-30,2026,Syria\n2026-02-01,2026,Iraq\n"
    assert draft(beside)["columns"] == {"date": "date", "country": "country"}


def test_coordinates_the_wrong_way_round_are_noticed() -> None:
    rows = "".join(f"2026-01-0{n},Chad,{15 + n},{12 + n / 10}\n" for n in range(1, 6))
    columns = draft("date,country,latitude,longitude\n" + rows)["columns"]
    assert (columns["latitude"], columns["longitude"]) == ("longitude", "latitude")


def test_a_star_in_the_table_is_one_of_the_other_values() -> None:
    said = draft("date,country,target\n2026-01-01,Syria,*\n2026-01-02,Iraq,*\n")
    assert "*" not in said["columns"].values()


def test_no_rows_no_draft() -> None:
    with pytest.raises(SourceRefused, match="no rows"):
        draft("a,b\n")


texts = st.text(max_size=12)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=5))
def test_whatever_stands_in_the_table_the_draft_is_toml(rows: list[tuple[str, str, str]]) -> None:
    import csv
    import io

    text = io.StringIO(newline="")
    csv.writer(text).writerows([("date", "country", "target"), *rows])
    source = Source.of_bytes("l\n[x].csv", text.getvalue().encode("utf-8", "replace"))
    try:
        said = suggest_mapping(source)
    except SourceRefused:
        return
    assert set(tomllib.loads(said)) <= {"source", "columns", "forms", "constants", "values"}


@pytest.mark.parametrize("name", ["Accused state", "Etat accusé", "Nationality"])
def test_an_accused_state_is_not_the_place_and_a_minimum_not_the_best(name: str) -> None:
    rows = "".join(f"r{n},2024-03-{n + 1:02d},Sudan,{n},Abeche\n" for n in range(20))
    text = f"Ref,Date,{name},Minimum killed,Place\n{rows}"
    draft = suggest_mapping(Source.of_bytes("t.csv", text.encode()))
    assert '\ncountry = "' not in draft
    assert 'deaths_low = "Minimum killed"' in draft
    assert "deaths_best =" not in draft
    assert f"# Not used: {name}: whom it names is no place" in draft


def test_hashtags_say_what_columns_are() -> None:
    found = draft("a,b,c,d\n#date,#country+name,#affected+killed,#meta+url\n"
                  "2024-03-05,Mali,3,x\n2024-03-06,Niger,1,y\n")  # fmt: skip
    assert found["columns"] == {"date": "a", "country": "b", "deaths_best": "c"}


def test_decimal_commas_in_counts_are_seen() -> None:
    found = draft("date;country;killed\n2024-03-05;Mali;12,0\n2024-03-06;Niger;1.204\n")
    assert found["forms"] == {"date": "%Y-%m-%d", "decimal": ","}


def test_a_french_log_of_two_header_lines_is_drafted_whole() -> None:
    rows = "".join(
        f"LG-{n};{day};Mali;Gao;Attaque contre civils;Front Inventé;Marché;{n}\n"
        for n, day in enumerate(["2024-01-03", "6 février 2024", "2024-02-07"])
    )
    found = draft(
        "Journal\n\nN°;Date de l'incident;Lieu;;Type d'incident;Auteur présumé;Cible;Victimes;\n"
        ";;Pays;Région;;;;Tués;Blessés\n" + rows.replace("\n", ";0\n") + "TOTAL;;;;;;;3;0\n"
    )
    assert found["columns"] == {
        "id": "N°", "date": "Date de l'incident", "country": "Lieu Pays", "adm1": "Lieu Région",
        "category": "Type d'incident", "actor_a": "Auteur présumé", "target": "Cible",
        "deaths_best": "Victimes Tués",
    }  # fmt: skip
    assert found["forms"] == {"date": ["%Y-%m-%d", "%d %B %Y"]}
    assert found["values"]["target"]["Marché"] == "business"  # type: ignore[index]


def test_a_second_table_beside_the_first_is_said() -> None:
    text = (
        "Date,Country,Place,Killed,,Date,Country,Place,Killed\n"
        "2024-03-05,Mali,Gao,3,,2024-04-05,Niger,Tera,1\n"
    )
    draft = suggest_mapping(Source.of_bytes("log.csv", text.encode()))
    assert "stand twice, as where two tables lie side by" in draft
    once = "Date,Country,Notes,Notes\n2024-03-05,Mali,a,b\n"
    assert "stand twice" not in suggest_mapping(Source.of_bytes("log.csv", once.encode()))
