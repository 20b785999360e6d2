"""Names of states in some seventy languages, and short forms of their names.

`data/names_abroad.csv` is written by `scripts/build_territory_names.py` from Unicode CLDR, under
its licence (`data/names.LICENSE`); `data/names_short.csv` is our own. They are read only where a
name is of none of the languages that `territory` knows at once, since the first is long.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from tocsin.schema.vocabulary.folding import TERRITORIES

CODES = {"nga": "RUS"}
"""Names that are, in capitals, the code of another state: 'Nga' is Russia in Vietnamese."""
_LETTERS = str.maketrans("\u064a\u0649\u0643\u0131\u0451", "\u06cc\u06cc\u06a9i\u0435")
"""Letters of Arabic that Persian writes otherwise, the i without a dot, and the Russian yo."""
_POINTS = re.compile(r"(?:[^\W\d_]{1,2}\. ?){2,}")


def key(name: str) -> str:
    """Fold a name so that its usual spellings are one, and every vowel of its script stays.

    >>> key("Côte-d’Ivoire") == key("cote d'ivoire"), key("टोगो") == key("टोंगा")
    (True, False)
    """
    return re.sub(r"[\s\u2010-\u2015-]+", " ", TERRITORIES.fold(name).translate(_LETTERS)).strip()


def codes_meant(name: str) -> tuple[str, ...]:
    """Find the states that a name or a short form means somewhere.

    Args:
        name: as it stands in a table.

    Returns:
        Their ISO 3166 alpha-3 codes: none, one, or several where it means one state here and
        another there.

    >>> codes_meant("Демократическая Республика Конго"), codes_meant("Çad"), codes_meant("R.O.C.")
    ((), ('TCD',), ('COG', 'TWN'))
    """
    return _names().get(key(without_points(name)), ())


def without_points(name: str) -> str:
    """Write a short form without its points.

    >>> without_points("D.R.C."), without_points("EE. UU."), without_points("St. Lucia")
    ('DRC', 'EEUU', 'St. Lucia')
    """
    return re.sub(r"[. ]", "", name) if _POINTS.fullmatch(name.strip()) else name


def other_than_code(name: str) -> str | None:
    """Find the state that a name means where it is no code, though it is spelt as one.

    >>> other_than_code("Nga"), other_than_code("NGA")
    ('RUS', None)
    """
    return None if name.isupper() else CODES.get(name.strip().casefold())


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Folded names to codes; the long list stands there folded, since that takes a while."""
    data = files("tocsin.schema.geography").joinpath("data")
    long, short = (
        list(csv.reader(data.joinpath(file).read_text("utf-8").splitlines()))[1:]
        for file in ("names_abroad.csv", "names_short.csv")
    )
    # Short forms are told apart by hand, so they come last.
    found = {name: tuple(codes.split("|")) for name, codes, _ in long}
    return found | {key(name): tuple(codes.split("|")) for name, codes, _ in short}
