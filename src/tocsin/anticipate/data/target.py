"""Which series is forecast where the settings name UCDP's, and there is no such series."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from tocsin.anticipate.data.arrange import DEFAULT
from tocsin.base.display.quantity import quantity
from tocsin.errors import StageNotReady, UsageError
from tocsin.schema.tables.assessed.incident import COUNTED, EVERYTHING
from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.heading import find_spellings, of_some

LEAST_MONTHS = 48
"""Months of a series from which on a year of it can be scored."""
_TOTAL = frozenset((
    "total", "totals", "totaux", "totales", "totais", "totale", "totaal", "gesamt", "toplam",
    "всего", "усього", "jumlah", "jumla", "المجموع", "اجمالي", "الاجمالي", "مجموع",
))  # fmt: skip
"""Words of a heading that tell of a sum of others beside it."""
_OTHER = re.compile(
    r"\b(?:events?|incidents?|attacks?|attaques?|evenements?|eventos?|incidentes?|ataques?|injur\w*|"
    r"wound\w*|bless\w*|herid\w*|ferid\w*|verletz\w*|displac\w*|deplac\w*|desplaz\w*|desloc\w*|"
    r"refug\w*|idps?|kidnap\w*|abduct\w*|enlev\w*|secuestr\w*|sequestr\w*|missing|arrest\w*|"
    r"disparu\w*|desaparec\w*|population|poblacion|populacao|price\w*|prix|precio\w*|rate|taux|tasa|"
    r"index|indice|rain\w*|pluie\w*|reports?|rapports?|houses?|maisons?|casas?|low|high|min|max)\b|"
    r"جرح|مصاب|نازح|لاجئ|حادث|حوادث|هجم|هجوم|مفقود|مخطوف|سكان"
)
"""Words of a heading that tell of something else than how many died."""


class Chosen(NamedTuple):
    """This is the series that is forecast, and why it is this one, as part of a sentence."""

    target: str
    why: str


def choose_target(held: pl.DataFrame, target: str, region: Sequence[int]) -> Chosen | None:
    """Find the one series of deaths that can be meant where the settings name UCDP's.

    A series can be meant if it has `LEAST_MONTHS` months of the region and its name tells of
    nothing but deaths. Of those of files the one is taken whose name says 'deaths', and of several
    such the one that says 'total'. Where no file has any, it is the count of all incidents.

    Args:
        held: rows of the table `series`, with those that were counted from incidents.
        target: the series that the settings name.
        region: Gleditsch-Ward numbers of the region.

    Returns:
        The series and why; None where the settings name another than the default, where this can be
        forecast, or where no other can be meant, or more than one.

    >>> months = pl.date_range(pl.date(2020, 1, 1), pl.date(2023, 12, 1), "1mo", eager=True)
    >>> one = pl.DataFrame({"month": months}).with_columns(
    ...     gwno=pl.lit(432), target=pl.lit("Morts"), source=pl.lit("a file"))
    >>> choose_target(one, "ged_sb", [432])
    Chosen(target='Morts', why='the only series of deaths that was read')
    """
    if target != DEFAULT:
        return None
    here = held.filter(pl.col("gwno").is_in(list(region)))
    from_files = _long(here.filter(pl.col("source") != COUNTED))
    counted = _long(here.filter(pl.col("source") == COUNTED))
    if DEFAULT in from_files + counted:
        return None
    meant = [one for one in from_files if not (_OTHER.search(HEADINGS.fold(one)) or of_some(one))]
    named = [one for one in meant if _says_deaths(one)] or meant
    whole = [one for one in named if _TOTAL & set(HEADINGS.fold(one).split())]
    if len(named) == 1:
        return Chosen(named[0], "the only series of deaths that was read")
    if len(whole) == 1:
        return Chosen(whole[0], "the only one of the series of deaths that is called a total")
    if not from_files and EVERYTHING in counted:
        return Chosen(EVERYTHING, "the count of all incidents, since no file has a series")
    return None


def refuse_missing(held: pl.DataFrame, target: str) -> None:
    """Say what to do where the series that the settings name is not there.

    Args:
        held: rows of the table `series`, with those that were counted from incidents.
        target: the series that the settings name.

    Raises:
        StageNotReady: no file has a series.
        UsageError: some file has, but not this one.
    """
    if not (held["source"] != COUNTED).any():
        raise StageNotReady(
            f"There is no series '{target}', neither in a file nor from incidents.",
            remedy="Observe deaths by country and month, or events and run `tocsin assess`"
            + _other_targets(held),
        )
    known = sorted(held["target"].unique())
    raise UsageError(
        f"There is no series '{target}'.",
        where="target in tocsin.toml",
        remedy=f"Observe one, or name one of those that there are: {', '.join(known)}.",
    )


def _other_targets(held: pl.DataFrame) -> str:
    """The end of a remedy: other targets, or that what there is has too few months for any."""
    if held.is_empty():
        return "."
    if long := _long(held):
        return f"; or set target in tocsin.toml: {', '.join(long)}."
    months = held.group_by("target").agg(pl.col("month").n_unique())["month"].to_list()
    most = quantity(max(months), "month")
    return f". What there is has {most}: any forecast needs at least four complete years."


def _long(rows: pl.DataFrame) -> list[str]:
    """The names of the series that have enough months, in the order of the alphabet."""
    months = rows.group_by("target").agg(pl.col("month").n_unique())
    return sorted(months.filter(pl.col("month") >= LEAST_MONTHS)["target"])


def _says_deaths(name: str) -> bool:
    return any(one.field == "deaths_best" for one in find_spellings(name)[:1])
