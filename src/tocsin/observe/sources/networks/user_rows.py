"""Rows of a user's own lists of organisations, in which a person's name may stand by mistake.

Whether an organisation is known is told much later, by all that is known then. So nothing of these
lists keeps a name: organisations are kept by their seals and by where they stand, and quarantine
holds no words of a row. docs/decisions/0177-names-that-nobody-knows.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from tocsin.observe.checks.spans import days
from tocsin.observe.checks.values import Refused, name, text
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, parse_records

HIDDEN = "(left out: it may name a person)"
"""Stands for a cell with words, in what quarantine keeps of a row."""
_LETTER = re.compile(r"[^\W\d_]")
_SPEAKER = re.compile(
    r"(?i)\b(?:interview\w*|according to|told|said|says|conversation|informant|mrs?|ms|dr|prof|gen|"
    r"col|capt|sheikh|entretien|selon|d'après|entrevista\w*|según|segun|señora?|mme|m\.)(?!\w)|"
    r"مقابلة|بحسب|وفقا|الشيخ|السيد|قال"
)
"""Words after which a person is named as the one who says so."""


def read_rows(
    source: Source,
    table: str,
    row: Callable[[Record], dict[str, Any]],
    *,
    called: str,
    key: tuple[str, ...],
    read: tuple[str, ...],
    words: frozenset[str],
) -> Iterator[Batch]:
    """Read one row of a table from each record of a user's list.

    Args:
        source: the file.
        table: the table that gets the rows.
        row: makes the row of a record.
        called: how the list is named as a source.
        key: the columns that tell rows apart.
        read: the headings that are looked at.
        words: the words, in small letters, that a cell of a refused row may keep.

    Yields:
        Batches, as `parse_records` makes them. No refusal repeats what has letters.
    """

    def parse(record: Record) -> dict[str, list[dict[str, Any]]]:
        try:
            return {table: [row(record) | {"row": _place(record, source.name)}]}
        except Refused as refusal:
            raise _without_words(refusal, words) from None

    def keep(fields: Mapping[str, Any]) -> dict[str, Any]:
        cells = {one: str(fields[one]) for one in read if one in fields}
        return {one: cell if _is_bare(cell, words) else HIDDEN for one, cell in cells.items()}

    return parse_records(
        source.records(),
        parse,
        lambda rows: [tuple(one[name] for name in key) for one in rows[table]],
        source=called,
        file=source.name,
        keep=keep,
    )


def organisation(fields: Mapping[str, str], column: str) -> str:
    """Read the name or the id of an organisation, which has to be there.

    Args:
        fields: the record by heading.
        column: the heading.

    Returns:
        The name or the id, as it is written. It is for `seal`, and not to be kept.

    Raises:
        Refused: the field is empty, or its text is disguised.
    """
    found = name(fields, column)
    if found is None:
        raise Refused("missing", f"'{column}' names no organisation.", column=column)
    return found


def period(fields: Mapping[str, str]) -> tuple[date | None, date | None]:
    """Read the columns `from` and `to`: days, months or years, each of which may be empty.

    Args:
        fields: the record by heading.

    Returns:
        The first day that `from` may mean and the last one that `to` may mean; None where empty.

    Raises:
        Refused: a date cannot be read, or the period ends before it starts.
    """
    first = days(fields, "from").start if text(fields, "from") else None
    last = days(fields, "to").end if text(fields, "to") else None
    if first and last and last < first:
        raise Refused("date", "It ends before it starts.", column="to", value=fields["to"])
    return first, last


def cite(said_by: str | None, called: str, *names: str) -> str:
    """Write who says so and in which list, without the names of the row and without speakers.

    Args:
        said_by: what the list says; None where it says nothing.
        called: how the list is named as a source.
        names: of the organisations in the row.

    >>> cite("HSBA Working Paper 28", "Adoptions (a.csv)", "JEM")
    'HSBA Working Paper 28 (Adoptions (a.csv))'
    >>> cite("Letter of JEM", "Adoptions (a.csv)", "JEM")
    'Letter of [that actor] (Adoptions (a.csv))'
    >>> cite("Interview with its leader", "Adoptions (a.csv)", "JEM")
    'Adoptions (a.csv)'
    """
    if not said_by or _SPEAKER.search(said_by):
        return called
    for one in sorted(names, key=len, reverse=True):
        said_by = re.sub(rf"(?i)(?<!\w){re.escape(one)}(?!\w)", "[that actor]", said_by)
    return f"{said_by} ({called})"


def _place(record: Record, file: str) -> str:
    return f"row {record.sheet_line or record.number} of {file}"


def _is_bare(cell: str, words: frozenset[str]) -> bool:
    return not _LETTER.search(cell) or cell.strip().casefold() in words


def _without_words(refusal: Refused, words: frozenset[str]) -> Refused:
    """The same refusal, without what stood in the cell where that has letters."""
    value, column = refusal.value, refusal.column or ""
    if value is None or _is_bare(value, words):
        return refusal
    reason = refusal.reason.replace(f"'{value}'", "what stands there")
    if value.casefold() in reason.casefold():
        reason = f"What stands in '{column}' cannot be read."
    return Refused(refusal.rule, reason[:1].upper() + reason[1:], column=column, value=HIDDEN)
