"""Tables whose periods stand beside each other: a row a country, a column a month.

So do quarters and years. The other way round, a row a month and a column a country, is the same
table turned. Either is read only where it is certain: every column is a period, the country, what
is counted, or one that tells nothing more. Each cell keeps the name of its column.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from tocsin.errors import TocsinError
from tocsin.observe.checks.values import is_of_events
from tocsin.observe.formats.header.across import fields_named
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.schema.days import read_days
from tocsin.schema.days.periods import LEAST, month_names_of, months_of, years_of
from tocsin.schema.days.quarters import (
    may_be_thirds,
    names_quarters,
    quarter_in,
    quarter_names_of,
    quarter_of,
    quarters_of,
)
from tocsin.schema.geography.territory import by_iso, is_known, resolve
from tocsin.schema.mapping.cells import plain_count
from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.placeholder import is_placeholder, is_total

LOOKED_AT = 400
"""Rows looked at."""
COUNTRIES = 0.6
"""So many of a column's cells have to be countries; tables of all have rows of regions, too."""
PARTS = "its rows are of parts of countries"
"""Why a table is not certain that has provinces or districts in the place of countries."""
UNNAMED = "count"
"""What is counted where no column says it."""
_SUM_OF = re.compile(
    r"(?:sum|total|count|somme|nombre|suma|total|cuenta|soma|summe) (?:of|de|von) (.{1,60})",
    re.IGNORECASE,
)
_THIRDS = "T1 to T3 without a T4 may be thirds of a year"
_A_YEAR = re.compile(r"(?:19|20)\d\d")
COUNTED = frozenset((
    "indicator", "indicator name", "indicateur", "indicador", "variable", "measure", "series name",
    "series", "type of violence", "type de violence", "what", "المؤشر",
))  # fmt: skip
"""Columns that say what a row counts, folded."""
BESIDE = frozenset((
    "indicator code", "series code", "code", "iso", "iso2", "iso3", "iso 3", "iso code",
    "country code", "unit", "units", "unite", "unidad", "note", "notes", "remark", "remarks",
    "remarque", "remarques", "comment", "comments", "commentaire", "commentaires",
    "observaciones", "source", "sources", "region", "sub region", "subregion", "continent", "no",
    "nr", "n", "gwno", "gwcode",
))  # fmt: skip
"""Columns that tell nothing of the counts themselves, folded."""


class Cell(NamedTuple):
    """Where a cell stands: the column of the file, and the country or the period of it."""

    column: str
    country: str | None
    first: date | None
    """The first day of its month or quarter; of a year without either, 1 January."""


@dataclass(frozen=True)
class Periods:
    """How a table that stands across is to be read."""

    cells: Mapping[str, Cell]
    """The columns of counts."""
    monthly: bool
    country: str | None = None
    """The column of countries; None where countries stand across."""
    month: str | None = None
    """The column of months or quarters, where they stand below each other."""
    counted: str | None = None
    """The column that says what a row counts."""
    year: str | None = None
    """The column of years, where the months across have none."""
    left: Sequence[str] = ()
    """Columns that were not read."""
    unnamed: str = UNNAMED
    """What is counted where no column says it: what a pivot table says above, or `UNNAMED`."""
    quarterly: bool = False
    """Whether each cell is of a quarter, which is one of months then, too (`monthly`)."""
    own: bool = False
    """Whether a column of counts says by its name what it counts."""
    doubt: str = ""
    """Why it is not certain, as the rest of a sentence; empty where it is."""

    @property
    def keys(self) -> list[str]:
        """Return the columns that say what and where a row is."""
        keys = (self.country, self.month, self.counted, self.year)
        return [one for one in keys if one is not None]

    def cell(self, fields: Mapping[str, str]) -> Cell | None:
        """Return the column of counts that a record is of; None where it is of none.

        Args:
            fields: the record by heading.
        """
        return next((self.cells[name] for name in fields if name in self.cells), None)

    def target(self, fields: Mapping[str, str]) -> str:
        """Return what a row counts.

        Args:
            fields: the record by heading.
        """
        if self.own and (cell := self.cell(fields)):
            return cell.column
        told = fields[self.counted] if self.counted is not None else ""
        return told or self.unnamed

    @property
    def kind(self) -> str:
        """Return what the periods are, as a word."""
        return "Quarters" if self.quarterly else "Months" if self.monthly else "Years"

    @property
    def notes(self) -> list[str]:
        """Say in whole sentences how the table is read."""
        columns = list(self.cells)
        kind = "Countries" if self.country is None else self.kind
        how = f"beside each other, from '{columns[0]}' to '{columns[-1]}'"
        if self.country is not None and self.month is not None:
            how = f"below each other in '{self.month}'"
        notes = [
            f"{kind} stand {how}: each cell was read as a row of its own, and what is refused "
            "names its column."
        ]
        if self.quarterly:
            notes.append(
                "Each count of a quarter was divided evenly among its three months, and their sum "
                "is the file's: which month had how many it does not say, so that months, and "
                "forecasts from them, look steadier than what happened."
            )
        if self.counted is None and not self.own:
            notes.append(f"No column says what is counted, so it is called '{self.unnamed}'.")
        if self.left:
            notes.append(f"Not read: {', '.join(self.left)}.")
        return notes


