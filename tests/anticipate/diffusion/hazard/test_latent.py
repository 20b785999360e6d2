"""First uses between two times come to be drawn by the rates, and known ones stay."""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.hazard.design import draw_onsets, link_cases
from tocsin.anticipate.diffusion.hazard.latent import Rates, move_onsets, settle_onsets
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties

EDGES = np.linspace(0.0, 10.0, 9)


def _tables() -> tuple[pl.DataFrame, pl.DataFrame]:
    adoptions = pl.DataFrame(
        {
            "actor": ["a", "b", "c", "d"], "technology": ["x"] * 4,
            "from": [2.0, 4.0, 1.0, None], "to": [2.0, 8.0, 9.0, None],
        }
    )  # fmt: skip
    ties = pl.DataFrame(
        {
            "source": ["a", "b"], "target": ["b", "c"], "channel": ["tie", "tie"],
            "from": [5.0, 0.0], "to": [6.0, 10.0],
        }
    )  # fmt: skip
    return adoptions, ties


def test_times_are_drawn_as_their_density_has_it() -> None:
    """The means of two uncertain times that hang together are those of their density on a grid."""
    adoptions, ties = _tables()
    cases = read_cases(adoptions, start=0.0, end=10.0)
    links = link_cases(cases, read_ties(ties, cases))
    outside, tie = 0.1, 1.5
    rates = Rates(np.full((4, 8), outside), EDGES, np.full(len(links.channel), tie))
    random = np.random.default_rng(3)
    onset, drawn = draw_onsets(cases, random), []
    for _ in range(1500):
        onset = move_onsets(cases, links, onset, rates, random)
        drawn.append(onset.copy())
    b, c = np.meshgrid(np.linspace(4, 8, 402)[1:-1], np.linspace(1, 9, 802)[1:-1], indexing="ij")
    # b is tied to a, who uses it, from 5 to 6; c is tied to b from b's first use on.
    log = np.log(outside + tie * ((b > 5) & (b <= 6))) - outside * b
    log = log - tie * np.clip(b - 5, 0, 1)
    log = log + np.log(outside + tie * (b < c)) - outside * c - tie * np.maximum(c - b, 0)
    chance = np.exp(log - log.max())
    chance /= chance.sum()
    found = np.array(drawn)
    assert np.all(found[:, 0] == 2.0)
    assert np.all(np.isinf(found[:, 3]))
    assert abs(found[:, 1].mean() - (chance * b).sum()) < 0.1
    assert abs(found[:, 2].mean() - (chance * c).sum()) < 0.2
    tied = ((found[:, 1] > 5) & (found[:, 1] <= 6)).mean()
    assert abs(tied - chance[(b > 5) & (b <= 6)].sum()) < 0.04


def test_a_first_use_lies_where_its_tie_held() -> None:
    """Of many that lie in a long period, most lie in the days in which they were tied to a user."""
    names = [f"g{number}" for number in range(60)]
    told = [number < 40 for number in range(60)]
    adoptions = pl.DataFrame(
        {
            "actor": ["seed", *names], "technology": "x",
            "from": [0.0, *(2.0 if one else None for one in told)],
            "to": [0.0, *(8.0 if one else None for one in told)],
        }
    )  # fmt: skip
    ties = pl.DataFrame(
        {"source": "seed", "target": names[:40], "channel": "tie", "from": 4.0, "to": 5.0}
    )
    cases = read_cases(adoptions, start=0.0, end=10.0)
    links = link_cases(cases, read_ties(ties, cases))
    random = np.random.default_rng(1)
    even = draw_onsets(cases, random)
    [found] = settle_onsets(cases, links, [even], channels=1, random=random)
    assert np.sum((even > 4) & (even <= 5)) < 15
    assert np.sum((found > 4) & (found <= 5)) > 35
    assert np.all((found == even) | ((found > 2) & (found < 8)))


def test_known_times_stay() -> None:
    """Where nothing is uncertain the same times come back."""
    adoptions, ties = _tables()
    cases = read_cases(adoptions.with_columns(pl.col("to").alias("from")), start=0.0, end=10.0)
    links = link_cases(cases, read_ties(ties, cases))
    random = np.random.default_rng(1)
    onset = draw_onsets(cases, random)
    [found] = settle_onsets(cases, links, [onset], channels=1, random=random)
    np.testing.assert_array_equal(found, onset)
