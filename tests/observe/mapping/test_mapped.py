"""Any table by a mapping: what it says is done, and what it says wrongly is told."""

from __future__ import annotations

import io
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from packed import excel, opendocument, parquet
from tocsin.errors import SourceRefused, UsageError
from tocsin.observe import Source, reading
from tocsin.observe.mapping.mapped import Mapped, MappingFile, load

SPECIMENS = Path(str(files("tocsin.observe") / "specimens"))
BASE = MappingFile(source="Log", columns={"date": "day", "country": "land"})


def read(mapping: MappingFile, content: str | bytes) -> dict[str, pl.DataFrame]:
    packed = content.encode() if isinstance(content, str) else content
    return reading(Source.of_bytes("log.csv", packed), Mapped(mapping)).tables()


def mapped(**changed: object) -> MappingFile:
    return MappingFile.model_validate(BASE.model_dump() | changed)


def test_the_specimen_by_its_mapping() -> None:
    reader = Mapped(load(SPECIMENS / "incidentes.toml"))
    tables = reading(Source.of_path(SPECIMENS / "incidentes.csv"), reader).tables()
    reports = tables["reports"]
    assert tables["quarantine"].is_empty()
    assert reports["event_type"].to_list() == ["one-sided", *["other"] * 3, "non-state"]
    marked = tables["corrections"].select("heading", "original", "value").rows()
    assert marked == [("Fecha del evento", "31/04/2026", "2026-04-01 to 2026-04-30")]
    assert reports["target"].to_list()[:2] == ["civilians", "security forces"]
    assert reports["deaths_best"].to_list() == [3, 0, 1, 0, None]
    assert reports["latitude"][0] == 2.45
    assert tables["claims"].select("actor", "stance").rows() == [("Frente Inventado", "claimed")]


@pytest.mark.parametrize("pack", [bytes, excel, opendocument, parquet])
def test_every_container(pack) -> None:  # type: ignore[no-untyped-def]
    tables = read(BASE, pack(b"day,land\n2026-01-02,Syria\n2026-01-03,SYR\n"))
    assert tables["reports"]["gwno"].to_list() == [652, 652]


def test_without_an_id_the_same_row_twice_is_one() -> None:
    tables = read(BASE, "day,land\n2026-01-02,Syria\n2026-01-02,Syria\n2026-01-03,Syria\n")
    assert tables["quarantine"]["rule"].to_list() == ["duplicate"]
    assert tables["reports"]["native_id"].n_unique() == 2


def test_constants_codes_and_forms() -> None:
    mapping = mapped(
        columns={"date": "day", "event_type": "kind", "target": "hit", "latitude": "y",
                 "longitude": "x"},
        constants={"country": "Syria", "place_prec": 1},
        forms={"date": "%d %B %Y", "decimal": ","},
        values={"event_type": {"attack": "one-sided", "*": "other"},
                "target": {"post": "civilians"}},
    )  # fmt: skip
    text = (
        "day;kind;hit;y;x\n3 mars 2026;attack;post;36,2;37,16\n4 mars 2026;fire;;36,2;37,16\n"
        "5 mars 2026;fire;tower;36,2;37,16\n"
    )
    tables = read(mapping, text)
    assert tables["reports"]["event_type"].to_list() == ["one-sided", "other"]
    assert tables["reports"]["target"].to_list() == ["civilians", None]
    assert tables["reports"]["place_prec"].to_list() == [1, 1]
    assert tables["quarantine"]["rule"].to_list() == ["code"]
    assert "tower" in tables["quarantine"]["reason"][0]


