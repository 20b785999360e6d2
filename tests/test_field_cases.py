"""Files as the field has them: each case of `tests/field` is read as its story says is right.

The cases to 57 are small files that were made after public bug reports of the tools of this field;
those from 60 on are made in the manner of other tools' exports. What went wrong is said above each
test, and what is right is asserted.
"""

from __future__ import annotations

import csv
import datetime
import json
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tocsin.assess import assess
from tocsin.errors import SourceRefused
from tocsin.observe import Source, observe, reading
from tocsin.observe.mapping.mapped import Mapped, load
from tocsin.observe.mapping.suggest import suggest_mapping

FIELD = Path(__file__).parent / "field"
Tables = dict[str, pl.DataFrame]


def read(place: str, mapping: str | None = None) -> Tables:
    """Read one file of a case."""
    reader = Mapped(load(FIELD / mapping)) if mapping else None
    return reading(Source.of_path(FIELD / place), reader).tables()


def told(tables: Tables, *columns: str) -> dict[str, Any]:
    """One column of the reports, or several, by the reports' own ids."""
    reports = tables["reports"]
    values = reports[columns[0]] if len(columns) == 1 else reports.select(columns).iter_rows()
    return dict(zip(reports["native_id"], values, strict=True))


def aside(tables: Tables) -> dict[str, str]:
    """The rule by which each record was kept aside, by the records' own ids."""
    return dict(tables["quarantine"].select("native_id", "rule").iter_rows())


def doubted(tables: Tables) -> set[tuple[int, str]]:
    """The record and the rule of each correction."""
    return set(tables["corrections"].select("source_row", "rule").iter_rows())


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_02_territories_of_acled_that_are_no_states() -> None:
    """Code 2 of Akrotiri and Dhekelia is no code of ISO; a parser lost the event."""
    tables = read("02_acled_akrotiri/acled.csv")
    assert told(tables, "gwno") == {"CYP1": 200, "SHN1": 200, "VAT1": 325, "BES1": 210, "NFK1": 900}


def test_05_the_newer_row_of_an_id() -> None:
    """An event stands twice; the older version was kept."""
    tables = read("05_acled_updated_row/acled.csv")
    assert told(tables, "deaths_best") == {"MLI10": 13}
    assert aside(tables) == {"MLI10": "superseded"}


def test_09_lists_of_sources() -> None:
    """Sources were counted by semicolons, also where one stands twice or none does."""
    counts = told(read("09_acled_sources/acled.csv"), "n_sources")
    assert list(counts.values()) == [3, 1, None, 1, 3]


def test_12_an_event_over_several_months_is_counted_once() -> None:
    """It was counted whole in one month, or in each."""
    from tocsin.anticipate.grid.events import cell_months

    reports = read("12_ged_span_months/GEDEvent_v25_1.csv")["reports"]
    year = cell_months([reports], "ged_sb")
    # Event 106 runs to the end of 2024, of whose months the file tells nothing else.
    assert year.deaths["month"].max() == day("2023-12-01")
    assert year.deaths["deaths"].sum() + year.unplaced["deaths"].sum() == 30 + 40 + 10 + 7 + 1 + 50
    assert year.later == 50


@pytest.mark.slow
@pytest.mark.parametrize("turned", [False, True])
def test_13_each_event_once_from_the_newest_release(*, turned: bool) -> None:
    """A candidate and the final release of one event were both counted."""
    names = ("GEDEvent_v24_0_3.csv", "GEDEvent_v24_01_24_06.csv", "GEDEvent_v25_1.csv")
    paths = [FIELD / "13_ged_candidate_twice" / name for name in names]
    found = observe(paths[::-1] if turned else paths)
    incidents = assess(found["reports"], found["actors"])["incidents"]
    day = {row["date_start"]: row["deaths_best"] for row in incidents.to_dicts()}
    assert len(day) == incidents.height
    march, may = datetime.date(2024, 3, 5), datetime.date(2024, 5, 6)
    assert (day[march], day[march.replace(day=6)], day[may]) == (17, 6, 3)
    assert set(day) <= {march, march.replace(day=6), march.replace(day=9), may}


