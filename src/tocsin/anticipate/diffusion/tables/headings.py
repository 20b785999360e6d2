"""Tables as their owner keeps them: what columns are called elsewhere, and numbers and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from tocsin.schema.handmade import Handmade, read_handmade
from tocsin.schema.vocabulary.folding import HEADINGS

TIMES = ("time", "from", "to", "entry", "exit")
_ACTOR = ("organisation", "organization", "group", "acteur", "groupe", "actor name", "organización")
_TIME = ("onset", "date", "year", "first use", "adoption time", "fecha", "année", "timestamp")
ADOPTIONS: dict[str, tuple[str, ...]] = {
    "actor": _ACTOR,
    "technology": ("technology class", "tech", "technologie", "tecnología"),
    "time": _TIME, "from": (), "to": (), "entry": ("entrée", "entrada"),
    "exit": ("sortie", "salida"), "territory": ("territoire", "territorio"),
}  # fmt: skip
TIES: dict[str, tuple[str, ...]] = {
    "source": ("origine", "origen"), "target": ("cible", "destino"),
    "channel": ("canal", "type", "tie type", "kind", "relation", "type de lien", "tipo de vínculo"),
    "weight": ("poids", "peso"), "from": ("start", "since", "début", "depuis", "desde"),
    "to": ("end", "until", "fin", "hasta"),
}  # fmt: skip
CASCADES: dict[str, tuple[str, ...]] = {
    "cascade": ("cascade id",), "node": ("node id", *_ACTOR), "time": _TIME,
}  # fmt: skip
"""What the columns of each table are called elsewhere."""
OTHERWISE: dict[str, tuple[str, ...]] = {
    "actor": ("id", "node", "ego", "name", "state", "country"),
    "technology": ("innovation", "policy"),
    "time": ("toa", "time of adoption", "event time", "infection time", "adoption year"),
    "territory": ("village", "community", "city"),
    "node": ("node name", "name", "id"),
}
"""What they are called in studies of networks: taken where nothing else is the column."""
ENDS = (
    ("from", "to"), ("from node id", "to node id"), ("alter", "ego"), ("sender", "receiver")
)  # fmt: skip
"""What programs and studies call the source and the target of a tie, where neither name is there.
An ego names its alters and is exposed to them (Valente 1995, Network Models of the Diffusion of
Innovations)."""
MOMENT = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d"
"""How a text begins that tells the hour of a day."""


def arrange(
    table: pl.DataFrame,
    headings: Mapping[str, Sequence[str]],
    where: str,
    *,
    numbers: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> Handmade:
    """Give the columns of a table their names, and its texts of numbers and times one form.

    Args:
        table: the table as its owner keeps it.
        headings: `ADOPTIONS`, `TIES` or `CASCADES`.
        where: what the table is called in errors and notes.
        numbers: its columns of numbers, times apart.
        whole: columns of times of which the last days of periods are wanted, too.

    Returns:
        The table, and what was taken for granted.

    Raises:
        SourceRefused: as `tocsin.schema.handmade.read_handmade` raises it.
    """
    table, said = _as_studies(table, headings, where)
    times = [name for name in TIMES if name in headings]
    made = read_handmade(
        table, headings, numbers=[*numbers, *times], days=times, whole=whole, where=where
    )
    return replace(
        made, rows=_with_hours(made.rows, table, headings), assumed=(*said, *made.assumed)
    )


def with_one(
    table: pl.DataFrame, name: str, known: Sequence[str], where: str, notes: list[str]
) -> pl.DataFrame:
    """Take all rows to be of one kind, where no column tells kinds apart.

    Args:
        table: the table, under the house's names.
        name: the column that tells them apart.
        known: the columns that mean something else.
        where: what the table is called.
        notes: takes a sentence where this is done.

    Returns:
        The table, with the column, unless some column is there that may be meant to tell them.
    """
    if name in table.columns or set(table.columns) - set(known) or not table.width:
        return table
    notes.append(f"There is no column '{name}' in {where}: all rows are of one, called '{name}'.")
    return table.with_columns(pl.lit(name).alias(name))


def _as_studies(
    table: pl.DataFrame, headings: Mapping[str, Sequence[str]], where: str
) -> tuple[pl.DataFrame, list[str]]:
    """Columns as studies of networks call them, under the house's names, and what was taken."""
    folded = {HEADINGS.fold(one): one for one in table.columns}
    there = {HEADINGS.fold(word): name for name in headings for word in (name, *headings[name])}
    found = {there[one] for one in folded if one in there}
    names: dict[str, str] = {}
    if "target" in headings:
        if not found & {"source", "target"}:
            pairs = [pair for pair in ENDS if set(pair) <= set(folded)]
            for pair in pairs[:1]:
                names = {folded[pair[0]]: "source", folded[pair[1]]: "target"}
    else:
        for name in set(OTHERWISE) & set(headings) - found:
            for word in [one for one in OTHERWISE[name] if one in folded][:1]:
                names[folded[word]] = name
    if not names:
        return table, []
    words = ", ".join(f"'{one}' as {name}" for one, name in sorted(names.items()))
    return table.rename(names), [f"In {where} {words} was taken."]


def _with_hours(
    read: pl.DataFrame, table: pl.DataFrame, headings: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    """Moments that tell an hour as they stand: read as days all of one day would be at once."""
    known = {
        HEADINGS.fold(word): name for name in TIMES for word in (name, *headings.get(name, ()))
    }
    for column in table.columns:
        name = known.get(HEADINGS.fold(column))
        if name not in read.columns or table.schema[column] != pl.String:
            continue
        moments = table[column].str.strip_chars().str.contains(MOMENT).fill_null(False)
        if moments.any():
            told = pl.when(moments).then(table[column].str.strip_chars()).otherwise(read[name])
            read = read.with_columns(told.alias(name))
    return read
