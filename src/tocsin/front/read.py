"""`tocsin.read`: files of any known source as tables, and what became of each file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.base.paths import PathLike, as_path, as_paths
from tocsin.errors import PluginFailed, SourceRefused, TableInvalid, UsageError
from tocsin.front.progress import Progress, teller
from tocsin.front.result import Result
from tocsin.schema import DECISIONS, STAGE_TABLES, TABLES, empty
from tocsin.schema.vocabulary.release import newest_reports

Paths: TypeAlias = PathLike | Sequence[PathLike]
"""One path or several."""
TABLES_READ = tuple(name for name in STAGE_TABLES["observe"] if name not in DECISIONS)


@dataclass(frozen=True, repr=False)
class Read(Result):
    """This holds what was read. `tocsin.schema` declares each table; one without a row is empty."""

    fates: pl.DataFrame
    """A row a file: `file, source, rows, accepted, quarantined, outside`, and for a file that
    was refused whole what was wrong (`refused`) and what to do (`remedy`)."""
    reports: pl.DataFrame
    """A row a report of an event."""
    series: pl.DataFrame
    """Counts by territory and month."""
    claims: pl.DataFrame
    """Who said that they did it, by report."""
    actors: pl.DataFrame
    """Organisations as the sources name them."""
    actor_relations: pl.DataFrame
    """What sources say of how organisations are related."""
    supports: pl.DataFrame
    """Who supported whom, with what, by year."""
    told_ties: pl.DataFrame
    """Your own ties between organisations."""
    told_adoptions: pl.DataFrame
    """Your own ledger of first uses."""
    withdrawals: pl.DataFrame
    """Reports that their producer has taken back."""
    covariates: pl.DataFrame
    """Indicators by territory and year."""
    corrections: pl.DataFrame
    """Every value of a kept report that was doubtful: what stood there, and why."""
    quarantine: pl.DataFrame
    """Every row that was refused, with the reason and its original bytes."""
    files: pl.DataFrame
    """The files that were read, with their digests."""

    def _heading(self) -> str:
        refused = self.fates["refused"].is_not_null().sum()
        accepted, aside = (self.fates[name].sum() for name in ("accepted", "quarantined"))
        return (
            f"Read: {quantity(self.fates.height, 'file')} ({refused} refused whole), "
            f"{quantity(int(accepted), 'row')} "
            f"accepted, {aside:,} in quarantine"
        )


def read(paths: Paths, *, mapping: PathLike | None = None, progress: Progress = None) -> Read:
    """Read files of any known source; what cannot be trusted is kept aside with its reason.

    The source of a file and its version are found from the file itself. A file that cannot be
    read at all does not keep the others from being read: `fates` says why. Reports that two
    files share are given once.

    Args:
        paths: one path or several. `tocsin.observe.example_files()` are those of the example
            region.
        mapping: a mapping file by which to read them all, for tables of any other source;
            `tocsin observe --suggest-mapping FILE` drafts one.
        progress: True for a line a file, or a function that is given the words.

    Returns:
        The tables by name, such as `.reports`, `.series`, `.actors`, and `.fates`.

    Raises:
        UsageError: what is given is no path, a path does not exist, or the mapping is wrong;
            nothing was read.
        SourceRefused: none of the files could be read; the error is that of the first.

    >>> import tempfile, tocsin
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "counts.csv"
    >>> _ = path.write_text("country,month,ged_sb\\nMali,2021-10,3\\nMali,2021-11,-1\\n")
    >>> seen = tocsin.read(path)
    >>> seen.series["deaths"].to_list(), seen.quarantine["reason"].to_list()
    ([3], ["'ged_sb' is negative."])
    """
    from tocsin.observe import Source, reading
    from tocsin.observe.formats.file import input_files
    from tocsin.observe.mapping.mapped import Mapped, load

    listed = as_paths(paths)
    if not listed:
        raise UsageError("No file is named.", remedy="Name one: tocsin.read('reports.csv').")
    listed = input_files(listed)
    reader = Mapped(load(as_path(mapping, name="mapping"))) if mapping is not None else None
    tell, parts, fates, refusals = teller(progress), [], [], []
    for path in listed:
        tell(f"Reading {path.name}")
        try:
            found = reading(Source.of_path(path), reader)
            parts.append(found.tables())
            fates.append({"file": path.name} | {name: found.fate[name] for name in FATE})
        except (SourceRefused, PluginFailed, TableInvalid) as error:
            refusals.append(error)
            fates.append({"file": path.name, "refused": error.what, "remedy": error.remedy})
    if not parts:
        raise refusals[0]
    tables = {name: _join(name, [part[name] for part in parts]) for name in TABLES_READ}
    return Read(fates=pl.DataFrame(fates, schema=FATES), **tables)


FATE = ("source", "rows", "accepted", "quarantined", "outside")
FATES = {
    "file": pl.String, "source": pl.String, "rows": pl.Int64, "accepted": pl.Int64,
    "quarantined": pl.Int64, "outside": pl.Int64, "refused": pl.String, "remedy": pl.String,
}  # fmt: skip


def _join(name: str, parts: list[pl.DataFrame]) -> pl.DataFrame:
    whole = pl.concat(parts) if parts else empty(TABLES[name])
    if name == "reports":
        return newest_reports(whole)
    return whole
