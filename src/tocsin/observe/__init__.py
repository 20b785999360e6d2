"""observe: read files of many sources into reports and series; keep aside what is broken.

>>> from tocsin.observe import example_files, observe
>>> [covariates, *_] = example_files()
>>> seen = observe(covariates)
>>> int((seen["files"]["accepted"] + seen["files"]["quarantined"] != seen["files"]["rows"]).sum())
0
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.base.paths import PathLike, as_paths
from tocsin.errors import SourceRefused
from tocsin.observe.boxes import unread_box
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.formats.table import Table, read_table, table_names
from tocsin.observe.reader import Batch, Reader, Reading, parse_records
from tocsin.observe.registry import readers
from tocsin.observe.resemblance import resemblance
from tocsin.schema import DECISIONS, STAGE_TABLES
from tocsin.schema.step import Given, Made, Step, Tables, Tell
from tocsin.schema.vocabulary.release import newest_reports, without_withdrawn

__all__ = [
    "STEP",
    "Batch",
    "Reader",
    "Reading",
    "Record",
    "Source",
    "Table",
    "example_files",
    "observe",
    "observe_file",
    "parse_records",
    "read_table",
    "readers",
    "reading",
    "shipped_actors",
    "table_names",
]


SMALL = ("ucdp-ged", "acled", "gtd")
"""Sources of many columns with distinctive names, which are known in capitals, too."""


def reading(source: Source, reader: Reader | None = None) -> Reading:
    """Prepare a file to be read, batch by batch, by the reader that knows it.

    Args:
        source: the file.
        reader: one to use whatever the file looks like, such as `Mapped`.

    Returns:
        The reading; no record has been read yet.

    Raises:
        SourceRefused: the file is empty, damaged, or of no known source.
    """
    known = readers()
    try:
        if source.container == "text" and not source.head.strip():
            raise SourceRefused("The file is empty.", where=source.name, remedy="Fetch it again.")
        if reader is not None:
            return Reading(source, reader)
        for one in known:
            if one.knows(source):
                return Reading(source, one)
    except SourceRefused:
        if box := unread_box(source):
            raise SourceRefused(box[0], where=source.name, remedy=box[1]) from None
        raise
    small = source.in_small_letters()
    for one in known:
        if one.kind in SMALL and one.knows(small):
            small.tell(
                "The names of its columns were read in small letters, as the producer's are."
            )
            return Reading(small, one)
    kinds = ", ".join(one.kind for one in known)
    what = "No known source has this header." if source.header else "This is no known table."
    remedy = (
        f"Known are: {kinds}; see docs/sources. Any other table can be read by a mapping: "
        "`tocsin observe --suggest-mapping FILE` drafts one."
    )
    box = unread_box(source)
    what, remedy = box or resemblance(source) or (what, remedy)
    said = () if box else source.notes
    raise SourceRefused(" ".join((what, *said)), where=source.name, remedy=remedy)


def observe_file(path: PathLike) -> dict[str, pl.DataFrame]:
    """Read one file; its source is told from its header or its shape.

    Args:
        path: the file.

    Returns:
        The tables of the stage: `files` (one row), `reports`, `claims`, `quarantine`,
        `series`, `covariates`, `actors`, `actor_relations`; rows read = accepted +
        quarantined.

    Raises:
        UsageError: it is no path, or there is no such file.
        SourceRefused: the file is empty, damaged, of no known source, or lacks a needed column.
        TableInvalid: the reader lost rows, or broke the declaration of a table.
    """
    return reading(Source.of_path(path)).tables()


def observe(paths: PathLike | Sequence[PathLike]) -> dict[str, pl.DataFrame]:
    """Read several files into one set of tables that holds each report in its newest version.

    Args:
        paths: a file, or several in the order in which their rows shall stand.

    Returns:
        The tables of the stage by name, as `observe_file` gives them; nothing without paths.

    Raises:
        UsageError: what is given is no path, or there is no such file.
        SourceRefused: one of the files could not be read at all.
        TableInvalid: a reader lost rows, or broke the declaration of a table.
    """
    each = [observe_file(path) for path in as_paths(paths)]
    names = each[0] if each else {}
    found = {name: pl.concat([tables[name] for tables in each]) for name in names}
    if not found:
        return found
    told = without_withdrawn(newest_reports(found["reports"]), found["withdrawals"])
    return found | {"reports": told}


def shipped_actors() -> pl.DataFrame:
    """Read the UCDP Actor Dataset that ships with the package.

    Its other names of organisations help whoever links, reads or attributes by name.

    Returns:
        The table `actors`, one row an organisation.
    """
    return observe([path for path in example_files() if "actor" in path.name])["actors"]


def example_files() -> list[Path]:
    """List the files of the example region that ships with the package, in the order of reading."""
    folder = Path(str(files("tocsin.observe") / "example"))
    return sorted(folder.glob("*.csv.gz"))


def _read(_tables: Tables, given: Given) -> Made:
    """One file, `asked` as `path` and, where its reader is not to be found, `reader`."""
    reader = given.asked.get("reader")
    found = reading(Source.of_path(given.asked["path"]), reader)
    parameters = {"kind": found.reader.kind}
    if reader is not None:
        parameters["mapping"] = reader.digest
    inputs = {found.source.name: found.source.sha256}
    return Made(_tell_rows(found, given.tell), inputs=inputs, parameters=parameters, answer=found)


def _tell_rows(found: Reading, tell: Tell) -> Iterator[Tables]:
    for tables in found:
        yield tables
        tell(f"{found.source.name}: {quantity(found.rows, 'row')}", None)


STEP = Step(
    name="observe",
    room="observe",
    function=_read,
    writes=tuple(name for name in STAGE_TABLES["observe"] if name not in DECISIONS),
    takes=True,
)
