"""Letters that a program mangled: UTF-8 that was taken for Windows-1252 and saved again.

A circumflex then stands as two signs. The record holds the text as it was meant already
(`tocsin.observe.formats.characters.mend_encoding`); here it is written down what stood in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tocsin.observe.checks.doubt import Doubt
from tocsin.observe.checks.private import Keep
from tocsin.observe.formats.records import Record

NAMES = ("actor_a", "actor_b", "place", "adm1", "adm2", "territory", "publisher")
"""The columns of `reports` of which it is written down. What stands in prose may name persons."""


def letters(record: Record, row: Mapping[str, Any], keep: Keep) -> Iterator[Doubt]:
    """List the names of a report whose letters were mangled in its record.

    Args:
        record: the record.
        row: the report that a reader made of it.
        keep: gives the fields of a record that the reader reads.

    Yields:
        A doubt for each name; nothing of a field that the reader does not read.
    """
    read = keep(record.fields) if record.mended else {}
    for heading, stood, meant in record.mended:
        for column in NAMES:
            if heading in read and row.get(column) and meant in str(row[column]):
                reason = f"The letters of '{heading}' were mangled: UTF-8 taken for Windows-1252."
                yield Doubt(column, stood, str(row[column]), "letters", reason, heading)
                break
