"""A supply network: places, the ways between them, and what a control on a way costs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.base.nearest import advice, written_twice
from tocsin.errors import SourceRefused, UsageError
from tocsin.schema.frame import amounts, texts
from tocsin.schema.handmade import read_handmade, refuse_missing, refuse_misspelt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
COLUMNS = ("source", "target", "capacity", "lawful", "illicit", "cost")
"""The columns of a network's edges; `length` may stand beside them."""
HEADINGS = {
    "source": ("from", "origin", "de", "origine", "départ", "origen", "المصدر"),
    "target": ("to", "destination", "vers", "arrivée", "destino", "الوجهة"),
    "capacity": ("capacité", "capacidad", "السعة"),
    "lawful": ("legal", "licite", "légal", "commerce licite", "lícito", "مشروع"),
    "illicit": ("illegal", "illicite", "illégal", "ilícito", "غير مشروع"),
    "cost": ("coût", "costo", "coste", "الكلفة"),
    "length": ("duration", "distance", "longueur", "durée", "longitud", "duración", "الطول"),
}
"""What the columns are called elsewhere."""
MOST_EDGES = 1_000_000
MOST = 1e12
"""Greater capacities are refused: HiGHS tells flows apart to six digits behind the point."""


@dataclass(frozen=True)
class Network:
    """This is a supply network, with `edges` ways among `nodes` places.

    Places are whole markets, ports, districts or countries, never persons or single addresses.
    """

    nodes: tuple[str, ...]
    """Names of the places."""
    tail: Ints
    """Where each way begins, shape `(edges,)`."""
    head: Ints
    """Where it ends, shape `(edges,)`."""
    capacity: Floats
    """The most illicit flow that it can carry, in the file's unit."""
    lawful: Floats
    """The lawful trade that a control on it would stop, in the file's unit."""
    illicit: Floats
    """The illicit flow seen on it today; NaN where nobody knows."""
    cost: Floats
    """What a control on it costs; infinite where none is possible."""
    length: Floats
    """How long it takes; NaN where the file does not say."""
    source: int
    """The place where the flow begins."""
    sink: int
    """The place where it ends."""
    undirected: bool
    """May each way be used in both directions?"""
    assumed: tuple[str, ...] = ()
    """What was taken for granted in reading it, in sentences."""
    where: str = "edges"
    """What its table is called in errors."""
    ends: tuple[tuple[str, str], ...] = ()
    """The two places of each way as the table names them. Among `nodes` those where the flow may
    begin, or end, count as one."""

    @property
    def edges(self) -> int:
        """Count the ways."""
        return len(self.tail)

    @property
    def ways(self) -> tuple[str, ...]:
        """Name each way by its places, and by its row where several rows join the same two."""
        often = Counter(self.ends)
        return tuple(
            f"{one} - {two}" + (f" (row {row})" if often[one, two] > 1 else "")
            for row, (one, two) in enumerate(self.ends, 2)
        )


def read_network(
    table: pl.DataFrame,
    source: str | Sequence[str],
    sink: str | Sequence[str],
    *,
    undirected: bool = False,
    where: str = "edges",
) -> Network:
    """Make a network of a table, or say what is wrong with it.

    Args:
        table: columns `source`, `target`, `capacity`, `lawful`, `illicit`, `cost`, and perhaps
            `length`, under these names or those in `HEADINGS`; decimals may have a comma. An empty
            `lawful` is 0, an empty `illicit` not known, and an empty `cost` says that the way
            cannot be controlled.
        source: the place where the flow begins, or several, which then count as one: the flow may
            begin at any of them.
        sink: the place where it ends, or several.
        undirected: True lets each way be used in both directions.
        where: the table's name in errors.

    Returns:
        The network; places in order of first mention, a way for each row.

    Raises:
        SourceRefused: a column is missing or misspelt, or a value cannot be; the first bad row is
            named.
        UsageError: there is no such place, both are one, or no way leads from one to the other.
    """
    made = read_handmade(table, HEADINGS, numbers=(*COLUMNS[2:], "length"), where=where)
    table = made.rows
    _refuse_columns(table, where)
    ends = {name: texts(table, name, where=where) for name in ("source", "target")}
    begins, stops = (list(dict.fromkeys([one] if isinstance(one, str) else one))
                     for one in (source, sink))  # fmt: skip
    known = tuple(dict.fromkeys(one for pair in zip(*ends.values(), strict=True) for one in pair))
    _refuse_places(ends, begins, stops, known, where)
    first, last = " + ".join(begins), " + ".join(stops)
    joint = dict.fromkeys(begins, first) | dict.fromkeys(stops, last)
    nodes = tuple(dict.fromkeys(joint.get(one, one) for one in known))
    number = {name: count for count, name in enumerate(nodes)}
    places = {name: number[joint.get(name, name)] for name in known}
    tail, head = (np.array([places[one] for one in ends[name]]) for name in ("source", "target"))
    network = Network(
        nodes,
        tail,
        head,
        # A way between two places where the flow begins, or ends, carries nothing on.
        np.where(tail == head, 0.0, amounts(table, "capacity", where=where, empty=None)),
        amounts(table, "lawful", where=where, empty=0.0),
        amounts(table, "illicit", where=where, empty=math.nan),
        amounts(table, "cost", where=where, empty=math.inf),
        amounts(table, "length", where=where, empty=math.nan),
        nodes.index(first),
        nodes.index(last),
        undirected,
        (
            *made.assumed,
            *_told_of(table, where),
            *_said_of_places(known),
            *_said_of_joint(begins, stops),
        ),
        where,
        tuple(zip(*ends.values(), strict=True)),
    )
    network = _check_capacities(network)
    if not is_joined(network, np.zeros(network.edges, dtype=bool)):
        raise UsageError(
            f"No way leads from '{first}' to '{last}'.",
            remedy="Are source and target the right way round? `--undirected` opens both.",
        )
    return network


