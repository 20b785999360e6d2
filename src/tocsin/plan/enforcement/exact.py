"""The best controls, exactly: mixed-integer programmes solved by HiGHS on one thread.

Wood (1993), Deterministic network interdiction, Mathematical and Computer Modelling 17(2): the
least flow that controls within a budget leave is the least cut whose ways are paid for or flow.
Israeli and Wood (2002), Shortest-path network interdiction, Networks 40(2): the same for the
longest shortest way. Both let the flow find its next best way: substitution is in the answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np

from tocsin.errors import TocsinError, UsageError
from tocsin.plan.enforcement.flow import Bools, greatest_flow, shortest_way
from tocsin.plan.enforcement.network import Floats, Network

Measure = Literal["flow", "way"]
ROUNDING = 1e-6
"""Answers that differ by less, relative to their size, are taken for equal."""
BROKEN = 4
"""What SciPy's `milp` answers where HiGHS broke off, and not for want of time."""


@dataclass(frozen=True)
class Controls:
    """These are the controls chosen, and what they leave."""

    controlled: Bools
    """Which ways are controlled, shape `(edges,)`."""
    value: float
    """What gets through: the greatest flow, or the length of the shortest way."""
    bound: float
    """No controls within the limits leave less flow (or a longer way) than this."""
    cost: float
    """What they cost together."""
    lawful: float
    """The lawful trade that they stop."""

    @property
    def gap(self) -> float:
        """How far the answer may be from the best, as a share of it; 0: proved best."""
        if not math.isfinite(self.value) or not math.isfinite(self.bound):
            return 0.0 if self.value == self.bound else math.inf
        return abs(self.value - self.bound) / max(abs(self.value), 1e-12)


@dataclass(frozen=True)
class Limits:
    """These are limits that controls have to keep, and what is made least."""

    budget: float = math.inf
    """They cost at most so much together."""
    lawful: float = math.inf
    """They stop at most so much lawful trade."""
    value: float | None = None
    """They leave at most so much flow (or a way at least so long); None: this is the goal."""
    goal: Literal["value", "cost", "lawful"] = "value"
    """What is made best."""


class Units(NamedTuple):
    """These are the powers of two by which a network's numbers are multiplied for the solver."""

    flow: float = 1.0
    cost: float = 1.0
    lawful: float = 1.0


def in_solver_units(network: Network, limits: Limits) -> tuple[Network, Limits, Units]:
    """Count small numbers in smaller units: the solver takes what is near a millionth for nothing.

    Args:
        network: the network.
        limits: what controls have to keep.

    Returns:
        Both in units in which no greatest number is below 1, and these units. Where none is below 1
        in the file, they stay as they are.
    """
    units = Units(*(_unit(one) for one in (network.capacity, network.cost, network.lawful)))
    if units == Units():
        return network, limits, units
    counted = replace(
        network, capacity=network.capacity * units.flow, cost=network.cost * units.cost,
        lawful=network.lawful * units.lawful,
    )  # fmt: skip
    kept = replace(limits, budget=limits.budget * units.cost, lawful=limits.lawful * units.lawful)
    return counted, kept, units


def in_file_units(found: Controls, units: Units, measure: Measure) -> Controls:
    """Give controls back in the units of the file."""
    by = units.flow if measure == "flow" else 1.0
    return Controls(
        found.controlled, found.value / by, found.bound / by, found.cost / units.cost,
        found.lawful / units.lawful,
    )  # fmt: skip


def _unit(numbers: Floats) -> float:
    greatest = float(numbers[np.isfinite(numbers)].max(initial=0.0))
    return 2.0 ** -math.floor(math.log2(greatest)) if 0 < greatest < 1 else 1.0


def choose(
    network: Network, limits: Limits, *, measure: Measure = "flow", seconds: float = 600
) -> Controls:
    """Choose controls within limits, the best that there are.

    Args:
        network: the network; for the measure 'way' all lengths are known.
        limits: what they have to keep, and what is made best.
        measure: 'flow' makes the greatest flow least, 'way' the shortest way longest.
        seconds: how long is searched at most.

    Returns:
        The controls; `value` is worked out apart from how they were chosen.

    Raises:
        UsageError: lengths are missing, or no controls keep the limits.
        TocsinError: nothing was found in time, or the check contradicts the answer.
    """
    if measure == "way":
        check_lengths(network)
    network, limits, units = in_solver_units(network, limits)
    if limits.value is not None and measure == "flow":
        limits = replace(limits, value=limits.value * units.flow)
    return in_file_units(_choose(network, limits, measure, seconds), units, measure)


def _choose(network: Network, limits: Limits, measure: Measure, seconds: float) -> Controls:
    """The same in the units of the solver."""
    program = _flow_program(network) if measure == "flow" else _way_program(network)
    found = program.solve(network, limits, seconds)
    controlled = found.x[program.first : program.first + network.edges] > 0.5
    claimed = float(program.value @ found.x)
    value = (
        greatest_flow(network, controlled)[0]
        if measure == "flow"
        else shortest_way(network, controlled)
    )
    # A cut may cost more than it needs where it is no goal to make it least, never less.
    wrong = (
        value > claimed + _slack(claimed)
        if measure == "flow"
        else value < claimed - _slack(claimed)
    )
    if wrong:
        raise TocsinError(f"The check found {value:g} where the solver said {claimed:g}.")
    bound = value
    if limits.goal == "value":
        bound = float(found.mip_dual_bound) * program.sign
        if measure == "way" and bound >= program.top - _slack(program.top):
            bound = math.inf
        if abs(bound - value) <= _slack(value):
            bound = value
    return Controls(
        controlled,
        value,
        bound,
        _price_of(network.cost, controlled),
        _price_of(network.lawful, controlled),
    )


