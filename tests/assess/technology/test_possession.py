"""Possession: doubtful mentions stay doubtful, silence speaks, priors are found again."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from tocsin.assess.technology.possession import (
    SHARES,
    Mentions,
    _chances,
    fit,
    posterior,
    silence,
)
from tocsin.assess.technology.prior import (
    HAVE,
    RATES,
    REGION,
    SIZE,
    Drawn,
    Prior,
    _covariance,
    _regress,
    logit,
    rate_weights,
    share_of,
)

FLAT = fit([])


def mentions(
    odds: list[float],
    named: bool = False,
    there: float = 0.9,
    incidents: int | None = None,
    third: bool = False,
    singles: bool = True,
) -> Mentions:
    """One mention a day, and silent incidents after the last."""
    n = len(odds)
    full = np.full(n, there)
    total = n if incidents is None else incidents
    return Mentions(
        full, full, np.array(odds), np.full(n, True), np.ones(n), np.full(n, named),
        np.full(n, third), np.full(n, singles), np.arange(n), total, total - np.arange(n),
        np.zeros(n),
    )  # fmt: skip


def has(case: Mentions) -> float:
    return posterior(case, FLAT).possession


def before(incidents: int) -> float:
    return FLAT.share(incidents)


def test_doubtful_mentions_are_no_certainty() -> None:
    assert has(mentions([1.0])) <= before(1) + 1e-9
    assert has(mentions([1.0] * 17)) <= before(17) + 1e-9
    assert has(mentions([0.2] * 17)) < before(17)


def test_what_its_role_says_is_said_once_by_all_that_say_no_more() -> None:
    """One blast that struck the army, and five of which nobody is named, are no certainty."""

    def case(n: int, *, evident: bool) -> Mentions:
        struck = mentions([15.0] + [3.8] * (n - 1), incidents=20)
        return replace(struck, evident=np.array([True] + [evident] * (n - 1)))

    one, two, six = (has(case(n, evident=False)) for n in (1, 2, 6))
    assert one < two
    assert six <= two + 0.02
    # Were it evidence of each mention, four more of them would say much more.
    assert has(case(6, evident=True)) > six + 0.1


def test_words_that_name_it_are_believed() -> None:
    assert has(mentions([30.0] * 3, named=True)) > 0.8
    assert has(mentions([30.0], named=True)) > has(mentions([1.0], named=True))


@settings(max_examples=30)
@given(
    st.lists(st.floats(0.001, 1000), min_size=1, max_size=40), st.booleans(), st.integers(0, 500)
)
def test_who_is_never_singled_out_is_believed_no_more_than_before(
    odds: list[float], named: bool, silent: int
) -> None:
    """How often such a side is the user does not add up to a belief in this organisation."""
    total = len(odds) + silent
    assert has(mentions(odds, named, incidents=total, singles=False)) <= before(total) + 1e-9


def test_silence_speaks() -> None:
    case = [30.0]
    loud, quiet = (has(mentions(case, True, incidents=n)) / before(n) for n in (2, 500))
    assert loud > quiet
    held = np.array([logit(0.3)])
    assert silence(1000, FLAT, held) < silence(10, FLAT, held) < 0.3
    assert silence(0, FLAT, held) == pytest.approx(0.3)


def test_silence_before_the_first_mention_speaks_as_silence_after_it() -> None:
    """Of a mention after 399 incidents without the class less is believed than of one alone."""

    def moved(case: Mentions) -> float:
        return logit(has(case)) - logit(before(case.incidents))

    late = replace(mentions([30.0], True), incidents=400, since=np.array([1]))
    early = mentions([30.0], True, incidents=400)
    first = mentions([30.0], True)
    assert moved(early) < moved(late) < moved(first) - 0.2


@pytest.mark.parametrize("incidents", [0, 1, 7, 300])
def test_silence_is_bayes_rule_over_rates(incidents: int) -> None:
    """Of no incident words tell of a use, whichever its rate is."""
    rates = np.arange(1.0, 10) / 45
    prior = Prior(-0.5, 0.7, rates)
    seen = sum(p * (1 - rate) ** incidents for p, rate in zip(rates, RATES, strict=True))
    held = np.array([logit(0.3)])
    assert silence(incidents, prior, held) == pytest.approx(0.3 * seen / (0.3 * seen + 0.7))
    have = prior.share(incidents)
    assert silence(incidents, prior) == pytest.approx(have * seen / (have * seen + 1 - have))


def test_uses_of_another_do_not_hide_ones_own() -> None:
    own = mentions([30.0, *[0.03] * 20] * 10, True)
    assert has(own) > 0.8 > before(200) > has(mentions([0.03] * 200, True))


def test_strikes_by_a_third_party_say_nothing_of_ones_own() -> None:
    struck = mentions([0.01] * 9, True, third=True, incidents=200)
    assert has(struck) == pytest.approx(silence(200, FLAT), rel=0.2)


def test_what_is_said_here_moves_it() -> None:
    case = mentions([1.0] * 4)
    for sign in (1.0, -1.0):
        said = replace(case, said=np.full(4, sign * np.log(9)))
        assert sign * (has(said) - has(case)) > 0.05


@settings(max_examples=40)
@given(
    st.lists(st.floats(0.001, 1000), min_size=1, max_size=30),
    st.booleans(),
    st.floats(0.05, 1),
    st.integers(0, 5000),
)
def test_a_posterior_is_one(odds: list[float], named: bool, there: float, silent: int) -> None:
    held = posterior(mentions(odds, named, there, len(odds) + silent), FLAT)
    assert 0 <= held.possession <= 1
    assert np.isclose(held.joint.sum(), 1)
    assert (np.diff(held.by_day()) >= -1e-12).all()
    assert (held.mean() <= there + 1e-9).all()
    onset, uses = held.draw(np.random.default_rng(1), 50)
    assert ((onset >= -1) & (onset < len(odds))).all()
    assert not uses[onset < 0].any()
    assert not uses[:, 0][onset > 0].any()


def test_the_prior_learns_from_the_organisations() -> None:
    users = [mentions([30.0] * 4, True, incidents=40) for _ in range(12)]
    others = [mentions([0.03] * 4, True, incidents=40) for _ in range(12)]
    many, few = fit(users), fit(others)
    assert many.share(40) > FLAT.share(40) > few.share(40)
    apart = fit(users + others, ["here"] * 12 + ["there"] * 12)
    assert apart.share(40, "here") > apart.share(40, "elsewhere") > apart.share(40, "there")


def test_an_onset_is_as_probable_after_each_incident() -> None:
    """Ten incidents, of which eight lie on the first day of the grid or later, and so on."""
    case = replace(mentions([1.0] * 4, incidents=10), since=np.array([8, 8, 3, 0]))
    assert case.onset == pytest.approx(np.array([3, 1, 5, 3]) / 12)


# Against Bayes' rule mention by mention -------------------------------------------------------


def several(n: int = 80) -> Mentions:
    """More mentions of each kind than count in full, some on the same day, some of a third."""
    rng = np.random.default_rng(8)
    named = np.arange(80) % 7 != 0
    odds = np.exp(rng.normal(0.1, 1.5, 80))
    odds[:4] = [500.0, 0.001, 40.0, 1.0]
    third = named & (np.arange(80) % 11 == 5)
    assert (named & (odds > 1)).sum() > 24
    assert (named & (odds <= 1)).sum() > 24
    assert (~named).sum() > 6
    there, part = rng.uniform(0.3, 1, 80), rng.uniform(0.5, 1, 80)
    evident = rng.random(80) < 0.5
    side, day = rng.uniform(0.5, 1, 80), np.sort(rng.integers(0, 9, 80)) // 2
    since = np.array([200, 170, 120, 90, 40])
    return Mentions(
        there[:n], (there * part)[:n], odds[:n], evident[:n], side[:n], named[:n], third[:n],
        np.full(n, True), day[:n], 230, since, np.array([0.3, 0.3, 0.0, 0.0, 0.0]),
    )  # fmt: skip


def ratios_by_hand(case: Mentions) -> list[list[float]]:
    most = [np.log(100.0 if named else 8.0) for named in case.named]
    logs = [min(max(np.log(o), -m), m) for o, m in zip(case.odds, most, strict=True)]
    kind = [
        ("ours" if log >= 0 else "theirs") if named else "evident" if evident else "role"
        for named, evident, log in zip(case.named, case.evident, logs, strict=True)
    ]
    most_of = {"ours": 24, "theirs": 24, "evident": 6, "role": 1}
    weight = {k: min(1, limit / max(kind.count(k), 1)) for k, limit in most_of.items()}
    weigh = [0 if third else weight[k] for third, k in zip(case.third, kind, strict=True)]
    return [
        [
            np.log(1 + share * case.there[i] * case.side[i] * (np.exp(logs[i] * w) - 1))
            for i, w in enumerate(weigh)
        ]
        for share in SHARES
    ]


def chances_by_hand(case: Mentions) -> np.ndarray:
    """The probability of each share on each onset day at each rate, number by number of uses."""
    between = [(a + b) / 2 for a, b in itertools.pairwise(SHARES[1:])]
    found = np.zeros((len(RATES), len(SHARES), len(case.since)))
    for day, least in enumerate(case.since):
        mentions = int((~case.third & (case.day >= day)).sum())
        most = case.incidents if day == 0 else case.since[day - 1] - 1
        for number in range(mentions + 1):
            at = 1 + sum(number > np.floor(mentions * edge + 1e-9) for edge in between)
            # The onset is as probable at each incident between the two days.
            each = [binom.pmf(number, one, RATES) for one in range(least, most + 1)]
            found[:, 0 if number == 0 else at, day] += np.mean(each, axis=0)
    return found


def evidence_by_hand(case: Mentions, *, words: bool) -> np.ndarray:
    """Of each rate, share and onset day, relative to never: shape (RATES, SHARES, days)."""
    starts = [case.incidents + 1, *case.since[:-1]]
    onset = np.array([float(a - b) for a, b in zip(starts, case.since, strict=True)])
    mass = chances_by_hand(case) * onset / onset.sum()
    if not words:
        return mass
    logs = [
        [
            sum(r for r, d in zip(row, case.day, strict=True) if d >= on)
            for on in range(len(case.since))
        ]
        for row in ratios_by_hand(case)
    ]
    return np.asarray(mass * np.exp(np.array(logs) + case.said))


@pytest.mark.slow
def test_a_posterior_is_bayes_rule_over_shares_and_onsets() -> None:
    case = several()
    rates = np.arange(1.0, 10) / 45
    held = posterior(case, Prior(0.0, 0.0, rates), np.array([logit(0.3)]))
    mass = np.tensordot(rates, evidence_by_hand(case, words=True), axes=1)
    odds = 0.3 / 0.7 * mass.sum()
    # Three points between two days stand for all incidents there.
    assert held.possession == pytest.approx(odds / (1 + odds), rel=0.005)
    assert held.joint == pytest.approx(mass / mass.sum(), abs=0.002)
    expected, weight = np.zeros(len(case.day)), np.zeros(len(case.day))
    ratios = ratios_by_hand(case)
    for i in range(len(case.day)):
        for s, share in enumerate(SHARES):
            ours = share * case.odds[i]
            own = case.use[i] * case.side[i] * ours / (1 - share + ours)
            assert held.own[s, i] == pytest.approx(min(own, 1))
            by_then = held.joint[s, : case.day[i] + 1].sum()
            expected[i] += held.possession * by_then * held.own[s, i]
            weight[i] += by_then * ratios[s][i]
    assert held.mean() == pytest.approx(expected)
    assert held.weight == pytest.approx(weight)
    assert held.by_day() == pytest.approx(np.cumsum(mass.sum(0)) / mass.sum(), abs=0.002)


CASES = [several(), several(30), several(7)]
WHERE = ["here", "there", "here"]


def objective(weight: np.ndarray, rates: np.ndarray) -> float:
    """The log posterior of the log odds' weights, in the order of `fit`, and of the rates."""
    have, size, *regions = weight
    total = float((rate_weights(None) * np.log(rates)).sum())
    normal = [(have, HAVE), (size, SIZE), *((one, (0.0, REGION)) for one in regions)]
    total -= sum((value - centre) ** 2 / spread**2 / 2 for value, (centre, spread) in normal)
    for case, where, (words, mentions) in zip(CASES, WHERE, told(), strict=True):
        region = regions[["here", "there"].index(where)]
        odds = np.exp(have + size * (np.log10(case.incidents) - 1) + region)
        total += np.log1p(odds * (words @ rates)) - np.log1p(odds * (mentions @ rates))
    return total


