"""Services that need each other: components by layer and district, and what each needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.base.nearest import advice, written_twice
from tocsin.errors import SourceRefused
from tocsin.schema.frame import amounts, texts
from tocsin.schema.handmade import refuse_missing, refuse_misspelt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
NODES = ("id", "layer", "district", "people", "backup_hours")
"""The columns of components; `supply` (true or false) may stand beside them."""
EDGES = ("source", "target", "capacity")
DEPENDENCIES = ("needs", "needed")
MAY = {"nodes": [*NODES, "supply"], "edges": EDGES, "dependencies": DEPENDENCIES}
"""The columns that each table may have."""
MOST_NODES = 2_000_000
MOST_PEOPLE = 1e10
"""No component serves more people than live on Earth."""
MOST_NAMES = 1000
"""With more components than this, the nearest name is not searched for."""


@dataclass(frozen=True)
class Services:
    """These are coupled networks: `nodes` components in `layers`, `edges` lines within layers.

    Components are known by their number only; nothing that is worked out from them ranks or names
    one of them.
    """

    layers: tuple[str, ...]
    """Names of the layers, such as power and water."""
    districts: tuple[str, ...]
    """Names of the districts."""
    layer: Ints
    """The layer of each component, shape `(nodes,)`."""
    district: Ints
    """The district of each, shape `(nodes,)`."""
    people: Floats
    """How many people it serves, shape `(nodes,)`."""
    backup: Floats
    """For how many hours it goes on without what it needs, shape `(nodes,)`."""
    supply: Bools
    """Is it a source of its layer? Where a layer has none, its largest part counts as supplied."""
    ends: Ints
    """The two components that each line joins, shape `(edges, 2)`."""
    capacity: Floats
    """How many people each line can serve, infinite where not known, shape `(edges,)`."""
    needs: Ints
    """Pairs of a component and one that it needs, shape `(dependencies, 2)`."""
    untold: int = 0
    """Of how many components nobody said how many people they serve: 0 is taken."""

    @property
    def nodes(self) -> int:
        """Count the components."""
        return len(self.layer)


def read_services(
    nodes: pl.DataFrame, edges: pl.DataFrame, dependencies: pl.DataFrame | None = None
) -> Services:
    """Make coupled networks of three tables, or say what is wrong with them.

    Args:
        nodes: `id`, `layer`, `district`, `people`, `backup_hours` (empty: 0) and perhaps `supply`.
        edges: `source`, `target` (ids of one layer) and `capacity` (empty: no limit).
        dependencies: `needs` (an id) and `needed` (the id that it cannot do without).

    Returns:
        The networks.

    Raises:
        SourceRefused: a column is missing or misspelt, an id is not known or stands twice, a layer
            is written in two ways, a line joins two layers or a component with itself, one needs
            itself, or a number cannot be; the row is named.
    """
    _refuse_columns(nodes, edges, dependencies)
    ids = texts(nodes, "id", where="nodes")
    places: dict[str, int] = {}
    for row, one in enumerate(ids):
        if one in places:
            raise SourceRefused(f"The id '{one}' stands twice.", where=f"nodes, row {row + 2}")
        places[one] = row
    told = texts(nodes, "layer", where="nodes")
    if pair := written_twice(told):
        raise SourceRefused(
            f"The layers '{pair[0]}' and '{pair[1]}' differ only in capitals or blanks.",
            where=f"nodes, row {told.index(pair[1]) + 2}", remedy="Write both in one way.",
        )  # fmt: skip
    layers, layer = _number(told)
    districts, district = _number(texts(nodes, "district", where="nodes"))
    ends = _pairs(edges, ("source", "target"), "edges", places)
    _refuse_lines(ends, [layers[number] for number in layer])
    needs = np.zeros((0, 2), dtype=np.int64)
    if dependencies is not None:
        needs = _pairs(dependencies, DEPENDENCIES, "dependencies", places)
        own = np.flatnonzero(needs[:, 0] == needs[:, 1])
        if len(own):
            raise SourceRefused(
                "A component needs itself.", where=f"dependencies, row {own[0] + 2}"
            )
    people = amounts(nodes, "people", where="nodes", empty=0.0)
    if (people > MOST_PEOPLE).any():
        row = int(np.argmax(people > MOST_PEOPLE))
        raise SourceRefused(
            f"{people[row]:g} people are more than live on Earth.",
            where=f"nodes, row {row + 2}, column people",
        )  # fmt: skip
    return Services(
        layers, districts, layer, district,
        people,
        amounts(nodes, "backup_hours", where="nodes", empty=0.0),
        _flags(nodes), ends, amounts(edges, "capacity", where="edges", empty=math.inf), needs,
        sum(not str("" if one is None else one).strip() for one in nodes["people"].to_list()),
    )  # fmt: skip


def _refuse_columns(
    nodes: pl.DataFrame, edges: pl.DataFrame, dependencies: pl.DataFrame | None
) -> None:
    """Refuse a table that lacks a column or has a misspelt one, and too few or too many nodes."""
    for name, table, columns in (
        ("nodes", nodes, NODES[:4]), ("edges", edges, EDGES[:2]),
        *((("dependencies", dependencies, DEPENDENCIES),) if dependencies is not None else ()),
    ):  # fmt: skip
        refuse_misspelt(table.columns, MAY[name], name)
        refuse_missing(table.columns, columns, name)
    if not 0 < nodes.height <= MOST_NODES:
        raise SourceRefused(
            f"There are {nodes.height:,} components.", where="nodes",
            remedy=f"Give from 1 to {MOST_NODES:,}, a row each.",
        )  # fmt: skip


def _refuse_lines(ends: npt.NDArray[np.int64], layers: Sequence[str]) -> None:
    """Refuse a line that joins two layers, or a component with itself.

    Args:
        ends: the places of both ends of each line, shape (L, 2).
        layers: the layer of each component.
    """
    for row, (one, two) in enumerate(ends.tolist(), 2):
        if one == two:
            raise SourceRefused("A line joins a component with itself.", where=f"edges, row {row}")
        if layers[one] != layers[two]:
            raise SourceRefused(
                f"A line joins {layers[one]} with {layers[two]}.",
                where=f"edges, row {row}",
                remedy="What one layer needs of another belongs into the dependencies.",
            )


def left_open(services: Services) -> list[str]:
    """Say what a network's tables leave open, and how that was taken.

    Args:
        services: the networks.

    Returns:
        A sentence each: lines without capacities, layers without a source, no needs, lines that
        stand twice, districts that may be one.
    """
    found = []
    if len(services.ends) and np.isinf(services.capacity).all():
        found.append("No line has a capacity, so that none limits how many people are served.")
    bare = [
        name
        for number, name in enumerate(services.layers)
        if not services.supply[services.layer == number].any()
    ]
    if bare:
        found.append(f"No source is given in {', '.join(bare)}: the largest part is supplied.")
    if not len(services.needs):
        found.append("Nothing needs another component, so that backup and redundancy save nothing.")
    if services.untold:
        found.append(
            f"Components of which nobody says how many people they serve: {services.untold}. 0 is "
            "taken, so that nobody loses hours by them."
        )
    twice = len(services.ends) - len({frozenset(pair) for pair in services.ends.tolist()})
    if twice:
        found.append(f"Lines that join the same two components as another: {twice}. Each counts.")
    if pair := written_twice(services.districts):
        found.append(f"The districts '{pair[0]}' and '{pair[1]}' count as two.")
    return found


def _number(names: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    order = {name: number for number, name in enumerate(sorted(set(names)))}
    return tuple(order), np.array([order[name] for name in names], dtype=np.int64)


def _pairs(
    table: pl.DataFrame, columns: tuple[str, str], where: str, places: dict[str, int]
) -> Ints:
    pairs = []
    for row, names in enumerate(
        zip(*(texts(table, c, where=where) for c in columns), strict=True), 2
    ):
        for column, name in zip(columns, names, strict=True):
            if name not in places:
                raise SourceRefused(
                    f"There is no component '{name}'.", where=f"{where}, row {row}, {column}",
                    remedy=advice(name, places) if len(places) <= MOST_NAMES else "",
                )  # fmt: skip
        pairs.append([places[name] for name in names])
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _flags(nodes: pl.DataFrame) -> Bools:
    if "supply" not in nodes.columns:
        return np.zeros(nodes.height, dtype=bool)
    words = [str(one or "").strip().casefold() for one in nodes["supply"].to_list()]
    known = {
        # Other programs write 1.0 in a column of which some cells are empty.
        **dict.fromkeys(("true", "yes", "1", "1.0", "x", "vrai", "oui", "si", "sí", "نعم"), True),
        **dict.fromkeys(("false", "no", "0", "0.0", "", "faux", "non", "لا"), False),
    }
    for row, word in enumerate(words, 2):
        if word not in known:
            raise SourceRefused(
                f"'{word}' is neither true nor false.", where=f"nodes, row {row}, column supply"
            )
    return np.array([known[word] for word in words], dtype=bool)
