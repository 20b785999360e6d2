"""What gets through a network: the independent check of every answer.

The greatest flow is the linear programme over flows, and the shortest way is Dijkstra's. Neither
shares anything with how controls are chosen, so a wrong choice cannot call itself right.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tocsin.errors import TocsinError
from tocsin.plan.enforcement.network import Floats, Network

Bools = npt.NDArray[np.bool_]


def greatest_flow(network: Network, controlled: Bools) -> tuple[float, Floats]:
    """Find the most that can flow from the source to the sink past some controls.

    Args:
        network: the network.
        controlled: which ways are closed, shape `(edges,)`.

    Returns:
        The flow, in the unit of capacity, and the flow on each way, shape `(edges,)`, negative
        where an undirected way is used from its head to its tail.

    Raises:
        TocsinError: the solver did not finish.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csc_array

    edges, nodes = network.edges, len(network.nodes)
    most = np.where(controlled, 0.0, network.capacity)
    each = np.arange(edges)
    ones = np.ones(edges)
    balance = csc_array(
        (
            np.concatenate([ones, -ones, [-1.0, 1.0]]),
            (
                np.concatenate([network.tail, network.head, [network.source, network.sink]]),
                np.concatenate([each, each, [edges, edges]]),
            ),
        ),
        shape=(nodes, edges + 1),
    )
    least = -most if network.undirected else np.zeros(edges)
    bounds = np.column_stack([np.append(least, 0.0), np.append(most, np.inf)])
    goal = np.append(np.zeros(edges), -1.0)
    found = linprog(goal, A_eq=balance, b_eq=np.zeros(nodes), bounds=bounds, method="highs")
    if found.status != 0:
        raise TocsinError(f"The greatest flow was not found: {found.message}")
    # Adding 0 makes a 0 of the solver's -0.
    flows = np.asarray(found.x[:edges], dtype=np.float64) + 0.0
    return float(found.x[edges]) + 0.0, flows


def shortest_way(network: Network, controlled: Bools) -> float:
    """Find how long the shortest open way from the source to the sink takes.

    Args:
        network: the network, whose lengths are all known.
        controlled: which ways are closed, shape `(edges,)`.

    Returns:
        The length, in the file's unit; infinite where no way is open.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    # Of two ways between the same places the shorter counts; a sparse array would add them. A
    # length of 0 that stands in it is a way, too.
    best: dict[tuple[int, int], float] = {}
    for edge in np.flatnonzero(~controlled & (network.capacity > 0)):
        ends = int(network.tail[edge]), int(network.head[edge])
        for pair in (ends, ends[::-1]) if network.undirected else (ends,):
            best[pair] = min(best.get(pair, np.inf), float(network.length[edge]))
    if not best:
        return float("inf")
    pairs = np.array(list(best))
    lengths = np.array(list(best.values()))
    size = len(network.nodes)
    graph = csr_array((lengths, (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    length = float(dijkstra(graph, indices=network.source)[network.sink])
    return length if np.isinf(length) else round(length, 9)
