"""NetRate against a general solver, and on a network that is known."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import sparse
from scipy.optimize import minimize

from tocsin.anticipate.diffusion.cascades import netrate as netrates
from tocsin.anticipate.diffusion.cascades.cascade import read_cascades
from tocsin.anticipate.diffusion.cascades.netrate import netrate
from tocsin.bench.diffusion.kronecker import (
    edge_scores,
    make_cascades,
    make_network,
    rate_scores,
)
from tocsin.errors import UsageError


def _small(seed: int) -> tuple[pl.DataFrame, float]:
    random = np.random.default_rng(seed)
    network = make_network(random, power=2, edges=8)
    return make_cascades(network, random, count=25), 10.0


def _loss(table: pl.DataFrame, horizon: float, nodes: list[str], rates: np.ndarray) -> float:
    """Minus the log-likelihood, written down plainly."""
    total = 0.0
    for _, rows in table.group_by("cascade"):
        time = {str(node): t for node, t in rows.select("node", "time").rows()}
        for i, node in enumerate(nodes):
            until = time.get(node, horizon)
            reached = 0.0
            for j, other in enumerate(nodes):
                if j != i and time.get(other, horizon) < until:
                    total += rates[j, i] * (until - time[other])
                    reached += rates[j, i]
            if node in time and time[node] > 0:
                total -= np.log(reached)
    return total


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "prior"), [(1, 0.0), (2, 0.0), (3, 2.0)])
def test_no_general_solver_finds_better_rates(
    monkeypatch: pytest.MonkeyPatch, seed: int, prior: float
) -> None:
    """Of the fit that finds the ties; the rates that are told are no optimum of it."""
    monkeypatch.setattr(netrates, "_estimate", lambda fitted, *_others: fitted)
    table, horizon = _small(seed)
    cascades = read_cascades(table, horizon)
    found = netrate(cascades, prior=prior)
    nodes, n = list(cascades.nodes), len(cascades.nodes)
    ours, seen = np.zeros((n, n)), np.zeros((n, n), dtype=bool)
    for source, target, rate in found.edges.rows():
        place = nodes.index(source), nodes.index(target)
        ours[place], seen[place] = rate, True

    def loss(flat: np.ndarray) -> float:
        rates = np.zeros((n, n))
        rates[seen] = flat
        return _loss(table, horizon, nodes, rates) + prior * horizon * float(rates[seen].sum())

    start = np.full(int(seen.sum()), 0.05)
    theirs = minimize(loss, start, bounds=[(1e-9, 10.0)] * len(start), method="L-BFGS-B")
    assert loss(ours[seen]) <= theirs.fun + 1e-3
    assert loss(ours[seen]) == pytest.approx(theirs.fun, abs=0.05)
    assert 0.0 <= found.gap <= 1e-3


def test_a_single_tie_has_the_rate_of_its_textbook() -> None:
    """Uptakes over the time exposed: 3 of 4 cascades pass after 1, 2 and 3; one never, in 10."""
    rows = [(c, "a", 0.0) for c in range(4)] + [(c, "b", 1.0 + c) for c in range(3)]
    rows += [(4, "b", 0.0), (4, "c", 1.0)]  # b first: a is not exposed to b's pair, b not to a's
    rows += [(5, "b", 0.0), (5, "a", 2.0)]  # nor is a late a exposed to b's early uptake
    table = pl.DataFrame(rows, schema=["cascade", "node", "time"], orient="row")
    found = netrate(read_cascades(table, 10.0), prior=0)
    rates = {(source, target): rate for source, target, rate in found.edges.rows()}
    assert rates["a", "b"] == pytest.approx(3 / (1 + 2 + 3 + 10), rel=1e-4)
    assert rates["b", "a"] == pytest.approx(1 / (2 + 10), rel=1e-4)
    assert 0.0 <= found.gap <= 1e-3


@pytest.mark.parametrize("prior", [0.0, 2.0])
def test_no_rate_is_below_zero_and_the_gap_proves_them_the_best(prior: float) -> None:
    table, horizon = _small(2)
    found = netrate(read_cascades(table, horizon), prior=prior)
    assert (found.edges["rate"] > 0).all()
    assert 0.0 <= found.gap <= 1e-3


def test_each_target_is_fitted_apart_from_all_others() -> None:
    """The more others there are, the nearer it would come otherwise before all are done."""
    table, horizon = _small(2)
    other, _ = _small(3)
    other = other.select(
        *(pl.format("other {}", name).alias(name) for name in ("cascade", "node")), "time"
    )
    table = table.with_columns(pl.col("cascade", "node").cast(pl.String))
    alone = netrate(read_cascades(table, horizon), prior=0.0)
    beside = netrate(read_cascades(pl.concat([table, other]), horizon), prior=0.0).edges
    both = alone.edges.join(beside, on=["source", "target"], suffix="_beside")
    assert both.height == alone.edges.height
    above = both.filter(pl.col("rate") > 1e-3)
    assert above["rate_beside"].to_numpy() == pytest.approx(above["rate"].to_numpy(), rel=1e-9)
    uptakes = table.height - table["cascade"].n_unique()
    assert 0.0 <= alone.gap <= 1e-9 * uptakes


@pytest.mark.slow
def test_the_prior_finds_a_kronecker_network_again() -> None:
    random = np.random.default_rng(5)
    network = make_network(random, power=6, edges=128)
    table = make_cascades(network, random, count=400)
    cascades = read_cascades(table, 10.0)
    plain = edge_scores(network, netrate(cascades, prior=0).edges)
    shrunk = edge_scores(network, netrate(cascades).edges)
    assert shrunk["auc"] > 0.95
    assert shrunk["best_f1"] > max(0.8, plain["best_f1"])


def _pair(passed: int, silent: int) -> pl.DataFrame:
    """From a to b after 1, 2, and so on; in some cascades a stays alone."""
    rows = [(c, "a", 0.0) for c in range(passed + silent)]
    rows += [(c, "b", 1.0 + c) for c in range(passed)]
    return pl.DataFrame(rows, schema=["cascade", "node", "time"], orient="row")


def test_the_prior_finds_ties_and_does_not_halve_their_rates() -> None:
    """One tie: with n uptakes over an exposure of E and its own mean as the prior's, (n − 1)/E."""
    found = netrate(read_cascades(_pair(4, 2), 10.0)).edges
    exposure = 1 + 2 + 3 + 4 + 2 * 10
    assert found["rate"][0] == pytest.approx(3 / exposure, rel=2e-3)


