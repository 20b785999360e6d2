"""A made network with a core and a periphery, and cascades on it, to test inferred ties.

Kronecker graphs: Leskovec, Chakrabarti, Kleinberg, Faloutsos and Ghahramani (2010), Journal of
Machine Learning Research 11. The initiator and the rates are those of Gomez-Rodriguez, Balduzzi
and Schölkopf (2011).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

INITIATOR = ((0.9, 0.5), (0.5, 0.3))
LOW, HIGH = 0.01, 0.26
Delay = Callable[[np.random.Generator, float], float]
DELAYS: Mapping[str, Delay] = {
    "exponential": lambda random, rate: random.exponential(1.0 / rate),
    "rayleigh": lambda random, rate: float(np.sqrt(2.0 * random.exponential() / rate)),
    "power": lambda random, rate: float((1.0 - random.random()) ** (-1.0 / (4.0 * rate))),
}
"""How long an edge takes, by its rate: the three of Gomez-Rodriguez, Balduzzi and Schölkopf (2011).
The exponent of the power law is four times the rate, so that cascades are about as large."""


@dataclass(frozen=True)
class Network:
    """A directed network of E edges: `source` and `target`, shape (E,), and the rate of each
    edge.
    """

    nodes: int
    source: npt.NDArray[np.int64]
    target: npt.NDArray[np.int64]
    rate: npt.NDArray[np.float64]


def make_network(random: np.random.Generator, *, power: int = 10, edges: int = 2042) -> Network:
    """Make a Kronecker network (Leskovec and others 2010), its nodes numbered at random.

    Each edge falls through `power` levels of the initiator; self-ties and repeats fall again.

    Args:
        random: source of random numbers.
        power: the network has 2^power nodes.
        edges: how many edges it has, E.

    Returns:
        The network, with rates drawn between `LOW` and `HIGH`.
    """
    shares = np.array(INITIATOR).ravel() / np.sum(INITIATOR)
    found: dict[tuple[int, int], None] = {}
    while len(found) < edges:
        quarter = random.choice(4, size=power, p=shares)
        source = int(quarter // 2 @ 2 ** np.arange(power))
        target = int(quarter % 2 @ 2 ** np.arange(power))
        if source != target:
            found[source, target] = None
    numbers = random.permutation(2**power)
    both = numbers[np.array(list(found))]
    return Network(2**power, both[:, 0], both[:, 1], random.uniform(LOW, HIGH, edges))


def make_cascades(
    network: Network,
    random: np.random.Generator,
    *,
    count: int = 1000,
    horizon: float = 10.0,
    delay: str = "exponential",
) -> pl.DataFrame:
    """Draw cascades from random first nodes, which reach two nodes or more each.

    Args:
        network: the network.
        random: source of random numbers.
        count: how many cascades.
        horizon: the time at which each is cut, in the unit of the rates.
        delay: of `DELAYS`.

    Returns:
        Columns `cascade, node, time`, one row a node that a cascade reaches.
    """
    out: list[list[tuple[int, float]]] = [[] for _ in range(network.nodes)]
    for source, target, rate in zip(network.source, network.target, network.rate, strict=True):
        out[source].append((int(target), float(rate)))
    rows: list[tuple[int, int, float]] = []
    takes, made = DELAYS[delay], 0
    while made < count:
        reached: dict[int, float] = {}
        heap = [(0.0, int(random.integers(network.nodes)))]
        while heap:
            now, node = heapq.heappop(heap)
            if node in reached:
                continue
            reached[node] = now
            for other, rate in out[node]:
                then = now + takes(random, rate)
                if then <= horizon and other not in reached:
                    heapq.heappush(heap, (then, other))
        if len(reached) > 1:
            rows += [(made, node, time) for node, time in reached.items()]
            made += 1
    return pl.DataFrame(rows, schema=["cascade", "node", "time"], orient="row")


def edge_scores(network: Network, edges: pl.DataFrame) -> dict[str, float]:
    """Measure how well ranked edges find a network's own, over all ordered pairs of nodes.

    Args:
        network: the truth.
        edges: `source, target` (numbers of nodes, also as text), `rate`; pairs that are absent
            rank last, together.

    Returns:
        `auc`, `average_precision`, `break_even` (precision where it equals recall) and
        `best_f1` (over all thresholds).
    """
    from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

    n = network.nodes
    true, score = np.zeros(n * n, dtype=bool), np.zeros(n * n)
    true[network.source * n + network.target] = True
    place = edges["source"].cast(pl.Int64) * n + edges["target"].cast(pl.Int64)
    score[place.to_numpy()] = edges["rate"].to_numpy()
    apart = np.ones(n * n, dtype=bool)
    apart[:: n + 1] = False
    true, score = true[apart], score[apart]
    precision, recall, _ = precision_recall_curve(true, score)
    both = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return {
        "auc": float(roc_auc_score(true, score)),
        "average_precision": float(average_precision_score(true, score)),
        "break_even": float(precision[np.argmin(np.abs(precision - recall))]),
        "best_f1": float(both.max()),
    }


def rate_scores(network: Network, edges: pl.DataFrame) -> dict[str, float]:
    """Measure how near the rates of a network's own edges are to the true ones.

    Args:
        network: the truth.
        edges: `source, target` (numbers of nodes, also as text), `rate`.

    Returns:
        Over the network's own edges whose rate is at least a tenth of `LOW`: `found`, how many
        they are; `rate_ratio`, the sum of their rates in parts of the true sum; `rate_median`, the
        middle one of their rates in parts of the true ones; and `rate_error`, the mean absolute
        error.
    """
    n = network.nodes
    told = np.zeros(n * n)
    place = edges["source"].cast(pl.Int64) * n + edges["target"].cast(pl.Int64)
    told[place.to_numpy()] = edges["rate"].to_numpy()
    told = told[network.source * n + network.target]
    found = told >= LOW / 10
    told, true = told[found], network.rate[found]
    return {
        "found": float(found.sum()),
        "rate_ratio": float(told.sum() / true.sum()),
        "rate_median": float(np.median(told / true)),
        "rate_error": float(np.abs(told - true).mean()),
    }