def test_14_a_file_without_its_header() -> None:
    """The first event was taken for the header."""
    with pytest.raises(SourceRefused, match="UCDP GED without its header"):
        read("14_ged_headerless/GEDEvent_v24_0_1.csv")


def test_15_copies_of_ged_by_other_programs() -> None:
    """Numbers were written as floats, days by the locale."""
    tables = read("15_ged_forms/GEDEvent_v23_1.csv")
    assert aside(tables) == {"703": "date", "707": "number"}
    assert told(tables, "deaths_best")["706"] == 3
    assert told(tables, "date_start")["708"] == day("2023-03-05")
    assert told(tables, "n_sources")["705"] is None
    assert doubted(tables) == {(6, "estimates"), (9, "year"), (10, "parts")}


@pytest.mark.slow
def test_16_codes_of_gtd_for_what_is_not_known() -> None:
    """-99 was counted as deaths or as claims, 0 was a day."""
    tables = read("16_gtd_codes/globalterrorismdb.csv")
    spans = told(tables, "date_start", "date_end", "date_prec")
    assert spans["201503000001"] == (day("2015-03-01"), day("2015-03-31"), 4)
    assert spans["201500000002"] == (day("2015-01-01"), day("2015-12-31"), 5)
    best, attackers = told(tables, "deaths_best"), told(tables, "deaths_a")
    for last in (3, 4, 5):
        assert best[f"20150305000{last}"] is None
    assert (best["201503050006"], attackers["201503050006"]) == (3, None)
    claims = tables["claims"]["report_id"].str.ends_with("201503050008")
    assert not (claims & (tables["claims"]["stance"] == "claimed")).any()
    states = told(tables, "territory")
    assert states["199203050014"] == "Yugoslavia"
    assert states["197003050024"] == "South Vietnam"
    assert (states["198703050029"], states["198703050030"]) == ("Germany", "East Germany")
    assert aside(tables) == {"201503050023": "territory"}


def test_17_deaths_of_linked_attacks() -> None:
    """Deaths of linked attacks are divided; by rounding each, 8 became 9."""
    best = told(read("17_gtd_linked_thirds/globalterrorismdb.csv"), "deaths_best")
    sums = [
        sum(n for key, n in best.items() if key.startswith(f"2015030{one}")) for one in (5, 6, 7)
    ]
    assert sums == [8, 5, 1]


def test_18_markings_that_other_programs_write() -> None:
    """AMBER+STRICT stood in a field of OpenCTI's own and was read as no marking."""
    tables = read("18_stix_amber_strict_opencti/b.json")
    assert tables["reports"].is_empty()
    assert set(aside(tables).values()) == {"marking"}
    assert len(aside(tables)) == 4
    assert (tables["quarantine"]["original"].bin.size() < 200).all()


def test_23_incidents_of_opencti() -> None:
    """The day of making was taken for the day of the event; a city had no country."""
    tables = read("23_stix_opencti_incident/b.json")
    assert sorted(tables["reports"]["territory"]) == [
        "Estonia", "Israel", "Kosovo", "Lithuania", "Namibia", "Taiwan",
    ]  # fmt: skip
    estonia = tables["reports"].filter(territory="Estonia")
    assert estonia.select("date_start", "date_end").row(0) == (day("2024-03-05"), day("2024-03-06"))
    assert tables["reports"].filter(territory="Lithuania")["latitude"].is_null().all()
    assert {rule for _, rule in doubted(tables)} == {"outside"}
    assert set(aside(tables).values()) == {"territory"}


