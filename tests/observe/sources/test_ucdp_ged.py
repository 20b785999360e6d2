"""UCDP GED: versions, and each rule of quarantine."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.errors import SourceRefused
from tocsin.observe import observe_file

GOOD = {
    "id": "1",
    "type_of_violence": "1",
    "side_a": "Government of Syria",
    "side_a_new_id": "118",
    "side_b": "IS",
    "side_b_new_id": "234",
    "number_of_sources": "-1",
    "source_headline": "Clashes",
    "where_prec": "1",
    "latitude": "33.51",
    "longitude": "36.29",
    "country": "Syria",
    "country_id": "652",
    "date_prec": "1",
    "date_start": "2016-01-01",
    "date_end": "2016-01-01",
    "low": "1",
    "best": "2",
    "high": "3",
    "event_clarity": "1",
}


def written(folder: Path, *rows: dict[str, str], name: str = "ged_23.1.csv") -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(GOOD), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / name
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"date_start": "2016-13-01"}, "date"),
        ({"date_start": "01/02/2016"}, "date"),
        ({"best": "-1"}, "negative"),
        ({"best": "2.5"}, "number"),
        ({"best": ""}, "missing"),
        ({"country_id": "482"}, "territory"),
        ({"country": "Atlantis"}, "territory"),
        ({"type_of_violence": "4"}, "range"),
        ({"id": ""}, "missing"),
    ],
)
def test_a_broken_row_is_kept_aside_and_the_others_stay(
    tmp_path: Path, changed: dict[str, str], rule: str
) -> None:
    tables = observe_file(written(tmp_path, GOOD, GOOD | {"id": "2"} | changed))
    assert tables["reports"].height == 1
    assert tables["quarantine"]["rule"].to_list() == [rule]
    assert tables["quarantine"]["source_row"].to_list() == [2]
    assert b"Syria" in tables["quarantine"]["original"][0] or "country" in changed


@pytest.mark.parametrize(
    ("headline", "citation", "read"),
    [
        ("Clashes", "Reuters 1/2 2004 'Others'", "Clashes"),
        ("", "Reuters 1/2 2004 'Rebels shell a town'", "Reuters 1/2 2004 'Rebels shell a town'"),
        (" ", "", None),
    ],
)
def test_where_no_headline_stands_the_citation_has_it(
    tmp_path: Path, headline: str, citation: str, read: str | None
) -> None:
    row = GOOD | {"source_headline": headline, "source_article": citation}
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(row), lineterminator="\n")
    writer.writeheader()
    writer.writerow(row)
    path = tmp_path / "ged_23.1.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    assert observe_file(path)["reports"]["headline"].to_list() == [read]


def test_a_duplicate_id_is_kept_aside(tmp_path: Path) -> None:
    tables = observe_file(written(tmp_path, GOOD, GOOD))
    assert tables["quarantine"]["rule"].to_list() == ["duplicate"]


@pytest.mark.parametrize(
    "form", ["2016-01-01 00:00:00.000", "2016-01-01T00:00:00", "1/1/2016 0:00:00"]
)
def test_days_as_the_versions_write_them(tmp_path: Path, form: str) -> None:
    row = GOOD | {"date_start": form, "id": "1.0", "country_id": "652.0"}
    tables = observe_file(written(tmp_path, row))
    assert str(tables["reports"]["date_start"][0]) == "2016-01-01"
    assert tables["reports"]["native_id"][0] == "1"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("GEDEvent_v25_1.csv", "UCDP GED 25.1"),
        ("GEDEvent_v24_0_3.csv", "UCDP GED Candidate 24.0.3"),
        ("GEDEvent_v24_0_12.csv", "UCDP GED Candidate 24.0.12"),
        ("GEDEvent_v24_01_24_03.csv", "UCDP GED Candidate 24.01.24.03"),
        ("GEDEvent_v24_01_24_06.csv", "UCDP GED Candidate 24.01.24.06"),
        ("ged251-csv.csv", "UCDP GED 25.1"),
        ("ged_2024_01_05.csv", "UCDP GED 19.1"),
        ("events.csv", "UCDP GED 19.1"),
    ],
)
def test_the_release_is_told(tmp_path: Path, name: str, source: str) -> None:
    assert observe_file(written(tmp_path, GOOD, name=name))["files"]["source"][0] == source


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id,type_of_violence,side_a,side_b,best\n1,1,A,B,1\n")
    with pytest.raises(SourceRefused, match="latitude"):
        observe_file(path)


@pytest.mark.slow
@settings(
    max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.dictionaries(
        st.sampled_from(sorted(GOOD)),
        st.one_of(st.text(max_size=12), st.integers().map(str), st.floats().map(str)),
        max_size=4,
    )
)
def test_fuzzed_rows_never_harm_the_good_one(tmp_path: Path, changed: dict[str, str]) -> None:
    tables = observe_file(written(tmp_path, GOOD | {"id": "7"}, GOOD | changed))
    fate = tables["files"].to_dicts()[0]
    assert fate["rows"] == fate["accepted"] + fate["quarantined"]
    assert "7" in tables["reports"]["native_id"].to_list()
    assert tables["quarantine"]["reason"].str.len_chars().min() != 0


CANDIDATE = GOOD | {
    "id": "512345",
    "code_status": "Check deaths",
    "active_year": "TRUE",
    "number_of_sources": "1.0",
    "where_prec": "7.0",
    "latitude": "35.2",
    "longitude": "34.9",
    "date_start": "2024-03-05 00:00:00.000",
    "date_end": "2024-03-07 00:00:00.000",
    "date_prec": "2",
    "low": "0",
    "best": "0",
    "high": "4",
    "event_clarity": "2",
}


def test_a_candidate_event_still_to_be_checked_is_read(tmp_path: Path) -> None:
    path = tmp_path / "GEDEvent_v24_0_3.csv"
    path.write_text(f"{','.join(CANDIDATE)}\n{','.join(CANDIDATE.values())}\n", "utf-8")
    tables = observe_file(path)
    found = tables["reports"].row(0, named=True)
    assert tables["quarantine"].is_empty()
    assert (found["place_prec"], found["n_sources"], found["clarity"]) == (7, 1, 2)
    assert [found[f"deaths_{name}"] for name in ("low", "best", "high")] == [0, 0, 4]


def test_two_candidate_releases_of_one_event_are_two_reports(tmp_path: Path) -> None:
    names = ("GEDEvent_v24_0_3.csv", "GEDEvent_v24_01_24_06.csv", "GEDEvent_v24_01_24_09.csv")
    each = [observe_file(written(tmp_path, GOOD, name=name))["reports"] for name in names]
    assert len({found["report_id"][0] for found in each}) == 3
    assert len({found["native_id"][0] for found in each}) == 1


def test_an_unknown_precision_loses_no_event(tmp_path: Path) -> None:
    tables = observe_file(written(tmp_path, GOOD | {"date_prec": "", "where_prec": "NA"}))
    assert tables["reports"].select("date_prec", "place_prec").row(0) == (2, 4)
    assert tables["corrections"]["column"].to_list() == ["date_prec", "place_prec"]


def test_an_unknown_last_day_and_spaced_thousands_lose_no_event(tmp_path: Path) -> None:
    good = GOOD | {"date_end": "", "best": "1 204", "high": "1\u202f300"}
    tables = observe_file(written(tmp_path, good))
    row = tables["reports"].row(0, named=True)
    assert row["date_end"] == row["date_start"]
    assert (row["deaths_best"], row["deaths_high"]) == (1204, 1300)
    assert "date_end" in tables["corrections"]["column"].to_list()


@pytest.mark.parametrize(
    ("worded", "kind", "target"),
    [
        ("State-based", "state-based", None),
        ("1 - State-based conflict", "state-based", None),
        ("non-state violence", "non-state", None),
        ("One-sided violence", "one-sided", "civilians"),
        ("3.0", "one-sided", "civilians"),
    ],
)
def test_types_of_violence_are_read_in_words(
    tmp_path: Path, worded: str, kind: str, target: str | None
) -> None:
    row = observe_file(written(tmp_path, GOOD | {"type_of_violence": worded}))["reports"].row(
        0, named=True
    )
    assert (row["event_type"], row["target"]) == (kind, target)


def test_a_type_whose_number_and_words_disagree_is_refused(tmp_path: Path) -> None:
    found = observe_file(written(tmp_path, GOOD | {"type_of_violence": "2 - State-based"}))
    assert found["quarantine"]["rule"].to_list() == ["code"]


def test_thousands_apart_are_read_in_every_number(tmp_path: Path) -> None:
    row = {"id": "1,204", "low": "1,000", "best": "1,204", "high": "1.300"}
    found = observe_file(written(tmp_path, GOOD | row, GOOD | row | {"id": "7", "high": "1,300"}))
    kept = found["reports"].sort("source_row")
    assert kept["native_id"].to_list() == ["1204", "7"]
    assert kept["deaths_best"].to_list() == [1204, 1204]
    assert kept["deaths_high"].to_list() == [1204, 1300]
    # 1.300 is no whole number where points separate decimals: that bound alone is doubted.
    assert found["corrections"]["original"].to_list() == ["1.300"]
