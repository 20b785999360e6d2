"""Controls on networks too large for one programme: a bound from prices, then what time allows.

The budget gets a price (Lagrangian relaxation; Fisher, 1981, Management Science 27(1)). At each
price the best controls are one least cut, found in a fraction of a second for ten thousand ways.
Every price gives a bound that no controls beat, and every cut gives controls within the budget.
What is left between the two is the certified gap.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from tocsin.errors import TocsinError
from tocsin.plan.enforcement.exact import (
    Controls,
    Limits,
    choose,
    in_file_units,
    in_solver_units,
)
from tocsin.plan.enforcement.flow import Bools, greatest_flow
from tocsin.plan.enforcement.network import Floats, Network

LARGE = 3_000
"""Networks with more ways are solved here."""
OnStep = Callable[[float, float], None]
"""Is told the flow that is left, and the bound below which none can be had."""
STEPS = 48
"""Prices that are tried; each halves the range in which the best one lies."""
GAP = 0.01
"""An answer is near enough where it is within this share of the bound, if nothing else is asked."""
SECONDS = 60.0
"""One choice is searched for so long at most, if nothing else is asked."""
WHOLE = 2**30
"""The greatest whole number that SciPy's flows are counted in, with room to add."""


def choose_large(
    network: Network,
    budget: float,
    *,
    gap: float = GAP,
    seconds: float = SECONDS,
    on_step: OnStep | None = None,
) -> Controls:
    """Choose controls within a budget that leave little flow, with a certified gap.

    Args:
        network: the network.
        budget: what controls may cost together.
        gap: the search ends where the answer is within this share of the bound.
        seconds: how long is searched at most.
        on_step: is told the flow that is left and the bound, as they improve.

    Returns:
        The best controls found, with the bound.
    """
    counted, limits, units = in_solver_units(network, Limits(budget=budget))

    def tell(left: float, bound: float) -> None:
        if on_step:
            on_step(left / units.flow, bound / units.flow)

    found = _choose(counted, limits.budget, gap, time.monotonic() + seconds, tell)
    return in_file_units(found, units, "flow")


def _choose(
    network: Network,
    budget: float,
    gap: float,
    until: float,
    on_step: OnStep,
) -> Controls:
    """The same in the units of the solver."""
    best = _search_price(network, budget, gap, until, on_step)
    left = until - time.monotonic()
    if best.gap > gap and left > 1:
        try:
            exact = choose(network, Limits(budget=budget), seconds=left)
        except TocsinError:
            return best
        chosen = exact if exact.value < best.value else best
        bound = min(max(best.bound, exact.bound), chosen.value)
        return Controls(chosen.controlled, chosen.value, bound, chosen.cost, chosen.lawful)
    return best


def _search_price(
    network: Network,
    budget: float,
    gap: float,
    until: float,
    on_step: OnStep,
) -> Controls:
    """Search for the price of the budget at which the bound is highest."""
    can = np.isfinite(network.cost)
    whole = bool(np.all(network.capacity == np.round(network.capacity)))
    least, chosen = math.inf, np.zeros(network.edges, dtype=bool)
    bound = 0.0
    # Beyond the dearest price no control pays; one that costs nothing pays at any price.
    priced = can & (network.cost > 0)
    ratio = network.capacity[priced] / network.cost[priced]
    low, high = 0.0, float(ratio.max(initial=0.0)) + 1.0
    for _ in range(STEPS):
        price = (low + high) / 2
        paid = price * network.cost
        weight = np.minimum(network.capacity, paid)
        cut, cutting = _least_cut(network, weight)
        bound = max(bound, cut - price * budget)
        if whole:
            # With whole capacities what is left is whole, too.
            bound = max(bound, math.ceil(bound - 1e-6))
        within = _within(network, cutting & can, budget)
        flow = float(network.capacity[cutting & ~within].sum())
        if flow < least:
            least, chosen = flow, within
            on_step(least, bound)
        if least - bound <= gap * least or time.monotonic() > until:
            break
        spent = float(network.cost[cutting & can & (paid < network.capacity)].sum())
        low, high = (price, high) if spent > budget else (low, price)
    value, _ = greatest_flow(network, chosen)
    return Controls(
        chosen, value, min(bound, value),
        float(network.cost[chosen].sum()), float(network.lawful[chosen].sum()),
    )  # fmt: skip


def _least_cut(network: Network, weight: Floats) -> tuple[float, Bools]:
    """A least cut's weight, rounded down so that the bound holds, and the ways across it."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    size = len(network.nodes)
    scale = WHOLE / max(1.0, float(np.minimum(weight, network.capacity).sum()))
    scale = 1.0 if scale < 1 else 2.0 ** math.floor(math.log2(scale))
    counted = np.floor(weight * scale).astype(np.int64)
    tail, head, each = network.tail, network.head, counted
    if network.undirected:
        tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
        each = np.concatenate([counted, counted])
    graph = csr_array((each.astype(np.int32), (tail, head)), shape=(size, size))
    graph.sum_duplicates()
    found = maximum_flow(graph, network.source, network.sink)
    left = csr_array(graph - found.flow)
    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    side = np.zeros(size, dtype=bool)
    side[breadth_first_order(left, network.source, return_predecessors=False)] = True
    crossing = side[network.tail] & ~side[network.head]
    if network.undirected:
        crossing |= side[network.head] & ~side[network.tail]
    return float(found.flow_value) / scale, crossing


def _within(network: Network, cutting: Bools, budget: float) -> Bools:
    """The controls across a cut that take away most within the budget (a knapsack)."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    edges = np.flatnonzero(cutting & (network.capacity > 0))
    chosen = np.zeros(network.edges, dtype=bool)
    if not len(edges):
        return chosen
    costs = network.cost[edges]
    found = milp(
        -network.capacity[edges], constraints=[LinearConstraint(costs, -np.inf, budget)],
        integrality=np.ones(len(edges)), bounds=Bounds(0, 1), options={"time_limit": 5},
    )  # fmt: skip
    if found.x is not None:
        chosen[edges[found.x > 0.5]] = True
    return chosen
