"""The whole model: the sign of each lever, what is switched off, ranges, and stylised facts.

Levers are tested in paired futures: the same parameters and the same chance with and without one,
so that any difference is the lever's.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import smallest
from tocsin.plan.region import model
from tocsin.plan.region.levels import make_levels
from tocsin.plan.region.mechanisms.order import ORDER, OWN, Mechanism
from tocsin.plan.region.model import Begun, Model
from tocsin.plan.region.outcomes import OUTCOMES, WEEKS, YEAR
from tocsin.plan.region.parameters import PARAMETERS
from tocsin.plan.region.runs import Played, play_futures
from tocsin.schema.vocabulary.lever import LEVERS

pytestmark = pytest.mark.slow

BORDER = np.array([[0, 1, 0], [0.5, 0, 0.5], [0, 1, 0]], np.float32)
BEGUN = Begun(
    (np.array([[20.0], [200.0], [2.0]]) * 12 / 52).astype(np.float32), np.ones((3, 1), np.float32),
    np.full((3, 5), 0.2, np.float32), BORDER,
    np.array([[[0.1]] * 3, [[0.2]] * 3], np.float32), np.ones((5, 1), np.float32),
    np.zeros(len(LEVERS), np.float32),
)  # fmt: skip
PLANS, _ = make_levels([{}, *({name: 1.0} for name in LEVERS)], {})
"""No lever at all, and each lever by itself at full effort: one program for all tests here."""
MIDDLE = {item.name: (item.low + item.high) / 2 for item in PARAMETERS}
FUTURES = np.arange(128)
HELD = Model(tuple(name for name in ORDER if name != "persistence"), paths="territories")
"""Levels stay as they begin: what moves is moved by a lever, or by the mechanism asked of. With
paths, which some tests read, for all: one compiled program."""


def play(weeks: int = WEEKS, begun: Begun = BEGUN, **p: float) -> Played:
    values = np.array([[(MIDDLE | p)[item.name]] for item in PARAMETERS], np.float32)
    return play_futures(
        FUTURES, PLANS, begun, seed=1, values=np.repeat(values, len(FUTURES), 1), weeks=weeks,
        model=HELD,
    )  # fmt: skip


@cache
def middle() -> Played:
    return play()


def outcome(played: Played, name: str) -> np.ndarray:
    """Of the region, portfolios by futures."""
    values = played.totals[list(OUTCOMES).index(name)].astype(float)
    return np.asarray(values.sum(0) if OUTCOMES[name].how == "sum" else values.mean(0))


SIGNS = {
    #                              deaths, services lost, capability, grievance, illegitimacy,
    #                              escalation, trade lost; 0: not clear
    "export-control": (-1, -1, -1, -1, -1, 0, 1),
    "counter-finance": (-1, -1, -1, -1, -1, 0, 1),
    "targeted-enforcement": (-1, 1, -1, 1, 1, 0, 0),
    "capacity-building": (-1, -1, -1, -1, -1, 0, 0),
    "infrastructure-redundancy": (-1, -1, -1, -1, -1, 0, 0),
    "incident-response": (-1, -1, -1, -1, -1, 0, 0),
    "shared-early-warning": (-1, -1, -1, -1, -1, -1, -1),
    "joint-exercises": (-1, -1, -1, -1, -1, -1, -1),
    "attribution-standards": (0, 0, 0, 0, 0, -1, -1),
    "dialogue": (-1, -1, -1, -1, -1, -1, -1),
    "inclusion-and-services": (-1, -1, -1, -1, -1, -1, -1),
    "education-and-media-literacy": (-1, -1, -1, -1, -1, 0, 0),
    "health": (-1, -1, -1, -1, -1, -1, -1),
}
"""What each lever does by itself over ten years, at the middle of all priors."""
TOLD = [name for name in OUTCOMES if name != "displaced"]


@pytest.mark.parametrize("lever", LEVERS)
def test_each_lever_by_itself_does_what_the_document_says(lever: str) -> None:
    for name, sign in zip(TOLD, SIGNS[lever], strict=True):
        values = outcome(middle(), name)
        difference = values[1 + LEVERS.index(lever)] - values[0]
        error = difference.std() / len(difference) ** 0.5
        if sign:
            assert sign * difference.mean() > 3 * error, name


def test_measured_channels_and_pace_move_what_levers_save() -> None:
    """`diffusion_shares` and `diffusion_hazards` begin a plan: a lever saves most where supply
    comes by the channel that it cuts, and a class that spreads faster gets further without any.
    """

    def saved(training: float, sponsor: float, ties: float, pace: float = 1.0) -> dict[str, float]:
        shares = np.array([training, sponsor, ties], np.float32)
        begun = BEGUN._replace(
            channels=np.stack([shares, shares + 0.05]).astype(np.float32)[..., None],
            pace=np.full((5, 1), pace, np.float32),
        )
        found = outcome(play(begun=begun), "capability").mean(1)
        return {"level": found[0]} | dict(zip(LEVERS, found[0] - found[1:], strict=True))

    by_none, by_sponsor, by_ties = (
        saved(*shares) for shares in ((0.0, 0.0, 0.0), (0.0, 0.6, 0.0), (0.0, 0.0, 0.6))
    )
    most = {"export-control": by_none, "counter-finance": by_sponsor,
            "targeted-enforcement": by_ties, "dialogue": by_ties}  # fmt: skip
    for lever, its in most.items():
        for other in (by_none, by_sponsor, by_ties):
            assert other is its or its[lever] > other[lever], lever
    assert saved(0.0, 0.0, 0.6, pace=2.0)["level"] > by_ties["level"] + 0.01


def test_the_table_of_signs_names_every_lever() -> None:
    assert tuple(SIGNS) == LEVERS


def test_levels_stay_in_their_range_at_the_ends_of_all_priors() -> None:
    rng = np.random.default_rng(5)
    low = np.array([item.low for item in PARAMETERS])[:, None]
    high = np.array([item.high for item in PARAMETERS])[:, None]
    ends = rng.random((len(PARAMETERS), len(FUTURES))) < 0.5
    values = np.where(ends, low, high).astype(np.float32)
    played = play_futures(FUTURES, PLANS, BEGUN, seed=2, values=values, model=HELD)
    assert np.isfinite(played.totals).all()
    assert (played.totals >= -1e-4).all()
    for name, top in (("capability", 1), ("grievance", 1), ("legitimacy_lost", 1),
                      ("service_lost", 100), ("escalation", 3)):  # fmt: skip
        assert played.totals[list(OUTCOMES).index(name)].max() <= top + 1e-3, name
    deaths = played.totals[0]
    assert (deaths == np.round(deaths)).all()


def test_a_year_without_levers_stays_at_its_start() -> None:
    still = play(YEAR, diffusion=0.0, decay=0.0, learning=0.0)
    found = still.totals[0, :, 0].mean(-1)
    # Territories at 20 and 200 deaths a month. A third, at 2, has too few incidents for a mean of
    # 128 futures: their standard error is two thirds of it.
    assert found[:2] == pytest.approx(np.array([240, 2400]), rel=0.35)


def test_with_weak_effects_a_lever_does_less() -> None:
    weak = play(warning=0.0, treatment=0.0)
    place = 1 + LEVERS.index("shared-early-warning")
    assert (outcome(weak, "deaths")[place] == outcome(weak, "deaths")[0]).all()


def test_backlash_can_make_enforcement_worse_than_nothing() -> None:
    harsh = play(enforcement=0.0, backlash=0.007, recruitment=2.0, control=0.2)
    place = 1 + LEVERS.index("targeted-enforcement")
    deaths = outcome(harsh, "deaths")
    assert (deaths[place] - deaths[0]).mean() > 0


# Stylised facts --------------------------------------------------------------------------------


def weekly(**p: float) -> np.ndarray:
    """Deaths by month, futures and territories, of ten years without levers."""
    values = np.array([[(MIDDLE | p)[item.name]] for item in PARAMETERS], np.float32)
    played = play_futures(
        FUTURES, PLANS, BEGUN, seed=1, values=np.repeat(values, len(FUTURES), 1), model=HELD
    )
    assert played.paths is not None
    return np.asarray(played.paths[:, 0, :, 0], float)


def test_violence_clusters_in_time_and_in_space() -> None:
    calm = {"synchrony": 0.0, "learning": 0.0, "diffusion": 0.0, "decay": 0.0}
    # Many small events, so that no territory is silent for ten years.
    calm |= {"overdispersion": 0.4, "tail": 2.5, "deaths_each": 7.5}
    echoing = weekly(excitation=0.95, memory=4.0, spillover=0.3, **calm)
    alone = weekly(excitation=0.0, spillover=0.0, **calm)

    def in_time(months: np.ndarray) -> float:
        logs = np.log1p(months)
        return float(
            np.mean([np.corrcoef(logs[1:, 1, f], logs[:-1, 1, f])[0, 1] for f in range(64)])
        )

    def in_space(months: np.ndarray) -> float:
        logs = np.log1p(months)
        return float(np.mean([np.corrcoef(logs[:, 0, f], logs[:, 1, f])[0, 1] for f in range(64)]))

    assert in_time(echoing) > 0.4
    assert in_time(echoing) > in_time(alone) + 0.15
    assert in_space(echoing) > in_space(alone) + 0.02


def test_technology_spreads_in_an_s() -> None:
    """Bass (1969): from little, growth is fastest in the middle, and it fades near the top."""
    values = np.array(
        [[(MIDDLE | {"background": 0.02, "decay": 0.001, "diffusion": 0.05,
                     "market_split": 1.0})[item.name]] for item in PARAMETERS], np.float32,
    )  # fmt: skip
    small = BEGUN._replace(capability=np.full((3, 5), 0.01, np.float32))
    played = play_futures(FUTURES[:1], PLANS, small, seed=1, values=values, model=HELD)
    assert played.paths is not None
    path = played.paths[:, list(OUTCOMES).index("capability"), 0, 0, 0].astype(float)
    growth = np.diff(path)
    fastest = int(growth.argmax())
    assert 5 < fastest < 100
    assert growth[0] < 0.5 * growth[fastest]
    assert growth[-1] < 0.5 * growth[fastest]
    assert 0.2 < path[fastest] < 0.8


# Switched off ----------------------------------------------------------------------------------

FEW = ("incidents", "severity", "spillover", "intensity")


def test_what_is_switched_off_has_exactly_no_effect_and_is_not_traced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*given: Any) -> Any:
        raise AssertionError("traced")

    def deaths(names: tuple[str, ...], **p: float) -> np.ndarray:
        values = np.array([[(MIDDLE | p)[item.name]] for item in PARAMETERS], np.float32)
        return play_futures(
            FUTURES, smallest.PLANS, smallest.BEGUN, seed=1,
            values=np.repeat(values, len(FUTURES), 1), weeks=YEAR,
            model=smallest.MODEL._replace(mechanisms=names),
        ).totals[0]  # fmt: skip

    for name in set(ORDER) - set(FEW) | {"spillover"}:
        monkeypatch.setitem(OWN, name, Mechanism(OWN[name].parameters, OWN[name].noise, broken))
    # Another file may have played the same model in this process: it is to be traced here.
    model.play.clear_cache()
    without = deaths(smallest.FEW, spillover=0.0)
    np.testing.assert_array_equal(deaths(smallest.FEW, spillover=0.3), without)
    monkeypatch.undo()
    # Present without effect is the same chance: what it does not move stays as it was.
    np.testing.assert_array_equal(deaths(FEW, spillover=0.0), without)
    assert (deaths(FEW, spillover=0.3) != without).any()
