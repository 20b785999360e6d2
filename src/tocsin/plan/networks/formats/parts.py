"""Components, lines and needs of one file, and what was assumed to make them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.base.nearest import advice, written_twice
from tocsin.errors import SourceRefused
from tocsin.plan.networks.network import DEPENDENCIES, EDGES, MOST_NAMES, NODES

COLUMNS = (*NODES, "supply")
"""The columns of components, the one that may lack among them."""
MOST_BYTES = 256 * 2**20
"""A larger file is refused before it is read."""


@dataclass(frozen=True)
class Parts:
    """These are the tables of a network and sentences on what they take for granted.

    All values are text, as in a user's own tables: `read_services` checks both alike, by row.
    """

    nodes: pl.DataFrame
    edges: pl.DataFrame
    needs: pl.DataFrame
    assumed: tuple[str, ...] = ()


def node(
    name: str,
    layer: str,
    district: str,
    *,
    people: float = 0.0,
    backup_hours: float = 0.0,
    supply: bool = False,
) -> dict[str, Any]:
    """Make one row of the components."""
    return {
        "id": name, "layer": layer, "district": district, "people": people,
        "backup_hours": backup_hours, "supply": supply,
    }  # fmt: skip


def parts(
    nodes: Sequence[dict[str, Any]],
    lines: Sequence[tuple[str, str] | tuple[str, str, float | None]],
    assumed: Sequence[str] = (),
    needs: Sequence[tuple[str, str]] = (),
) -> Parts:
    """Make the tables of rows; a line that stands twice stays twice, since each can fail.

    A line may have its capacity behind its two components.
    """
    return Parts(
        _texts(nodes, COLUMNS),
        _texts([dict(zip(EDGES, line, strict=False)) for line in lines], EDGES),
        _texts([{"needs": one, "needed": two} for one, two in needs], DEPENDENCIES),
        tuple(assumed),
    )


def _texts(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> pl.DataFrame:
    held = {
        column: [None if row.get(column) is None else str(row[column]) for row in rows]
        for column in columns
    }
    return pl.DataFrame(held, schema=dict.fromkeys(columns, pl.String))


def told_parts(
    nodes: pl.DataFrame | None = None,
    edges: pl.DataFrame | None = None,
    needs: pl.DataFrame | None = None,
) -> Parts:
    """Make a network of a user's own tables, to stand beside others.

    Args:
        nodes: components, as `read_services` wants them.
        edges: lines.
        needs: what needs what.

    Returns:
        The same rows in the same order, as text; a column that lacks is empty. Ids that differ only
        in capitals or blanks are said.
    """
    made = []
    for table, columns in ((nodes, COLUMNS), (edges, EDGES), (needs, DEPENDENCIES)):
        held = pl.DataFrame(schema=dict.fromkeys(columns, pl.String)) if table is None else table
        made.append(
            held.select(
                (pl.col(name) if name in held.columns else pl.lit(None).alias(name)).cast(pl.String)
                for name in columns
            )
        )
    pair = written_twice(str(one or "").strip() for one in made[0]["id"].to_list())
    said = f"The ids '{pair[0]}' and '{pair[1]}' are of two components." if pair else ""
    return Parts(made[0], made[1], made[2], (said,) if said else ())


def with_districts(found: Parts, told: pl.DataFrame) -> Parts:
    """Say in which districts components lie, and what else a map does not know of them.

    Args:
        found: the networks.
        told: `id`, and any of `district`, `people`, `backup_hours` and `supply`; one row a
            component, an empty cell leaves what the file says, and others stay as they are.

    Returns:
        The networks with these districts, people, hours and sources.

    Raises:
        SourceRefused: there is no such component, a district is empty, or one is given two.
    """
    known = set(found.nodes["id"])
    ids = told["id"].cast(pl.String).to_list()
    for row, name in enumerate(ids, 2):
        if name not in known:
            raise SourceRefused(
                f"There is no component '{name}'.", where=f"districts, row {row}",
                remedy=advice(str(name), known) if len(known) <= MOST_NAMES else "",
            )  # fmt: skip
    nodes = found.nodes
    for column in ("district", "people", "backup_hours", "supply"):
        if column in told.columns:
            given = _value_of_each(ids, told[column].cast(pl.String).to_list(), column)
            new = pl.col("id").replace_strict(given, default=pl.col(column), return_dtype=pl.String)
            nodes = nodes.with_columns(new.alias(column))
    return replace(found, nodes=nodes)


def _value_of_each(ids: Sequence[str], values: Sequence[str | None], column: str) -> dict[str, str]:
    """What a column says of each component, which has to be one thing."""
    given: dict[str, str] = {}
    for row, (name, value) in enumerate(zip(ids, values, strict=True), 2):
        if column == "district" and not value:
            raise SourceRefused("'district' is empty.", where=f"districts, row {row}")
        if value and given.setdefault(name, value) != value:
            word = "districts" if column == "district" else f"values of {column}"
            raise SourceRefused(f"'{name}' has two {word}.", where=f"districts, row {row}")
    return given


def set_apart(found: Parts, before: Sequence[Parts], name: str) -> Parts:
    """Give components other ids where a file that was read before has the same ones.

    Two water companies both have a junction 10. A component keeps what its id begins with, such as
    `water:pump`, and is followed by the name of its file.

    Args:
        found: the network of one file.
        before: those of the files before it.
        name: what the file is called.

    Returns:
        The network; its lines and needs name the new ids, and a sentence says how they are made.
    """
    taken = {one for other in before for one in other.nodes["id"]}
    shared = [one for one in found.nodes["id"] if one in taken]
    if not shared:
        return found
    new = {one: f"{one} ({name})" for one in shared}
    return Parts(
        found.nodes.with_columns(pl.col("id").replace(new)),
        found.edges.with_columns(pl.col("source", "target").replace(new)),
        found.needs.with_columns(pl.all().replace(new)),
        (*found.assumed, f"Ids that another file has, too, end in '({name})': {len(shared)}."),
    )


def join_parts(found: Sequence[Parts]) -> Parts:
    """Put the networks of several files beside each other.

    Args:
        found: at least one.

    Returns:
        All components, lines, needs and assumptions, in the order of the files.

    Raises:
        SourceRefused: two files hold a component of the same id.
    """
    nodes = pl.concat([one.nodes for one in found])
    # What stands twice in one file is refused by its row, when all is read.
    each = pl.concat([one.nodes.select(pl.col("id").unique(maintain_order=True)) for one in found])
    twice = each.filter(each["id"].is_duplicated())
    if twice.height:
        raise SourceRefused(
            f"The id '{twice['id'][0]}' stands in two files.",
            remedy="Are there two files of one layer? Name their layers apart.",
        )
    return Parts(
        nodes,
        pl.concat([one.edges for one in found]),
        pl.concat([one.needs for one in found]),
        tuple(dict.fromkeys(line for one in found for line in one.assumed)),
    )


def load_json(path: Path, what: str) -> Any:
    """Read a file as JSON, or say in plain words why it cannot be.

    Args:
        path: the file.
        what: what it should be, for the message.

    Returns:
        What the file holds.

    Raises:
        SourceRefused: it is too large, no text, no JSON, or nested too deep.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SourceRefused(f"This file has more than {MOST_BYTES:,} bytes.", where=path.name)
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SourceRefused(
            f"The file cannot be read: {error.strerror or error}.", where=path.name
        ) from error
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise SourceRefused(
            f"This is no {what}: it is not JSON that can be read.",
            where=path.name if line is None else f"{path.name}, line {line}",
        ) from error
