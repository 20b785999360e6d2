"""Rules in play give what a model would that looks at its rules at every step."""

from __future__ import annotations

from functools import partial

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plan.portfolios import SHIPPED
from tocsin.plan.portfolios.adapt import Fired, play_rules, rule_firings
from tocsin.plan.portfolios.course import lever_levels
from tocsin.plan.portfolios.declared import Measure, Portfolio, Rule, Terms
from tocsin.plan.portfolios.rules import SIGNALS
from tocsin.schema.vocabulary.lever import LEVERS

STEPS, FUTURES = 24, 7
TERMS = dict(SHIPPED.levers) | {name: Terms("", delay=0) for name in ("dialogue", "health")}
D, H = LEVERS.index("dialogue"), LEVERS.index("health")


def rule(above: bool, threshold: float, lever: str, effort: float, months: int = 0) -> Rule:
    return Rule("deaths", above, threshold, months, ((lever, effort),), f"{above} {threshold}")


def toy(noise: np.ndarray, levels: np.ndarray) -> dict[str, np.ndarray]:
    """A model in which levers of a step move all steps after it."""
    levels = np.broadcast_to(levels, (FUTURES, *levels.shape[-2:]))
    deaths = np.zeros((FUTURES, STEPS))
    now = np.full(FUTURES, 10.0)
    for step in range(STEPS):
        now = 0.9 * now + noise[:, step] * (1.5 - levels[:, step, D] - 0.5 * levels[:, step, H])
        deaths[:, step] = now
    return {"deaths": deaths}


def step_by_step(noise: np.ndarray, rules: list[Rule], base: float) -> np.ndarray:
    """The same, with rules looked at within the loop."""
    deaths = np.zeros((FUTURES, STEPS))
    for future in range(FUTURES):
        now, lever, rows, done = 10.0, {"dialogue": base, "health": 0.0}, [0] * len(rules), set()
        for step in range(STEPS):
            help_ = lever["dialogue"] + 0.5 * lever["health"]
            now = 0.9 * now + noise[future, step] * (1.5 - help_)
            deaths[future, step] = now
            for place, one in enumerate(rules):
                met = now > one.threshold if one.above else now < one.threshold
                rows[place] = rows[place] + 1 if met else 0
                if place not in done and rows[place] >= max(one.months, 1):
                    done.add(place)
                    lever |= dict(one.actions)
    return deaths


@given(
    st.integers(0, 999),
    st.lists(
        st.builds(
            rule, st.booleans(), st.floats(4, 20), st.sampled_from(["dialogue", "health"]),
            st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.integers(0, 3),
        ),
        max_size=4,
    ),
)  # fmt: skip
def test_rounds_of_play_equal_rules_within_the_loop(seed: int, rules: list[Rule]) -> None:
    noise = np.random.default_rng(seed).gamma(1.0, 1.5, (FUTURES, STEPS))
    portfolio = Portfolio("x", {"dialogue": Measure(0.25)})
    # Levels follow the effort at once, and a portfolio of today's efforts holds from the start.
    levels = partial(lever_levels, portfolio, {}, TERMS, steps=STEPS, per_year=12)
    seen, fired = play_rules(partial(toy, noise), lambda one: levels(fired=one), rules, per_year=12)
    np.testing.assert_allclose(
        seen["deaths"], step_by_step(noise, rules, 0.25), rtol=1e-5, err_msg=str(fired)
    )


def test_a_count_is_summed_over_the_latest_month_of_weeks() -> None:
    weekly = np.zeros((1, 52, 2))
    weekly[0, 10] = weekly[0, 13] = 3.0  # 12 within four weeks over two territories
    watched = [rule(True, 11.0, "health", 1.0)]

    def levels(_fired: Fired) -> np.ndarray:
        return np.zeros((52, 13), np.float32)

    _, fired = play_rules(lambda _: {"deaths": weekly}, levels, watched, per_year=52)
    assert fired[0][1].tolist() == [14]


def test_how_often_and_when_rules_fire() -> None:
    one = rule(True, 1.0, "health", 1.0)
    found = rule_firings({"a": [(one, np.array([6, 12, 36, 36]))], "b": []}, 36, 12)
    row = found.row(0, named=True)
    assert (row["portfolio"], row["share"], row["month_median"]) == ("a", 0.5, 9.0)
    never = rule_firings({"a": [(one, np.array([36]))]}, 36, 12).row(0, named=True)
    assert (never["share"], never["month_median"]) == (0.0, None)
    assert rule_firings({"a": []}, 36, 12).is_empty()


@given(st.integers(0, 999))
def test_a_share_is_watched_as_the_mean_of_the_territories(seed: int) -> None:
    by_territory = np.random.default_rng(seed).random((FUTURES, STEPS, 3))
    low = Rule("services lost", True, 0.5, 0, (("health", 1.0),), "")
    seen = {SIGNALS["services lost"]: by_territory}
    alone = {SIGNALS["services lost"]: by_territory.mean(-1)}
    levels = partial(lever_levels, Portfolio("x", {}), {}, TERMS, steps=STEPS, per_year=12)
    found = [
        play_rules(lambda _, one=one: one, lambda fired: levels(fired=fired), [low], per_year=12)[1]
        for one in (seen, alone)
    ]
    first = [np.asarray(one[0][1]).tolist() for one in found]
    over = by_territory.mean(-1) > 0.5
    assert first[0] == first[1] == [
        int(row.argmax()) + 1 if row.any() else STEPS for row in over
    ]  # fmt: skip