@cache
def told() -> list[list[np.ndarray]]:
    """The evidence of each rate in each case, of its words and of its mentions alone."""
    return [
        [evidence_by_hand(case, words=words).sum(axis=(1, 2)) for words in (True, False)]
        for case in CASES
    ]


@pytest.mark.slow
def test_the_prior_is_the_mode_of_the_words_given_the_mentions() -> None:
    found = fit(CASES, WHERE)
    mode = np.array([found.have, found.size, found.region["here"], found.region["there"]])
    best = objective(mode, found.rates)
    for step in (-0.03, 0.03):
        for one in np.eye(4) * step:
            assert objective(mode + one, found.rates) < best
        for at in range(len(RATES)):
            moved = found.rates * np.where(np.arange(len(RATES)) == at, 1 + 3 * step, 1.0)
            assert objective(mode, moved / moved.sum()) < best + 1e-6
    assert (FLAT.have, FLAT.size) == (HAVE[0], SIZE[0])


def test_what_words_leave_open_makes_no_weight_less_sure_than_twice_its_prior() -> None:
    """Where words make an organisation less certain than it was the bend may be below none."""
    spread = np.array([0.5, 2.0])
    design = np.column_stack([np.ones(400), np.zeros(400)])
    doubt, none = np.full(400, 0.5), np.full(400, 1e-6)
    assert _covariance(design, (doubt, none), spread) == pytest.approx(np.diag([8.0, 4.0]))
    assert _covariance(design, (none, doubt), spread) == pytest.approx(
        np.diag([1 / (100 + 4), 4.0]), rel=1e-4
    )


