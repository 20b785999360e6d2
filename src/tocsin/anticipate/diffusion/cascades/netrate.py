"""NetRate: the rate at which each node passes on to each other, by maximum likelihood.

Gomez-Rodriguez, Balduzzi and Schölkopf (2011), Uncovering the temporal dynamics of diffusion
networks, ICML. Each tie (j, i) passes on after an exponential time of rate a_ji, and a node takes
up from whoever reaches it first. Then the log-likelihood is concave in the rates, and each node's
own ties can be found apart from those of the others:

    Σ over uptakes log(Σ_j a_ji) − Σ_ji a_ji · exposure_ji,

where the exposure is the whole time that j had it, i had it not, and both were watched.

Plain maximum likelihood gives large rates to pairs that were hardly ever seen. An exponential
prior takes this away: it is as if every pair had also been watched for some horizons in which
nothing passed. Such a prior finds the ties, and halves their rates. So it says only which ties
there are and how many uptakes came over each; a rate is these uptakes over the time exposed, and
over as much quiet as the mean rate asks for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.cascades.cascade import Cascades, Places, find_pairs
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.errors import UsageError, require

PRIOR = 10.0
"""Horizons of quiet added to each pair while ties are looked for; chosen on three made networks of
1,024 nodes."""

GAP = 1e-9
"""The fit ends when no rates can raise the log-likelihood by more than this, per uptake."""

CLOSE = 1e-3
"""The quiet behind the rates is known well enough where a turn moves it by a smaller part."""

ROUNDS = 2000
CHECK = 10
"""Turns between two looks at the gaps."""
GONE = 1e-9
BELOW = 1e-6
"""Rates of pairs whose best rate is zero stay below this share of the least other rate."""

Sparse = Any


@dataclass(frozen=True)
class Rates:
    """This holds what NetRate found.

    Args:
        edges: the columns `source, target, rate` (per unit of time), the highest rate first.
        gap: the most by which the log posterior could still be higher (a duality gap, in nats) in
            the fit that finds the ties.
        log_likelihood: the log-likelihood of these rates in nats, without the prior.
    """

    edges: pl.DataFrame
    gap: float
    log_likelihood: float


@dataclass(frozen=True)
class _Problem:
    """Maximise Σ log(reached @ rate) − cost @ rate over rates of zero or more.

    No uptake is reached over ties of two targets, so each target's rates are a problem of its own.
    """

    pair: Floats
    exposure: Floats
    reached: Sparse
    """Over which pairs each uptake may have come, shape `(uptakes, pairs)`."""
    target: Places
    """The target of each pair, shape `(pairs,)`."""
    taker: Places
    """The target of each uptake, shape `(uptakes,)`."""


def netrate(cascades: Cascades, *, prior: float = PRIOR) -> Rates:
    """Find the rates of all ties from the times at which nodes took something up.

    Args:
        cascades: the cascades, from `read_cascades` with a horizon.
        prior: how many horizons of quiet are added to each pair while ties are looked for; 0 is
            plain maximum likelihood.

    Returns:
        Rates with a row for each pair that some cascade saw in this order. A pair whose best rate
        is zero gets a rate far below all others, in the order of how near the pair is to being of
        use, so that a ranking of all pairs is complete.

    Raises:
        UsageError: the cascades have no horizon, or the prior is negative.

    Source: Gomez-Rodriguez, Balduzzi and Schölkopf (2011), Uncovering the temporal dynamics of
    diffusion networks, ICML.

    Example:
        >>> import polars as pl
        >>> from tocsin.anticipate.diffusion import netrate, read_cascades
        >>> rows = [(c, n, t) for c in range(20) for n, t in (("a", 0.0), ("b", 1.0 + c / 20))]
        >>> table = pl.DataFrame(rows, schema=["cascade", "node", "time"], orient="row")
        >>> found = netrate(read_cascades(table, horizon=10), prior=0).edges
        >>> found.rows()[0][:2], round(found["rate"][0], 3)
        (('a', 'b'), 0.678)
    """
    if not math.isfinite(cascades.horizon) or not prior >= 0:
        raise UsageError(
            "NetRate needs a horizon, and a prior of zero or more.",
            remedy="Give --horizon: how long each cascade was watched.",
        )
    problem = _problem(cascades)
    cost = problem.exposure + prior * cascades.horizon
    fitted, gap = _solve(problem, cost)
    rate = _estimate(fitted, cost, problem.exposure, prior * cascades.horizon)
    likelihood = float(np.log(problem.reached @ rate).sum() - problem.exposure @ rate)
    rate = _rank_below(problem.reached, cost, fitted, rate)
    nodes, n = np.array(cascades.nodes), len(cascades.nodes)
    pair = problem.pair.astype(np.int64)
    edges = pl.DataFrame({"source": nodes[pair // n], "target": nodes[pair % n], "rate": rate})
    order = edges.sort("rate", "source", "target", descending=[True, False, False])
    return Rates(order, gap, likelihood)


def _problem(cascades: Cascades) -> _Problem:
    sparse = require("scipy.sparse", extra="anticipate")
    both, node, time = find_pairs(cascades), cascades.node, cascades.time
    n, left = len(cascades.nodes), cascades.horizon - time
    forth = node[both.first] * n + node[both.second]
    back = node[both.second] * n + node[both.first]
    pair, column = np.unique(forth[both.strict], return_inverse=True)
    # Exposed from the source's uptake to the horizon, less what is after the target's own.
    exposure = np.bincount(node, left, n)[pair // n]
    exposure -= _sum_by_pair(pair, forth, left[both.second])
    exposure -= _sum_by_pair(pair, back, left[both.second])
    uptake, row = np.unique(both.second[both.strict], return_inverse=True)
    reached = sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=(len(uptake), len(pair)))
    return _Problem(pair, np.maximum(exposure, 0.0), reached, pair % n, node[uptake])


def _sum_by_pair(pair: Any, key: Any, value: Floats) -> Floats:
    """Sum of values by pair, where the key is one of the pairs."""
    place = np.minimum(np.searchsorted(pair, key), len(pair) - 1)
    known = pair[place] == key
    return np.bincount(place[known], value[known], len(pair)).astype(np.float64)


def _solve(problem: _Problem, cost: Floats) -> tuple[Floats, float]:
    """The best rates, and the duality gap that proves how near they are.

    Expectation-maximisation, made faster by SQUAREM (Varadhan and Roland 2008). Pairs that fall to
    zero are left out until their slope says that they are needed again. Each target has steps and a
    gap of its own, and is done when its gap is small: one that comes near slowly holds up no other.
    """
    reached, target, taker = problem.reached, problem.target, problem.taker
    rate = np.asarray(reached.T @ (1.0 / np.asarray(reached.sum(1)).ravel())) / cost
    count = np.bincount(taker).astype(np.float64)
    gap = np.where(count, np.inf, 0.0)
    rows, columns, whole = np.arange(len(taker)), np.arange(len(target)), reached
    for _ in range(ROUNDS // CHECK):
        live = rate[columns] > 0.0
        at = columns[live]
        one = _Problem(problem.pair[at], cost[at], whole[:, live], target[at], taker[rows])
        rate[at] = _squarem(one, rate[at], turns=CHECK)
        uptake = whole @ rate[columns]
        pull = (whole.T @ (1.0 / uptake)) / cost[columns]
        paid = cost[columns] * rate[columns]
        spent = np.bincount(target[columns], paid, len(count)).astype(np.float64)
        most = np.zeros(len(count))
        np.maximum.at(most, target[columns], pull)
        asked = gap > GAP * count
        gap[asked] = _gap(spent[asked], count[asked], most[asked])
        asked = gap > GAP * count
        if not asked.any():
            break
        kept, still = asked[taker[rows]], asked[target[columns]]
        if not still.all():
            rows, columns, pull = rows[kept], columns[still], pull[still]
            whole = whole[kept][:, still]
        least = GONE * rate.max()
        rate[columns[rate[columns] <= least]] = 0.0
        rate[columns[(pull > 1.0 + GAP) & (rate[columns] == 0.0)]] = 10.0 * least
    return rate, float(np.maximum(gap, 0.0).sum())


def _squarem(problem: _Problem, rate: Floats, *, turns: int) -> Floats:
    """Rates after some turns of SQUAREM; each target has its own length of step."""
    reached, cost, target = problem.reached, problem.exposure, problem.target
    back, size = reached.T.tocsr(), int(target.max()) + 1

    def step(now: Floats) -> Floats:
        return np.asarray(now * (back @ (1.0 / (reached @ now))) / cost)

    def square_sum(change: Floats) -> Floats:
        return np.bincount(target, change * change, size).astype(np.float64)

    def loss(now: Floats) -> Floats:
        told = np.bincount(problem.taker, np.log(reached @ now), size)
        return np.bincount(target, cost * now, size).astype(np.float64) - told

    for _ in range(turns):
        one = step(rate)
        two = step(one)
        first, second = one - rate, two - 2.0 * one + rate
        bend = square_sum(second)
        ratio = np.divide(square_sum(first), bend, out=np.ones(size), where=bend > 0.0)
        length = np.maximum(1.0, np.sqrt(ratio))[target]
        far = rate + 2.0 * length * first + length**2 * second
        far = step(np.where(far > 0.0, far, 0.1 * two))
        rate = np.where((loss(far) <= loss(two))[target], far, two)
    return rate


def _gap(spent: Floats, uptakes: Floats, pull: Floats) -> Floats:
    """Primal less dual: the weights 1/uptake, scaled until no pair is worth more than it costs."""
    return spent - uptakes + uptakes * np.log(pull)


def _estimate(fitted: Floats, cost: Floats, exposure: Floats, most: float) -> Floats:
    """Rates of the ties that the prior has found, without what the prior takes from them.

    At its optimum the fit ascribes `fitted · cost` uptakes to a tie. They are told over the time
    exposed and as much quiet as an exponential prior with the ties' own mean rate has (its mean by
    maximum likelihood, found by turns), so that a tie seen for a moment gets no enormous rate.
    There is never more quiet than in the fit, so that no rate is below the fitted one.
    """
    found = fitted > _nought(fitted)
    passed, seen, quiet = (fitted * cost)[found], exposure[found], most
    for _ in range(ROUNDS if most else 0):
        told = min(len(passed) / float((passed / (seen + quiet)).sum()), most)
        if abs(told - quiet) <= CLOSE * quiet:
            break
        quiet = told
    rate = fitted.copy()
    rate[found] = passed / (seen + quiet)
    return rate


def _nought(fitted: Floats) -> float:
    """A rate up to which a pair counts as one whose best rate is zero."""
    return 100.0 * GONE * float(fitted.max())


def _rank_below(reached: Sparse, cost: Floats, fitted: Floats, rate: Floats) -> Floats:
    pull = np.asarray(reached.T @ (1.0 / (reached @ fitted))) / cost
    nought = fitted <= _nought(fitted)
    least = rate[~nought].min()
    return np.where(nought, BELOW * least * np.minimum(pull, 1.0), rate)