def _refuse_columns(table: pl.DataFrame, where: str) -> None:
    """Refuse a table that lacks a column, has a misspelt one, or too few or too many ways."""
    refuse_misspelt(table.columns, [*COLUMNS, "length"], where)
    remedy = f"The columns are: {', '.join(COLUMNS)}, and perhaps length."
    refuse_missing(table.columns, COLUMNS[:3], where, remedy=remedy)
    if not 0 < table.height <= MOST_EDGES:
        raise SourceRefused(f"It has {table.height:,} ways.", where=where)


def _refuse_places(
    ends: Mapping[str, list[str]],
    begins: Sequence[str],
    stops: Sequence[str],
    known: Sequence[str],
    where: str,
) -> None:
    """Refuse a beginning or an end that is no place, or is both, and a way that leads nowhere."""
    for name in (*begins, *stops):
        if name not in known:
            raise UsageError(f"There is no place '{name}'.", remedy=advice(name, known))
    if both := [name for name in begins if name in stops]:
        raise UsageError(f"The flow begins and ends at '{both[0]}'.")
    loops = [n for n, (a, b) in enumerate(zip(*ends.values(), strict=True)) if a == b]
    if loops:
        raise SourceRefused(
            f"A way leads from '{ends['source'][loops[0]]}' to itself.",
            where=f"{where}, row {loops[0] + 2}", remedy="Take the row out.",
        )  # fmt: skip


def _check_capacities(network: Network) -> Network:
    """Refuse a capacity that is too large; what is seen beyond a capacity is told as assumed."""
    where = network.where
    if (network.capacity > MOST).any():
        row = int(np.argmax(network.capacity > MOST))
        raise SourceRefused(
            f"A capacity of {network.capacity[row]:g} is too large to be told from others.",
            where=f"{where}, row {row + 2}, column capacity", remedy="Count in a larger unit.",
        )  # fmt: skip
    seen = np.flatnonzero(network.illicit > network.capacity)
    if not len(seen):
        return network
    said = (
        f"More illicit flow is seen than the way can carry in "
        f"{quantity(len(seen), 'row')} of {where}, first in row {seen[0] + 2}: "
        "what is seen is not used, capacities are."
    )
    return replace(network, assumed=(*network.assumed, said))


def _said_of_joint(begins: Sequence[str], stops: Sequence[str]) -> list[str]:
    """Which places count as one, where the flow begins or ends at several."""
    told = ((begins, "begin"), (stops, "end"))
    return [f"The flow may {what} at any of {', '.join(names)}, which count as one place."
            for names, what in told if len(names) > 1]  # fmt: skip


def _said_of_places(nodes: Iterable[str]) -> list[str]:
    pair = written_twice(nodes)
    return [f"The places '{pair[0]}' and '{pair[1]}' count as two."] if pair else []


def _told_of(table: pl.DataFrame, where: str) -> list[str]:
    """What the table leaves open, and how it was read."""
    found = []
    twice = table.height - table.select("source", "target").n_unique()
    if twice:
        found.append(
            f"Rows of {where} that join the same two places as a row above: {twice}. Each is a way "
            "of its own, with its own control, and is named by its row."
        )
    for name, told in (
        ("lawful", "no control stops lawful trade"), ("cost", "no way can be controlled"),
    ):  # fmt: skip
        if name not in table.columns:
            found.append(f"There is no column {name} in {where}: {told}.")
    return found


def is_joined(network: Network, controlled: npt.NDArray[np.bool_]) -> bool:
    """Tell whether some way is left from the source to the sink.

    Args:
        network: the network.
        controlled: which ways are closed, shape `(edges,)`.

    Returns:
        True where the sink can be reached.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    open_ways = ~controlled & (network.capacity > 0)
    tail, head = network.tail[open_ways], network.head[open_ways]
    if network.undirected:
        tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
    size = len(network.nodes)
    graph = csr_array((np.ones(len(tail)), (tail, head)), shape=(size, size))
    reached = breadth_first_order(graph, network.source, return_predecessors=False)
    return bool(np.isin(network.sink, reached))