def test_a_step_towards_the_mode_is_newtons_and_no_longer_than_one() -> None:
    design = np.ones((3, 1))
    after, before = np.array([0.9, 0.4, 0.5]), np.array([0.2, 0.3, 0.5])
    weight, prior = np.array([0.4]), (np.array([-0.6]), np.array([2.0]))
    slope, bend = 0.8 - 1.0 / 4, 0.16 + 0.21 + 0.25 + 1 / 4
    assert _regress(design, (after, before), weight, prior) == pytest.approx(0.4 + slope / bend)
    for sign in (1, -1):
        far = _regress(sign * 50 * design, (after, before * 0.01), weight, prior)
        assert abs(far[0] - 0.4) <= 1
        steep = (np.array([sign * 9.0]), np.array([0.1]))
        assert _regress(design, (before, before), weight, steep)[0] == pytest.approx(0.4 + sign)


def test_thousands_of_silent_incidents_leave_numbers() -> None:
    quiet = mentions([1e-6] * 40, True, incidents=900_000)
    loud = mentions([1e6] * 40, True, incidents=41)
    found = fit([quiet, loud])
    assert np.isfinite([found.have, found.size, *found.rates]).all()
    for case in (quiet, loud):
        held = posterior(case, found)
        assert np.isfinite(held.weight).all()
        assert 0 <= held.possession <= 1
    assert posterior(quiet, found).possession < 0.01
    assert posterior(loud, found).possession > 0.9


