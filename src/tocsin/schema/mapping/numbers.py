"""Numbers of states in a table: of which list they are, and which state they mean.

Three lists number states otherwise: ISO 3166 (50 is Bangladesh), Gleditsch and Ward (432 is Mali)
and VIEWS (50 is Mali). A heading such as `country_id` does not say which one is meant.

`geography/data/views_countries.csv` ties VIEWS' 191 present countries to Gleditsch-Ward numbers.
Borders that changed have several identifiers in VIEWS' own table; the one here is that of VIEWS'
monthly forecasts of 2023, which holds for all months since July 2011 (South Sudan).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from tocsin.errors import TocsinError
from tocsin.schema.geography.territory import Territory, by_gwno, by_iso
from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.heading import counts_states

ISO, GLEDITSCH_WARD, VIEWS = "iso", "gleditsch-ward", "views"
_ISO = frozenset(("iso", "m49", "numeric", "un", "onu", "iso3166", "iso2", "iso3", "ison3"))
"""Words of a heading that say that the numbers are those of ISO 3166."""


@cache
def views_numbers() -> Mapping[int, int]:
    """Give VIEWS' number of each country by its Gleditsch-Ward number.

    >>> views_numbers()[432]
    50
    """
    data = files("tocsin.schema.geography").joinpath("data/views_countries.csv")
    rows = csv.DictReader(data.read_text("utf-8").splitlines())
    return {int(row["gwno"]): int(row["country_id"]) for row in rows}


@cache
def _of_views() -> Mapping[int, int]:
    return {number: gwno for gwno, number in views_numbers().items()}


_MEANT: Mapping[str, Callable[[int], Territory]] = {
    ISO: lambda number: by_iso(str(number)),
    GLEDITSCH_WARD: by_gwno,
    VIEWS: lambda number: by_gwno(_of_views().get(number, -1)),
}
SYSTEMS = tuple(_MEANT)


@lru_cache
def system_of(heading: str) -> str | None:
    """Tell of which list the numbers under a heading are; None where it does not say.

    >>> system_of("gwno"), system_of("ISO numeric"), system_of("country_id")
    ('gleditsch-ward', 'iso', None)
    """
    words = set(HEADINGS.fold(heading).split())
    if counts_states(heading):
        return GLEDITSCH_WARD
    return VIEWS if "views" in words else ISO if words & _ISO else None


def number_in(cell: str) -> int | None:
    """Read the number of a state; None where the cell holds no bare number of at most three digits.

    >>> number_in("050"), number_in("50.0"), number_in("MLI")
    (50, 50, None)
    """
    bare = cell.strip().removesuffix(".0")
    return int(bare) if bare.isascii() and bare.isdecimal() and len(bare) <= 3 else None


@lru_cache(maxsize=2048)
def states_of(number: int) -> Mapping[str, Territory]:
    """List what a number means in each of the lists that have it.

    >>> {system: unit.name for system, unit in states_of(50).items()}
    {'iso': 'Bangladesh', 'views': 'Mali'}
    """
    found = {}
    for system, meant in _MEANT.items():
        try:
            found[system] = meant(number)
        except TocsinError:
            continue
    return found
