"""Write the names of states and their parts in five languages, from Unicode CLDR (Babel).

Run once a year or so: `python scripts/build_territory_names.py`. Babel comes with the tools that
build the documents; the licence of CLDR's data (Unicode-3.0) lets anybody ship them.
"""

from __future__ import annotations

import csv
from pathlib import Path

from babel import Locale  # type: ignore[import-untyped, unused-ignore]

from tocsin.schema.geography import territory

LANGUAGES = ("fr", "es", "ar", "pt", "ru")
OUT = Path(territory.__file__).parent / "data" / "names_translated.csv"


def main() -> None:
    """Write the file."""
    codes = {row["iso2"]: row["iso3"] for row in _codes() if row["iso2"] and row["iso3"]}
    rows = []
    for language in LANGUAGES:
        names = Locale(language).territories
        for code, iso3 in sorted(codes.items()):
            if code in names and territory.is_known(iso3):
                rows += [(iso3, language, name) for name in _forms(names[code])]
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("iso3", "language", "name"))
        writer.writerows(rows)


def _forms(name: str) -> list[str]:
    """CLDR writes 'Myanmar (Birmanie)', where each of the two is a name."""
    bare = name.rstrip(")").split(" (")
    return bare if len(bare) == 2 and not bare[1].startswith("R") else [name]


def _codes() -> list[dict[str, str]]:
    path = Path(territory.__file__).parent / "data" / "iso3166.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


if __name__ == "__main__":
    main()