def test_24_codes_of_gdelt_are_not_those_of_iso() -> None:
    """GM was read as Gambia, AU as Australia."""
    from tocsin.observe.sources.gdelt.events import COLUMNS

    place = "24_gdelt_fips/20240305001500.export.CSV"
    lines = (FIELD / place).read_text("utf-8").splitlines()
    rows = csv.DictReader(lines, COLUMNS, delimiter="\t")
    codes = {row["GlobalEventID"]: row["ActionGeo_CountryCode"] for row in rows}
    found = {codes[key]: name for key, name in told(read(place), "territory").items()}
    assert found.items() >= {
        "GM": "Germany", "GA": "Gambia", "GB": "Gabon", "GG": "Georgia", "AU": "Austria",
        "AS": "Australia", "NI": "Nigeria", "NG": "Niger", "BM": "Myanmar", "SF": "South Africa",
        "SP": "Spain", "CG": "DR Congo", "CF": "Congo", "OD": "South Sudan", "SU": "Sudan",
        "RI": "Serbia", "KV": "Kosovo", "GZ": "Israel", "WE": "Israel", "UP": "Ukraine",
        "PS": "Palau", "LE": "Lebanon", "SH": "United Kingdom", "VT": "Italy", "NF": "Australia",
    }.items()  # fmt: skip
    assert not {"OS", "OC", "PF", "PG", "YI"} & set(found)


@pytest.mark.parametrize(("name", "columns"), [("20130501.export.CSV", 58), ("57.CSV", 57)])
def test_25_the_first_gdelt(name: str, columns: int) -> None:
    """Its columns are others, and were read as if they were those of GDELT 2.0."""
    with pytest.raises(SourceRefused, match=f"GDELT 1.0: {columns} columns"):
        read(f"25_gdelt_v1/{name}")


def test_27_events_that_come_again() -> None:
    """An event of two files of 15 minutes counted twice; days were after the news of them."""
    folder = FIELD / "27_gdelt_dups"
    tables = observe(sorted(folder.iterdir()))
    assert sorted(tables["reports"]["native_id"]) == ["4000000001", "4000000002", "4000000003"]
    assert told(tables, "date_start")["4000000003"] == day("2023-03-05")
    assert aside(tables) == {"4000000004": "date", "4000000005": "date"}


def test_29_quirks_of_kobo() -> None:
    """Zones shifted days, n/a was an answer, 0 0 was a place, what was rejected counted."""
    tables = read("29_kobo_csv_quirks/kobo.csv")
    with (FIELD / "29_kobo_csv_quirks/kobo.csv").open(encoding="utf-8-sig") as lines:
        names = [row["_uuid"] for row in csv.DictReader(lines, delimiter=";")]
    columns = ("date_start", "date_end", "deaths_best", "latitude", "target", "territory")
    found = told(tables, *columns)
    by = {
        at: dict(zip(columns, found[one], strict=True))
        for at, one in enumerate(names, 1)
        if one in found
    }
    assert by[2]["date_start"] == day("2024-03-31")
    assert by[3]["deaths_best"] is None
    assert by[5]["deaths_best"] == 999
    assert by[7]["latitude"] is None
    assert by[8]["target"] == "civilians"
    assert [by[at]["territory"] for at in (9, 12, 13, 14)] == [
        "Namibia", "DR Congo", "Congo", "Niger",
    ]  # fmt: skip
    assert 15 not in by
    assert (by[17]["date_start"], by[17]["date_end"]) == (day("2024-01-29"), day("2024-02-02"))
    assert by[18]["latitude"] is None
    assert aside(tables) == {names[14]: "review"}


def test_30_labels_instead_of_names() -> None:
    """An export by labels was no known file, or half of one."""
    with pytest.raises(SourceRefused) as caught:
        read("30_kobo_labels/labels.csv")
    assert "XML values and headers" in caught.value.remedy


def test_33_a_repeat_and_a_rejected_submission() -> None:
    """What a reviewer rejected counted; rows of a repeat were taken for submissions."""
    tables = read("33_odk_repeat_child/Form.csv")
    assert tables["reports"].height == 1
    assert set(aside(tables).values()) == {"review"}
    with pytest.raises(SourceRefused, match="rows of a repeat"):
        read("33_odk_repeat_child/Form-victims.csv")


