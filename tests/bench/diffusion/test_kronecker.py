"""The made network and its cascades."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.bench.diffusion.kronecker import (
    edge_scores,
    make_cascades,
    make_network,
    rate_scores,
)


def test_it_has_the_size_asked_for_and_cascades_follow_its_edges() -> None:
    random = np.random.default_rng(1)
    network = make_network(random, power=5, edges=60)
    edges = set(zip(network.source.tolist(), network.target.tolist(), strict=True))
    assert len(edges) == 60
    assert all(source != target for source, target in edges)
    table = make_cascades(network, random, count=30)
    assert table["cascade"].n_unique() == 30
    for _, rows in table.group_by("cascade"):
        time = dict(rows.select("node", "time").rows())
        for node, when in time.items():
            assert when == 0 or any((j, node) in edges and time[j] < when for j in time)


@pytest.mark.slow
def test_a_perfect_ranking_scores_one() -> None:
    network = make_network(np.random.default_rng(2), power=4, edges=20)
    edges = pl.DataFrame({"source": network.source, "target": network.target, "rate": network.rate})
    assert list(edge_scores(network, edges).values()) == pytest.approx([1.0] * 4)


def test_rates_are_held_against_the_true_ones_of_edges_that_were_found() -> None:
    network = make_network(np.random.default_rng(2), power=4, edges=20)
    rates = network.rate * np.where(np.arange(20) < 10, 0.5, 1.5)
    edges = pl.DataFrame({"source": network.source, "target": network.target, "rate": rates})
    scores = rate_scores(network, edges[:15])
    assert scores["found"] == 15
    assert scores["rate_median"] == pytest.approx(0.5)
    assert scores["rate_ratio"] == pytest.approx(rates[:15].sum() / network.rate[:15].sum())
    assert scores["rate_error"] == pytest.approx(network.rate[:15].mean() / 2)
