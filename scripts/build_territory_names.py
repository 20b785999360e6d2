"""Write the names of states and their parts in many languages, from Unicode CLDR (Babel).

Run once a year or so: `python scripts/build_territory_names.py`. Babel comes with the tools that
build the documents; the licence of CLDR's data (Unicode-3.0, data/names.LICENSE) lets anybody ship
them. Five languages are read at once; those of `ABROAD` only where a name is of none of them.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import babel  # type: ignore[import-untyped, unused-ignore]
from babel import Locale

from tocsin.schema.geography import territory
from tocsin.schema.geography.abroad import key

LANGUAGES = ("fr", "es", "ar", "pt", "ru")
ABROAD = (
    "de", "it", "uk", "tr", "sw", "fa", "ps", "hi", "ur", "bn", "ne", "id", "ms", "fil", "am", "ti",
    "om", "so", "ha", "yo", "ig", "my", "th", "vi", "km", "lo", "zh", "zh_Hant", "ja", "ko", "he",
    "ku", "ckb", "az", "ka", "hy", "kk", "ky", "uz", "tg", "tk", "mn", "pl", "ro", "nl", "sv", "da",
    "nb", "fi", "cs", "sk", "hu", "bg", "sr", "sr_Latn", "hr", "bs", "sl", "sq", "mk", "el", "ca",
    "zu", "af", "rw", "rn", "ln", "ff", "mg", "si", "ta",
)  # fmt: skip
"""Languages of offices elsewhere."""
ONE_NAME = {"HKG", "MAC", "MAF", "SXM", "COG", "COD"}
"""What stands in brackets behind their names is another state's."""
DATA = Path(territory.__file__).parent / "data"
OUT = DATA / "names_translated.csv"


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


def write_abroad() -> None:
    """Write names in the languages of `ABROAD` that are not known already, each once."""
    codes = {row["iso2"]: row["iso3"] for row in _codes() if row["iso2"] and row["iso3"]}
    found: dict[str, dict[str, tuple[str, list[str]]]] = {}
    for language in ABROAD:
        names = Locale.parse(language).territories
        for code, iso3 in sorted(codes.items()):
            if code not in names or not territory.is_known(iso3):
                continue
            for name in _forms(names[code])[: 1 if iso3 in ONE_NAME else 2]:
                _, said = found.setdefault(key(name), {}).setdefault(iso3, (name, []))
                said.append(language)
    with (DATA / "names_abroad.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("folded name", "iso3", "languages"))
        for folded, meant in found.items():
            name = next(name for name, _ in meant.values())
            if len(meant) == 1 and territory.is_known_at_once(name):
                continue
            languages = dict.fromkeys(one for _, said in meant.values() for one in said)
            writer.writerow((folded, "|".join(sorted(meant)), " ".join(languages)))
    licence = Path(babel.__file__).parent / "locale-data" / "LICENSE.unicode"
    shutil.copyfile(licence, DATA / "names.LICENSE")


def _forms(name: str) -> list[str]:
    """CLDR writes 'Myanmar (Birmanie)', where each of the two is a name."""
    bare = name.rstrip(")").split(" (")
    return bare if len(bare) == 2 and not bare[1].startswith("R") else [name]


def _codes() -> list[dict[str, str]]:
    path = Path(territory.__file__).parent / "data" / "iso3166.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


if __name__ == "__main__":
    main()
    write_abroad()
