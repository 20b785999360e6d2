"""Of refused records only what is read is kept, by every reader."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from packed import excel, parquet
from tocsin.observe.checks.private import WITHHELD, bare, keep_fields, of_columns
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.mapping.mapped import Mapped, load
from tocsin.observe.reader import Reader, Reading
from tocsin.observe.registry import READERS
from tocsin.observe.sources.acled import Acled, AcledDeletions
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
DATA = Path(__file__).parents[1] / "data"
SECRET = "SOMEBODY, +99 000 000"

WHOLE = Record(1, b"x,Somebody", {"a": "x", "name": "Somebody"})
RAGGED = Record(2, b"x,Somebody,y", {}, ("ragged", "3 fields where the header has 2."))


def test_only_some_columns_and_no_bytes() -> None:
    keep = of_columns(("a", "b"))
    assert [record.fields for record in keep_fields([WHOLE, RAGGED], keep)] == [{"a": "x"}, {}]
    assert json.loads(bare(WHOLE, keep)) == {"a": "x"}
    assert bare(RAGGED, dict) == WITHHELD
    assert bare(WHOLE, of_columns(())) == WITHHELD


EVERY = [
    (UcdpGed(), DATA / "ucdp_ged_23.1.csv", ",", {"date_start": "soon"}),
    (UcdpActors(), DATA / "ucdp_actors.csv", ",", {"Org": "9"}),
    (CountryMonth(), DATA / "country_month.csv", ",", {"month": "soon"}),
    (CountryYear(), DATA / "country_year.csv", ",", {"year": "soon"}),
    (ExternalSupport(), DATA / "external_support.csv", ",", {"year": "soon"}),
    (TieList(), DATA / "ties.csv", ",", {"channel": "x"}),
    (AdoptionList(), DATA / "adoptions.csv", ",", {"technology": "x"}),
    (Acled(), SPECIMENS / "acled.csv", ",", {"event_date": "soon"}),
    (AcledDeletions(), DATA / "acled_deletions.csv", ",", {"event_id_cnty": ""}),
    (Gtd(), SPECIMENS / "gtd.csv", ",", {"nkill": "many"}),
    (EuRepoC(), SPECIMENS / "eurepoc_semicolon.csv", ";", {"start_date": "soon"}),
    (FieldForm(), SPECIMENS / "field_form" / "field_form.csv", ";", {"when/event_date": "soon"}),
    (GdeltEvents(), SPECIMENS / "gdelt.export.CSV", "\t", {"Day": "soon"}),
    (
        Mapped(load(SPECIMENS / "incidentes.toml")), SPECIMENS / "incidentes.csv", ";",
        {"Fecha del evento": "soon"},
    ),
]  # fmt: skip
"""Each reader of tables with a file, its separator, and what breaks a rule of the reader."""


def test_every_reader_is_tested_here() -> None:
    assert {one[0].kind for one in EVERY} == {*READERS.own, "mapping"} - {"stix"}


named = pytest.mark.parametrize(
    ("reader", "path", "separator", "broken"), EVERY, ids=[one[0].kind for one in EVERY]
)


def table(path: Path, separator: str) -> tuple[list[str], list[list[str]]]:
    """The header and the rows; GDELT's files have no header."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=separator))
    return (rows[0], rows[1:]) if path.suffix != ".CSV" else (COLUMNS, rows)


def written(path: Path, separator: str, header: list[str], rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_NONE if path.suffix == ".CSV" else csv.QUOTE_MINIMAL
    out = csv.writer(text, delimiter=separator, lineterminator="\n", quoting=quoting)
    out.writerows(([header] if path.suffix != ".CSV" else []) + rows)
    return text.getvalue().encode()


def read(reader: Reader, name: str, content: bytes) -> dict[str, pl.DataFrame]:
    return Reading(Source.of_bytes(name, content), reader).tables()


def read_columns(tables: dict[str, pl.DataFrame]) -> set[str]:
    return set(json.loads(tables["quarantine"]["original"][0]))


@pytest.mark.slow
@named
def test_a_refused_row_keeps_no_column_that_is_not_read(
    reader: Reader, path: Path, separator: str, broken: dict[str, str]
) -> None:
    header, rows = table(path, separator)
    at = [header.index(name) for name in broken]
    bad = [broken[header[n]] if n in at else cell for n, cell in enumerate(rows[0])]
    tables = read(reader, path.name, written(path, separator, header, [bad]))
    assert tables["quarantine"].height == 1
    kept = read_columns(tables)
    extra = [] if path.suffix == ".CSV" else ["Nombre del informante"]
    assert not set(extra) & kept
    marked = [
        cell if name in kept or isinstance(reader, FieldForm) else SECRET
        for name, cell in zip(header, bad, strict=True)
    ]
    wide = header + extra, [[*marked, *(SECRET for _ in extra)]]
    for pack in (bytes, excel, parquet) if separator == "," else (bytes,):
        content = pack(written(path, separator, *wide))
        if isinstance(reader, CountryMonth | CountryYear):
            # Whatever column such a file has is a count or an indicator, and is read.
            content = pack(written(path, separator, header, [marked]))
        told = read(reader, path.name, content)
        assert told["quarantine"].height == 1
        assert SECRET not in str([frame.to_dicts() for frame in told.values()])


@named
def test_a_row_that_cannot_be_told_apart_is_not_kept(
    reader: Reader, path: Path, separator: str, broken: dict[str, str]
) -> None:
    header, rows = table(path, separator)
    content = written(path, separator, header, [[*rows[0][:3], SECRET, *rows[0][3:], "x"]])
    told = read(reader, path.name, content)
    assert told["quarantine"]["original"].to_list() == [WITHHELD]
    assert SECRET not in str([frame.to_dicts() for frame in told.values()])


@pytest.mark.slow
@named
def test_what_is_not_read_changes_nothing(
    reader: Reader, path: Path, separator: str, broken: dict[str, str]
) -> None:
    if isinstance(reader, FieldForm):
        pytest.skip("Its questions stand under many names; `answers` is tested on its own.")
    header, rows = table(path, separator)
    at = [header.index(name) for name in broken]
    bad = [broken[header[n]] if n in at else cell for n, cell in enumerate(rows[0])]
    kept = read_columns(read(reader, path.name, written(path, separator, header, [bad])))
    blank = [
        [cell if name in kept else "" for name, cell in zip(header, row, strict=False)]
        for row in rows
    ]
    each = [read(reader, path.name, written(path, separator, header, one)) for one in (rows, blank)]
    for name in set(each[0]) - {"files", "quarantine"}:
        assert each[0][name].equals(each[1][name]), name
