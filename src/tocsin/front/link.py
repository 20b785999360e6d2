"""`tocsin.link`: which rows of several event tables tell of one event."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from numbers import Real
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.base.paths import PathLike, as_path
from tocsin.errors import UsageError
from tocsin.front.frames import texts
from tocsin.front.progress import Progress, teller
from tocsin.front.result import Result
from tocsin.schema.frame import Frame, as_frame

if TYPE_CHECKING:
    from tocsin.assess.linkage.link import Linked

Tables: TypeAlias = Mapping[str, Frame | PathLike] | Sequence[PathLike]
"""Source name to frame or path; or paths alone, each a source named after its file."""


@dataclass(frozen=True, repr=False)
class Links(Result):
    """This says which rows tell of one event, how sure that is, and why."""

    clusters: pl.DataFrame
    """`source, id, cluster`: every row of every table; rows of one number are one event."""
    links: pl.DataFrame
    """`source_a, id_a, source_b, id_b, probability`: the pairs taken for one event."""
    why: pl.DataFrame
    """For each link the steps from the prior to its probability: `source_a, id_a, source_b,
    id_b, step, comparison, level, bits, total`. Bits add up; one bit doubles the odds."""
    unlinked: pl.DataFrame
    """Rows that could not be weighed: `source, row, id, rule, column, value`."""
    columns: dict[str, dict[str, str]]
    """By source: which column was taken for what."""
    notes: tuple[str, ...] = ()
    """What was found of the sources as a whole, in sentences."""

    def _heading(self) -> str:
        events = self.clusters["cluster"].n_unique()
        return (
            f"Links: {quantity(self.clusters.height, 'row')} of "
            f"{quantity(len(self.columns), 'source')} tell of "
            f"{quantity(events, 'event')}; {quantity(self.links.height, 'link')}"
        )


def link(
    frames: Tables,
    *,
    mapping: PathLike | None = None,
    threshold: float | None = None,
    comparisons: Sequence[str] = (),
    progress: Progress = None,
) -> Links:
    """Tell which rows of several event tables speak of one event.

    Each table needs an id, a date (or start and end) and a place; the columns are found by their
    names (docs/methods/linkage.md). Other names of known organisations are taken into account.

    Args:
        frames: for each source its frame (or the path of a file), at least two; or paths alone.
        mapping: a TOML file that names columns where their names do not tell, the same as for
            `tocsin observe` (docs/sources/mapping.md).
        threshold: the least probability of a link, 0.01 to 0.99; None: the one of the best expected
            F1.
        comparisons: names of further comparisons that other packages add (`tocsin plugins`).
        progress: True for a line on standard error, or a function that is given the words.

    Returns:
        The tables `.clusters`, `.links` (with a probability from 0 to 1), `.why` and `.unlinked`,
        and the `.columns` that were found.

    Raises:
        UsageError: fewer than two tables, or one that is none, or no such file or comparison.
        SourceRefused: no column can be the id, the date or the place of a table.
        MissingExtra: the extra `assess` is not installed.

    Source: Fellegi and Sunter (1969), A theory for record linkage, JASA 64.

    >>> import tocsin
    >>> day = {"date": ["2021-10-03", "2021-11-20"], "place": ["Gao", "Mopti"], "deaths": [3, 0]}
    >>> point = {"latitude": [16.27, 14.49], "longitude": [-0.04, -4.19]}
    >>> agency = pl.DataFrame({"id": ["a1", "a2"], **day, **point})
    >>> press = pl.DataFrame({"id": ["p1", "p2"], **day, **point})
    >>> found = tocsin.link({"agency": agency, "press": press})
    >>> found.links.select("id_a", "id_b").sort("id_a").rows()
    [('a1', 'p1'), ('a2', 'p2')]
    """
    from tocsin.assess.linkage import link_tables
    from tocsin.schema.mapping import read_mapping

    tell = teller(progress)
    if threshold is not None and not (isinstance(threshold, Real) and 0.01 <= threshold <= 0.99):
        raise UsageError(f"A threshold of {threshold!r} is no probability from 0.01 to 0.99.",
                         where="threshold", remedy="Below links all, above nothing.")  # fmt: skip
    tables, notes = _tables(frames)
    rows = sum(table.height for table in tables.values())
    tell(f"Linking {quantity(rows, 'row')} of {quantity(len(tables), 'source')}")
    linked = link_tables(
        tables,
        mapping=None if mapping is None else read_mapping(as_path(mapping, name="mapping")),
        threshold=threshold,
        known=_shipped_names(),
        others=comparisons,
    )
    return Links(
        clusters=linked.clusters,
        links=linked.links,
        why=_why(linked),
        unlinked=_unlinked_rows(linked.trouble),
        columns=linked.roles,
        notes=(*notes, *linked.notes, *_notes_of_unweighed(linked)),
    )


def _tables(frames: Tables) -> tuple[dict[str, pl.DataFrame], list[str]]:
    """The tables by the names of their sources, and what of them was read otherwise."""
    from tocsin.observe import read_table
    from tocsin.observe.formats.table import mend_letters, table_names

    by_name = "Give them by name: tocsin.link({'agency': one, 'press': other})."
    alone = isinstance(frames, str | bytes | os.PathLike | pl.DataFrame | pl.LazyFrame)
    if alone or hasattr(frames, "columns"):
        what = "Rows are linked between two sources or more."
        raise UsageError(what, where="frames", remedy=by_name)
    if not isinstance(frames, Mapping):
        paths = list(frames) if isinstance(frames, Iterable) else [frames]
        if not all(isinstance(path, str | os.PathLike) for path in paths):
            what = "Frames need names, since a source is told by its name."
            raise UsageError(what, where="frames", remedy=by_name)
        frames = dict(zip(table_names(paths), paths, strict=True))
    if len(frames) < 2:
        what = f"Rows are linked between two sources or more; here are {len(frames)}."
        raise UsageError(what, where="frames", remedy=by_name)
    tables, notes = dict[str, pl.DataFrame](), list[str]()
    for name, one in frames.items():
        if isinstance(one, str | os.PathLike):
            file = read_table(one)
            tables[str(name)], said = file.rows, list(file.notes)
        else:
            frame = texts(as_frame(one, name=f"the frame '{name}'"))
            tables[str(name)], said = mend_letters(frame)
        notes += [f"{name}: {note}" for note in said]
    return tables, notes


@cache
def _shipped_names() -> Mapping[str, str]:
    """Other names of the organisations in the list that ships with the package."""
    from tocsin.assess.linkage.link import known_names
    from tocsin.observe import shipped_actors

    return known_names(shipped_actors())


WHY = ("source_a", "id_a", "source_b", "id_b", "step", "comparison", "level", "bits", "total")
UNLINKED = {
    "source": pl.String, "row": pl.Int64, "id": pl.String, "rule": pl.String,
    "column": pl.String, "value": pl.String,
}  # fmt: skip


def _why(linked: Linked) -> pl.DataFrame:
    from tocsin.assess.linkage.waterfall import waterfall

    steps = waterfall(linked)
    if linked.records is None or steps.is_empty():
        kinds = [pl.String] * 4 + [pl.Int64, pl.String, pl.String, pl.Float64, pl.Float64]
        return pl.DataFrame(schema=dict(zip(WHY, kinds, strict=True)))
    for side, row in (("a", "left"), ("b", "right")):
        names = {"row": row, "source": f"source_{side}", "id": f"id_{side}"}
        steps = steps.join(linked.records.select(*names).rename(names), on=row)
    return steps.sort("left", "right", "step").select(WHY)


def _notes_of_unweighed(linked: Linked) -> list[str]:
    """How many rows of each source could not be weighed: each counts as an event of its own."""
    rows: dict[str, set[object]] = {}
    for one in linked.trouble:
        rows.setdefault(str(one["source"]), set()).add(one["row"])
    return [
        f"{name}: {quantity(len(some), 'row')} could not be weighed, and each counts as an event "
        "of its own; see .unlinked."
        for name, some in rows.items()
    ]


def _unlinked_rows(trouble: list[dict[str, object]]) -> pl.DataFrame:
    rows = [
        {name: _plain(row.get(name), kind) for name, kind in UNLINKED.items()} for row in trouble
    ]
    return pl.DataFrame(rows, schema=UNLINKED)


def _plain(value: object, kind: object) -> object:
    """A value of the table of what was not linked; several are put beside each other."""
    if isinstance(value, list | tuple):
        value = ", ".join(str(one) for one in value if one is not None) or None
    return value if value is None or kind == pl.Int64 else str(value)
