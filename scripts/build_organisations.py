"""Build the list of published names of organisations from the UCDP Actor Dataset.

Example: python scripts/build_organisations.py ucdp_actor_22.1.csv.gz

Takes formally organised armed groups (UCDP's level 1) with all names that the data set gives them.
A row is one name that an organisation had, with its forms (short, in its language, in English); an
organisation that changed its name has several rows of one id.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tocsin.observe import Source

OUT = Path(__file__).parents[1] / "src/tocsin/assess/actors/published/ucdp.csv"
FORMAL = "1"
COLUMNS = ("organisation", "gwnos", "names")


def stages(fields: dict[str, str]) -> Iterator[list[str]]:
    """The names of each time of an organisation, the first ones first."""
    parts = {
        name: [one.strip() for one in fields.get(name, "").split(",") if one.strip()]
        for name in ("NewName", "NewNameFullMotherTongue", "NewNameFullEng")
    }
    first = [fields.get(name, "") for name in ("NameOrig", "NameOrigFull", "NameOrigFullEng")]
    yield first if parts["NewName"] else [fields["NameData"], *first]
    for at, short in enumerate(parts["NewName"]):
        last = at == len(parts["NewName"]) - 1
        more = [each[at] for each in parts.values() if len(each) == len(parts["NewName"])]
        yield [fields["NameData"] if last else short, short, *more]


def build(path: Path) -> None:
    """Write the list beside the code that reads it."""
    rows = []
    for record in Source.of_path(path).records():
        fields = record.fields
        if fields["Org"] != FORMAL:
            continue
        gwnos = " ".join(re.findall(r"\d+", fields.get("GWNOLoc", "")))
        for names in stages(fields):
            told = dict.fromkeys(" ".join(one.split()) for one in names if one.strip())
            rows.append((f"ucdp-{fields['ActorId']}", gwnos, "|".join(told)))
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(sorted(set(rows), key=lambda row: (int(row[0][5:]), rows.index(row))))
    sys.stderr.write(f"{OUT.name}: {len(rows):,} rows\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build(Path(sys.argv[1]))