def find_periods(source: Source) -> Periods | None:
    """Find out how a table with months, years or countries across is to be read.

    Args:
        source: a file.

    Returns:
        How, with `doubt` where it is not certain; None where nothing of the kind stands across.
    """
    names = source.header
    if source.is_json or is_of_events({*names} - {"fatalities"}):
        return None
    if below := _quarters_below(source, names):
        return below
    if len(names) <= LEAST or is_of_events(names):
        return None
    firsts, kind, yearless = _firsts(names)
    if not firsts:
        return _countries_across(source, names)
    cells = {name: Cell(name, None, first) for name, first in firsts.items()}
    found = Periods(cells, monthly=kind != "year", quarterly=kind == "quarter")
    if found.quarterly and may_be_thirds(list(cells)):
        return replace(found, doubt=_THIRDS)
    # A year or a quarter beside finer periods is their sum.
    sums = set() if kind == "year" else _longer(names, found.quarterly)
    others = [name for name in names if name not in cells and name not in sums]
    told = _with_countries(source, others, found, yearless=yearless)
    return replace(told, left=(*told.left, *(name for name in names if name in sums)))


def _firsts(names: Sequence[str]) -> tuple[dict[str, date], str, bool]:
    """The first days of the periods across, which kind they are, and whether they lack a year."""
    if months := months_of(names):
        return months, "month", False
    if bare := month_names_of(names):
        return {name: date(1, number, 1) for name, number in bare.items()}, "month", True
    if quarters := quarters_of(names):
        return quarters, "quarter", False
    if bare := quarter_names_of(names):
        return {name: date(1, number, 1) for name, number in bare.items()}, "quarter", True
    return {name: date(year, 1, 1) for name, year in years_of(names).items()}, "year", False


def _longer(names: Sequence[str], quarterly: bool) -> set[str]:
    """Columns of a whole quarter or a whole year, beside shorter periods."""
    years = {name for name in names if _A_YEAR.fullmatch(name)}
    return years if quarterly else years | {name for name in names if quarter_of(name)}


def records_of_cells(source: Source, periods: Periods) -> Iterator[Record]:
    """Read a record for each cell of a table that stands across.

    Args:
        source: the file.
        periods: how it is read.

    Yields:
        Records of the row's keys and one column of counts; of the keys alone where the row counts
        nothing, is a total, or names no country.
    """
    for record in source.records():
        if record.fault:
            yield record
            continue
        keys = {name: record.fields[name] for name in periods.keys}
        full = [name for name in periods.cells if record.fields[name]]
        if periods.country and not _is_country(record.fields[periods.country]):
            full = []
        if not full:
            yield Record(record.number, record.original, keys, None, record.line)
        for name in full:
            fields = {**keys, name: record.fields[name]}
            yield Record(record.number, record.original, fields, None, record.line)


def _with_countries(
    source: Source, others: Sequence[str], found: Periods, *, yearless: bool
) -> Periods:
    """Which of the columns beside the periods is what."""
    rows = _sample(source)
    columns = {
        name: [row[name] for row in rows if not is_placeholder(row[name])] for name in others
    }
    columns = {name: cells for name, cells in columns.items() if cells}
    places = [name for name, cells in columns.items() if _share(cells, _is_country) >= COUNTRIES]
    if not places:
        parts = [name for name in columns if fields_named([name]) & {"adm1", "adm2"}]
        if parts:
            return _doubt(found, f"{PARTS} ({', '.join(parts)})")
        return _doubt(found, "no column of them holds countries")
    country = max(
        places, key=lambda name: ("country" in fields_named([name]), len(set(columns[name])))
    )
    for other in places:
        if other != country and _differ(rows, country, other):
            return _doubt(found, f"both '{country}' and '{other}' hold countries")
    counted = year = None
    left = []
    for name in columns:
        folded = HEADINGS.fold(name)
        if name in places:
            left += [name] if name != country else []
        elif yearless and year is None and "year" in fields_named([name]):
            year = name
        elif folded in COUNTED and counted is None:
            counted = name
        elif folded in BESIDE or is_total(name, first=True) or len(set(columns[name])) == 1:
            left.append(name)
        else:
            return _doubt(found, f"'{name}' tells rows of one country apart, or may do so")
    if yearless and year is None:
        return _doubt(found, "no column and no heading tells the year")
    return replace(
        found, country=country, counted=counted, year=year, left=left, unnamed=_name_above(source)
    )