def test_a_tie_of_one_uptake_has_the_quiet_of_its_prior_and_no_more() -> None:
    """Its own mean asks for quiet without end; no rate is ever below the one that was fitted."""
    found = netrate(read_cascades(_pair(1, 0), 10.0), prior=2.0).edges
    assert found["rate"][0] == pytest.approx(1 / (1 + 2 * 10), rel=1e-4)


@pytest.mark.slow
def test_rates_are_near_the_true_ones() -> None:
    random = np.random.default_rng(6)
    network = make_network(random, power=6, edges=128)
    cascades = read_cascades(make_cascades(network, random, count=400), 10.0)
    plain, told = (rate_scores(network, netrate(cascades, **one).edges)
                   for one in ({"prior": 0.0}, {}))  # fmt: skip
    assert told["rate_ratio"] == pytest.approx(1.0, abs=0.12)
    assert told["rate_median"] == pytest.approx(1.0, abs=0.12)
    assert told["rate_error"] < plain["rate_error"]


def test_it_asks_for_a_horizon() -> None:
    table, _ = _small(1)
    with pytest.raises(UsageError, match="horizon"):
        netrate(read_cascades(table))


def _loss_of_edges(table: pl.DataFrame, horizon: float, edges: pl.DataFrame) -> float:
    nodes = sorted({*edges["source"], *edges["target"]})
    rates = np.zeros((len(nodes), len(nodes)))
    for source, target, rate in edges.rows():
        rates[nodes.index(source), nodes.index(target)] = rate
    return _loss(table.with_columns(pl.col("node").cast(pl.String)), horizon, nodes, rates)


