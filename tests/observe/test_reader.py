"""Every reader keeps its promises, whatever comes; and a third party's is one of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from fuzz import CASES, Specimen, fuzz
from packed import excel, opendocument, parquet
from tocsin.errors import SourceRefused, TableInvalid
from tocsin.observe import Batch, Reading, Source, observe_file, parse_records, reading
from tocsin.observe.formats.records import Record
from tocsin.observe.mapping.mapped import Mapped, load
from tocsin.observe.reader import Rows
from tocsin.observe.sources.acled import Acled
from tocsin.observe.sources.country_month import CountryMonth
from tocsin.observe.sources.country_year import CountryYear
from tocsin.observe.sources.eurepoc import EuRepoC
from tocsin.observe.sources.gdelt.events import COLUMNS
from tocsin.observe.sources.gdelt.reader import GdeltEvents
from tocsin.observe.sources.gtd import Gtd
from tocsin.observe.sources.kobo import FieldForm
from tocsin.observe.sources.networks.adoption_list import AdoptionList
from tocsin.observe.sources.networks.external_support import ExternalSupport
from tocsin.observe.sources.networks.tie_list import TieList
from tocsin.observe.sources.ucdp_actors import UcdpActors
from tocsin.observe.sources.ucdp_ged import UcdpGed

SPECIMENS = Path(str(files("tocsin.observe") / "specimens"))
DATA = Path(__file__).parent / "data"

FUZZED = [
    Specimen.lines(UcdpGed(), DATA / "ucdp_ged_23.1.csv"),
    Specimen.lines(UcdpActors(), DATA / "ucdp_actors.csv"),
    Specimen.lines(CountryMonth(), DATA / "country_month.csv"),
    Specimen.lines(CountryYear(), DATA / "country_year.csv"),
    Specimen.lines(ExternalSupport(), DATA / "external_support.csv"),
    Specimen.lines(TieList(), DATA / "ties.csv"),
    Specimen.lines(AdoptionList(), DATA / "adoptions.csv"),
    Specimen.lines(
        GdeltEvents(), SPECIMENS / "gdelt.export.CSV", header=False, separator=b"\t",
        reaches=False,
    ),
    Specimen.lines(
        Mapped(load(SPECIMENS / "incidentes.toml")), SPECIMENS / "incidentes.csv", separator=b";"
    ),
    Specimen.lines(Acled(), SPECIMENS / "acled.csv"),
    Specimen.lines(Gtd(), SPECIMENS / "gtd.csv"),
    Specimen.lines(EuRepoC(), SPECIMENS / "eurepoc_semicolon.csv", separator=b";"),
    Specimen.lines(FieldForm(), SPECIMENS / "field_form" / "field_form.csv", separator=b";"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("specimen", FUZZED, ids=lambda specimen: specimen.reader.kind)
def test_a_reader_keeps_its_promises_whatever_comes(specimen: Specimen) -> None:
    seen = fuzz(specimen)
    assert len(seen) >= 5, seen
    assert seen["accepted"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("pack", [excel, opendocument, parquet])
def test_other_containers_keep_the_promises_too(pack) -> None:  # type: ignore[no-untyped-def]
    path = DATA / "ucdp_ged_23.1.csv"
    plain = Specimen.lines(UcdpGed(), path, reaches=False)
    assert fuzz(replace(plain, pack=pack), CASES // 20)["accepted"] > 0


def altered(name: str, separator: str, changes: dict[str, str]) -> dict[str, pl.DataFrame]:
    """The first record of a specimen with some fields changed, read as its file."""
    path = DATA / name if (DATA / name).exists() else SPECIMENS / name
    text = path.read_text("utf-8-sig")
    header = COLUMNS if name.startswith("gdelt") else None
    [first, *_] = csv.DictReader(text.splitlines(), header, delimiter=separator)
    assert set(changes) <= set(first), set(changes) - set(first)
    content = io.StringIO(newline="")
    writer = csv.DictWriter(content, list(first), delimiter=separator, lineterminator="\n")
    if header is None:
        writer.writeheader()
    writer.writerow(first | changes)
    reader = Mapped(load(SPECIMENS / "incidentes.toml")) if name == "incidentes.csv" else None
    return reading(Source.of_bytes(path.name, content.getvalue().encode()), reader).tables()


GED, ACLED, GTD, KOBO = "ucdp_ged_23.1.csv", "acled.csv", "gtd.csv", "field_form/field_form.csv"
FAR = {"latitude": "-40", "longitude": "170"}
DOUBTS = [
    (GED, ",", {"low": "9999"}, "estimates", "low"),
    (GED, ",", {"high": "0", "best": "3"}, "estimates", "high"),
    (GED, ",", {"high": "-1"}, "estimates", "high"),
    (GED, ",", {"deaths_civilians": "9999"}, "parts", "deaths_civilians"),
    (GED, ",", {"date_end": "1999-01-01"}, "date", "date_end"),
    (GED, ",", {"date_start": "2016-05-00", "date_end": "2016-05-31", "year": "2016"}, "date",
     "date_start"),
    (GED, ",", {"year": "1999"}, "year", "year"),
    (GED, ",", FAR | {"where_prec": "1"}, "outside", "latitude"),
    (GED, ",", {"latitude": "36;3"}, "point", "latitude"),
    (ACLED, ",", {"event_date": "2024-02-30", "year": "2024"}, "date", "event_date"),
    (ACLED, ",", {"event_date": "5 Smarch 2024", "year": "2024"}, "date", "event_date"),
    (ACLED, ",", {"year": "1999"}, "year", "year"),
    (ACLED, ",", FAR, "outside", "latitude"),
    (ACLED, ",", {"longitude": "east"}, "point", "longitude"),
    (GTD, ",", {"imonth": "2", "iday": "30"}, "date", "iday"),
    (GTD, ",", {"nkill": "2", "nkillter": "3"}, "parts", "nkillter"),
    (GTD, ",", FAR, "outside", "latitude"),
    (GTD, ",", {"longitude": "-86185896"}, "point", "longitude"),
    (KOBO, ";", {"when/event_date": "2024-03-00"}, "date", "event_date"),
    (KOBO, ";", {"harm/deaths_low": "99"}, "estimates", "deaths_low"),
    (KOBO, ";", {"harm/deaths_best": ""}, "estimates", "deaths_best"),
    (KOBO, ";", {"where/point": "0 0 0 0"}, "outside", "point"),
    (KOBO, ";", {"where/point": "6.54"}, "point", "point"),
    (KOBO, ";", {"where/point": "6.54 21.99 0 x"}, "point", "place_prec"),
    ("eurepoc_semicolon.csv", ";", {"end_date": "1999-01-01"}, "date", "end_date"),
    ("eurepoc_semicolon.csv", ";", {"start_date": "2021-00-00"}, "date", "start_date"),
    ("gdelt.export.CSV", "\t", {"ActionGeo_Lat": "10", "ActionGeo_Long": "10"}, "outside",
     "ActionGeo_Lat"),
    ("gdelt.export.CSV", "\t", {"ActionGeo_Lat": "91"}, "point", "ActionGeo_Lat"),
    ("gdelt.export.CSV", "\t", {"Day": "20260230"}, "date", "Day"),
    ("gdelt.export.CSV", "\t", {"Year": "1999"}, "year", "Year"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("name", "separator", "changes", "rule", "heading"), DOUBTS)
def test_what_is_doubtful_is_kept_and_marked_by_every_reader(
    name: str, separator: str, changes: dict[str, str], rule: str, heading: str
) -> None:
    tables = altered(name, separator, changes)
    assert tables["quarantine"].is_empty()
    report, found = tables["reports"].row(0, named=True), tables["corrections"]
    assert found.filter(rule=rule, heading=heading)["report_id"].to_list()[:1] == [
        report["report_id"]
    ]
    assert set(found["rule"]) == {rule}
    assert set(found["line"]) == {1 if name.startswith("gdelt") else 2}
    if rule in ("outside", "point") and heading != "place_prec":
        assert (report["latitude"], report["longitude"]) == (None, None)
    hidden = {"36.3", "6.54", "91"} & set(changes.values()) if name == KOBO else set()
    assert not hidden & set(found["original"])


class Bulletin:
    """A third party's reader, as docs/sources/README.md shows it."""

    kind = "bulletin"

    def knows(self, source: Source) -> bool:
        return {"bulletin_no", "year"} <= set(source.header)

    def read(self, source: Source) -> Iterator[Batch]:
        return parse_records(
            source.records(), _bulletin, lambda rows: [r["year"] for r in rows["covariates"]],
            source="Bulletin 2026", file=source.name, native_id="bulletin_no", size=2,
        )  # fmt: skip


