"""Records without the columns that nobody reads, since those can name persons.

A refused record stays in quarantine, so quarantine must hold no more of it than tocsin reads:
docs/decisions/0013-no-persons-in-quarantine.md. This holds for every reader.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tocsin.observe.formats.records import Record
from tocsin.schema.vocabulary.placeholder import is_placeholder

WITHHELD = b"(left out: it may name persons; see the file)"
"""Stands for the bytes of a record that cannot be told apart into columns."""
HIDDEN = "(left out: it may be an exact place)"
"""Stands for a number of degrees that cannot be read, and so not be rounded."""
Keep = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Takes the fields of a record and gives those that may be kept."""


def bare(record: Record, keep: Keep) -> bytes:
    """Write down what may be kept of a refused record.

    Args:
        record: the record.
        keep: gives those of its fields that may be kept.

    Returns:
        The fields as JSON; `WITHHELD` where none may be kept, or where the record is at fault, so
        that it cannot be told what stands in which column.
    """
    kept = {} if record.fault else dict(keep(record.fields))
    text = json.dumps(kept, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace") if kept else WITHHELD


def keep_fields(records: Iterable[Record], keep: Keep) -> Iterator[Record]:
    """Reduce records to those fields that tocsin reads, before anything looks at them.

    Args:
        records: the records as they come from the file.
        keep: takes the fields of a record and gives those that may be kept (see `of_columns`).

    Returns:
        The records in order; one with a fault has no fields at all.
    """
    for record in records:
        yield replace(record, fields={} if record.fault else dict(keep(record.fields)))


def coarser(cell: str, decimals: int) -> str:
    """Round a number so that it tells no exact place.

    Args:
        cell: the number as a text.
        decimals: the digits that are kept after the point.

    Returns:
        The rounded number; a placeholder as it stands; `HIDDEN` where the cell is no number, since
        nobody knows what it tells.

    >>> coarser("6.542217", 2), coarser("n/a", 2), coarser("6.542217N", 2)
    ('6.54', 'n/a', '(left out: it may be an exact place)')
    """
    if is_placeholder(cell):
        return cell
    try:
        return f"{round(float(cell), decimals):.10g}"
    except ValueError:
        return HIDDEN


def of_columns(names: Iterable[str]) -> Keep:
    """Make a function that keeps the columns of these names.

    Args:
        names: the headings to keep.

    Returns:
        The function; it takes the fields of a record and returns those with one of the names.

    >>> of_columns(["id", "date"])({"id": "7", "telephone": "0123"})
    {'id': '7'}
    """
    wanted = frozenset(names)
    return lambda fields: {name: value for name, value in fields.items() if name in wanted}


NOTHING: Keep = of_columns(())
"""Keeps no field, as befits a reader that does not say what it reads."""
