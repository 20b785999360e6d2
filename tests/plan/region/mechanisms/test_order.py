"""Each mechanism by itself, with the sign that docs/model.md claims for it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache
from typing import Any

import jax
import numpy as np
import pytest

from tocsin.plan.region.chance import Noise
from tocsin.plan.region.mechanisms.order import ORDER, OWN
from tocsin.plan.region.mechanisms.threat import severity, substitution
from tocsin.plan.region.model import Begun, begin
from tocsin.plan.region.parameters import PARAMETERS
from tocsin.plan.region.state import State, World
from tocsin.schema.vocabulary.lever import LEVERS

P: dict[str, Any] = {item.name: np.float32((item.low + item.high) / 2) for item in PARAMETERS}
BORDER = np.array([[0, 1, 0], [0.5, 0, 0.5], [0, 1, 0]], np.float32)
NONE = dict.fromkeys(LEVERS, np.zeros((1, 1), np.float32))


@cache
def start() -> tuple[World, State]:
    """Three territories on a line, with ten, a hundred and one deaths a week."""
    level = np.array([10, 100, 1], np.float32).reshape(3, 1, 1, 1)
    channels = np.array([[0.1, 0.1, 0.1], [0.2, 0.2, 0.2]], np.float32)[:, :, None, None]
    begun = Begun(
        level, np.ones_like(level), np.full((3, 5, 1, 1), 0.3, np.float32), BORDER, channels,
        np.ones((1, 5, 1, 1), np.float32), np.zeros(len(LEVERS), np.float32),
    )  # fmt: skip
    return jax.jit(begin, static_argnums=2)(P, begun, LEVERS)


@cache
def _step(name: str) -> Callable[..., State]:
    return jax.jit(OWN[name].step)


def step(name: str, levers: dict[str, float] | None = None, u: float = 0.5, **given: Any) -> State:
    """One week of one mechanism from the start, with levers, and some state as given."""
    world, state = start()
    p = P | {key: np.float32(value) for key, value in given.items() if key in P}
    changed = {
        key: np.broadcast_to(np.float32(value), getattr(state, key).shape)
        for key, value in given.items() if key not in P
    }  # fmt: skip
    lever = NONE | {key: np.full((1, 1), v, np.float32) for key, v in (levers or {}).items()}
    from scipy.stats import norm

    shape = (3, OWN[name].noise, 1, 1)
    noise = Noise(np.full(shape, u, np.float32), np.full(shape, norm.ppf(u), np.float32))
    return _step(name)(p, lever, world, state._replace(**changed), noise)


@pytest.mark.slow
def test_at_the_start_nothing_pushes() -> None:
    """All that mechanisms do is measured from the start: there they do nothing."""
    _, state = start()
    quiet = set(ORDER) - {"incidents", "severity", "displacement", "infrastructure", "diffusion",
                          "capability", "synchrony"}  # fmt: skip
    for name in quiet:
        after = step(name, **({"incidents": 0.0} if name == "health" else {}))
        for key, value in after._asdict().items():
            before = np.asarray(getattr(state, key))
            assert np.allclose(value, before, rtol=1e-4, atol=1e-4), (name, key)


SIGNS: list[tuple[str, str, int, dict[str, Any], dict[str, float]]] = [
    # mechanism, what it moves, how, given this state, and these levers
    ("substitution", "supply", -1, {}, {"export-control": 1.0, "counter-finance": 1.0}),
    ("diffusion", "capability", 1, {}, {}),
    ("capability", "capability", -1, {"incidents": 0.0}, {}),
    ("capability", "push", 1, {"capability": 0.6}, {}),
    ("recruitment", "strength", 1, {"grievance": 0.7}, {}),
    ("recruitment", "strength", 1, {"loyalty": 0.7}, {}),
    ("recruitment", "strength", -1, {}, {"targeted-enforcement": 1.0}),
    ("recruitment", "strength", -1, {}, {"dialogue": 1.0}),
    ("recruitment", "push", 1, {"strength": 1.5}, {}),
    ("spillover", "push", 1, {"excited": 200.0}, {}),
    ("spillover", "push", -1, {"excited": 0.0}, {}),
    ("synchrony", "strain", 1, {"incidents": 400.0}, {}),
    ("escalation", "push", 1, {"rung": 2.0}, {}),
    ("intensity", "rate", 1, {"excited": 100.0}, {}),
    ("intensity", "rate", 1, {"push": 1.0}, {}),
    ("severity", "toll", 1, {"incidents": 100.0}, {}),
    ("attribution", "attribution", 1, {}, {"attribution-standards": 1.0}),
    ("attribution", "attribution", -1, {"misinformation": 0.8}, {}),
    ("warning", "saved", 1, {}, {"shared-early-warning": 1.0}),
    ("warning", "saved", 1, {}, {"health": 1.0}),
    ("grievance", "grievance", 1, {"toll": 500.0}, {}),
    ("grievance", "grievance", 1, {"misinformation": 0.8}, {}),
    ("grievance", "grievance", 1, {}, {"targeted-enforcement": 1.0}),
    ("grievance", "grievance", -1, {}, {"inclusion-and-services": 1.0}),
    ("grievance", "grievance", -1, {"grievance": 0.8}, {}),
    ("loyalty", "loyalty", 1, {"service": 0.3}, {}),
    ("loyalty", "loyalty", -1, {}, {"inclusion-and-services": 1.0}),
    ("legitimacy", "legitimacy", -1, {"toll": 500.0}, {}),
    ("legitimacy", "legitimacy", -1, {}, {"targeted-enforcement": 1.0}),
    ("legitimacy", "legitimacy", 1, {}, {"inclusion-and-services": 1.0}),
    ("cohesion", "cohesion", 1, {}, {"joint-exercises": 1.0}),
    ("cohesion", "cohesion", -1, {"rung": 3.0}, {}),
    ("cohesion", "cohesion", -1, {}, {"export-control": 1.0}),
    ("misinformation", "misinformation", 1, {"excited": 50.0}, {}),
    ("misinformation", "misinformation", -1, {}, {"education-and-media-literacy": 1.0}),
    ("health", "health", -1, {"toll": 500.0}, {}),
    ("health", "health", -1, {"uprooted": 1e7}, {}),
    ("health", "health", 1, {}, {"health": 1.0}),
    ("health", "saved", 1, {"health": 0.9}, {}),
    ("health", "trust", -1, {"misinformation": 0.9}, {}),
    ("institutions", "capacity", 1, {}, {"capacity-building": 1.0}),
    ("institutions", "capacity", -1, {"strain": 1.0}, {}),
    ("infrastructure", "service", -1, {"incidents": 500.0}, {}),
    ("infrastructure", "intact", 1, {"intact": 0.2}, {}),
    ("displacement", "uprooted", 1, {"deaths": 1000.0}, {}),
    ("trade", "trade_lost", 1, {}, {"export-control": 1.0}),
    ("trade", "trade_lost", 1, {"rung": 2.0}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "moved", "sign", "state", "levers"), SIGNS, ids=str)
def test_a_mechanism_moves_what_it_says_the_way_it_says(
    name: str, moved: str, sign: int, state: dict[str, Any], levers: dict[str, float]
) -> None:
    before = np.asarray(getattr(start()[1], moved)) if moved not in state else state[moved]
    after = np.asarray(getattr(step(name, levers, **state), moved))
    change = (after - before).sum() if moved == "supply" else after - before
    assert np.all(sign * change > 0)


def test_every_mechanism_has_a_sign_of_its_own() -> None:
    # How many incidents there are, and how their level lasts, have tests of their own.
    assert {row[0] for row in SIGNS} | {"incidents", "persistence"} == set(ORDER)


def test_supply_that_is_cut_shifts_but_does_not_come_back_whole() -> None:
    cut = {"export-control": 1.0}
    none, most = (np.asarray(step("substitution", cut, shift=s).supply) for s in (0.0, 0.8))
    assert most.sum() > none.sum()
    assert most.sum() < 1.0
    # The market is cut; all others are freer and take up a part.
    assert (most[0, 1:] > none[0, 1:]).all()


def test_shares_of_supply_lie_within_what_was_measured_and_add_up_to_one() -> None:
    world, _ = start()
    for place in (0.0, 0.5, 1.0):
        found = np.asarray(substitution.shares(P | {"network": np.float32(place)}, world))[0]
        assert found.sum() == pytest.approx(1.0)
        assert found[2:].ravel() == pytest.approx([0.1 + 0.1 * place] * 3)


def test_a_low_confidence_of_attribution_makes_a_step_up_likelier() -> None:
    crisis = {"toll": 1e4, "escalation": 0.06}
    assert float(step("escalation", u=0.05, attribution=0.2, **crisis).rung.min()) == 1.0
    assert float(step("escalation", u=0.05, attribution=0.9, **crisis).rung.max()) == 0.0
    calmed = step("escalation", {"dialogue": 1.0}, u=0.05, attribution=0.2, **crisis)
    assert float(calmed.rung.max()) == 0.0
    assert float(step("escalation", u=0.99, rung=2.0).rung.max()) == 1.0


def test_enforcement_hits_only_as_far_as_one_knows_whom() -> None:
    heavy = {"targeted-enforcement": 1.0}
    sure, blind = (step("recruitment", heavy, attribution=a).strength for a in (0.7, 0.1))
    assert (np.asarray(sure) < np.asarray(blind)).all()


def test_strain_and_mistrust_drown_a_warning() -> None:
    warned = {"shared-early-warning": 1.0}
    best = np.asarray(step("warning", warned).saved)
    assert (np.asarray(step("warning", warned, strain=0.8).saved) < best).all()
    assert (np.asarray(step("warning", warned, trust=0.3).saved) < best).all()
    assert (np.asarray(step("warning", warned, cohesion=0.3).saved) < best).all()
    practised = step("warning", warned | {"joint-exercises": 1.0})
    assert (np.asarray(practised.saved) > best).all()
    assert (np.asarray(step("warning", {"joint-exercises": 1.0}).saved) == 0).all()


def test_without_power_nothing_else_works_well_and_redundancy_helps() -> None:
    down = np.ones((3, 4, 1, 1), np.float32)
    down[:, 0] = 0.0
    hurt = np.asarray(step("infrastructure", intact=down, incidents=0.0).service)
    assert (hurt < 0.9).all()
    redundant = {"infrastructure-redundancy": 1.0}
    spared = np.asarray(step("infrastructure", redundant, intact=down, incidents=0.0).service)
    assert (spared[:, 1:] > hurt[:, 1:]).all()
    for lever in ("incident-response",):
        faster = step("infrastructure", {lever: 1.0}, intact=0.5, incidents=0.0)
        assert (np.asarray(faster.intact) > np.asarray(
            step("infrastructure", intact=0.5, incidents=0.0).intact)).all()  # fmt: skip


def test_sizes_of_events_have_the_exponent_and_the_mean_of_the_parameters() -> None:
    """Event sizes: Hill's estimator (1975), and Bohorquez et al. (2009) near 2.5."""
    u = ((np.arange(400_000) + 0.5) / 400_000).astype(np.float32)[:, None]
    noise = Noise(np.concatenate([u, u], 1), np.zeros((400_000, 2), np.float32))
    sizes = jax.jit(severity.sizes)
    for tail in (2.1, 2.3, 2.5, 2.7):
        p = {"tail": np.float32(tail), "deaths_each": np.float32(7.0)}
        found = np.asarray(sizes(p, np.ones((400_000, 1), np.float32), noise), float).ravel()
        large = found[(found >= 20) & (found < 9_999)]
        assert 1 + 1 / np.log(large / 20).mean() == pytest.approx(tail, abs=0.06)
        assert found.mean() == pytest.approx(7.0, rel=0.08)
    none = np.asarray(sizes(p, np.zeros((400_000, 1), np.float32), noise))
    assert (none == 0).all()


