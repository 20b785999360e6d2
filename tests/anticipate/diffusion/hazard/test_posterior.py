"""Draws by NUTS: reproducible, converged, and near the truth of a planted world."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tocsin.anticipate.diffusion.answer.shares import event_shares
from tocsin.anticipate.diffusion.hazard.design import link_cases, make_design
from tocsin.anticipate.diffusion.hazard.posterior import note_of_chains, sample
from tocsin.bench.diffusion.plants import plant_one_network


@pytest.mark.slow
def test_draws_converge_repeat_and_cover_the_truth() -> None:
    plants = [plant_one_network(seed) for seed in range(6)]
    designs = [
        make_design(one.cases, link_cases(one.cases, one.read), one.onset, channels=1)
        for one in plants
    ]
    found = [sample([design], seed=1, draws=300, warmup=300)[0] for design in designs]
    again = sample([designs[0]], seed=1, draws=300, warmup=300)[0]
    assert (again.strength == found[0].strength).all()
    assert max(one.r_hat for one in found) < 1.02
    assert sum(one.divergences for one in found) <= 2
    shares = [event_shares(d, p).mean((0, 1))[0] for d, p in zip(designs, found, strict=True)]
    assert abs(np.mean(shares) - np.mean([one.share[0] for one in plants])) < 0.06
    # A second imputation of the same data goes on from the first one's adaptation.
    both = sample([designs[0], designs[0]], seed=2, draws=300, warmup=300)
    pair = [event_shares(designs[0], one).mean() for one in both]
    assert pair[0] == pytest.approx(pair[1], abs=0.02)


def test_chains_that_do_not_agree_are_told() -> None:
    alike, apart = SimpleNamespace(r_hat=1.004), SimpleNamespace(r_hat=1.3)
    assert note_of_chains([alike, alike]) == []  # type: ignore[list-item]
    [said] = note_of_chains([alike, apart, alike])  # type: ignore[list-item]
    assert "1 of 3 fits (R-hat up to 1.300" in said
