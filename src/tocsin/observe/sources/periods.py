"""Tables whose months or years stand beside each other: a row a country, a column a month.

The other way round, a row a month and a column a country, is the same table turned. Either is read
only where it is certain: every column is a month (or a year), the country, what is counted, or one
that tells nothing more. Each cell keeps the name of its column.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tocsin.errors import TocsinError
from tocsin.observe.checks.values import is_of_events
from tocsin.observe.formats.header.across import fields_named
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.schema.days import read_days
from tocsin.schema.days.periods import LEAST, month_names_of, months_of, years_of
from tocsin.schema.geography.territory import by_iso, is_known, resolve
from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.placeholder import is_placeholder, is_total

LOOKED_AT = 400
"""Rows looked at."""
COUNTRIES = 0.6
"""So many of a column's cells have to be countries; tables of all have rows of regions, too."""
UNNAMED = "count"
"""What is counted where no column says it."""
_SUM_OF = re.compile(
    r"(?:sum|total|count|somme|nombre|suma|total|cuenta|soma|summe) (?:of|de|von) (.{1,60})",
    re.IGNORECASE,
)
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
    """The first day of its month; of a year without months, 1 January."""


@dataclass(frozen=True)
class Periods:
    """How a table that stands across is to be read."""

    cells: Mapping[str, Cell]
    """The columns of counts."""
    monthly: bool
    country: str | None = None
    """The column of countries; None where countries stand across."""
    month: str | None = None
    """The column of months, where countries stand across."""
    counted: str | None = None
    """The column that says what a row counts."""
    year: str | None = None
    """The column of years, where the months across have none."""
    left: Sequence[str] = ()
    """Columns that were not read."""
    unnamed: str = UNNAMED
    """What is counted where no column says it: what a pivot table says above, or `UNNAMED`."""
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
        told = fields[self.counted] if self.counted is not None else ""
        return told or self.unnamed

    @property
    def notes(self) -> list[str]:
        """Say in whole sentences how the table is read."""
        first, *_, last = self.cells.values()
        kind = "Months" if self.monthly else "Years"
        if self.country is None:
            kind = "Countries"
        notes = [
            f"{kind} stand beside each other, from '{first.column}' to '{last.column}': each cell "
            "was read as a row of its own, and what is refused names its column."
        ]
        if self.counted is None:
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
    if source.is_json or len(names) <= LEAST or is_of_events(names):
        return None
    months, bare, years = months_of(names), month_names_of(names), years_of(names)
    if not (months or bare or years):
        return _countries_across(source, names)
    if months:
        cells = {name: Cell(name, None, first) for name, first in months.items()}
    elif bare:
        cells = {name: Cell(name, None, date(1, number, 1)) for name, number in bare.items()}
    else:
        cells = {name: Cell(name, None, date(year, 1, 1)) for name, year in years.items()}
    return _with_countries(source, [name for name in names if name not in cells], Periods(
        cells, monthly=bool(months or bare)
    ), yearless=bool(bare) and not months)  # fmt: skip


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
    return Periods(
        found.cells, found.monthly, country, None, counted, year, left, _name_above(source)
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
    if _share(first, _is_month) < 1:
        return None
    cells = {name: Cell(name, name, None) for name in heads}
    left = [name for name in names[1:] if name not in cells]
    return Periods(cells, True, None, names[0], left=left)


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
    return Periods(found.cells, found.monthly, doubt=why)