def check_lengths(network: Network) -> None:
    """Check that every way has a length.

    Raises:
        UsageError: one has none; the first is named.
    """
    if np.isnan(network.length).any():
        row = int(np.flatnonzero(np.isnan(network.length))[0]) + 2
        raise UsageError(
            "To make ways longer, each way needs its length.",
            where=f"{network.where}, row {row}, column length",
        )


def longer_than_any(network: Network) -> float:
    """Give the length that stands for no way at all: more than all ways that carry something."""
    return float(network.length[network.capacity > 0].sum()) + 1.0


def _price_of(prices: Floats, controlled: Bools) -> float:
    return float(prices[controlled].sum())


def _slack(value: float) -> float:
    return ROUNDING * max(1.0, abs(value)) if math.isfinite(value) else 0.0


@dataclass
class _Program:
    """A mixed-integer programme: `value` is what is measured, `sign` -1 where more is better."""

    value: Floats
    rows: list[Any]
    integers: Floats
    low: Floats
    high: Floats
    first: int
    """Where the variables of controls begin."""
    sign: int
    top: float = math.inf

    def solve(self, network: Network, limits: Limits, seconds: float) -> Any:
        from scipy.optimize import Bounds, LinearConstraint, milp

        size, edges = len(self.value), network.edges
        can = np.isfinite(network.cost)

        def over(prices: Floats) -> Floats:
            row = np.zeros(size)
            row[self.first : self.first + edges] = np.where(can, prices, 0.0)
            return row

        cost, lawful = over(network.cost), over(network.lawful)
        rows = list(self.rows)
        if math.isfinite(limits.budget):
            rows.append(LinearConstraint(cost, -np.inf, limits.budget))
        if math.isfinite(limits.lawful):
            rows.append(LinearConstraint(lawful, -np.inf, limits.lawful))
        if limits.value is not None:
            edge = limits.value + self.sign * _slack(limits.value)
            rows.append(LinearConstraint(self.sign * self.value, -np.inf, self.sign * edge))

        def solve_with(presolve: bool) -> Any:
            return milp(
                goals[limits.goal], constraints=rows, integrality=self.integers,
                bounds=Bounds(self.low, self.high),
                options={"time_limit": seconds, "mip_rel_gap": 0.0, "presolve": presolve},
            )  # fmt: skip

        goals = {"value": self.sign * self.value, "cost": cost, "lawful": lawful}
        # With presolve HiGHS has called an answer optimal that was not, where the flow is held to a
        # value within its own tolerance (`test_a_dearer_choice_is_never_taken_for_the_cheapest`).
        presolve = limits.goal == "value"
        # HiGHS within SciPy works on one thread, so the same programme has the same answer.
        found = solve_with(presolve)
        if found.status == BROKEN:
            # What it breaks off at without presolve it solves with it, and the other way round.
            found = solve_with(not presolve)
        if found.status == 2:
            raise UsageError("No controls keep these limits.", remedy="Raise a limit.")
        if found.x is None and found.status == BROKEN:
            raise TocsinError(f"The solver broke off: {found.message}")
        if found.x is None:
            raise TocsinError(
                f"No controls were found within {seconds:g} s.", remedy="Give it more time."
            )
        return found


def _flow_program(network: Network) -> _Program:
    """Variables: side of each place, cut of each way, control of each way."""
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array, vstack

    nodes, edges = len(network.nodes), network.edges
    size = nodes + 2 * edges
    each, ones = np.arange(edges), np.ones(edges)

    def crossing(tail: Any, head: Any) -> Any:
        # A way from the source's side (0) to the sink's side (1) is cut or controlled.
        data = np.concatenate([ones, -ones, -ones, -ones])
        columns = np.concatenate([head, tail, nodes + each, nodes + edges + each])
        return csr_array((data, (np.tile(each, 4), columns)), shape=(edges, size))

    ways = [crossing(network.tail, network.head)]
    if network.undirected:
        ways.append(crossing(network.head, network.tail))
    low, high = np.zeros(size), np.ones(size)
    high[network.source] = 0.0
    low[network.sink] = 1.0
    high[nodes + edges :] = np.isfinite(network.cost)
    value = np.zeros(size)
    value[nodes : nodes + edges] = network.capacity
    integers = np.ones(size)
    integers[nodes : nodes + edges] = 0
    rows = [LinearConstraint(vstack(ways), -np.inf, 0.0)]
    return _Program(value, rows, integers, low, high, nodes + edges, 1)


def _way_program(network: Network) -> _Program:
    """Variables: distance of each place from the source, control of each way."""
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array, vstack

    nodes, edges = len(network.nodes), network.edges
    size = nodes + edges
    each, ones = np.arange(edges), np.ones(edges)
    usable = network.capacity > 0
    top = longer_than_any(network)

    def reaching(tail: Any, head: Any) -> Any:
        data = np.concatenate([ones, -ones, np.where(usable, -top, -10 * top)])
        columns = np.concatenate([head, tail, nodes + each])
        return csr_array((data, (np.tile(each, 3), columns)), shape=(edges, size))

    ways = [reaching(network.tail, network.head)]
    if network.undirected:
        ways.append(reaching(network.head, network.tail))
    most = np.tile(np.where(usable, network.length, 10 * top), len(ways))
    low, high = np.zeros(size), np.append(np.full(nodes, top), np.isfinite(network.cost))
    high[network.source] = 0.0
    value = np.zeros(size)
    value[network.sink] = 1.0
    integers = np.append(np.zeros(nodes), ones)
    rows = [LinearConstraint(vstack(ways), -np.inf, most)]
    return _Program(value, rows, integers, low, high, nodes, -1, top)
