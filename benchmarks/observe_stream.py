"""Reading a GDELT-shaped file of any length into a workspace, against Polars, which only parses.

Example: python benchmarks/observe_stream.py --rows 10000000

The file is generated, with a fixed seed: 61 columns and some 330 bytes a row, 15 % of the rows
in scope of what tocsin keeps, and 1 in 10,000 broken. Each side runs in a process of its own,
for its peak memory. The peer checks nothing, keeps no bytes and stores nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from tocsin.observe.sources.gdelt.cameo import EVENTS
from tocsin.observe.sources.gdelt.events import COLUMNS
from tocsin.schema.geography.shapes import centre
from tocsin.schema.geography.territory import by_fips, fips_codes

CHUNK = 200_000
IN_SCOPE = 0.15
BROKEN = 1e-4
ROLES = ["", "", "GOV", "MIL", "COP", "REB", "CVL", "MED", "BUS", "OPP", "EDU"]


def places() -> pl.DataFrame:
    """Some 40,000 places: points near the middle of each country that has a shape."""
    rng, rows = np.random.default_rng(1), []
    for code in fips_codes():
        unit = by_fips(code)
        middle = centre(unit.gwno) if unit else None
        if unit is None or middle is None or unit.part:
            continue
        rows += [
            (f"Place {n}, Region {n % 20}, {unit.name}", code, unit.iso3, round(y, 4), round(x, 4))
            for n, (y, x) in enumerate(middle + rng.normal(0, 0.1, (220, 2)))
        ]
    return pl.DataFrame(rows, schema=["full", "fips", "iso", "lat", "long"], orient="row")


def chunk(first: int, size: int, where: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Rows `first` to `first + size` of the file."""
    spot = where[rng.integers(0, where.height, size)]
    harm = rng.random(size) < IN_SCOPE
    codes = np.where(harm, rng.choice(list(EVENTS), size), rng.choice(["010", "042", "112"], size))
    day = rng.choice(["20260301", "20260302", "20260303"], size)
    columns = dict.fromkeys(COLUMNS, pl.Series([""]).new_from_index(0, size)) | {
        "GlobalEventID": pl.Series(np.arange(first, first + size) + 1_000_000_000),
        "Day": pl.Series(day),
        "MonthYear": pl.Series(["202603"] * size),
        "Year": pl.Series(["2026"] * size),
        "FractionDate": pl.Series(["2026.1726"] * size),
        "IsRootEvent": pl.Series(rng.integers(0, 2, size)),
        "EventCode": pl.Series(codes),
        "EventBaseCode": pl.Series(codes).str.slice(0, 3),
        "EventRootCode": pl.Series(codes).str.slice(0, 2),
        "QuadClass": pl.Series(np.where(harm, 4, 1)),
        "GoldsteinScale": pl.Series(["-10.0"] * size),
        "NumMentions": pl.Series(rng.integers(1, 40, size)),
        "NumSources": pl.Series(rng.integers(1, 9, size)),
        "NumArticles": pl.Series(rng.integers(1, 40, size)),
        "AvgTone": pl.Series(rng.normal(-3, 3, size)),
        "ActionGeo_Type": pl.Series(["4"] * size),
        "DATEADDED": pl.Series(["20260304121500"] * size),
        "SOURCEURL": pl.Series(
            [
                f"https://news{n % 977}.example/world/2026/a-story-of-{n}"
                for n in range(first, first + size)
            ]
        ),
    }
    for side in "12":
        role = pl.Series(rng.choice(ROLES, size))
        columns[f"Actor{side}Type1Code"] = role
        columns[f"Actor{side}CountryCode"] = spot["iso"]
        columns[f"Actor{side}Code"] = spot["iso"] + role
        columns[f"Actor{side}Name"] = spot["iso"]
        columns[f"Actor{side}Geo_FullName"] = spot["full"]
    names = {"full": "FullName", "fips": "CountryCode", "lat": "Lat", "long": "Long"}
    columns |= {f"ActionGeo_{name}": spot[key] for key, name in names.items()}
    bad = pl.Series(rng.random(size) < BROKEN)
    columns["Day"] = columns["Day"].zip_with(~bad, pl.Series(["20261332"] * size))
    return pl.DataFrame([columns[name].alias(name) for name in COLUMNS])


def generate(path: Path, rows: int) -> None:
    """Write the file."""
    where, rng = places(), np.random.default_rng(20261124)
    with path.open("wb") as handle:
        for first in range(0, rows, CHUNK):
            part = chunk(first, min(CHUNK, rows - first), where, rng)
            part.write_csv(handle, separator="\t", include_header=False, quote_style="never")


def ours(path: Path, folder: Path) -> int:
    """Read it into a workspace."""
    from tocsin.workspace.road import observe
    from tocsin.workspace.store import Workspace

    with Workspace.init(folder / "workspace") as workspace:
        [fate] = observe(workspace, [path])
        kept, aside = workspace.count("reports"), workspace.count("quarantine")
    assert fate["rows"] == fate["accepted"] + fate["quarantined"]
    assert (kept, aside) == (fate["accepted"] - fate["outside"], fate["quarantined"])
    sys.stderr.write(f"{fate}\n")
    return int(fate["rows"])


def peer(path: Path, _folder: Path) -> int:
    """Parse every field with Polars, streaming."""
    parsed = pl.scan_csv(
        path, separator="\t", has_header=False, quote_char=None, infer_schema=False
    )
    found = parsed.select(pl.len(), pl.all().str.len_bytes().sum()).collect(engine="streaming")
    return int(found.row(0)[0])


def measured(role: str, path: Path, folder: Path) -> dict[str, float]:
    """Rows a second and peak memory of one side, in a process of its own."""
    command = [
        sys.executable,
        __file__,
        "--role",
        role,
        "--file",
        str(path),
        "--folder",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    sys.stderr.write(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Generate, measure both, print rows a second, peak memory and the ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--role", choices=("ours", "peer"))
    options.add_argument("--file", type=Path)
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    if given.role:
        begun = time.perf_counter()
        rows = {"ours": ours, "peer": peer}[given.role](given.file, given.folder)
        seconds = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(json.dumps({"rows": rows, "seconds": seconds, "peak": peak}))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "gdelt.export.CSV"
        generate(path, given.rows)
        print(f"{given.rows:,} rows, {path.stat().st_size / 2**30:.2f} GiB")
        found = {role: measured(role, path, folder) for role in ("ours", "peer")}
    for role, one in found.items():
        label = "tocsin, into a workspace" if role == "ours" else "polars, parsing only"
        speed = one["rows"] / one["seconds"]
        print(f"{label}: {speed:,.0f} rows/s, peak {one['peak']:.2f} GiB")
    print(f"ratio {found['ours']['seconds'] / found['peer']['seconds']:.1f}")


if __name__ == "__main__":
    main()
