"""Each mechanism by itself, with the sign that docs/model.md claims for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from math import e, exp, log
from typing import Any

import jax
import numpy as np
import pytest

from tocsin.plan.region.chance import Noise
from tocsin.plan.region.mechanisms.order import ORDER, OWN
from tocsin.plan.region.mechanisms.threat import substitution
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


def step(
    name: str, levers: dict[str, float] | None = None, u: float = 0.5,
    world: World | None = None, **given: Any,
) -> State:  # fmt: skip
    """One week of one mechanism from the start, with levers, and some state as given."""
    first, state = start()
    p = P | {key: np.float32(value) for key, value in given.items() if key in P}
    changed = {
        key: np.broadcast_to(np.float32(value), getattr(state, key).shape)
        for key, value in given.items() if key not in P
    }  # fmt: skip
    lever = NONE | {key: np.full((1, 1), v, np.float32) for key, v in (levers or {}).items()}
    from scipy.stats import norm

    shape = (3, OWN[name].noise, 1, 1)
    noise = Noise(np.full(shape, u, np.float32), np.full(shape, norm.ppf(u), np.float32))
    return _step(name)(p, lever, world or first, state._replace(**changed), noise)


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


@pytest.mark.slow
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


@pytest.mark.slow
def test_supply_that_is_cut_shifts_but_does_not_come_back_whole() -> None:
    cut = {"export-control": 1.0}
    none, most = (np.asarray(step("substitution", cut, shift=s).supply) for s in (0.0, 0.8))
    assert most.sum() > none.sum()
    assert most.sum() < 1.0
    # The market is cut; all others are freer and take up a part.
    assert (most[0, 1:] > none[0, 1:]).all()


@pytest.mark.slow
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


# Worked out by hand ---------------------------------------------------------------------------

PRESSED = ({"toll": (2 * e - 1) / 4}, {"level": 0.25})
"""A toll and a usual level between which pressure is log(2 e) - log(2) = 1."""


def spread(values: Mapping[str, Any], like: Any) -> dict[str, Any]:
    """Fields of a state or world: a number for all, a list by column, a tuple by territory."""
    found = {}
    for key, value in values.items():
        shape = (3, 1, 1, 1) if isinstance(value, tuple) else (1, -1, 1, 1)
        told = np.asarray(value, np.float32).reshape(shape)
        found[key] = np.broadcast_to(told, getattr(like, key).shape)
    return found


WORKED: list[tuple[str, dict[str, float], dict[str, tuple[float, float]], dict[str, Any],
                   dict[str, Any], float, dict[str, Any]]] = [
    # mechanism, parameters, levers (at the start, now), state, world, chance, what comes of it
    # Mix: 3 of 4.9 + 0.1 and 2 of 4.9 + 0.1; aim 0.5 + 0.2 * 0.5 + 0.4 * 0.2 - 0.3 * 0.2 = 0.62.
    ("attribution", {"attribution_delay": 10, "standards": 0.2, "contest": 0.4, "blur": 0.3},
     {"attribution-standards": (0.2, 0.7)},
     {"excited": [1, 2, 1, 0.9, 0], "misinformation": 0.7, "attribution": 0.4},
     {"usual": [0.9, 1, 1, 1, 1]}, 0.5, {"attribution": 0.4 + 0.22 * 1.5 / 10}),
    # 0.5 (1 + 0.008 log(e) 0.5 - 0.002) = 0.501.
    ("capability", {"learning": 0.008, "decay": 0.002, "lethality": 0.5}, {},
     {"incidents": e - 1, "capability": 0.5, "push": 0.2}, {"capability": 0.3}, 0.5,
     {"capability": 0.501, "push": 0.2 + 0.5 * 0.201}),
    # Reach 0.1 * 0.4 + 0.3 * 0.2 + 0.6 of what is near (0.3, 0.45, 0.3); gain 0.01 * 2 * 1.5.
    # By ties 0.94 of one's own and 0.06 of the neighbours': 0.112, 0.309 and 0.77.
    ("diffusion", {"diffusion": 0.01, "background": 0.2}, {},
     {"supply": [0.1, 0.2, 0.3, 0.1, 0.3], "capability": (0.1, 0.3, 0.8), "strength": 1.5},
     {"pace": 2.0}, 0.5,
     {"capability": (0.1 + 0.005016 * 0.9, 0.3 + 0.008562 * 0.7, 0.8 + 0.01686 * 0.2)}),
    # Anyone can get more than there is around, and strength counts twice at most.
    ("diffusion", {"diffusion": 0.01, "background": 0.5}, {},
     {"supply": [0.1, 0.2, 0.3, 0.1, 0.3], "capability": (0.1, 0.3, 0.8), "strength": 3.0},
     {"pace": 2.0}, 0.5,
     {"capability": (0.1 + 0.010688 * 0.9, 0.3 + 0.015416 * 0.7, 0.8 + 0.02648 * 0.2)}),
    # A crisis is over 2 * 10 + 1; the chance of a step is 0.06 * 1.2 * (1 - 0.2 - 0.1) = 0.0504.
    *(("escalation", {"escalation": 0.06, "crisis": 2, "settling": 0.1, "per_rung": 0.1},
       {"dialogue": (0.2, 0.6), "joint-exercises": (0.0, 0.5)},
       {"toll": toll, "attribution": 0.3, "rung": 1.0, "push": 0.3}, {"level": 10.0}, u,
       {"rung": rung, "push": 0.3 + 0.1 * rung})
      for toll, u, rung in ((21.1, 0.05, 2), (21.1, 0.051, 1), (21.0, 0.05, 1), (0.0, 0.89, 1),
                            (0.0, 0.91, 0))),
    # At the middle of both distributions the rate is 2, and so is the count.
    ("incidents", {"memory": 4, "overdispersion": 1}, {}, {"rate": 2 * exp(0.5), "excited": 10.0},
     {}, 0.5, {"incidents": 2.0, "excited": 8.0}),
    *(("intensity", {"excitation": 0.6}, {}, {"push": push, "excited": 5.0}, {"usual": 2.0}, 0.5,
       {"rate": 0.8 * exp(held) + 3}) for push, held in ((1, 1), (3, 2.5), (-3, -2.5))),
    # Skill 1.2 * 1 * 0.8, hit 0.8 * 0.96 - 0.2 = 0.568; aim 0.1 + 0.1 - 0.142 - 0.05 = 0.008.
    ("recruitment", {"recruitment": 1, "bought": 0.5, "enforcement": 0.25, "dialogue": 0.1,
                     "turnover": 1, "violence": 0.75},
     {"targeted-enforcement": (0.2, 0.8), "dialogue": (0.0, 0.5)},
     {"attribution": 0.6, "legitimacy": 0.4, "grievance": 0.6, "loyalty": 0.7, "push": 0.3}, {},
     0.5, {"strength": exp(0.008), "push": 0.306}),
    # Skill is held to 0.25 * 0.5 * 1.25 and to 1.5 * 1 * 0.5 at its ends.
    *(("recruitment", {"enforcement": 1, "turnover": 2, "violence": 1},
       {"targeted-enforcement": (0.2, 0.8)},
       {"attribution": a, "capacity": c, "legitimacy": g, "strength": exp(0.2)}, {}, 0.5,
       {"push": 0.1 - (0.8 * skill - 0.2) / 2})
      for a, c, g, skill in ((0.1, 0.1, 1.0, 0.15625), (0.9, 0.5, 0.1, 0.75))),
    *(("recruitment", {"recruitment": 10, "turnover": 1, "violence": 1}, {}, {"grievance": g}, {},
       0.5, {"push": end}) for g, end in ((1.0, 1.5), (0.0, -3.0))),
    # The neighbours of the second territory are the first and the third, half each.
    ("spillover", {"spillover": 0.2}, {}, {"excited": [1, 2, 6.9, 5, 5], "push": 0.1},
     {"usual": [0.3, 0.3, 0.3, 9, 9]}, 0.5, {"push": 0.1 + 0.2 * log(10)}),
    # Shares 0.22, 0.33 and 0.15; 0.771 of supply is left, and half of the lost 0.229 shifts.
    ("substitution", {"control": 0.5, "shift": 0.5, "adaptation": 10, "market_split": 0.4,
                      "network": 0.5},
     {"export-control": (0.1, 0.9), "education-and-media-literacy": (0.0, 0.4),
      "targeted-enforcement": (0.2, 0.7), "capacity-building": (0.0, 0.5),
      "counter-finance": (0.0, 0.2), "dialogue": (0.0, 0.1)}, {"supply": 0.2}, {}, 0.5,
     {"supply": [0.18 + 0.1 * kept * (1 + 0.5 * 0.229 / 0.771)
                 for kept in (0.132, 0.264, 0.1125, 0.135, 0.1275)]}),
    # Partners at 0.3 give 0.6 of a control's effect; what is eased takes nothing from others.
    ("substitution", {"control": 0.5, "shift": 0.5, "adaptation": 1, "market_split": 0.4,
                      "network": 0.5},
     {"export-control": (0.0, 1.0), "education-and-media-literacy": (0.5, 0.0)},
     {"cohesion": 0.3}, {}, 0.5,
     {"supply": [kept * (1 + 0.5 * 0.066 / (0.154 + 0.4125 + 0.45))
                 for kept in (0.154, 0.4125, 0.15, 0.15, 0.15)]}),
    # Good partners give 1.5 of it, which is more than all: no channel has less than nothing.
    ("substitution", {"control": 0.7, "shift": 0.0, "adaptation": 1, "market_split": 0.4,
                      "network": 0.5},
     {"export-control": (0.0, 1.0), "counter-finance": (0.0, 1.0)}, {"cohesion": 1.0}, {}, 0.5,
     {"supply": [0, 0.33, 0.15, 0, 0.15]}),
    # Three domains are over 2 * 1 + 0.5; 0.5 * 0.9 + 0.1 * 2 * (1 - 0.2 - 0.2) = 0.57.
    ("synchrony", {"synchrony": 0.4, "strain_fade": 0.1, "strain_rise": 0.1},
     {"joint-exercises": (0.1, 0.5), "incident-response": (0.0, 0.5)},
     {"incidents": [3, 3, 2, 3, 0], "strain": 0.5, "push": 0.3}, {"usual": 1.0}, 0.5,
     {"push": 0.22, "strain": 0.57}),
    ("synchrony", {"strain_fade": 0.1, "strain_rise": 0.1}, {}, {"strain": 0.5}, {}, 0.5,
     {"strain": 0.45}),
    # 0.006 * 0.5 - 0.002 * 1 - 0.003 * 0.5 - 0.02 * 0.1 = -0.0025.
    ("cohesion", {"bonding": 0.006, "friction": 0.002, "burden": 0.003, "cohesion_fade": 0.02},
     {"joint-exercises": (0.0, 0.9), "shared-early-warning": (0.1, 0.6),
      "attribution-standards": (0.0, 0.1), "export-control": (0.1, 0.6)},
     {"rung": (0, 1, 2), "cohesion": 0.6}, {}, 0.5, {"cohesion": 0.5975}),
    # Thirty, sixty and 120 flee; a tenth of them goes to neighbours.
    ("displacement", {"displaced": 20, "fear": 0.5, "return": 0.1, "abroad": 0.1}, {},
     {"deaths": (1, 2, 4), "rung": 1.0, "uprooted": 100.0}, {}, 0.5,
     {"fled": (30, 60, 120), "uprooted": (90 + 27 + 6, 90 + 54 + 7.5, 90 + 108 + 6)}),
    # 0.002 + 0.004 * 0.2 + 0.005 (0.5 * 1.2 - 0.2) - 0.003 (0.4 + 0.5 * 0.4) - 0.02 * 0.1.
    ("grievance", {"grievance_rise": 0.002, "incitement": 0.004, "backlash": 0.005,
                   "inclusion": 0.003, "grievance_fade": 0.02},
     {"targeted-enforcement": (0.5, 0.8), "inclusion-and-services": (0.1, 0.5),
      "health": (0.0, 0.3), "dialogue": (0.0, 0.1)},
     PRESSED[0] | {"misinformation": 0.7, "attribution": 0.3, "grievance": 0.6}, PRESSED[1], 0.5,
     {"grievance": 0.601}),
    # Health 0.6 + 0.01 (0.5 - 0.1) - 0.01 (1 + 0.5) - 0.05 * 0.1; one more log of the displaced.
    ("health", {"overload": 0.01, "care": 0.01, "recovery": 0.05, "treatment": 0.2,
                "trust_rise": 0.01, "trust_fade": 0.04}, {"health": (0.2, 0.7)},
     PRESSED[0] | {"service": [0, 0, 0, 0.8], "uprooted": (2 * e - 1) * 1e4, "health": 0.6,
                   "legitimacy": 0.6, "misinformation": 0.7, "trust": 0.55, "saved": 0.1},
     PRESSED[1] | {"served": [0, 0, 0, 0.9], "settled": 1e4}, 0.5,
     {"health": 0.584, "trust": 0.55 + 0.01 * (0.184 - 0.2) - 0.002, "saved": 0.1 + 0.2 * 0.084}),
    # Hit (0.01 + 2 * 0.02 + 0.1, of which computers half for the last two) * 0.8, pace 0.064.
    *(("infrastructure", {"damage": 0.01, "disruption": 0.02, "hazard": 0.1, "loss": 0.1,
                          "repair": 0.05},
       {"infrastructure-redundancy": (0.0, 0.4), "incident-response": (0.0, 0.6)},
       {"incidents": [e - 1, 0, 0, e * e - 1, 7], "capacity": 0.4, "intact": 0.5}, {}, u,
       {"intact": [0.532 - 0.4 * (0.05 + struck)] * 2 + [0.532 - 0.4 * (0.03 + struck)] * 2})
      for u, struck in ((0.09, 0.1), (0.11, 0.0))),
    # 0.01 * 0.5 - 0.02 * 0.3 + 0.005 * 0.2 - 0.02 * 0.1 = -0.002.
    ("institutions", {"building": 0.01, "wear": 0.02, "consent": 0.005, "capacity_fade": 0.02},
     {"capacity-building": (0.1, 0.6)}, {"strain": 0.3, "legitimacy": 0.7, "capacity": 0.6}, {},
     0.5, {"capacity": 0.598}),
    # 0.002 (2 * 0.5 - 1 - 0.2) - 0.005 (0.5 * 1.2 - 0.2) - 0.02 * 0.1.
    ("legitimacy", {"performance": 0.002, "political_cost": 0.005, "legitimacy_fade": 0.02},
     {"targeted-enforcement": (0.2, 0.5), "inclusion-and-services": (0.1, 0.6)},
     PRESSED[0] | {"attribution": 0.3, "service": 0.7, "legitimacy": 0.6},
     PRESSED[1] | {"served": 0.9}, 0.5, {"legitimacy": 0.6 - 0.0004 - 0.002 - 0.002}),
    # 0.02 (0.4 * 1.5 - 0.2) - 0.004 * 0.5 - 0.02 * 0.1.
    ("loyalty", {"loyalty_rise": 0.02, "outbidding": 0.004, "loyalty_fade": 0.02},
     {"inclusion-and-services": (0.1, 0.6)}, {"service": 0.6, "strength": 1.5, "loyalty": 0.6},
     {"served": 0.8}, 0.5, {"loyalty": 0.604}),
    # 0.02 (2 * 0.8 - 1) - 0.02 * 0.5 * 0.4 - 0.05 * 0.1.
    ("misinformation", {"contagion": 0.02, "literacy": 0.5, "correction": 0.05},
     {"education-and-media-literacy": (0.1, 0.5)},
     {"excited": [0, 0, 0, 0, e * e - 1], "misinformation": 0.6},
     {"usual": [0, 0, 0, 0, e - 1]}, 0.5, {"misinformation": 0.603}),
    # 2 (0.5 + 0.3 * 0.4) + 1 * 1.
    ("trade", {"trade": 2, "closed": 1},
     {"export-control": (0.5, 0.5), "counter-finance": (0.0, 0.4)}, {"rung": (0, 1, 2)}, {}, 0.5,
     {"trade_lost": 2.24}),
    # Heard 0.8 * 0.8; (0.5 * 0.8 * 1.2 + 0.2 * 0.6) * 0.64 = 0.384; before 0.5 * 0.6 + 0.1 = 0.4.
    ("warning", {"warning": 0.25, "drowned": 0.5},
     {"shared-early-warning": (0.5, 0.5), "joint-exercises": (0.0, 0.5), "health": (0.5, 0.6)},
     {"trust": 0.4, "strain": 0.4, "cohesion": 0.6, "saved": 0.2}, {}, 0.5,
     {"saved": 0.2 + log(1 - 0.25 * 0.4) - log(1 - 0.25 * 0.384)}),
    # Nobody can be warned more than wholly, at the start neither; partners give 1.25 at most.
    *(("warning", {"warning": 0.25}, {"shared-early-warning": (1.0, 1.0), "health": (1.0, 1.0),
                                      "joint-exercises": (1.0, exercise)},
       {"trust": trust, "cohesion": 1.0}, {}, 0.5, {"saved": log(0.75) - log(1 - 0.25 * now)})
      for trust, exercise, now in ((1.0, 1.0, 1.0), (0.4, 0.0, 0.8 * (0.75 + 0.2)))),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "p", "levers", "state", "world", "u", "found"), WORKED,
    ids=[f"{place} {row[0]}" for place, row in enumerate(WORKED)],
)  # fmt: skip
def test_a_week_is_what_is_worked_out_by_hand(
    name: str, p: dict[str, float], levers: dict[str, tuple[float, float]], state: dict[str, Any],
    world: dict[str, Any], u: float, found: dict[str, Any],
) -> None:  # fmt: skip
    before = start()[0]
    held = before.held | {key: np.float32(first) for key, (first, _) in levers.items()}
    around = before._replace(**spread(world, before), held=held)
    now = {key: value for key, (_, value) in levers.items()}
    after = step(name, now, u, world=around, **p, **spread(state, start()[1]))
    for key, expected in spread(found, start()[1]).items():
        got = np.broadcast_to(np.asarray(getattr(after, key)), expected.shape)
        np.testing.assert_allclose(got, expected, rtol=3e-6, atol=3e-6, err_msg=key)


def test_deaths_follow_what_incidents_are_worth_and_an_eighth_of_the_toll_goes_each_week() -> None:
    first = start()[0]
    large = first._replace(**spread({"sizes": 1e4, "capability": 0.3}, first))
    p = {"tail": 2.5, "deaths_each": 7.0, "harm": 0.5, "world": large}
    quiet = step("severity", incidents=0.0, toll=80.0, **p)
    assert (float(quiet.deaths.max()), float(quiet.toll.max())) == (0, 70)
    armed = spread({"incidents": [1, 1, 1, 0, 0]}, start()[1])
    others = spread({"incidents": [1, 1, 1, 9, 9], "capability": [0.5, 0.5, 0.5, 1, 1]}, start()[1])
    plain, worth = (step("severity", toll=8.0, **p, **one) for one in (armed, others))
    saved = step("severity", toll=8.0, saved=0.3, **p, **others)
    factor = np.array([float(one.deaths.max()) for one in (worth, saved)])
    np.testing.assert_allclose(factor / float(plain.deaths.max()), np.exp([0.1, -0.2]), rtol=1e-4)
    assert float(plain.toll.max()) == pytest.approx(7 + float(plain.deaths.max()) / 8)
