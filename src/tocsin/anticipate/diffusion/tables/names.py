"""Names as they are written in tables: what is one name, and what only looks like one."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.schema.vocabulary.folding import ORGANISATIONS


def plain_names(column: pl.Series) -> pl.Series:
    """Write names without spaces around them, and letters with accents in one way (Unicode's NFC).

    Two files may hold the same name in two forms that nobody can tell apart by eye. Where all names
    are whole numbers that a program wrote with a decimal (`7.0`), they stand without it.

    Args:
        column: names, n rows.

    Returns:
        The names as texts, n rows.
    """
    names = column.cast(pl.String).str.strip_chars().str.normalize("NFC")
    told = names.drop_nulls().filter(names.drop_nulls() != "")
    decimal = len(told) > 0 and bool(told.str.contains(r"^\d+\.0+$").all())
    return names.str.replace(r"\.0+$", "") if decimal else names


def note_of_spellings(told: Iterable[str], known: Iterable[str], where: str) -> list[str]:
    """Say so where names that are not known are written nearly like known ones.

    Args:
        told: the names of a table.
        known: the names that are known.
        where: what the table is called.

    Returns:
        A sentence with the first such pair, or nothing.

    >>> [note] = note_of_spellings(["FRONT A", "other"], ["Front A"], "the table of ties")
    >>> note.partition(", such")[0]
    '1 name is written nearly like another in the table of ties and not taken for it'
    """
    of = {_alike(name): name for name in sorted(known, reverse=True)}
    pairs = [(name, of.get(_alike(name), name)) for name in sorted(set(told))]
    unlike = [(name, other) for name, other in pairs if name != other]
    if not unlike:
        return []
    return [
        f"{quantity(len(unlike), 'name is', 'names are')} written nearly like another in {where} "
        "and not taken for it, "
        f"such as '{unlike[0][0]}' and '{unlike[0][1]}'. If they are one, write them alike."
    ]


def _alike(name: str) -> str:
    """A form in which two names that may be one are the same; programs drop noughts in front."""
    folded = ORGANISATIONS.fold(name)
    return folded.lstrip("0") if folded.isdecimal() else folded