def _bulletin(record: Record) -> Rows:
    if record.fields["year"] == "0":
        return {}
    shared = {"territory": "Syria", "gwno": 652, "source": "Bulletin 2026"}
    row = {"year": int(record.fields["year"]), "indicator": "n", "value": 1.0}
    return {"covariates": [shared | row]}


def offered(monkeypatch: pytest.MonkeyPatch, *values: str) -> None:
    points = [EntryPoint(f"p{n}", value, "tocsin.readers") for n, value in enumerate(values)]
    monkeypatch.setattr("tocsin.base.registry.entry_points", lambda group: points)


def test_a_third_party_adds_a_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "b.csv"
    path.write_text("bulletin_no,year\na,2001\nb,2002\nc,0\nd,2001\ne,2003,x\n")
    with pytest.raises(SourceRefused):
        observe_file(path)
    monkeypatch.setattr(EntryPoint, "load", lambda self: Bulletin)
    offered(monkeypatch, "bulletin:Bulletin")
    tables = observe_file(path)
    assert tables["covariates"]["year"].to_list() == [2001, 2002]
    fate = tables["files"].to_dicts()[0]
    assert (fate["rows"], fate["accepted"], fate["quarantined"], fate["outside"]) == (5, 3, 2, 1)
    assert tables["quarantine"]["rule"].to_list() == ["duplicate", "ragged"]
    assert tables["quarantine"]["reason"][0].endswith("as number 1.")