def _name_above(source: Source) -> str:
    """What a pivot table says above its header that it sums, such as 'Sum of Fatalities'."""
    told = (_SUM_OF.fullmatch(cell.strip()) for cell in source.above)
    return next((one[1] for one in told if one), UNNAMED)


def _countries_across(source: Source, names: Sequence[str]) -> Periods | None:
    """A row a month and a column a country."""
    heads = [name for name in names[1:] if name and not is_total(name)]
    if len(heads) < LEAST or not all(map(_is_country, heads)):
        return None
    first = [row[names[0]] for row in _sample(source)]
    quarterly = _share(first, _is_quarter) == 1
    if _share(first, _is_month) < 1 and not quarterly:
        return None
    cells = {name: Cell(name, name, None) for name in heads}
    left = [name for name in names[1:] if name not in cells]
    return Periods(
        cells, True, None, names[0], left=left, quarterly=quarterly,
        doubt=_THIRDS if quarterly and may_be_thirds(first) else "",
    )  # fmt: skip


def _quarters_below(source: Source, names: Sequence[str]) -> Periods | None:
    """A row a country and quarter, and columns of counts; None where it may be anything else."""
    if len(set(names)) < len(names) or "country" not in fields_named(names):
        return None
    rows = _sample(source)
    quarter = next((name for name in names if _are_quarters(name, [row[name] for row in rows])), "")
    if not quarter:
        return None
    rows = [row for row in rows if quarter_in(quarter, row[quarter])]
    columns = {name: [row[name] for row in rows if row[name]] for name in names if name != quarter}
    year = next((name for name in columns if "year" in fields_named([name])), None)
    counted = next((name for name in columns if HEADINGS.fold(name) in COUNTED), None)
    places = [name for name in columns if _share(columns[name], _is_country) >= COUNTRIES]
    places = [name for name in places if not all(map(str.isdecimal, columns[name]))]
    country = next((name for name in places if "country" in fields_named([name])), None)
    years = [told[1] for row in rows if (told := quarter_in(quarter, row[quarter]))]
    if country is None or (year is None and None in years):
        return None
    rest = [name for name in columns if name not in (country, year, counted)]
    left = [name for name in rest if HEADINGS.fold(name) in BESIDE or name in places]
    cells = {name: Cell(name, None, None) for name in rest if name not in left and columns[name]}
    keys = [tuple(row[name] for name in (quarter, country, year, counted) if name) for row in rows]
    sure = len(set(keys)) == len(keys) and (counted is None or len(cells) == 1)
    if not sure or not cells or not all(_share(columns[name], _is_number) == 1 for name in cells):
        return None
    if not names_quarters(quarter) and may_be_thirds([row[quarter] for row in rows]):
        return None
    return Periods(
        cells, True, country, quarter, counted, year, left, quarterly=True, own=counted is None
    )


def _are_quarters(name: str, cells: Sequence[str]) -> bool:
    told = [quarter_in(name, cell) for cell in cells if cell and not is_total(cell, first=True)]
    return None not in told and len(set(told)) > 1


def _is_number(cell: str) -> bool:
    return is_placeholder(cell) or plain_count(cell).isdecimal()


def _sample(source: Source) -> list[dict[str, str]]:
    found = itertools.islice(source.records(), LOOKED_AT)
    rows = [record.fields for record in found if not record.fault]
    return [row for row in rows if not is_total(next(iter(row.values()), ""), first=True)]


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    filled = [cell for cell in cells if cell]
    return sum(map(test, filled)) / len(filled) if filled else 0.0


def _is_country(cell: str) -> bool:
    return _gwno(cell) is not None


def _gwno(cell: str) -> int | None:
    if is_known(cell):
        return resolve(cell).gwno
    try:
        # Numbers of the United Nations are left out: any number may be one.
        return by_iso(cell).gwno if cell.strip().isalpha() else None
    except TocsinError:
        return None


def _is_quarter(cell: str) -> bool:
    return quarter_of(cell) is not None


def _is_month(cell: str) -> bool:
    days = read_days(cell)
    if days is None or days[0].day != 1:
        return False
    return days[0] == days[1] or 27 <= (days[1] - days[0]).days <= 30


def _differ(rows: Sequence[Mapping[str, str]], one: str, two: str) -> bool:
    """Do two columns name different countries in some row?"""
    both = ((_gwno(row[one]), _gwno(row[two])) for row in rows)
    return any(a is not None and b is not None and a != b for a, b in both)


def _doubt(found: Periods, why: str) -> Periods:
    return replace(found, doubt=why)