@pytest.mark.parametrize(
    ("columns", "row", "rule"),
    [
        ({}, "01/02/2026,Syria,", "date"),
        ({}, "2026-01-02,Atlantis,", "territory"),
        ({"id": "more"}, "2026-01-02,Syria,", "missing"),
        ({"deaths_best": "more"}, "2026-01-02,Syria,-1", "negative"),
        ({"deaths_best": "more"}, "2026-01-02,Syria,=1+1", "number"),
        ({"actor_a": "more"}, "2026-01-02,Syria,=HYPERLINK(1)", "characters"),
        ({"place": "more"}, "2026-01-02,Syria,Al\u200beppo", "characters"),
        ({"place_prec": "more"}, "2026-01-02,Syria,9", "range"),
        ({"event_type": "more"}, "2026-01-02,Syria,fire", "code"),
    ],
)
def test_each_rule(columns: dict[str, str], row: str, rule: str) -> None:
    mapping = mapped(columns={"date": "day", "country": "land"} | columns)
    tables = read(mapping, f"day,land,more\n{row}\n")
    assert tables["quarantine"]["rule"].to_list() == [rule]


def test_nobody_known_is_no_actor_and_formulas_in_prose_are_data() -> None:
    mapping = mapped(columns=BASE.columns | {"actor_a": "who", "notes": "said"})
    tables = read(mapping, "day,land,who,said\n2026-01-02,Syria,Unknown,=1+1\n")
    assert tables["reports"].select("actor_a", "notes").row(0) == (None, "=1+1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source = 'x'", "'date'"),
        ("[columns]\ndate = 'a'\ncountry = 'b'", "'source'"),
        ("source = 'x'\n[columns]\ncountry = 'a'", "'date'"),
        ("source = 'x'\n[columns]\ndate = 'a'", "'country'"),
        ("source = 'x'\n[columns]\ndate = 'a'\ncountry = 'b'\nsky = 'c'", "sky"),
        ("source = 'x'\n[columns]\ndate = 'a'\ncountry = 'b'\nlatitude = 'c'", "only one"),
        (
            "source = 'x'\n[columns]\ndate = 'a'\ncountry = 'b'\n[constants]\nevent_type = 'z'",
            "'z'",
        ),
        ("source = 'x'\n[columns]\ndate = 'a'\ncountry = 'b'\n[values.target]\na = 'z'", "'z'"),
        ("source = 'x'\n[columns]\ndate = 'a'\ncountry = 'b'\n[forms]\ndecimal = '!'", "decimal"),
        ("not toml", "TOML"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        load(path)


def test_a_column_that_the_file_lacks_is_named() -> None:
    with pytest.raises(SourceRefused, match="land"):
        read(BASE, "day,country\n2026-01-02,Syria\n")


def test_a_file_has_its_own_section() -> None:
    mapping = mapped(sources={"log": {"source": "Own", "columns": {"date": "Tag"}}})
    reports = read(mapping, "Tag,land\n2026-01-02,Syria\n")["reports"]
    assert reports["source"].to_list() == ["Own"]


def test_a_mapping_without_sections_keeps_its_digest() -> None:
    """By it `observe` knows what it has read; a file of an earlier release is not read again."""
    assert Mapped(BASE).digest == "12ab1eb3ac81c256"
    assert Mapped(mapped(link={"extra": ["weapon"]})).digest != Mapped(BASE).digest


def test_a_start_and_parts_of_a_day() -> None:
    columns = {"date": "day", "date_start": "from", "year": "y", "month": "m", "country": "land"}
    rows = "day,from,y,m,land\n2026-01-02,2026-01-01,,,Syria\n,,2026,2,Syria\n,,2026,13,Syria\n"
    tables = read(mapped(columns=columns), rows)
    found = tables["reports"].select("date_start", "date_end", "date_prec").rows()
    assert [(str(a), str(b), c) for a, b, c in found] == [
        ("2026-01-01", "2026-01-01", 1), ("2026-02-01", "2026-02-28", 4),
    ]  # fmt: skip
    assert tables["quarantine"]["rule"].to_list() == ["date"]


def test_quarantine_and_corrections_name_the_users_own_columns() -> None:
    mapping = mapped(
        columns={"date": "Tag", "date_end": "bis", "country": "Land", "deaths_best": "Tote"}
    )
    tables = read(
        mapping, "Tag,bis,Land,Tote\n2026-01-02,2026-01-01,Syria,1\n2026-01-02,,Syria,many\n"
    )
    told = tables["quarantine"].select("line", "column", "reason").rows()
    assert told == [(3, "Tote", "'Tote' is not a whole number.")]
    assert set(tables["corrections"]["heading"]) == {"Tag", "bis", "date_prec"}


def test_a_row_is_counted_as_a_spreadsheet_counts_it() -> None:
    mapping = mapped(columns=BASE.columns | {"notes": "said"})
    text = 'day,land,said\n2026-01-02,Syria,"two\nlines"\n\nsoon,Syria,x\n'
    assert read(mapping, text)["quarantine"]["line"].to_list() == [4]


def test_a_row_that_sums_up_a_time_in_any_column_is_no_event() -> None:
    rows = "2026-01-02,Syria,Monthly total\n2026-01-03,Syria,Total: 7 killed\n"
    tables = read(BASE, f"day,land,remarks\n{rows}2026-01-04,Syria,Cumul depuis janvier\n")
    assert tables["quarantine"]["rule"].to_list() == ["total", "total"]
    assert tables["reports"].height == 1


def test_a_row_that_sums_up_others_is_no_event() -> None:
    mapping = mapped(columns=BASE.columns | {"deaths_best": "dead", "place": "where"})
    text = "day,land,where,dead\n2026-01-02,Mali,Gao,3\n2026-01-02,Mali,TOTAL,3\n"
    tables = read(mapping, text + "Total janvier 2026,Mali,,3\n2026-01-03,Mali,Total Energies,1\n")
    assert tables["reports"]["deaths_best"].to_list() == [3, 1]
    assert tables["quarantine"]["rule"].to_list() == ["total", "total"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "point", "comma"),
    [
        ("1 234", 1234, 1234), ("1\u202f234", 1234, 1234), ("1,234", 1234, None),
        ("1.234", None, 1234), ("12,5", None, None), ("12,0", None, 12), ("4.0", 4, 4),
        (">100", None, None), ("10-15", None, None), ("1 23", None, None),
    ],
)  # fmt: skip
def test_counts_with_separators_are_never_wrong(
    cell: str, point: int | None, comma: int | None
) -> None:
    for decimal, right in ((".", point), (",", comma)):
        mapping = mapped(columns=BASE.columns | {"deaths_best": "dead"}, forms={"decimal": decimal})
        tables = read(mapping, f"day;land;dead\n2026-01-02;Mali;{cell}\n")
        assert tables["reports"]["deaths_best"].to_list() == ([] if right is None else [right])
        assert tables["quarantine"].height == (right is None)


