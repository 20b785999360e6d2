"""Functions that took the paths of files in 0.1, where today's take tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tocsin.anticipate.data.history import as_history, history_until
from tocsin.anticipate.data.panel import Panel
from tocsin.assess.linkage import Linked, known_names, link_tables
from tocsin.observe import read_table, shipped_actors, table_names
from tocsin.schema.mapping import read_mapping


def link_files(
    paths: Sequence[Path],
    *,
    mapping: Path | None = None,
    threshold: float | None = None,
    known: Mapping[str, str] | None = None,
) -> Linked:
    """Link event files: `tocsin.observe.read_table` and `link_tables` do that now.

    Args:
        paths: the files, a source each.
        mapping: a mapping file for their columns.
        threshold: the least probability of a link; default: the one of `link_tables`.
        known: folded alias to folded name of organisations; default: those that tocsin ships.

    Returns:
        The links and the clusters.

    Raises:
        UsageError: there is no such file, or it lacks a column that the mapping names.
        SourceRefused: a file has no id, date or place.
    """
    names = table_names(paths)
    tables = {name: read_table(path).rows for name, path in zip(names, paths, strict=True)}
    return link_tables(
        tables,
        mapping=read_mapping(mapping) if mapping else None,
        threshold=threshold,
        known=known_names(shipped_actors()) if known is None else known,
    )


def read_history(path: Path, target: str) -> Panel:
    """Read the history of a file: `tocsin.observe.read_table` and `history_of` do that now.

    Args:
        path: the file.
        target: the column of counts.

    Returns:
        The panel of all countries and months.

    Raises:
        UsageError: there is no such file or column.
        SourceRefused: a value is not a count, or not a month.
    """
    return as_history(path, target)


def read_until(path: Path, target: str, origin: str) -> Panel:
    """Read the history of a file until an origin: `history_until` does that now with a table.

    Args:
        path: the file.
        target, origin: the column of counts and the last month, as `history_until` takes them.

    Returns:
        The panel up to the origin.

    Raises:
        UsageError: there is no such file, column or origin.
        SourceRefused: a value is not a count, or not a month.
    """
    return history_until(path, target, origin)