def test_the_sum_of_many_events_is_distributed_as_if_each_were_drawn() -> None:
    rng = np.random.default_rng(1)
    p = {"tail": np.float32(2.5), "deaths_each": np.float32(7.0)}
    n, F = 12, 100_000
    each = (7 / 3) * rng.random((F, n)) ** (-1 / 1.5)
    true = np.minimum(each, 1e4).sum(1)
    normal = rng.standard_normal((F, 2)).astype(np.float32)
    noise = Noise(rng.random((F, 2)).astype(np.float32) * 0.999999 + 5e-7, normal)
    found = np.asarray(jax.jit(severity.sizes)(p, np.full((F, 1), n, np.float32), noise)).ravel()
    shares = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999]
    np.testing.assert_allclose(np.quantile(found, shares), np.quantile(true, shares), rtol=0.08)


def test_more_incidents_never_kill_fewer_by_the_same_chance() -> None:
    u = np.linspace(0.001, 0.999, 500).astype(np.float32)
    noise = Noise(np.stack([u, u], 1), np.zeros((500, 2), np.float32))
    p = {"tail": np.float32(2.5), "deaths_each": np.float32(7.0)}
    sizes = jax.jit(severity.sizes)
    many = [np.asarray(sizes(p, np.full((500, 1), n, np.float32), noise)) for n in (0, 1, 2, 5, 40)]
    assert all((b >= a - 1e-3).all() for a, b in itertools.pairwise(many))