def test_an_office_sheet_with_a_title_a_header_of_two_lines_and_a_total() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (
        ["Journal des incidents 2026"], [], ["No", "Jour", "Lieu", None, "Victimes", None],
        [None, None, "Pays", "Localité", "Tués", "Blessés"],
        [1, datetime(2026, 1, 2), "Mali", "Gao", 3, 0],
        [2, "3 février 2026", "Niger", "Ayorou", 1, 2],
        ["Total", None, None, None, 4, 2],
    ):  # fmt: skip
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    mapping = MappingFile.model_validate(
        {
            "source": "Journal",
            "columns": {"id": "No", "date": "Jour", "country": "Lieu Pays",
                        "place": "Lieu Localité", "deaths_best": "Victimes Tués"},
            "forms": {"date": "%d %B %Y"},
        }
    )  # fmt: skip
    source = Source.of_bytes("journal.xlsx", content.getvalue())
    tables = reading(source, Mapped(mapping)).tables()
    assert tables["reports"].select("native_id", "gwno", "place", "deaths_best").rows() == [
        ("1", 432, "Gao", 3), ("2", 436, "Ayorou", 1)
    ]  # fmt: skip
    assert tables["quarantine"].select("line", "rule").rows() == [(7, "total")]
    assert len(source.notes) == 2