def test_38_merged_cells_and_a_title() -> None:
    """A cell merged over three rows was read in the first of them only."""
    tables = read("38_xlsx_merged_title/log.xlsx", "38_xlsx_merged_title/log.toml")
    assert told(tables, "territory", "deaths_best") == {
        "A1": ("Mali", 3), "A2": ("Mali", 4), "A3": ("Mali", 5),
    }  # fmt: skip
    title = Source.of_path(FIELD / "38_xlsx_merged_title/title.xlsx")
    mapped = Mapped(load(FIELD / "38_xlsx_merged_title/log.toml"))
    assert reading(title, mapped).tables()["reports"]["native_id"].to_list() == ["A1"]
    assert "header stands in line 3" in " ".join(title.notes)


def test_39_counts_as_people_write_them() -> None:
    """1.234 became 1, and 10-15 became 10."""
    place = "39_mapping_numbers"
    known = {"N8": 3, "N12": 0, "N15": 4, "N16": 12, "N6": None, "N11": None, "N13": None}
    plain = told(read(f"{place}/log.csv", f"{place}/log.toml"), "deaths_best")
    assert plain == known | {"N0": 1234, "N1": 1234, "N14": 1234}
    comma = told(read(f"{place}/log.csv", f"{place}/comma.toml"), "deaths_best")
    assert comma == known | {"N0": 1234, "N7": 1234, "N14": 1234}


STATES = {
    437: (0, 1, 2, 3, 4), 640: (5, 6, 75), 572: (7, 78), 316: (8,), 402: (9,),
    490: (10, 12, 13, 14, 15, 40), 484: (11,), 732: (16, 17), 678: (18, 49), 346: (19, 20),
    703: (21,), 812: (22,), 420: (23, 24), 666: (25, 26, 27, 41, 42, 63, 73), 987: (28,),
    60: (29, 30), 816: (31,), 775: (32,), 520: (33,), 710: (34, 65), 713: (35, 36, 66), 510: (37,),
    436: (38,), 482: (39, 46), 200: (43, 67, 83), 696: (44,), 2: (45,), 626: (47,), 652: (48,),
    404: (50, 53), 565: (51, 52), 347: (55, 56, 57, 58), 475: (59,), 93: (60,), 225: (61,),
    900: (62,), 600: (64,), 325: (69,), 365: (76, 77), 343: (79, 80), 369: (70,), 373: (72,),
}  # fmt: skip
"""The Gleditsch-Ward number that each row of case 40 means; the others mean no state, or two."""


def test_40_names_and_codes_of_countries() -> None:
    """Names were not found, or another country's: each is its state's, or kept aside by name."""
    tables = read("40_mapping_countries/log.csv", "40_mapping_countries/log.toml")
    found = told(tables, "gwno")
    assert found == {f"C{at}": number for number, rows in STATES.items() for at in rows}
    assert set(aside(tables).values()) == {"territory"}
    assert len(found) + len(aside(tables)) == 88


def test_41_parts_are_added_to_their_state() -> None:
    """Gaza's 900 deaths were refused as a second Israel; the same part twice counts once."""
    series = read("41_series_parts/cm.csv")["series"]
    deaths = {(row["territory"], row["month"].month): row["deaths"] for row in series.to_dicts()}
    assert deaths == {
        ("Israel", 10): 950, ("Israel", 11): 4060, ("Morocco", 10): 8, ("China", 10): 3,
    }  # fmt: skip


def history(name: str) -> Any:
    from tocsin.anticipate.data.history import history_of
    from tocsin.observe import read_table

    table = read_table(FIELD / "48_forecast_pitfalls" / name)
    return history_of(table.rows, "ged_sb", name=name)


@pytest.mark.slow
def test_48_later_months_move_no_earlier_forecast() -> None:
    """Months after the origin reached into the forecast."""
    import tocsin

    whole, cut = (
        tocsin.forecast(
            FIELD / "48_forecast_pitfalls" / name, 3, "last twelve months",
            target="ged_sb", origin="2021-10", draws=50,
        ).draws
        for name in ("full.csv", "trunc.csv")
    )  # fmt: skip
    assert whole.equals(cut)


