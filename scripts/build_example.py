"""Build the example region (Levant and Central Africa) from full data files.

Example: python scripts/build_example.py DIR_WITH_DATA

Takes the UCDP GED events of the region's territories without the columns that hold other
people's prose (`source_article`, `source_original`), and the country-month, country-year and
actor files as they are. A newer release in the folder replaces the extract.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

from tocsin.observe import Source
from tocsin.schema.settings import Region

OUT = Path(__file__).parents[1] / "src/tocsin/observe/example"
DROPPED = {"source_article", "source_original", "geom_wkt"}
NOT_SHIPPED = ("ged_total", "ucdp_external_support")
"""Files whose names begin so are left out. `ged_total` lacks every event whose first and last day
lie in different months, so that it is less than its own part `ged_sb`; of the other no licence was
seen."""


def build(folder: Path) -> None:
    """Write each file of the folder that the example uses, under the same name."""
    OUT.mkdir(exist_ok=True)
    gwnos = {str(number) for number in Region().gwnos}
    for path in sorted(folder.glob("*.csv.gz")):
        if path.name.startswith(NOT_SHIPPED):
            continue
        sheet = Source.of_path(path)
        kept = [name for name in sheet.header if name not in DROPPED]
        rows = [r.fields for r in sheet.records() if not r.fault]
        if "type_of_violence" in sheet.header:
            rows = [row for row in rows if row["country_id"].removesuffix(".0") in gwnos]
            if not rows:
                continue
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(kept)
        writer.writerows([row[name] for name in kept] for row in rows)
        packed = gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)
        (OUT / path.name).write_bytes(packed)
        sys.stderr.write(f"{path.name}: {len(rows):,} rows, {len(packed):,} bytes\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build(Path(sys.argv[1]))