def test_a_suspect_is_named_with_a_doubt_and_accused() -> None:
    columns = {"date": "day", "country": "land", "actor_a": "who", "actor_b": "against"}
    tables = read(
        mapped(columns=columns),
        "day,land,who,against\n2026-01-02,Mali,Hill Front?,Civilians\n"
        "2026-01-03,Mali,Hill Front or River Alliance,Civilians\n"
        "2026-01-04,Mali,Army,suspected Hill Front\n2026-01-05,Mali,Hill Front,Army\n",
    )
    sides = tables["reports"].select("actor_a", "actor_b").rows()
    assert sides == [
        ("Hill Front", "Civilians"), (None, "Civilians"), ("Army", "Hill Front"),
        ("Hill Front", "Army"),
    ]  # fmt: skip
    told = tables["claims"].sort("report_id", "actor").select("actor", "stance").rows()
    assert sorted(told) == [("Hill Front", "accused")] * 3 + [("River Alliance", "accused")]
    marked = tables["corrections"].select("heading", "original", "value", "rule").rows()
    assert marked == [
        ("who", "Hill Front?", "Hill Front", "party"),
        ("who", "Hill Front or River Alliance", None, "party"),
        ("against", "suspected Hill Front", "Hill Front", "party"),
    ]


@pytest.mark.parametrize("heading", ["Date (E.C.)", "التاريخ الهجري", "تاریخ شمسی", "Date B.S."])
def test_days_of_another_calendar_are_not_read_as_gregorian(heading: str) -> None:
    # 11/07/2016 of Ethiopia is 20 March 2024, and nothing in the cell shows it.
    mapping = mapped(columns={"date": heading, "country": "land"}, forms={"date": "%d/%m/%Y"})
    with pytest.raises(SourceRefused, match=r"says that its days are of the .* calendar"):
        read(mapping, f"{heading},land\n11/07/2016,Ethiopia\n")
    plain = mapped(columns={"date": "Date (G.C.)", "country": "land"}, forms={"date": "%d/%m/%Y"})
    assert read(plain, "Date (G.C.),land\n20/03/2024,Ethiopia\n")["reports"].height == 1


def test_states_by_number_and_points_with_the_east_first() -> None:
    columns = {"date": "day", "country": "gwno", "latitude": "long, lat", "longitude": "long, lat"}
    text = "day;gwno;long, lat\n2026-01-02;432;-4.19, 14.49\n2026-01-03;999;-4.19, 14.49\n"
    tables = read(mapped(columns=columns), text)
    assert tables["reports"].select("gwno", "latitude", "longitude").row(0) == (432, 14.49, -4.19)
    assert tables["quarantine"]["rule"].to_list() == ["territory"]


@pytest.mark.parametrize(
    ("more", "constants", "said"),
    [
        ({}, {}, True),
        ({"target": "hit"}, {}, False),
        ({"actor_b": "other"}, {}, False),
        ({"event_type": "kind"}, {}, False),
        ({}, {"event_type": "one-sided"}, False),
        ({}, {"target": "civilians"}, False),
    ],
)
def test_a_log_of_authors_is_asked_what_was_harmed(
    more: dict[str, str], constants: dict[str, str], said: bool
) -> None:
    columns = {"date": "day", "country": "land", "actor_a": "author", "notes": "text"} | more
    heads = ",".join(columns.values())
    source = Source.of_bytes("log.csv", f"{heads}\n2026-01-02,Syria,Hill Front,Mine\n".encode())
    mapping = mapped(columns=columns, constants=constants)
    reading(source, Mapped(mapping)).tables()
    assert any("No column says what was harmed: whether 'author' did it" in one
               for one in source.notes) == said  # fmt: skip
