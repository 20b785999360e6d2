"""A file that no reader knows is told what it nearly is; a file of events is no indicators."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import pytest

from tocsin.errors import SourceRefused
from tocsin.observe import observe_file, reading
from tocsin.observe.formats.source import Source
from tocsin.observe.mapping.suggest import suggest_mapping
from tocsin.observe.sources import ucdp_ged

ACLED = (files("tocsin.observe") / "specimens" / "acled.csv").read_text(encoding="utf-8")
GED = {
    "id": "7", "country": "Mali", "year": "2023", "type_of_violence": "1", "side_a": "A",
    "side_b": "B", "where_prec": "6", "latitude": "17", "longitude": "-4", "country_id": "432",
    "date_prec": "1", "date_start": "2023-03-05", "date_end": "2023-03-05", "best_est": "3",
    "high_est": "4", "low_est": "2", "source_headline": "Two lines,\nof one headline",
}  # fmt: skip


def table(rows: Sequence[dict[str, str]], *, header: bool = True) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*rows[0]], lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def refusal(name: str, text: str) -> str:
    with pytest.raises(SourceRefused) as caught:
        reading(Source.of_bytes(name, text.encode()))
    return f"{caught.value.what} {caught.value.remedy}"


def gdelt_1(width: int) -> str:
    row = ["4", "20130501", "201305", "2013", "2013.3329", *["x"] * (width - 5)]
    return ("\t".join(row) + "\n") * 3


HEADERLESS = table([GED | {f"more_{n}": f"words{n}" for n in range(30)}], header=False)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("20130501.export.CSV", gdelt_1(58), "GDELT 1.0: 58 columns"),
        ("57.CSV", gdelt_1(57), "GDELT 1.0: 57 columns"),
        ("GEDEvent_v24_0_1.csv", HEADERLESS, "GED without its header"),
        ("a.csv", "sep=;\na;b\n1;2\n", "stands in line 2"),
        ("a.csv", ACLED.replace("event_date", "event date", 1), "event date for event_date"),
        ("a.csv", ACLED.replace(",inter1,", ",side1,", 1), "missing: inter1"),
        (
            "a.csv",
            "Incidents of 2024\n\nNo,Day,Country,Killed\n1,2024-03-05,Mali,3\n",
            "stands in line 3",
        ),
        ("a.csv", "deaths_best,PARENT_KEY,KEY\n1,uuid:a1,uuid:a1/v[1]\n", "repeat"),
        ("a.csv", "When did it happen?;Country;_uuid\n2024-03-05;Mali;x\n", "XML values"),
    ],
)
def test_a_message_names_what_it_nearly_is(name: str, text: str, says: str) -> None:
    assert says in refusal(name, text)


@pytest.mark.slow
def test_early_names_of_ged_and_a_comma_at_the_end_of_rows(tmp_path: Path) -> None:
    plain = table([GED, GED | {"id": "8"}])
    for text in (
        plain,
        plain.replace("\n7,", ",\n7,", 1),
        plain.replace('headline"\n', 'headline",\n'),
        plain.replace("source_headline\n", "source_headline,\n").replace('line"\n', 'line",\n'),
    ):
        path = tmp_path / "events.csv"
        path.write_text(text, encoding="utf-8")
        seen = observe_file(path)
        assert seen["quarantine"].is_empty()
        assert seen["reports"]["deaths_best"].to_list() == [3, 3]
        assert seen["covariates"].is_empty()


def test_events_are_never_taken_for_indicators() -> None:
    rows = [{"id": "1", "country": "Sudan", "year": "2023", "side_a": "A", "deaths": "4"}]
    assert "mapping" in refusal("a.csv", table(rows))
    assert "mapping" in refusal("a.csv", table([rows[0] | {"month": "2023-01"}]))


@pytest.mark.slow
def test_hashtags_under_the_header_are_no_record(tmp_path: Path) -> None:
    header, rest = ACLED.split("\n", 1)
    tags = ",".join(f"#x+{number}" for number in range(len(next(csv.reader([header])))))
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n{tags}\n{rest}", encoding="utf-8")
    (tmp_path / "b.csv").write_text(ACLED, encoding="utf-8")
    seen, plain = observe_file(path), observe_file(tmp_path / "b.csv")
    for name in ("reports", "quarantine"):
        assert seen[name].height == plain[name].height
    assert "#x" not in str(seen["quarantine"]["original"].to_list())


def test_the_layouts_are_those_of_the_readers() -> None:
    assert {"best", "low", "high"} == set(ucdp_ged.OLDER.values())


@pytest.mark.parametrize(
    "text",
    ['[{"Date": "2021-03-12", "Country": "Mali"}]', '{"Date": "2021-03-12"}\n{"Date": ""}\n'],
)
def test_json_of_no_known_source_is_told_and_drafted_for(text: str) -> None:
    assert "This is JSON, but of none of the sources" in refusal("log.json", text)
    draft = suggest_mapping(Source.of_bytes("log.json", text.encode()))
    assert 'date = "Date"' in draft


@pytest.mark.parametrize("form", [str, str.lower, str.upper])
def test_events_of_gdelt_with_a_header_are_named_and_their_codes_no_countries(
    form: Callable[[str], str],
) -> None:
    names = ["GLOBALEVENTID", "SQLDATE", "ActionGeo_CountryCode", "ActionGeo_Lat", "ActionGeo_Long"]
    text = f"{','.join(map(form, names))}\n1,20240305,CG,1.5,30.2\n2,20240306,CD,12.1,15.0\n"
    source = Source.of_bytes("bq.csv", text.encode())
    with pytest.raises(SourceRefused, match=r"GDELT 2\.0 in another form"):
        reading(source)
    draft = suggest_mapping(source)
    assert "country =" not in draft.split("[forms]")[0]
    assert "FIPS 10-4" in draft
