"""Controls: a first use that goes from tie to tie beats them, one that goes anywhere does not."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer import controls
from tocsin.anticipate.diffusion.answer.controls import (
    Controls,
    Given,
    _beside,
    _p,
    _reversed_share,
    _rewire,
    compare_controls,
    fitted_hazard,
    leave_future_out,
)
from tocsin.anticipate.diffusion.hazard.design import link_cases, make_design
from tocsin.anticipate.diffusion.hazard.em import Fit, fit_em
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties


def _chain() -> Given:
    """Thirty organisations in a chain, each after the one before; thirty pairs never take it up."""
    random = np.random.default_rng(1)
    users = [f"u{i}" for i in range(30)]
    others = [f"o{i}" for i in range(60)]
    start = random.uniform(0, 10, 6).repeat(5)
    time = start + np.tile(np.arange(5), 6) * random.uniform(0.3, 0.5, 30)
    table = pl.DataFrame(
        {
            "actor": users + others,
            "technology": "x",
            "time": [*time.tolist(), *[None] * 60],
            "territory": "t",
        }
    )
    follows = [(users[i], users[i + 1]) for i in range(29) if i % 5 != 4]
    pairs = follows + [(others[i], others[i + 1]) for i in range(0, 60, 2)]
    ties = pl.DataFrame(
        {"source": [a for a, _ in pairs], "target": [b for _, b in pairs], "channel": "tie"}
    )
    cases = read_cases(table, end=15.0)
    read = read_ties(ties, cases)
    onset = np.where(cases.adopts, cases.high, np.inf)
    return Given(cases, read, link_cases(cases, read), onset)


@pytest.mark.slow
def test_contagion_is_shown_and_chance_is_not() -> None:
    given = _chain()
    found = compare_controls(given, seed=1)
    assert found.shown
    assert found.share > 0.5
    assert found.rewired[0] < found.share / 2
    assert found.permuted[0] < found.share / 2
    random = np.random.default_rng(2)
    chance = compare_controls(replace(given, onset=random.permutation(given.onset)), seed=1)
    assert not chance.shown


@pytest.mark.slow
def test_few_worlds_are_counted_with_the_data_and_repeat() -> None:
    one, two = (compare_controls(_chain(), seed=1, worlds=4) for _ in range(2))
    assert (one.share, one.p_null, one.rewired) == (two.share, two.p_null, two.rewired)
    assert one.p_null in [k / 5 for k in range(1, 6)]
    # With four worlds no p-value is below a fifth, so nothing counts as shown.
    assert not one.shown
    assert one.share > 0.5


def test_time_is_reversed_only_where_somebody_never_took_it_up() -> None:
    """Backwards, an epidemic that reached everybody is one, too."""
    given = _chain()
    assert _reversed_share(given) is not None
    everybody = np.where(np.isfinite(given.onset), given.onset, 14.0 + np.arange(90) / 100)
    assert _reversed_share(replace(given, onset=everybody)) is None


def test_rewired_ties_keep_what_each_channel_joins() -> None:
    """Targets move, and only within their channel; nobody is tied to itself."""
    whole = _chain().ties
    ties = replace(whole, channel=np.arange(len(whole.source)) % 2, channels=("one", "two"))
    found = _rewire(ties, np.random.default_rng(3))
    assert (found.source == ties.source).all()
    assert (found.target != found.source).all()
    for k in (0, 1):
        mine = ties.channel == k
        assert sorted(found.target[mine]) == sorted(ties.target[mine])
        assert (found.target[mine] != ties.target[mine]).mean() > 0.5


def test_first_uses_are_scored_in_the_tenth_after_each_origin() -> None:
    given = _chain()
    width = given.cases.end - given.cases.start
    origins = given.cases.start + width * np.linspace(0.5, 0.9, 5)
    came = sum(int(((given.onset > o) & (given.onset <= o + width / 10)).sum()) for o in origins)
    found = leave_future_out(given)
    assert found["events"] == came > 0
    assert found["cases"] == sum(int((given.onset > o).sum()) for o in origins)


@pytest.mark.slow
def test_single_channels_that_are_not_asked_after_are_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = _chain()
    ties = replace(given.ties, channel=np.arange(len(given.ties.source)) % 2, channels=("a", "b"))
    both = replace(given, ties=ties, links=link_cases(given.cases, ties))
    found = compare_controls(both, seed=1, worlds=1, each_channel=False)
    assert found.p_channel == (1.0, 1.0)
    assert len(found.null_share) == 2
    assert found.p_null in (0.5, 1.0)
    # Unless it is said otherwise they are asked after.
    monkeypatch.setattr(controls, "p_of_channels", lambda *_, worlds: [0.25, 0.5 * worlds])
    assert compare_controls(both, seed=1, worlds=1).p_channel == (0.25, 0.5)


def test_a_p_value_counts_the_data_among_the_worlds() -> None:
    assert _p(np.array([1.0, 2.0, 3.0]), 2.0) == 3 / 4
    assert _p(np.array([1.0, 2.0, 3.0]), 4.0) == 1 / 4
    assert _p(np.zeros(0), 4.0) == 1.0


def test_what_counts_is_what_the_network_gains_over_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fit(designs: list[int], used: tuple[int, ...], _: object) -> list[tuple[object, object]]:
        assert used == ()
        gains, share = [(10.0, 9.0), (10.0, 8.5), (10.0, 4.0)], np.array([0.2, 0.1])
        return [
            (SimpleNamespace(gain=gains[one][0], share=share), SimpleNamespace(gain=gains[one][1]))
            for one in designs
        ]

    monkeypatch.setattr(controls, "fit_both_ways", fit)
    # Over none these three gain 1, 1.5 and 6; one of them as much as 3.
    share, p = _beside([0, 1, 2], 3.0, None)  # type: ignore[list-item]
    assert share == pytest.approx(0.3)
    assert p == pytest.approx((1 + 1) / (1 + 3))


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({}, ()),
        ({"p_null": 0.06}, ("worlds",)),
        ({"rewired": (0.0, 0.06)}, ("rewired",)),
        ({"permuted": (0.0, 0.06)}, ("permuted",)),
        ({"reversed": 0.4}, ("reversed",)),
        ({"reversed": 0.5, "p_null": 0.5}, ("worlds", "reversed")),
        ({"reversed": None}, ()),
    ],
)
def test_what_is_shown_beats_all_that_was_asked_for(
    change: dict[str, object], missed: tuple[str, ...]
) -> None:
    fine = Controls(0.4, 0.05, (), (), (0.9, 0.05), (0.9, 0.05), 0.39, {})
    found = replace(fine, **change)  # type: ignore[arg-type]
    assert found.missed == missed
    assert found.shown == (not missed)


def test_a_fit_is_turned_into_rates_of_cases_per_unit_of_the_clock() -> None:
    given = _chain()
    fit = Fit(np.array([3.0]), np.array([[2.0] * 8]), np.array([0.75]), np.zeros(1), 0.0)
    lift = np.linspace(1.0, 2.0, 90)
    width = given.cases.end - given.cases.start
    for factor, of in ((1.0, None), (lift, lift)):
        found = fitted_hazard(given.cases, given.design(), fit, of)
        expected = np.broadcast_to(6.0 / width * np.asarray(factor), (90,))
        np.testing.assert_allclose(found.outside, np.repeat(expected[None, :, None], 8, axis=2))
        np.testing.assert_allclose(found.strength, [[[0.75 / width]]])


TIMES = [2.0, 3.0, 5.0, 8.0, None, None]
TIED = [("a", "b", 1.0, 9.0), ("c", "b", 0.0, 4.0), ("d", "c", 4.0, 10.0), ("d", "e", 0.0, 9.0)]


def _few(times: list[float | None], ties: list[tuple[str, str, float, float]]) -> Given:
    """Six organisations in a window of ten."""
    table = pl.DataFrame(
        {"actor": list("abcdef"), "technology": "x", "time": times, "entry": [0.0] * 6,
         "exit": 10.0}
    )  # fmt: skip
    cases = read_cases(table, start=0.0, end=10.0)
    columns = ["source", "target", "from", "to"]
    tied = pl.DataFrame(ties, schema=columns, orient="row").with_columns(channel=pl.lit("t"))
    read = read_ties(tied, cases)
    onset = np.where(cases.adopts, cases.high, np.inf)
    return Given(cases, read, link_cases(cases, read), onset)


def test_reversed_time_is_that_of_a_mirrored_table() -> None:
    turned = _few(
        [None if t is None else 10.0 - t for t in TIMES],
        [(a, b, 10.0 - end, 10.0 - start) for a, b, start, end in TIED],
    )
    share = fit_em(turned.design()).share.sum()
    assert 0.05 < share < 0.95
    assert _reversed_share(_few(TIMES, TIED)) == pytest.approx(share)
    forward = fit_em(_few(TIMES, TIED).design()).share.sum()
    assert abs(forward - share) > 0.01


@pytest.mark.parametrize("given", [_chain(), _few([*TIMES[:4], 8.7, None], TIED)])
def test_scores_of_the_simple_rates_are_briers(given: Given) -> None:
    cases, onset = given.cases, given.onset
    width = cases.end - cases.start
    off: dict[str, list[np.ndarray]] = {"global": [], "recent": [], "territory": []}
    for origin in cases.start + width * np.linspace(0.5, 0.9, 5):
        scale = origin - cases.start
        risk = onset > origin
        came = (onset <= origin + width / 10)[risk]
        for name, begin in (("global", cases.start), ("recent", origin - scale / 4)):
            count = ((onset > begin) & (onset <= origin) & (onset > cases.entry)).sum()
            time = np.maximum(np.minimum(onset, origin) - begin, 0.0).sum()
            off[name].append((1 - np.exp(-count / time * width / 10) - came) ** 2)
        past = np.where(onset <= origin, onset, np.inf)
        made = make_design(cases, given.links, past, channels=1, until=float(origin))
        fit = fit_em(made, used=())
        rate = fit.cell[0] * fit.walk[0, -1] / scale
        off["territory"].append((1 - np.exp(-rate * width / 10) - came) ** 2)
    found = leave_future_out(given)
    for name, parts in off.items():
        assert found[name] == pytest.approx(np.concatenate(parts).mean())
    best = min(found[name] for name in off)
    assert found["skill"] == pytest.approx(1 - found["network"] / best)
    if len(onset) > 6:
        # Where each follows its neighbour, who has a user beside it is told from who has none.
        assert found["network"] < found["territory"]


def test_where_nothing_is_left_to_come_nothing_is_scored() -> None:
    given = _chain()
    early = np.minimum(given.onset, 1.0)
    assert leave_future_out(replace(given, onset=early)) == {"cases": 0, "events": 0}


def test_an_origin_before_any_first_use_is_passed_over_and_later_ones_are_scored() -> None:
    """Until 7 nobody has come; after 8 one of five comes, after 9 none of four."""
    given = _few([7.5, 8.5, None, None, None, None], [("a", "b", 0.0, 10.0)])
    found = leave_future_out(given)
    assert (found["cases"], found["events"]) == (5 + 4, 1)


def test_a_tie_that_begins_late_ends_early_when_time_runs_backwards() -> None:
    """It joins late users to an early one, and is over before that one comes backwards."""
    late = [*TIED, ("d", "a", 6.0, 9.5), ("d", "b", 4.0, 9.0)]
    turned = _few(
        [None if t is None else 10.0 - t for t in TIMES],
        [(a, b, 10.0 - end, 10.0 - start) for a, b, start, end in late],
    )
    found = _reversed_share(_few(TIMES, late))
    assert found == pytest.approx(fit_em(turned.design()).share.sum())
    assert found != pytest.approx(_reversed_share(_few(TIMES, TIED)), rel=1e-3)


def test_ties_that_would_join_one_to_itself_are_drawn_again() -> None:
    """Of six in a ring chance leaves most rings with somebody who is tied to itself."""
    ring = [(a, b, 0.0, 10.0) for a, b in zip("abcdef", "bcdefa", strict=True)]
    ties = _few([1.0, 2.0, 4.0, 6.0, 8.0, 9.0], ring).ties
    made = [_rewire(ties, np.random.default_rng(seed)) for seed in range(20)]
    assert not any((one.target == one.source).any() for one in made)
    assert len({tuple(one.target.tolist()) for one in made}) > 10


def test_where_a_simpler_rate_makes_no_mistake_there_is_no_skill() -> None:
    """Nobody comes after 2, so that the rate of late is none, which is right to the last digit."""
    found = leave_future_out(_few([1.0, 2.0, None, None, None, None], [("a", "b", 0.0, 10.0)]))
    assert (found["events"], found["recent"], found["skill"]) == (0, 0.0, 0.0)
    assert found["network"] > 0


def test_the_record_does_not_hang_on_when_the_clock_begins() -> None:
    given = _chain()
    cases, ties = given.cases, given.ties
    times = ("low", "high", "entry", "exit", "stays")
    moved = {name: getattr(cases, name) + 100.0 for name in times}
    later = replace(cases, start=cases.start + 100.0, end=cases.end + 100.0, **moved)
    tied = replace(ties, start=ties.start + 100.0, end=ties.end + 100.0)
    found = leave_future_out(Given(later, tied, link_cases(later, tied), given.onset + 100.0))
    assert found == pytest.approx(leave_future_out(given))
