"""Names as they are written in tables: what is one name, and what only looks like one."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.schema.vocabulary.folding import ORGANISATIONS, without_unseen

UNSEEN = (
    r"[\x{00AD}\x{061C}\x{180E}\x{200B}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FEFF}]"
)
"""Marks that nobody sees and that are no letters: of directions, of line breaks, of bytes' order.
The joiners of Persian and other scripts (U+200C, U+200D) change how a word looks, and stay."""


def plain_names(column: pl.Series) -> pl.Series:
    """Write names in one of the forms that nobody can tell apart by eye.

    Two files may hold the same name in two such forms. Letters with accents are written in one way
    (Unicode's NFC), marks of `UNSEEN` go, and each white space, of any kind and length, is one
    space between words and none around them. Where all names are whole numbers that a program wrote
    with a decimal (`7.0`), they stand without it.

    Args:
        column: names, n rows.

    Returns:
        The names as texts, n rows.
    """
    seen = column.cast(pl.String).str.replace_all(UNSEEN, "").str.replace_all(r"\s+", " ")
    names = seen.str.strip_chars().str.normalize("NFC")
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
    folded = ORGANISATIONS.fold(without_unseen(name))
    return folded.lstrip("0") if folded.isdecimal() else folded