def test_a_third_partys_broken_reader_does_not_keep_others_from_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offered(monkeypatch, "no_such_package:Reader")
    with pytest.warns(UserWarning, match="no_such_package"):
        found = reading(Source.of_bytes("s.csv", b"country,month,n\nSyria,2020-01,1\n"))
    assert found.reader.kind == "country-month"


def test_a_reader_that_loses_rows_is_found_out() -> None:
    class Loser(Bulletin):
        def read(self, source: Source) -> Iterator[Batch]:
            yield Batch("x", 3, 2, {})

    with pytest.raises(TableInvalid, match="3 rows"):
        Reading(Source.of_bytes("b.csv", b"a,b\n"), Loser()).tables()


def test_batches_make_no_difference() -> None:
    rows = [f"{n % 70},{1900 + n % 90}" for n in range(300)]
    source = Source.of_bytes("b.csv", ("bulletin_no,year\n" + "\n".join(rows)).encode())
    found = [
        [frame.rows() for name, frame in sorted(_tables(source, size).items()) if name != "files"]
        for size in (1, 7, 1000)
    ]
    assert found[0] == found[1] == found[2]


def _tables(source: Source, size: int):  # type: ignore[no-untyped-def]
    class Sized(Bulletin):
        def read(self, source: Source) -> Iterator[Batch]:
            return parse_records(
                source.records(), _bulletin, lambda rows: [r["year"] for r in rows["covariates"]],
                source="Bulletin 2026", file=source.name, size=size,
            )  # fmt: skip

    return Reading(source, Sized()).tables()
