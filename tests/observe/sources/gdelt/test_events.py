"""GDELT: what becomes a report, what lies outside, and that no name of a person is kept."""

from __future__ import annotations

import io
import json
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest

from tocsin.observe import Source, observe_file, reading
from tocsin.observe.sources.gdelt.events import COLUMNS, first_level, publisher

SPECIMEN = Path(str(files("tocsin.observe") / "specimens" / "gdelt.export.CSV"))
GOOD = dict(
    zip(COLUMNS, SPECIMEN.read_text(encoding="utf-8").splitlines()[0].split("\t"), strict=True)
)


def line(**changed: str) -> str:
    fields = GOOD | changed
    if "EventCode" in changed and "EventRootCode" not in changed:
        fields["EventRootCode"] = changed["EventCode"][:2]
    return "\t".join(fields[name] for name in COLUMNS) + "\n"


def read(*lines: str):  # type: ignore[no-untyped-def]
    content = "".join(lines).encode()
    return reading(Source.of_bytes("20260304.export.CSV", content)).tables()


def test_the_specimen() -> None:
    tables = observe_file(SPECIMEN)
    fate = tables["files"].to_dicts()[0]
    assert (fate["kind"], fate["rows"]) == ("gdelt-events", 15)
    assert (fate["accepted"], fate["quarantined"], fate["outside"]) == (13, 2, 2)
    assert tables["quarantine"]["rule"].to_list() == ["duplicate", "ragged"]
    assert tables["reports"]["deaths_best"].null_count() == tables["reports"].height == 11


def test_a_zip_as_gdelt_publishes_it() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("20260304121500.export.CSV", SPECIMEN.read_bytes())
    found = reading(Source.of_bytes("20260304121500.export.CSV.zip", packed.getvalue())).tables()
    plain = observe_file(SPECIMEN)["reports"].drop("source_file")
    assert found["reports"].drop("source_file").equals(plain)


def test_no_name_of_an_actor_is_read() -> None:
    tables = read(line(Actor1Name="SOMEBODY BY NAME", Actor2Name="ANOTHER PERSON"))
    row = tables["reports"].to_dicts()[0]
    assert (row["actor_a"], row["actor_b"]) == ("Syria: rebels", "Syria: military")
    assert (row["actor_a_id"], row["actor_b_id"]) == ("SYRREB", "SYRMIL")
    assert "SOMEBODY" not in str(row)
    assert "PERSON" not in str(row)


def test_the_address_of_an_article_is_kept_as_its_host() -> None:
    tables = read(line(SOURCEURL="https://www.News.example:8080/what-somebody-did?x"))
    assert tables["reports"]["publisher"].to_list() == ["news.example"]
    assert publisher("Radio bulletin") is None


@pytest.mark.parametrize(
    ("changed", "outside"),
    [
        ({"EventCode": "042"}, True),
        ({"EventCode": "141"}, True),
        ({"EventCode": "173"}, True),
        ({"EventCode": "145"}, False),
        ({"EventCode": "176"}, False),
        ({"EventCode": "1952"}, False),
        ({"EventCode": "2041"}, False),
        ({"ActionGeo_Type": "0", "ActionGeo_CountryCode": ""}, True),
        ({"ActionGeo_CountryCode": "OS"}, True),
    ],
)
def test_the_scope(changed: dict[str, str], outside: bool) -> None:
    tables = read(line(**changed))
    assert tables["files"]["outside"].to_list() == [int(outside)]
    assert tables["reports"].height == 1 - outside
    assert tables["quarantine"].is_empty()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"GlobalEventID": ""}, "missing"),
        ({"GlobalEventID": "x1"}, "number"),
        ({"Day": "18000101"}, "date"),
        ({"Day": "20290101"}, "date"),
        ({"EventCode": "999", "EventRootCode": "99"}, "code"),
        ({"EventCode": "1999"}, "code"),
        ({"EventCode": "193", "EventRootCode": "04"}, "code"),
        ({"QuadClass": "7"}, "range"),
        ({"ActionGeo_CountryCode": "ZZ"}, "territory"),
        ({"ActionGeo_FullName": "Al\u200beppo"}, "characters"),
        ({"ActionGeo_FullName": "=HYPERLINK(1)"}, "characters"),
        ({"SOURCEURL": "https://x.example/\u202ea"}, "characters"),
        ({"Actor1Code": "A1"}, "code"),
        ({"NumSources": "0"}, "range"),
    ],
)
def test_each_rule(changed: dict[str, str], rule: str) -> None:
    good = line(GlobalEventID="77")
    tables = read(good, line(**changed), line(GlobalEventID="78"))
    assert tables["quarantine"]["rule"].to_list() == [rule]
    assert tables["quarantine"]["source_row"].to_list() == [2]
    kept = json.loads(tables["quarantine"]["original"][0])
    assert not {"Actor1Name", "Actor2Name", "Actor1Geo_Lat"} & set(kept)
    assert kept | {"SOURCEURL": ""} == kept | {"SOURCEURL": ""} | {
        name: value for name, value in changed.items() if name != "SOURCEURL"
    }
    assert "/" not in kept["SOURCEURL"]
    assert tables["reports"]["native_id"].to_list() == ["77", "78"]


def test_accents_in_a_place_are_read() -> None:
    tables = read(line(ActionGeo_FullName="Hamāh, Ḩamāh, Syria"))
    assert tables["reports"]["adm1"].to_list() == ["Ḩamāh"]
    assert first_level("Gambia, The", 1) is None


def test_fips_is_not_iso() -> None:
    tables = read(
        line(
            ActionGeo_CountryCode="NG", ActionGeo_Lat="13.5", ActionGeo_Long="2.1",
            ActionGeo_FullName="Niamey, Niamey, Niger",
        )
    )  # fmt: skip
    assert tables["reports"]["territory"].to_list() == ["Niger"]


@pytest.mark.slow
def test_one_sided_state_based_and_the_rest() -> None:
    def kind(**changed: str) -> str:
        return str(read(line(**changed))["reports"]["event_type"][0])

    assert kind() == "state-based"
    assert kind(Actor2Code="SYRCVL", Actor2Type1Code="CVL") == "one-sided"
    assert kind(Actor2Code="SYRREB", Actor2Type1Code="REB") == "non-state"
    assert kind(Actor2Code="SYR", Actor2Type1Code="") == "other"


def test_quarantine_keeps_no_name_of_an_actor() -> None:
    named = line(Actor1Name="A LEADER", Actor2Name="ANOTHER", QuadClass="7")
    tables = read(line(GlobalEventID="77"), named, named.replace("\t7\t", "\t7\t\t", 1))
    assert tables["quarantine"].height == 2
    assert not any(b"LEADER" in kept for kept in tables["quarantine"]["original"])
    assert not any(b"ANOTHER" in kept for kept in tables["quarantine"]["original"])