def test_of_a_suspect_words_weigh_against_the_others_that_it_may_have_been() -> None:
    """If another was the side, words that tell of its use were as probable."""
    prior = Prior(0.0, 0.0, np.eye(9)[7])
    there, side, odds = 0.9, 0.6, 5.0
    case = replace(mentions([odds], True, there), side=np.array([side]))
    found = posterior(replace(case, suspected=np.array([True])), prior)
    plain = posterior(case, prior)
    for held, doubt in ((found, True), (plain, False)):
        rows = [share * there * (odds - 1) for share in SHARES]
        logs = [
            np.log((1 + more) / (1 + (1 - side) * more)) if doubt else np.log(1 + side * more)
            for more in rows
        ]
        assert held.weight[0] == pytest.approx(float((held.joint[:, 0] * logs).sum()))
    unsure = posterior(replace(case, suspected=np.array([False])), prior)
    assert unsure.weight == pytest.approx(plain.weight)


def test_a_posterior_is_the_mean_over_what_the_prior_may_be() -> None:
    """Each draw of the prior by itself, and onsets weighed by how probable possession is in it."""
    rng = np.random.default_rng(4)
    drawn = Drawn(rng.normal(0, 1, (40, 2)), rng.dirichlet(np.ones(9), 40))
    prior = Prior(0.0, 0.0, np.full(9, 1 / 9), {}, drawn)
    case = several()
    whole = posterior(case, prior)
    each = [
        posterior(case, Prior(float(have), float(size), rates))
        for (have, size), rates in zip(drawn.weights, drawn.rates, strict=True)
    ]
    assert whole.chance == pytest.approx([one.possession for one in each])
    assert whole.possession == pytest.approx(np.mean(whole.chance))
    mass = sum(one.possession * one.joint for one in each) / sum(one.possession for one in each)
    assert whole.joint == pytest.approx(mass)
    by_hand = np.mean([silence(30, Prior(float(h), float(s), r)) for (h, s), r in zip(
        drawn.weights, drawn.rates, strict=True)])  # fmt: skip
    assert silence(30, prior) == pytest.approx(by_hand)


