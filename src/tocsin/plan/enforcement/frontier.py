"""What each further control buys, what it costs, and who bears it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from tocsin.errors import TocsinError, UsageError
from tocsin.plan.enforcement.exact import (
    ROUNDING,
    Controls,
    Limits,
    Measure,
    check_lengths,
    choose,
    in_file_units,
    in_solver_units,
    longer_than_any,
)
from tocsin.plan.enforcement.flow import Bools, greatest_flow, shortest_way
from tocsin.plan.enforcement.large import GAP, LARGE, SECONDS, choose_large
from tocsin.plan.enforcement.network import Network

MOST_POINTS = 60
"""So many choices are found one after another from the whole budget down."""
COARSE_POINTS = 20
"""If these do not reach down to no control at all, budgets at so many equal steps follow."""


@dataclass(frozen=True)
class Frontier:
    """These are the choices that no other one beats."""

    points: pl.DataFrame
    """A row a choice, the cheapest first: `cost`, `lawful_lost`, `left` (the flow that still gets
    through, or the length of the shortest way), `bound`, `gap`, `stopped` (a share of what got
    through without controls), `per_lawful` (flow stopped a unit of lawful trade lost), `controls`
    (how many) and `ways` (which)."""
    burden: pl.DataFrame
    """Who bears it: `cost` of the choice, `place`, `lawful_lost` of ways that begin or end there,
    half each."""
    flows: pl.DataFrame
    """Where the flow goes: `cost` of the choice, `source`, `target`, `before`, `after`."""
    measure: Measure
    """'flow' or 'way'."""
    before: float
    """What gets through without controls."""
    assumed: tuple[str, ...] = ()
    """What is not as a reader would expect of it, in sentences."""


def frontier(
    network: Network,
    budget: float,
    *,
    lawful: float = math.inf,
    measure: Measure = "flow",
    gap: float = GAP,
    seconds: float = SECONDS,
    on_point: Callable[[Controls], None] | None = None,
) -> Frontier:
    """Find for each budget the controls that leave least, and stop least lawful trade.

    Small networks are solved exactly. Networks with more than `large.LARGE` ways have three
    budgets (a third, two thirds, all) and a certified gap.

    Args:
        network: the network.
        budget: what controls may cost together.
        lawful: how much lawful trade they may stop together; only for small networks.
        measure: 'flow' makes the greatest flow least, 'way' the shortest way longest.
        gap: for large networks, how near to the best is near enough.
        seconds: how long one choice is searched for at most.
        on_point: is called with each choice when it is found.

    Returns:
        The choices.

    Raises:
        UsageError: the budget is no number above 0, the limit of lawful trade is below 0, or the
            measure does not go with the network.
        TocsinError: nothing was found in time, or the numbers lie too far apart for the solver.
    """
    if not budget > 0 or math.isinf(budget):
        raise UsageError(
            f"With a budget of {budget:g} there is nothing to decide.",
            remedy="Give a number above 0.",
        )
    if not lawful >= 0:
        raise UsageError(f"Less than no lawful trade cannot be stopped: {lawful:g}.")
    if math.isfinite(lawful) and network.edges > LARGE:
        raise UsageError(f"A limit of lawful trade goes with at most {LARGE:,} ways.")
    if measure == "way" and network.edges > LARGE:
        raise UsageError(
            f"Ways are made longer in networks of at most {LARGE:,} ways.",
            remedy="Measure the flow, or join places of one district.",
        )
    nothing = np.zeros(network.edges, dtype=bool)
    before = greatest_flow(network, nothing)[0]
    if measure == "way":
        check_lengths(network)
        before = shortest_way(network, nothing)
    found = (
        _sample(network, budget, gap, seconds, on_point)
        if network.edges > LARGE
        else _every(network, Limits(budget, lawful), measure, seconds, on_point)
    )
    left_out = network.edges <= LARGE and len(found) > MOST_POINTS
    return Frontier(
        pl.DataFrame([_row(network, one, before, measure) for one in found]),
        _burden(network, found),
        _flows(network, found),
        measure,
        before,
        (_said_of_steps(found[-MOST_POINTS].cost),) if left_out else (),
    )


def _said_of_steps(cost: float) -> str:
    return (
        f"Of choices that cost less than {cost:g} only those for {COARSE_POINTS} budgets at equal "
        "steps are shown; others lie between them."
    )


def _every(
    network: Network,
    limits: Limits,
    measure: Measure,
    seconds: float,
    on_point: Callable[[Controls], None] | None,
) -> list[Controls]:
    """All choices that no other beats in cost and in what is left, by limits that tighten."""
    network, limits, units = in_solver_units(network, limits)
    found: list[Controls] = []
    finite = network.cost[np.isfinite(network.cost) & (network.cost > 0)]
    # Of a sum of costs the solver knows six digits, whatever they are counted in.
    near = ROUNDING * max(1.0, float(finite.sum()))
    step = max(near, 1e-4 * float(finite.min())) if len(finite) else near
    limit, coarse = limits.budget, 0.0
    while True:
        point = _cheapest(network, replace(limits, budget=limit), near, measure, seconds)
        found.append(in_file_units(point, units, measure))
        if on_point:
            on_point(found[-1])
        if point.cost <= step:
            break
        if len(found) == MOST_POINTS:
            coarse = point.cost / COARSE_POINTS
        limit = max(point.cost - max(step, coarse), 0.0)
    return found[::-1]


def _cheapest(
    network: Network, limits: Limits, near: float, measure: Measure, seconds: float
) -> Controls:
    """The best within limits; of those as good the cheapest, then that which stops least trade."""
    budget, lawful = limits.budget, limits.lawful
    best = _choose(network, limits, measure=measure, seconds=seconds)
    value = best.value if math.isfinite(best.value) else longer_than_any(network)
    cheap = _choose(
        network, Limits(budget, lawful, value, "cost"), measure=measure, seconds=seconds
    )
    # Where time ran out the choice before may be the cheaper one.
    cheap = min((cheap, best), key=lambda one: one.cost)
    kind = _choose(
        network, Limits(cheap.cost + near, lawful, value, "lawful"), measure=measure,
        seconds=seconds,
    )  # fmt: skip
    kind = min((kind, cheap), key=lambda one: (one.cost > cheap.cost + near, one.lawful))
    needed = _choose_needed(network, kind, measure)
    return Controls(needed, kind.value, best.bound, kind.cost, kind.lawful)


def _choose_needed(network: Network, point: Controls, measure: Measure) -> Bools:
    """Leave out controls that cost nothing and do nothing, which the solver sets as it likes."""

    def left(controlled: Bools) -> float:
        if measure == "way":
            return -shortest_way(network, controlled)
        return greatest_flow(network, controlled)[0]

    needed = point.controlled.copy()
    free = np.flatnonzero(needed & (network.cost == 0) & (network.lawful == 0))
    most = left(needed) + ROUNDING if len(free) else 0.0
    for edge in free:
        needed[edge] = False
        needed[edge] = left(needed) > most
    return needed


def _choose(network: Network, limits: Limits, *, measure: Measure, seconds: float) -> Controls:
    """Choose where some controls do keep the limits, none at all or those found before."""
    try:
        return choose(network, limits, measure=measure, seconds=seconds)
    except UsageError as error:
        raise TocsinError(
            "The solver loses controls that it had found: numbers of this network lie too far "
            "apart for it.",
            where=network.where,
            remedy="Leave out ways that carry or cost next to nothing beside others.",
        ) from error


def _sample(
    network: Network,
    budget: float,
    gap: float,
    seconds: float,
    on_point: Callable[[Controls], None] | None,
) -> list[Controls]:
    found: list[Controls] = []
    for share in (0.0, 1 / 3, 2 / 3, 1.0):
        point = choose_large(network, share * budget, gap=gap, seconds=seconds)
        if not found or point.value < found[-1].value:
            found.append(point)
        if on_point:
            on_point(point)
    return found


def _row(network: Network, point: Controls, before: float, measure: Measure) -> dict[str, object]:
    ways = list(itertools.compress(network.ways, point.controlled))
    stopped = before - point.value if measure == "flow" else math.nan
    return {
        "cost": point.cost,
        "lawful_lost": point.lawful,
        "left": point.value,
        "bound": point.bound,
        "gap": point.gap,
        "stopped": stopped / before if measure == "flow" and before > 0 else None,
        "per_lawful": stopped / point.lawful if measure == "flow" and point.lawful > 0 else None,
        "controls": len(ways),
        "ways": "; ".join(ways),
    }


def _burden(network: Network, found: list[Controls]) -> pl.DataFrame:
    names = tuple(dict.fromkeys(itertools.chain.from_iterable(network.ends)))
    number = {name: count for count, name in enumerate(names)}
    places = np.array([[number[name] for name in pair] for pair in network.ends])
    rows = []
    for point in found:
        lost = np.zeros(len(names))
        for ends in places.T:
            np.add.at(lost, ends[point.controlled], network.lawful[point.controlled] / 2)
        rows += [
            {"cost": point.cost, "place": names[node], "lawful_lost": float(lost[node])}
            for node in np.argsort(-lost, kind="stable")
            if lost[node] > 0
        ]
    schema = {"cost": pl.Float64, "place": pl.String, "lawful_lost": pl.Float64}
    return pl.DataFrame(rows, schema=schema)


def _flows(network: Network, found: list[Controls]) -> pl.DataFrame:
    """The greatest flow on each way, without controls and with them: what moves where."""
    nothing = np.zeros(network.edges, dtype=bool)
    before = greatest_flow(network, nothing)[1]
    parts = []
    for point in found:
        after = greatest_flow(network, point.controlled)[1]
        parts.append(
            pl.DataFrame(
                {
                    "cost": np.full(network.edges, point.cost),
                    "source": [one for one, _ in network.ends],
                    "target": [two for _, two in network.ends],
                    "before": before,
                    "after": after,
                }
            )
        )
    return pl.concat(parts)
