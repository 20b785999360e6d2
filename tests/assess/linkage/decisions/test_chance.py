"""Chance: its pairs are counted by report, source and level, and weighed as their rules say."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.assess.linkage.decisions.chance import POOL, TRUST_SURROUNDINGS, Chance, shares
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.comparisons import Comparison, Level

SOURCE = np.array([0, 0, 1, 1])
VALUES = {
    "day0": np.array([0, 0, 0, 3]), "day1": np.array([0, 0, 0, 3]), "located": np.ones(4),
    "place_id": np.array([1, 1, 1, -1]), "adm_id": np.array([-1, -1, -1, -1]),
}  # fmt: skip
PAIRS = Pairs(np.array([0, 1, 0]), np.array([2, 3, 3]))
"""On one day; three days apart; three days apart."""


def made(name: str, known: str = "placed") -> Comparison:
    """A comparison of three levels by the days between two reports."""
    return Comparison(
        name, known,
        (Level("same", (("gap", "<=", 0),), 0.5), Level("near", (("gap", "<=", 3),), 0.3),
         Level("far", (), 0.2)),
    )  # fmt: skip


LEVELS = (made("time"), made("place"))


def counted(*, shift: int = 0, thin: int = 1) -> Chance:
    chance = Chance.empty(LEVELS, 4, 2)
    chance.add(VALUES, LEVELS, PAIRS, SOURCE, shift, thin=thin)
    return chance


def test_a_pair_counts_half_for_either_report() -> None:
    chance = counted()
    assert chance.calendars == 1
    assert chance.expected.tolist() == [[0, 1], [0, 0.5], [0.5, 0], [1, 0]]
    chance.add(VALUES, LEVELS, PAIRS, SOURCE, 0)
    assert chance.calendars == 2
    assert chance.expected.sum() == 2 * len(PAIRS)


def test_of_a_sample_each_left_report_stands_for_as_many_as_were_left_out() -> None:
    assert counted(thin=4).expected.tolist() == [[0, 8], [0, 4], [0, 0], [0, 0]]


def test_levels_are_counted_over_all_and_by_report() -> None:
    chance = counted()
    assert {name: found.tolist() for name, found in chance.counts.items()} == {
        "time": [1, 2, 0],
        "place": [1, 2, 0],
    }
    assert list(chance.local) == ["place"]
    assert chance.local["place"].tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0], [0, 2, 0]]
    # Moved by a day, the right one's days are 1 and 4.
    assert counted(shift=1).counts["time"].tolist() == [0, 1, 2]


def test_what_cannot_be_compared_is_not_counted() -> None:
    compared = (made("place", known="named"),)
    chance = Chance.empty(compared, 4, 2)
    chance.add(VALUES, compared, PAIRS, SOURCE, 0)
    # The last report has no name of a place.
    assert chance.counts["place"].tolist() == [1, 0, 0]
    assert chance.local["place"].sum() == 2


def test_shares_sum_to_one_and_none_is_zero() -> None:
    assert shares(np.array([1.0, 2.0, 0.0])) == pytest.approx((1.5 / 4.5, 2.5 / 4.5, 0.5 / 4.5))
    assert sum(shares(np.zeros(7))) == pytest.approx(1)


def test_time_is_told_by_a_sources_own_reports_where_they_are_enough() -> None:
    chance = counted()
    by_chance = {"time": shares(np.array([1, 2, 0])), "place": shares(np.array([1, 2, 0]))}
    assert chance.u() == by_chance
    for pairs, enough in ((200, False), (201, True)):
        chance.times = np.array([0.0, pairs, 0.0])
        told = shares(chance.times) if enough else by_chance["time"]
        assert chance.u() == by_chance | {"time": told}


def test_days_within_a_source_are_counted_first_level_first() -> None:
    chance = counted()
    chance.add_within(VALUES, LEVELS[0], Pairs(np.array([0, 2]), np.array([1, 3])))
    assert chance.times is not None
    assert chance.times.tolist() == [1, 1, 0]
    unnamed = made("time", known="named")
    chance.add_within(VALUES, unnamed, Pairs(np.array([0, 2]), np.array([1, 3])))
    assert chance.times.tolist() == [1, 0, 0]


def test_a_pair_says_less_where_much_happens() -> None:
    chance = counted()
    chance.expected = np.array([[0.0, 8.0], [0.0, 2.0], [6.0, 0.0], [4.0, 0.0]])
    chance.calendars = 2
    # Halved by the two calendars: 4 and 3 around the first pair, 1 and 2 around the second. The
    # usual count leaves out each report's own source, with which it makes no pair.
    usual = (4 + 1 + 3 + 2) / 4
    found = chance.traffic(Pairs(np.array([0, 1]), np.array([2, 3])), SOURCE)
    expected = [
        TRUST_SURROUNDINGS * np.log2((usual + 0.25) / np.sqrt((a + 0.25) * (b + 0.25)))
        for a, b in ((4, 3), (1, 2))
    ]
    assert found == pytest.approx(expected)
    assert found[0] < 0 < found[1]


def test_nothing_counted_weighs_nothing() -> None:
    chance = Chance.empty(LEVELS, 4, 2)
    assert chance.traffic(PAIRS, SOURCE).tolist() == [0, 0, 0]


def test_a_level_says_less_where_chance_hits_it_often() -> None:
    chance = counted()
    chance.local = {"place": np.array([[30, 0, 0], [0, 0, 0], [0, 10, 0], [0, 0, 0]], np.float32)}
    u = (0.2, 0.3, 0.5)

    def gain(counts: list[float], level: int) -> float:
        mixed = np.array(counts) + POOL * np.array(u)
        return float(np.log2(u[level] / (mixed[level] / mixed.sum())))

    pairs = Pairs(np.array([0, 0, 1]), np.array([2, 3, 3]))
    # Splink's number of a level: 2 is the first; -1 cannot be compared.
    found = chance.locality(pairs, {"place": np.array([2, 0, -1], np.int8)}, {"place": u})
    first = (gain([30, 0, 0], 0) + gain([0, 10, 0], 0)) / 2
    second = (gain([30, 0, 0], 2) + gain([0, 0, 0], 2)) / 2
    assert found == pytest.approx([TRUST_SURROUNDINGS * first, TRUST_SURROUNDINGS * second, 0.0])
    assert found[0] < 0 < found[1]


def test_of_one_calendar_chance_is_what_was_counted() -> None:
    chance = counted()
    assert chance.calendars == 1
    usual = (1 + 0.5 + 0.5 + 1) / 4
    found = chance.traffic(Pairs(np.array([0, 1]), np.array([3, 2])), SOURCE)
    here = np.array([1.25, np.sqrt(0.75 * 0.75)])
    assert found == pytest.approx(TRUST_SURROUNDINGS * np.log2((usual + 0.25) / here))