def test_the_draws_of_the_prior_are_its_posterior() -> None:
    """The mean of what they say of weights and rates is that of a grid of all of them."""
    cases = [mentions([odds] * 3, True, incidents=30) for odds in (30.0, 30.0, 0.1, 0.03)]
    found = fit(cases, seed=(7,))
    assert found.drawn is not None
    evidence = [
        [evidence_by_hand(case, words=bool(words)).sum(axis=(1, 2)) for words in (1, 0)]
        for case in cases
    ]
    rng = np.random.default_rng(9)
    n = 200_000
    log = rng.normal(HAVE[0], HAVE[1], n) + rng.normal(0, REGION, n)
    log += rng.normal(*SIZE, n) * (np.log10(30) - 1)
    rates = rng.dirichlet(rate_weights(None), n)
    weight = np.ones(n)
    for words, plain in evidence:
        weight *= (1 + np.exp(log) * (rates @ words)) / (1 + np.exp(log) * (rates @ plain))
    weight /= weight.sum()
    assert found.share(30) == pytest.approx(weight @ share_of(log), abs=0.02)
    assert found.drawn.rates.mean(axis=0) == pytest.approx(weight @ rates, abs=0.02)
    assert share_of(found.log_odds(30, None)).std() == pytest.approx(
        np.sqrt(weight @ share_of(log) ** 2 - (weight @ share_of(log)) ** 2), rel=0.15
    )


def test_draws_are_of_the_posterior() -> None:
    held = posterior(several(), Prior(0.0, 0.0, np.full(len(RATES), 1 / len(RATES))))
    held = replace(held, chance=np.array([0.4, 0.8]))
    onset, uses = held.draw(np.random.default_rng(2), 40_000)
    assert (onset < 0).mean() == pytest.approx(0.4, abs=0.01)
    by_day = [(onset[onset >= 0] <= day).mean() for day in range(held.joint.shape[1])]
    assert by_day == pytest.approx(held.by_day(), abs=0.01)
    assert uses.mean(axis=0) == pytest.approx(held.mean(), abs=0.012)
    for day in range(5):
        # Nothing is used before its onset, and all that comes on its day or later may be.
        assert not uses[onset == day][:, held.day < day].any()


def test_a_suspect_is_moved_by_what_its_doubt_leaves() -> None:
    """However sure words are of the side's use, another may have been the side."""
    prior = Prior(-1.0, 0.0, np.full(RATES.size, 1 / RATES.size))
    one = replace(mentions([1e6]), side=np.array([0.6]), suspected=np.array([True]))
    found, plain = posterior(one, prior), posterior(replace(one, suspected=None), prior)
    moved = np.log(found.possession / (1 - found.possession)) + 1.0
    assert moved <= np.log(1 / 0.4)
    assert found.possession < plain.possession
    assert found.mean() <= 0.6
    certain = replace(one, side=np.array([1.0]))
    assert posterior(certain, prior).possession == pytest.approx(
        posterior(replace(certain, suspected=None), prior).possession
    )


def test_where_every_incident_mentions_the_class_there_is_no_silence() -> None:
    """Incidents between two mentions count as silent ones; here there are none."""
    case = mentions([0.5] * 5)
    np.testing.assert_allclose(_chances(case).sum(axis=1), 1.0)
    # An onset is as probable before each of them.
    np.testing.assert_allclose(case.onset, np.full(5, case.onset[0]))
    # Nine silent incidents between the first mention and the second say something of the first day
    # alone, as an onset after the second leaves them before it.
    apart = replace(case, incidents=14, since=np.array([14, 4, 3, 2, 1]))
    told = _chances(apart).sum(axis=1)
    assert (told[-1, :2] < 0.999).all()
    np.testing.assert_allclose(told[:, 2:], 1.0)


def test_an_onset_between_two_days_is_as_likely_among_the_incidents_between_them() -> None:
    """With one mention left, none of three or four incidents told of a use, by rates of a tenth."""
    case = replace(mentions([1.0, 1.0], incidents=5), since=np.array([5, 3]))
    found = _chances(case)[list(RATES).index(0.1), 0]
    # Nobody is at risk of more than all five on the first day.
    assert found[0] == pytest.approx(0.9**5)
    assert 0.9**4 < found[1] < 0.9**3
    # Of the three points between them the nearest counts for three incidents, and two for four.
    assert found[1] == pytest.approx((5 * 0.9**3 + 13 * 0.9**4) / 18)
