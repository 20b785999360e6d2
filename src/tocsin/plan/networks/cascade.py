"""Which components still work: failures that spread within a layer and from layer to layer.

A component works while it is whole, is joined to the supplied part of its layer, and all that it
needs works. Taking away what does not until nothing changes gives the largest set that supports
itself (Buldyrev, Parshani, Paul, Stanley and Havlin 2010, Nature 464; Gao, Buldyrev, Havlin and
Stanley 2011, Physical Review Letters 107).
"""

from __future__ import annotations

import numpy as np

from tocsin.plan.networks.network import Bools, Services


def supplied(services: Services, works: Bools, lines: Bools | None = None) -> Bools:
    """Tell which working components are joined to the supplied part of their layer.

    Args:
        services: the networks.
        works: which components are whole, shape `(nodes,)`.
        lines: which lines are whole, shape `(edges,)`; None: all.

    Returns:
        Those in a part with a source; in a layer without sources, those in its largest part (of
        several as large, the one with the first component). Shape `(nodes,)`.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    one, two = services.ends[:, 0], services.ends[:, 1]
    live = works[one] & works[two]
    if lines is not None:
        live &= lines
    size = services.nodes
    graph = csr_array((np.ones(int(live.sum()), np.int8), (one[live], two[live])), (size, size))
    _, part = connected_components(graph, directed=False)
    counted = np.bincount(part[works], minlength=int(part.max()) + 1)
    found = np.zeros(size, dtype=bool)
    for number in range(len(services.layers)):
        mine = (services.layer == number) & works
        if not mine.any():
            continue
        here = services.supply & (services.layer == number)
        if here.any():
            fed = np.zeros(len(counted), dtype=bool)
            fed[part[here & works]] = True
            found |= mine & fed[part]
        else:
            labels = part[mine]
            found |= mine & (part == labels[np.argmax(counted[labels])])
    return found


def working(services: Services, whole: Bools, lines: Bools | None = None) -> Bools:
    """Find the components that still work after failures, when no backup is left.

    Args:
        services: the networks.
        whole: which components did not fail, shape `(nodes,)`.
        lines: which lines are whole, shape `(edges,)`; None: all.

    Returns:
        Shape `(nodes,)`: the largest set in which each is joined to the supplied part of its layer
        and has all that it needs.
    """
    works = whole.copy()
    while True:
        after = supplied(services, works, lines)
        if len(services.needs):
            lacking = ~after[services.needs[:, 1]]
            after[services.needs[lacking, 0]] = False
        if (after == works).all():
            return works
        works = after