def test_48_absent_months_are_said() -> None:
    """Where only months with deaths stood, a quiet country was forecast as at war."""
    from tocsin.anticipate.data.absence import absence_notes

    assert "--absent zero" in " ".join(absence_notes(history("sparse.csv"), target="ged_sb"))
    gap = history("gap.csv").upto(day("2021-10-01"))
    assert "Mali: its last count is of 2021-06" in " ".join(absence_notes(gap, target="ged_sb"))


@pytest.mark.parametrize(
    "name",
    ["bom", "cp1252", "crlf", "index", "mojibake", "quotedall", "semi", "sep", "spaces", "utf16"],
)
def test_49_files_that_other_programs_saved(name: str) -> None:
    """Two rows of Côte d'Ivoire, re-saved by Excel, R or pandas."""
    tables = read(f"49_encodings/{name}.csv")
    assert told(tables, "gwno", "deaths_best") == {"CDI1": (437, 4), "CDI2": (437, 4)}
    assert told(tables, "actor_a")["CDI1"].startswith("Groupe é")


def test_49_mangled_letters_are_read_as_meant_and_marked() -> None:
    tables = read("49_encodings/mojibake.csv")
    kept = tables["corrections"].select("source_row", "column", "original", "value", "rule")
    assert kept.rows() == [
        (1, "actor_a", "Groupe Ã©", "Groupe é", "letters"),
        (2, "territory", "C\u00c3\u00b4te d'Ivoire", "Côte d'Ivoire", "letters"),
    ]


def test_49_names_of_columns_in_capitals() -> None:
    """The file was refused, with the advice to rename its columns."""
    tables = read("49_encodings/upper.csv")
    assert told(tables, "gwno", "deaths_best") == {"CDI1": (437, 4), "CDI2": (437, 4)}


@pytest.mark.slow
def test_51_a_months_total_beside_its_events() -> None:
    """The total of a month was added to its events: 90, where 60 were told."""
    events = read("51_summary_overlap/GEDEvent_v25_1.csv")
    total = read("51_summary_overlap/bulletin.csv", "51_summary_overlap/bulletin.toml")
    both = {name: pl.concat([events[name], total[name]]) for name in events}
    incidents = assess(both["reports"], both["actors"])["incidents"]
    assert incidents["deaths_best"].sum() == 60
    assert incidents["total_of"].drop_nulls().len() == 1


def test_55_two_sources_of_the_same_events() -> None:
    """Deaths of ACLED and of UCDP were added."""
    from tocsin.anticipate.grid.events import cell_months
    from tocsin.errors import UsageError

    place = FIELD / "55_grid_two_sources"
    reports = [
        read(f"{place.name}/{name}")["reports"] for name in ("GEDEvent_v25_1.csv", "acled.csv")
    ]
    with pytest.raises(UsageError, match="twice"):
        cell_months(reports, "ged_sb")


def test_56_parts_of_states_overseas() -> None:
    """'It lies 5023 km outside Bermuda', said of a point in Bermuda."""
    tables = read("56_overseas_parts/acled.csv")
    assert tables["reports"].height == 16
    assert tables["reports"]["latitude"].null_count() == 0
    assert tables["quarantine"].is_empty()
    assert tables["corrections"].is_empty()


def test_57_times_that_programs_put_for_none() -> None:
    """What had no day became a report of 1970, or lasted until 5138."""
    tables = read("57_stix_opencti_epoch/b.json")
    assert tables["reports"].select("date_start", "date_end").rows() == [
        (day("2024-02-01"), day("2024-02-01"))
    ]
    assert set(aside(tables).values()) == {"date"}


def drafted(place: str) -> dict[str, Any]:
    """The columns and forms of the draft of a mapping for a file."""
    text = suggest_mapping(Source.of_path(FIELD / place))
    return tomllib.loads(text)


def by_draft(place: str, tmp_path: Path, **constants: str) -> Tables:
    """A file read by its own draft, as nobody should, but many will."""
    draft = drafted(place)
    draft["constants"] |= constants
    lines = [f"source = {json.dumps(draft['source'])}"]
    for section in ("columns", "forms", "constants"):
        pairs = ", ".join(f"{key} = {json.dumps(value)}" for key, value in draft[section].items())
        lines.append(f"{section} = {{ {pairs} }}")
    path = tmp_path / "draft.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return reading(Source.of_path(FIELD / place), Mapped(load(path))).tables()


