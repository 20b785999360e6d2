"""Which components still work: failures that spread within a layer and from layer to layer.

A component works while it is whole, is joined to the supplied part of its layer, and all that it
needs works. Taking away what does not until nothing changes gives the largest set that supports
itself (Buldyrev, Parshani, Paul, Stanley and Havlin 2010, Nature 464; Gao, Buldyrev, Havlin and
Stanley 2011, Physical Review Letters 107).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tocsin.plan.networks.network import Bools, Services

Parts = npt.NDArray[np.int32]
MOST_KEPT = 2**24
"""So many bytes of answers are kept for a layer; then it begins anew."""
LATEST, FEW = 8, 16
"""So many of the last answers are gone on from where at most so many components have come since."""


@dataclass(frozen=True)
class _Layer:
    """This is one layer by itself: its components, and its lines from both ends."""

    members: npt.NDArray[np.int64]
    """Its components among those of all layers, shape `(M,)`."""
    sources: Bools
    """Which of them are sources, shape `(M,)`."""
    one: npt.NDArray[np.int32]
    """For each line, from each of its ends, that end, in order; shape `(2 E,)`."""
    two: npt.NDArray[np.int32]
    """The other end."""
    begins: npt.NDArray[np.int64]
    """Where the lines of each component begin among these, shape `(M + 1,)`."""
    kept: dict[bytes, Bools] = field(default_factory=dict)
    """What was found before, by which components work."""
    latest: list[tuple[Bools, Parts, int]] = field(default_factory=list)
    """Which components worked the last few times, in which parts they hung together, how many."""

    def find_supplied(self, works: Bools) -> Bools:
        """Tell which of its working components are joined to the supplied part."""
        asked = works.tobytes()
        found = self.kept.get(asked)
        if found is None:
            found = self._largest_part(works)
            if 2 * len(works) * len(self.kept) > MOST_KEPT:
                self.kept.clear()
            self.kept[asked] = found
        return found

    def _largest_part(self, works: Bools) -> Bools:
        count = int(np.count_nonzero(works))
        if not count:
            return works
        part = self._grow(works, count)
        if part is None:
            part = self._parts(works)
        self.latest.append((works, part, count))
        del self.latest[:-LATEST]
        if self.sources.any():
            fed = np.zeros(int(part.max()) + 1, dtype=bool)
            fed[part[self.sources & works]] = True
            return np.asarray(works & fed[part])
        labels = part[works]
        # Of several parts as large, the one with the first component counts.
        return np.asarray(works & (part == labels[np.argmax(np.bincount(labels)[labels])]))

    def _parts(self, works: Bools) -> Parts:
        """Number the parts in which working components hang together, shape `(M,)`.

        Those that do not work have numbers without a meaning.
        """
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        live = works[self.one] & works[self.two]
        passed = np.zeros(len(live) + 1, np.int32)
        np.cumsum(live, out=passed[1:])
        ends = self.two[live]
        graph = csr_array((np.ones(len(ends)), ends, passed[self.begins]), (len(works),) * 2)
        return np.asarray(connected_components(graph, directed=False)[1])

    def _grow(self, works: Bools, count: int) -> Parts | None:
        """The same, where but a few components have come to those that worked a short while ago.

        One that comes joins the parts of its neighbours, which is sooner done than all anew.
        """
        for before, parts, some in reversed(self.latest):
            if not 0 <= count - some <= FEW:
                continue
            come = (works > before).nonzero()[0].tolist()
            # As many have come as there are more: then none has gone.
            if len(come) > count - some:
                continue
            part, there = parts.copy(), before.copy()
            for one in come:
                near = self.two[self.begins[one] : self.begins[one + 1]].tolist()
                met = sorted({part.item(other) for other in near if there.item(other)})
                part[one] = met[0] if met else part.max() + 1
                for other in met[1:]:
                    part[part == other] = met[0]
                there[one] = True
            return part
        return None


class Supply:
    """This tells what is joined to the supplied part of each layer, and remembers what it told.

    From hour to hour and from one protection to the next most layers are as they were.
    """

    def __init__(self, services: Services) -> None:
        self._layers = [_layer(services, number) for number in range(len(services.layers))]

    def of(self, works: Bools) -> Bools:
        """Tell which working components are joined to the supplied part of their layer.

        Args:
            works: which components are whole, shape `(nodes,)`.

        Returns:
            Those in a part with a source; in a layer without sources, those in its largest part (of
            several as large, the one with the first component). Shape `(nodes,)`.
        """
        found = np.zeros(len(works), dtype=bool)
        for layer in self._layers:
            found[layer.members] = layer.find_supplied(works[layer.members])
        return found


def _layer(services: Services, number: int) -> _Layer:
    members = np.flatnonzero(services.layer == number)
    place = np.zeros(services.nodes, np.int32)
    place[members] = np.arange(len(members))
    ends = place[services.ends[services.layer[services.ends[:, 0]] == number]]
    one, two = np.concatenate([ends, ends[:, ::-1]]).T
    order = np.argsort(one, kind="stable")
    begins = np.searchsorted(one[order], np.arange(len(members) + 1))
    return _Layer(members, services.supply[members], one[order], two[order], begins)


def find_working(services: Services, whole: Bools) -> Bools:
    """Find the components that still work after failures, when no backup is left.

    Args:
        services: the networks.
        whole: which components did not fail, shape `(nodes,)`.

    Returns:
        Shape `(nodes,)`: the largest set in which each is joined to the supplied part of its layer
        and has all that it needs.
    """
    supply, works = Supply(services), whole.copy()
    while True:
        after = supply.of(works)
        if len(services.needs):
            lacking = ~after[services.needs[:, 1]]
            after[services.needs[lacking, 0]] = False
        if (after == works).all():
            return works
        works = after
