"""The reader of GDELT 2.0 event files: how they are known, and in what order they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from tocsin.observe.checks.private import of_columns
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, Rows, parse_records
from tocsin.observe.resaved import with_numbers
from tocsin.observe.sources.gdelt.blocks import read_blocks
from tocsin.observe.sources.gdelt.events import CALLED, COLUMNS, READ, SOURCE, publisher, report

_SHAPE = re.compile(
    rb"\d+\t\d{8}\t\d{6}\t\d{4}\t[\d.]*\t(?:[^\t\n]*\t){20}[01]\t\d{2,4}\t\d{2,4}\t\d{1,2}\t[1-4]"
    rb"\t(?:[^\t\n]*\t){29}\d{14}\t[^\t\n]*"
)
OTHERWISE = {"sqldate": "Day"}
"""A name in small letters that GDELT's tables in a database have, and the one that is meant."""
SPARE = frozenset((
    "MonthYear", "Year", "NumSources", "DATEADDED", "SOURCEURL", "ActionGeo_FullName",
    "ActionGeo_Lat", "ActionGeo_Long",
))  # fmt: skip
"""Columns that a table with a header may lack."""


class GdeltEvents:
    """Reader of GDELT 2.0 event files.

    It gives reports; docs/sources/gdelt.md has its rules.
    """

    kind = "gdelt-events"

    def knows(self, source: Source) -> bool:
        """Tell whether one of the first lines has the shape of a GDELT 2.0 event, or the file is a
        table with a header that names what is read of one.
        """
        lines = source.head.split(b"\n")[:20]
        if any(_SHAPE.fullmatch(line.rstrip(b"\r")) for line in lines):
            return True
        return set(_meant(source.header).values()) >= set(READ) - SPARE

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the reports of harm; all other events are accepted as outside of tocsin's scope."""
        meant = _meant(source.header)
        if set(meant.values()) >= set(READ) - SPARE:
            return _read_table(source, meant)
        return read_blocks(source)


def _meant(header: Iterable[str]) -> dict[str, str]:
    """The columns of a table by the names that the codebook gives them."""
    known = {name.casefold(): name for name in COLUMNS} | OTHERWISE
    return {name: known[name.casefold()] for name in header if name.casefold() in known}


def _read_table(source: Source, meant: Mapping[str, str]) -> Iterator[Batch]:
    """The batches of a table with a header, such as a database or a spreadsheet saves it."""
    own = {name: column for column, name in meant.items()}
    return parse_records(
        with_numbers(lambda: _records(source, meant), ("GlobalEventID", "NumSources"), source.tell),
        lambda record: _rows(record, source.name),
        lambda rows: [row["native_id"] for row in rows.get("reports", ())],
        source=SOURCE,
        file=source.name,
        native_id="GlobalEventID",
        called=own | {column: own.get(name, name) for column, name in CALLED.items()},
        keep=of_columns(READ),
    )


def _records(source: Source, meant: Mapping[str, str]) -> Iterator[Record]:
    for record in source.records():
        fields = dict.fromkeys(READ, "")
        fields |= {name: record.fields.get(column, "") for column, name in meant.items()}
        site = publisher(fields["SOURCEURL"])
        fields["SOURCEURL"] = f"https://{site}/" if site else ""
        fields["Day"] = fields["Day"].replace("-", "")
        root, code = fields["EventRootCode"], fields["EventCode"]
        if len(root) == 1 and code.startswith(root):
            # A spreadsheet takes the codes for numbers, and leaves their first nought out.
            fields["EventCode"] = f"0{code}"
        yield replace(record, fields=fields)


def _rows(record: Record, file: str) -> Rows:
    row = report(record, file)
    return {"reports": [row]} if row else {}
