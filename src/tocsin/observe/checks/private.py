"""Records without the columns that nobody reads, where those can name persons.

Quarantine keeps a refused record's bytes. For sources with columns on persons it must keep
no more than tocsin reads: docs/decisions/0013-no-persons-in-quarantine.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tocsin.observe.formats.records import Record

WITHHELD = b"(left out: it may name persons; see the file)"
"""Stands for the bytes of a record that cannot be told apart into columns."""


def keep_fields(
    records: Iterable[Record], keep: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> Iterator[Record]:
    """Reduce records to those fields that tocsin reads.

    Quarantine keeps a refused record's bytes, so these must hold no columns on persons.

    Args:
        records: the records as they come from the file.
        keep: takes the fields of a record and gives those that may be kept (see `of_columns`).

    Returns:
        The records in order; the bytes of each are its remaining fields as JSON. A record with
        a fault cannot be divided into fields, so its bytes are replaced by `WITHHELD`.
    """
    for record in records:
        if record.fault:
            yield replace(record, original=WITHHELD, fields={})
        else:
            fields = keep(record.fields)
            original = json.dumps(fields, ensure_ascii=False).encode("utf-8")
            yield replace(record, original=original, fields=fields)


def of_columns(names: Iterable[str]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Make a function for `keep_fields` that keeps the columns of these names.

    Args:
        names: the headings to keep.

    Returns:
        The function; it takes the fields of a record and returns those with one of the names.
    """
    wanted = frozenset(names)
    return lambda fields: {name: value for name, value in fields.items() if name in wanted}