@pytest.mark.slow
def test_60_a_form_of_ones_own_in_kobo(tmp_path: Path) -> None:
    """The end of filling in was the end of the event; what was not approved counted."""
    columns = drafted("60_kobo_own_form/kobo_fr.xlsx")["columns"]
    assert columns.items() >= {
        "date": "date_incident", "country": "lieu/pays", "place": "lieu/village",
        "deaths_best": "bilan/nb_tues", "latitude": "_lieu/gps_latitude",
    }.items()  # fmt: skip
    assert "date_end" not in columns
    tables = by_draft("60_kobo_own_form/kobo_fr.xlsx", tmp_path)
    assert told(tables, "territory", "deaths_best") == {"1000": ("Mali", 3), "1003": ("Mali", None)}
    assert aside(tables) == {"1001": "review", "1002": "review"}
    assert "Personne" not in str(tables["quarantine"].to_dicts())


def test_61_a_form_of_ones_own_in_odk(tmp_path: Path) -> None:
    """Points stood in 'ubicacion-Latitude'; what was rejected counted."""
    tables = by_draft("61_odk_own_form/odk_es.csv", tmp_path)
    assert told(tables, "territory", "deaths_best", "latitude") == {
        "uuid:1": ("Colombia", 4, 2.95), "uuid:3": ("Colombia", 0, 6.95),
    }  # fmt: skip
    assert aside(tables) == {"uuid:2": "review"}


def test_62_the_men_who_were_killed_are_not_the_killed(tmp_path: Path) -> None:
    tables = by_draft("62_activityinfo/activityinfo.xlsx", tmp_path)
    assert told(tables, "deaths_best") == {"cxk1a": 5, "cxk1b": 12}
    assert aside(tables) == {"cxk1c": "date"}


def test_63_days_as_5_mar_24(tmp_path: Path) -> None:
    """Days were unknown; '1-2' dead was one, and later its row was lost. Its bounds are kept."""
    tables = by_draft("63_weekly_bulletin/inso.csv", tmp_path)
    assert told(tables, "date_start", "deaths_low", "deaths_high") == {
        "AF-001": (day("2024-03-05"), 2, 2), "AF-002": (day("2024-03-06"), 1, 2),
        "AF-003": (day("2024-03-07"), 0, 0),
    }  # fmt: skip
    assert doubted(tables) == {(4, "counts")}
    assert aside(tables) == {}


def test_64_acled_of_its_servers() -> None:
    """JSON was 'no known source', whatever it held; the layout of 2019 is read."""
    answered = read("64_acled_json/acled_api.json")
    assert told(answered, "deaths_best", "place", "territory", "n_sources") == {
        "MLI100": (4, "Gao", "Mali", 1)
    }
    assert told(read("64_acled_json/acled_old.csv"), "deaths_best") == {"MLI100": 4}


@pytest.mark.slow
def test_65_gdelt_in_another_dress() -> None:
    """With a line of names, between tabs or commas, GDELT is read by them; no draft takes its codes
    of countries for those of ISO."""
    for file in ("gdelt_header.csv", "gdelt_comma.csv"):
        tables = read(f"65_gdelt_dressed/{file}")
        assert (tables["reports"].height, tables["quarantine"].height) == (2, 0)
    assert "country" not in drafted("65_gdelt_dressed/gdelt_comma.csv")["columns"]


