"""Every parameter has a prior, a unit, a source and a basis; what is drawn belongs to its name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tocsin.plan.posterior import Posterior
from tocsin.plan.region.mechanisms.order import OWN
from tocsin.plan.region.parameters import PARAMETERS, Parameter, draw, scale


def test_each_is_complete() -> None:
    assert len({item.name for item in PARAMETERS}) == len(PARAMETERS)
    for item in PARAMETERS:
        assert item.low < item.high
        assert item.unit
        assert item.source
    assert {item.basis for item in PARAMETERS} == {"judgement", "literature", "calibrated"}


def test_which_effects_may_do_harm_is_what_the_pages_say() -> None:
    """The pages name dialogue, inclusion and services: change their words with this list."""
    both_ways = {item.name for item in PARAMETERS if item.low < 0}
    # How the level of wars moves is no effect of a lever.
    assert both_ways - {"war_drift"} == {"dialogue", "inclusion", "outbidding"}


@pytest.mark.slow
def test_draws_are_uniform_over_the_prior_and_belong_to_future_and_name() -> None:
    whole = np.asarray(draw(4, np.arange(400)))
    low = np.array([item.low for item in PARAMETERS])[:, None]
    high = np.array([item.high for item in PARAMETERS])[:, None]
    unit = (whole - low) / (high - low)
    assert ((unit >= -1e-5) & (unit <= 1 + 1e-5)).all()
    # The first 256 futures share out each range: each has another part of it (a Latin hypercube).
    parts = np.sort(np.clip(unit[:, :256], 0, 1 - 1e-9) * 256)
    assert (np.abs(parts - np.arange(256) - 0.5) < 0.51).all()
    assert (np.abs(unit.mean(1) - 0.5) < 5 * (1 / 12 / 400) ** 0.5).all()
    assert np.abs(np.corrcoef(unit[:, :256]) - np.eye(len(unit))).max() < 0.35
    some = (Parameter("another", 0.0, 1.0, "share", "assumption"), PARAMETERS[3])
    few = np.asarray(draw(4, np.array([7, 2]), some))
    np.testing.assert_array_equal(few[1], whole[3, [7, 2]])
    assert (np.asarray(draw(5, np.arange(400))) != whole).mean() > 0.9


@pytest.mark.slow
def test_a_future_takes_one_draw_of_a_posterior_jointly_and_nothing_else_changes() -> None:
    names = ("tail", "memory")
    joint = np.array([[2.1, 3.0], [2.2, 4.0], [2.3, 5.0]])
    posterior = Posterior(names, joint, {})
    prior = np.asarray(draw(4, np.arange(400)))
    found = np.asarray(draw(4, np.arange(400), posterior=posterior))
    places = [[item.name for item in PARAMETERS].index(name) for name in names]
    taken = {tuple(row) for row in found[places].T.round(3).tolist()}
    assert taken == {tuple(row) for row in joint.astype(np.float32).round(3).tolist()}
    others = [place for place in range(len(PARAMETERS)) if place not in places]
    np.testing.assert_array_equal(found[others], prior[others])


def test_the_table_of_parameters_is_that_of_the_code() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "model.md"
    lines = page.read_text(encoding="utf-8").split("## Parameters")[1].split("\n## ")[0]
    told = [line for line in lines.splitlines() if line.startswith("| ") and "`" in line]
    assert told == [
        f"| {one.name.replace('_', ' ')} | `{name}` | {one.low:g} to {one.high:g} | {one.unit} | "
        f"{one.basis}: {one.source} |"
        for name, mechanism in OWN.items()
        for one in mechanism.parameters
    ]


def test_shares_are_places_between_the_ends_of_a_prior() -> None:
    some = [Parameter(name, low, high, "", "") for name, low, high in
            (("a", 2.0, 6.0), ("b", -1.0, 1.0), ("c", 0.5, 0.7))]  # fmt: skip
    shares = np.array([[0.0, 0.25, 1.0], [0.5, 0.0, 0.75], [0.5, 1.0, 0.0], [0.0, 0.4, 0.99]])
    found = scale(shares, some)
    np.testing.assert_allclose(found, [[2, 3, 6], [0, -1, 0.5], [0.6, 0.7, 0.5]])
    # What is drawn jointly stands in the order in which it differs most, from end to end.
    joint = np.array([[0.4, 9.0], [0.2, 7.0], [0.3, 8.0]])
    both = scale(shares, some, Posterior(("c", "a"), joint, {}))
    np.testing.assert_allclose(both, [[7, 8, 9], [0, -1, 0.5], [0.2, 0.3, 0.4]])
    # A share of 1 is of the last of them.
    last = scale(np.ones((4, 1)), some, Posterior(("a",), joint[:, 1:], {}))
    np.testing.assert_allclose(last, [[9], [1], [0.7]])
