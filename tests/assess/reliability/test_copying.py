"""Who copies is found out, who is merely good is not."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import polars as pl
import pytest

from tocsin.assess.reliability.copying import (
    Copying,
    _copier_is_row,
    copying,
    nobody_copies,
    voices,
)
from tocsin.assess.reliability.sources import learn
from tocsin.assess.reliability.votes import FALSE_VALUES, Votes
from tocsin.assess.reliability.votes import Testimony as Heard
from tocsin.bench.reliability.world import VOICES, Voice, world

HONEST = {name: voice for name, voice in VOICES.items() if voice.copies is None}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_the_copier_and_its_original(seed: int) -> None:
    made = world(seed, size=800)
    learned = learn(made.incidents, made.links, made.reports)
    names = learned.testimony.sources
    found = [learned.copying.copies(who) for who in range(len(names))]
    copiers = {
        names[who]: names[original] for who, original in enumerate(found) if original is not None
    }
    assert copiers == {"Echo": "Charlie"}
    echo, charlie = names.index("Echo"), names.index("Charlie")
    assert learned.copying.rate[echo, charlie] > 0.6
    judged = learned.judged["deaths"]
    assert judged.voice[judged.votes.who == echo].mean() < 0.6


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_nobody_is_accused_without_cause(seed: int) -> None:
    good = {**HONEST, "Foxtrot": Voice(0.8, (0.97, 0.97, 0.97))}
    made = world(seed, size=800, voices=good)
    learned = learn(made.incidents, made.links, made.reports)
    assert [learned.copying.copies(who) for who in range(5)] == [None] * 5
    assert np.allclose(learned.judged["date"].voice, 1, atol=0.2)


@pytest.mark.slow
def test_whole_sentences_that_are_the_same_tell() -> None:
    made = world(31, size=300, voices=HONEST)
    text = pl.format("Fighting was reported near the town on day {}", pl.col("native_id"))
    same = made.reports.with_columns(
        pl.when(pl.col("source").is_in(["Charlie", "Delta"])).then(text).alias("headline")
    )
    learned = learn(made.incidents, made.links, same)
    found = learned.copying.probability
    charlie, delta = (learned.testimony.sources.index(name) for name in ("Charlie", "Delta"))
    assert max(found[charlie, delta], found[delta, charlie]) > 0.9


# Against the same rules written pair by pair --------------------------------------------------

RATES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
WORDS = "Fighting was reported in the north"


def told() -> Heard:
    """Three sources on five incidents: who, item, day and headline of each row."""
    rows = [
        (0, 0, 1, WORDS), (1, 0, 2, WORDS.upper() + " "), (2, 0, 1, "Clashes were seen near here"),
        (0, 1, 5, "Short words only here"), (1, 1, 5, "Short words only here"),
        (0, 2, 9, WORDS), (1, 2, 9, "It was told by another voice"), (2, 2, 8, WORDS),
        (0, 3, 11, None), (2, 3, 12, None), (1, 4, 20, "Of this one nobody else spoke"),
    ]  # fmt: skip
    names = {"who": pl.Int64, "item": pl.Int64, "day": pl.Int64, "headline": pl.String}
    spoken = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.col("day").cast(pl.Int32).cast(pl.Date).alias("date_start")
    )
    return Heard(spoken, pl.DataFrame(), ["a", "b", "c"], pl.DataFrame())


def cast(values: list[int], owner: list[int]) -> Votes:
    """Votes of the rows of `told` on the items that two sources tell of."""
    said = told().spoken.filter(pl.col("item") < 4)
    n = said.height
    weight = np.linspace(1.0, 0.7, n)
    return Votes(
        said["item"].to_numpy(), said["who"].to_numpy(), np.array(values), np.array(owner), weight,
        np.arange(n),
    )  # fmt: skip


VOTES = {
    "date": cast([0, 1, 0, 2, 2, 3, 3, 3, 4, 5], [0, 0, 1, 2, 3, 3]),
    "deaths": cast([0, 0, 1, 2, 3, 4, 5, 4, 6, 6], [0, 0, 1, 1, 2, 2, 3]),
}
ACCURACY = np.array([0.9, 0.8, 0.7, 0.9, 0.8, 0.9, 0.8, 0.7, 0.9, 0.7])
OWN = np.linspace(0.6, 1.0, 10)


def by_hand(said: Heard, rows: dict[str, Votes]) -> tuple[np.ndarray, np.ndarray]:
    """The log likelihood ratio of each pair (lower number first) and rate, and what is shared."""
    evidence, shared = np.zeros((3, 3, 7)), np.zeros((3, 3))
    for name, votes in rows.items():
        wrong = FALSE_VALUES[name]
        voice = OWN * np.log(wrong * ACCURACY / (1 - ACCURACY))

        def score(value: int, *, leaving: tuple[int, ...] = (), votes=votes, voice=voice) -> float:
            every = range(len(votes.who))
            return sum(votes.weight[i] * voice[i] for i in every
                       if votes.value[i] == value and i not in leaving)  # fmt: skip

        for i, j in itertools.combinations(range(10), 2):
            if votes.item[i] != votes.item[j]:
                continue
            values = np.flatnonzero(votes.owner == votes.item[i])
            mine = int(votes.value[i])
            rest = sum(np.exp(score(int(v))) for v in values if v != mine)
            left = np.exp(score(mine, leaving=(i, j)))
            p = left / (rest + left + max(wrong + 1 - len(values), 0.5))
            a, b = ACCURACY[i], ACCURACY[j]
            chance = p * a * b + (1 - p) * (1 - a) * (1 - b) / wrong
            mean = (a + b) / 2
            original = p * mean + (1 - p) * (1 - mean) / wrong
            weight = votes.weight[i] * votes.weight[j]
            one, two = votes.who[i], votes.who[j]
            shared[one, two] += weight
            for k, rate in enumerate(RATES):
                alike = (rate * original + (1 - rate) * chance) / chance
                same = votes.value[i] == votes.value[j]
                evidence[one, two, k] += weight * np.log(alike if same else 1 - rate)
    texts = said.spoken.filter(pl.col("headline").str.split(" ").list.len() >= 5)
    for one, two in itertools.combinations(texts.to_dicts(), 2):
        if one["item"] == two["item"]:
            same = one["headline"].strip().lower() == two["headline"].strip().lower()
            for k, rate in enumerate(RATES):
                kept = rate / 2
                ratio = (kept + (1 - kept) * 0.01) / 0.01 if same else 1 - kept
                evidence[one["who"], two["who"], k] += np.log(ratio)
    return evidence, shared


def test_every_pair_is_judged_as_reckoned_by_hand() -> None:
    found = copying(told(), {name: (votes, ACCURACY, OWN) for name, votes in VOTES.items()})
    evidence, shared = by_hand(told(), VOTES)
    # The second tells one event a day after the first; the third has the largest part of its own.
    copiers = {(0, 1): 1, (0, 2): 0, (1, 2): 1}
    for (one, two), copier in copiers.items():
        mass = np.exp(evidence[one, two])
        odds = 0.1 / 0.9 * mass.mean()
        original = one if copier == two else two
        assert found.probability[copier, original] == pytest.approx(odds / (1 + odds), rel=1e-9)
        assert found.rate[copier, original] == pytest.approx((mass * RATES).sum() / mass.sum())
        assert found.probability[original, copier] == found.rate[original, copier] == 0
        assert found.shared[one, two] == found.shared[two, one] == pytest.approx(shared[one, two])


@pytest.mark.parametrize(
    ("alone", "lags"),
    [((0, 0), []), ((0, 0), [1]), ((3, 1), []), ((1, 3), []), ((6, 0), [1, 1]), ((6, 0), [1] * 5),
     ((0, 6), [-1] * 5), ((9, 0), [-1, 1, 1]), ((9, 2), [1, 0, 1]), ((4, 2), [1]),
     ((6, 1), [-1]), ((4, 2), [1, 1] + [0] * 20),
     # Each of these would fall out the other way with one more or fewer of one of the numbers.
     ((0, 11), [1, -1, -1, -1] + [0] * 4), ((0, 11), [1, 1] + [-1] * 4 + [0] * 3),
     ((11, 0), [1] * 5 + [-1] + [0] * 5), ((9, 0), [1] * 6 + [-1] * 3 + [0] * 4),
     ((0, 10), [1, 1] + [-1] * 4 + [0] * 4), ((0, 10), [1, 0]), ((6, 0), [-1, 0])],
)  # fmt: skip
def test_the_copier_has_less_of_its_own_or_tells_it_later(
    alone: tuple[int, int], lags: list[int]
) -> None:
    """`alone`: incidents that only the first or only the second tells of; `lags`: on those that
    both tell of, 1 where the first is later."""
    rows = [(0, 0, 5), (1, 0, 5)]
    for item, lag in enumerate(lags, 1):
        rows += [(0, item, 5 + 3 * lag), (1, item, 5)]
    at = len(lags) + 1
    for who, many in enumerate(alone):
        rows += [(who, at + 20 * who + n, 5) for n in range(many)]
    spoken = pl.DataFrame(rows, schema=["who", "item", "day"], orient="row").sort("item", "who")
    spoken = spoken.with_columns(
        pl.col("day").cast(pl.Int32).cast(pl.Date).alias("date_start"),
        pl.lit(None, pl.String).alias("headline"),
    )
    common, differ = len(lags) + 1, sum(lag != 0 for lag in lags)
    first, second = ((many + 5) / (common + many) for many in alone)
    score = np.log(second) - np.log(first) + 2 * sum(lags) / (differ + 5)
    found = _copier_is_row(Heard(spoken, pl.DataFrame(), ["a", "b"], pl.DataFrame()))
    assert found.tolist() == [[False, score >= 0], [score < 0, False]]


def test_who_tells_of_one_incident_only_is_judged_as_others_are() -> None:
    """The first tells of one, a day later than the second, which tells of one more."""
    spoken = pl.DataFrame(
        {
            "who": [0, 1, 1],
            "item": [0, 0, 1],
            "date_start": [date(2020, 1, 2), date(2020, 1, 1), date(2020, 1, 1)],
        }
    )
    score = np.log((1 + 5) / 2) - np.log((0 + 5) / 1) + 2 * 1 / (1 + 5)
    assert score < 0
    found = _copier_is_row(Heard(spoken, pl.DataFrame(), ["a", "b"], pl.DataFrame()))
    assert found.tolist() == [[False, False], [True, False]]


def test_who_shares_nothing_copies_nothing() -> None:
    said = told()
    apart = Heard(
        said.spoken.filter(pl.col("who") != 2), said.incidents, said.sources, said.speakers
    )
    kept = {}
    for name, votes in VOTES.items():
        use = votes.who != 2
        parts = (votes.item, votes.who, votes.value)
        few = Votes(*(part[use] for part in parts), votes.owner, votes.weight[use], votes.row[use])
        kept[name] = (few, ACCURACY[use], OWN[use])
    found = copying(apart, kept)
    assert found.shared[2].tolist() == found.probability[2].tolist() == [0.0] * 3
    assert found.probability[:, 2].tolist() == [0.0] * 3
    assert found.copies(2) is None


def test_a_copier_is_named_from_nine_tenths_on() -> None:
    for probability, copied in ((0.9, 1), (0.89, None)):
        table = np.array([[0.0, probability, 0.2], [0.0] * 3, [0.0] * 3])
        assert Copying(table, table, table).copies(0) == copied
    assert nobody_copies(2).copies(1) is None


def test_a_voice_is_what_no_original_that_agrees_explains() -> None:
    table = np.array([[0.0, 0.0, 0.0], [0.8, 0.0, 0.0], [0.5, 0.25, 0.0]])
    rate = np.array([[0.0, 0.0, 0.0], [0.6, 0.0, 0.0], [0.5, 0.4, 0.0]])
    votes = VOTES["date"]
    found = voices(votes, ACCURACY, Copying(table, rate, table))
    expected = np.ones(10)
    for i, j in itertools.permutations(range(10), 2):
        if votes.item[i] == votes.item[j] and votes.value[i] == votes.value[j]:
            one, two = votes.who[i], votes.who[j]
            chance = ACCURACY[i] * ACCURACY[j]
            copied = rate[one, two] / max(rate[one, two] + (1 - rate[one, two]) * chance, 1e-12)
            expected[i] *= 1 - table[one, two] * copied
    assert found == pytest.approx(expected, abs=1e-12)
    assert (found < 1).sum() >= 3
