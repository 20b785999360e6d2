"""observe: read files of many sources into reports and series; keep aside what is broken.

>>> from tocsin.observe import example_files, observe
>>> seen = observe(example_files())
>>> int((seen["files"]["accepted"] + seen["files"]["quarantined"] != seen["files"]["rows"]).sum())
0
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

import polars as pl

from tocsin.errors import SourceRefused
from tocsin.observe.country_month import CountryMonth
from tocsin.observe.country_year import CountryYear
from tocsin.observe.reader import Reader
from tocsin.observe.records import read_sheet
from tocsin.observe.ucdp_actors import UcdpActors
from tocsin.observe.ucdp_ged import UcdpGed

__all__ = ["Reader", "example_files", "observe", "observe_file", "readers"]


def readers() -> list[Reader]:
    """The readers that ship with tocsin, then those that other packages offer."""
    own: list[Reader] = [UcdpGed(), UcdpActors(), CountryMonth(), CountryYear()]
    return own + [point.load()() for point in entry_points(group="tocsin.readers")]


def observe_file(path: Path) -> dict[str, pl.DataFrame]:
    """Read one file; its source is told from the header.

    Returns:
        The tables of the stage: `files` (one row), `reports`, `quarantine`, `series`,
        `covariates`, `actors`, `actor_relations`; rows read = accepted + quarantined.

    Raises:
        SourceRefused: empty, damaged, of no known source, or without a needed column.
    """
    sheet = read_sheet(path)
    for reader in readers():
        if reader.columns <= set(sheet.header):
            return dict(reader.read(sheet))
    known = "; ".join(f"{r.kind} ({', '.join(sorted(r.columns))})" for r in readers())
    raise SourceRefused(
        "No known source has this header.",
        where=path.name,
        remedy=f"Known are: {known}.",
    )


def observe(paths: Sequence[Path]) -> dict[str, pl.DataFrame]:
    """Read several files into one set of tables.

    Raises:
        SourceRefused: one of the files could not be read at all.
    """
    each = [observe_file(path) for path in paths]
    names = each[0] if each else {}
    return {name: pl.concat([tables[name] for tables in each]) for name in names}


def example_files() -> list[Path]:
    """The files of the example region that ships with the package, in the order of reading."""
    folder = Path(str(files("tocsin.observe") / "example"))
    return sorted(folder.glob("*.csv.gz"))