@pytest.mark.slow
def test_66_the_start_of_a_span_and_not_its_end(tmp_path: Path) -> None:
    """The year, month and day stood in three columns of the start and three of the end.

    EM-DAT itself is refused, since its floods are no attacks; others keep logs in its form.
    """
    with pytest.raises(SourceRefused, match="a list of disasters by EM-DAT"):
        drafted("66_disasters/emdat.xlsx")
    book = openpyxl.load_workbook(FIELD / "66_disasters/emdat.xlsx")
    for cell, name in zip(book.active[5], ("No.", None, None, "Group", "Type"), strict=False):
        cell.value = name or cell.value
    book.save(tmp_path / "log.xlsx")
    tables = by_draft(str(tmp_path / "log.xlsx"), tmp_path)
    assert tables["reports"].select(
        "date_start", "date_end", "date_prec", "deaths_best"
    ).rows() == [
        (day("2024-03-05"), day("2024-03-05"), 1, 10),
        (day("2024-03-01"), day("2024-03-31"), 4, None),
        (day("2024-01-01"), day("2024-12-31"), 5, 7),
    ]
    assert tables["reports"]["territory"].to_list() == ["Mali", "DR Congo", "Burkina Faso"]


@pytest.mark.parametrize("name", ["hdx.xlsx", "hxl.csv"])
def test_67_months_by_their_names_below_a_page_on_the_licence(name: str, tmp_path: Path) -> None:
    """The first sheet held the licence only; 'March' beside 2024 became all of 2024."""
    tables = by_draft(f"67_hdx/{name}", tmp_path)
    found = tables["reports"].select("date_start", "date_prec", "deaths_best").row(0)
    assert found == (day("2024-03-01"), 4, 30)


def test_68_a_box_that_is_not_opened_is_named_and_one_of_libreoffice_is_opened() -> None:
    with pytest.raises(SourceRefused, match="Excel 97 to 2003") as caught:
        read("68_other_boxes/old.xls")
    assert ".xlsx" in caught.value.remedy
    assert Source.of_path(FIELD / "68_other_boxes/libre.ods").columns == ["Ref"]


@pytest.mark.parametrize("name", ["arabic_utf8.csv", "arabic.csv"])
def test_69_arabic_is_read_with_its_names_of_states(name: str, tmp_path: Path) -> None:
    """In Windows-1256, as Excel saves CSV where Arabic is written, every row was refused."""
    tables = by_draft(f"69_alphabets/{name}", tmp_path)
    assert told(tables, "territory", "deaths_best", "actor_a") == {
        "1": ("Syria", 5, None), "2": ("Yemen", 3, "الحوثيون"), "3": ("Iraq", 2, "داعش"),
    }  # fmt: skip


def test_69_other_encodings_are_named_and_nothing_is_guessed() -> None:
    with pytest.raises(SourceRefused, match="Windows-1251"):
        read("69_alphabets/cyr.csv")


def test_70_a_sheet_a_month() -> None:
    """Only the first sheet was read, without a word."""
    source = Source.of_path(FIELD / "70_sheets/months.xlsx")
    assert [record.fields["Ref"] for record in source.records()] == ["J1", "F1"]
    assert "'February' has the same columns and was read, too" in " ".join(source.notes)


def test_82_points_in_degrees_and_minutes(tmp_path: Path) -> None:
    """The draft of a mapping left them out, and by hand they were no points."""
    source = Source.of_path(FIELD / "82_degrees/log.csv")
    draft = tmp_path / "log.toml"
    draft.write_text(suggest_mapping(source), encoding="utf-8")
    tables = reading(source, Mapped(load(draft))).tables()
    assert tables["reports"].sort("source_row").select("latitude", "longitude").rows() == [
        (14.5, -4.2), (14.2, -3.9), (14.4, -4.1), (14.4, -4.1),
    ]  # fmt: skip


@pytest.mark.parametrize(("file", "first"), [("america", "month"), ("france", "day")])
def test_83_a_published_file_that_a_spreadsheet_saved_again(file: str, first: str) -> None:
    """Excel writes days as its country does: every row was refused, or could be read wrongly."""
    found = reading(Source.of_path(FIELD / f"83_resaved/ged_{file}.csv"))
    tables = found.tables()
    days = tables["reports"].sort("source_row").select("date_start", "date_end").rows()
    assert days == [(day("2021-03-12"), day("2021-03-13")), (day("2021-04-01"), day("2021-04-01"))]
    assert any(f"with the {first} first" in note for note in found.source.notes)