@pytest.mark.parametrize("prior", [0.0, 2.0])
def test_the_likelihood_is_that_of_the_rates_that_are_told(prior: float) -> None:
    for seed in (2, 4):
        table, horizon = _small(seed)
        found = netrate(read_cascades(table, horizon), prior=prior)
        plain = -_loss_of_edges(table, horizon, found.edges)
        assert found.log_likelihood == pytest.approx(plain, abs=0.05)


def test_pairs_of_no_use_stand_below_all_others_by_how_near_they_are_to_being_of_use() -> None:
    """Two uptakes: the first over the pairs 0 to 2, the second over 3; 1 and 2 have a rate of 0."""
    reached = sparse.csr_matrix([[1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
    fitted, cost = np.array([0.5, 0.0, 0.0, 2.0]), np.array([2.0, 4.0, 8.0, 0.5])
    told = netrates._rank_below(reached, cost, fitted, np.array([0.6, 0.0, 0.0, 2.5]))
    # The slope of the gain over what a pair costs: 2 / 4 and 2 / 8; at a best rate it is 1.
    assert told.tolist() == pytest.approx([0.6, 0.6e-6 * 0.5, 0.6e-6 * 0.25, 2.5])


def test_a_gap_is_what_the_posterior_may_still_gain() -> None:
    """One pair, n uptakes, a cost of c: the best rate is n / c, where the gap is 0."""
    for rate in (0.2, 0.5, 1.0):
        count, cost = 3.0, 6.0
        best = count * np.log(count / cost) - count
        here = count * np.log(rate) - cost * rate
        pull = count / rate / cost
        gap = netrates._gap(np.array([cost * rate]), np.array([count]), np.array([pull]))
        assert gap == pytest.approx([best - here])


def test_rates_have_the_quiet_of_their_own_mean_up_to_that_of_the_fit() -> None:
    """Two ties of 4 uptakes in 10 and 2 in 30: the prior's mean is that of their rates."""
    passed, seen = np.array([4.0, 2.0]), np.array([10.0, 30.0])
    fitted = np.append(passed / (seen + 100.0), 1e-12)
    cost, exposure = np.append(seen, 5.0) + 100.0, np.append(seen, 5.0)
    rate = netrates._estimate(fitted, cost, exposure, 100.0)
    quiet = passed[0] / rate[0] - seen[0]
    assert quiet == pytest.approx(passed[1] / rate[1] - seen[1])
    assert quiet == pytest.approx(1 / rate[:2].mean(), rel=0.01)
    assert rate[2] == fitted[2]
    assert netrates._estimate(fitted, cost, exposure, 0.0)[:2] == pytest.approx(
        (fitted * cost)[:2] / seen
    )


def test_a_prior_below_zero_is_refused_and_nan_too() -> None:
    cascades = read_cascades(_pair(3, 1), 10.0)
    for prior in (-0.1, float("nan")):
        with pytest.raises(UsageError, match="prior"):
            netrate(cascades, prior=prior)
    assert netrate(cascades, prior=0.0).edges["rate"][0] == pytest.approx(3 / 16)


def test_who_takes_up_at_one_time_exposes_neither_the_other() -> None:
    """a at 0, b and c at 2: both may come from a; between b and c there is no order."""
    rows = [(0, "a", 0.0), (0, "b", 2.0), (0, "c", 2.0), (1, "b", 0.0), (1, "c", 1.0)]
    table = pl.DataFrame(rows, schema=["cascade", "node", "time"], orient="row")
    edges = netrate(read_cascades(table, 10.0), prior=0.0).edges
    rates = {(source, target): rate for source, target, rate in edges.rows()}
    assert set(rates) == {("a", "b"), ("a", "c"), ("b", "c")}
    # b is there once, for one unit, and c took up at once with it in the other cascade.
    assert rates["b", "c"] == pytest.approx(1.0, rel=1e-6)
    assert rates["a", "c"] == rates["a", "b"] == pytest.approx(0.5, rel=1e-6)
