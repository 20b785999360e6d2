"""Parts: two reports of one source whose counts add up to another source's one."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.assess.linkage.decisions.model import Weights
from tocsin.assess.linkage.decisions.parts import (
    ANYWHERE,
    COST,
    COST_AGAIN,
    COST_REVISED,
    parts,
)
from tocsin.assess.linkage.pairs.comparisons import DEATHS, TIME

LABELS = [level.label for level in DEATHS.levels]
EVEN = dict.fromkeys(LABELS, 1 / 12)
TRUSTED = 0.8
"""How far bits from deaths are believed."""


def _weights(**bits: float) -> Weights:
    """Weights by which each named level of deaths has so many bits, before trust."""
    named = {"same": "same, 5 to 14", "third": "at least two thirds", "far": "far apart",
             "half": "at least a third"}  # fmt: skip
    u = EVEN | {named[name]: 2.0**-value / 12 for name, value in bits.items()}
    return Weights(0.1, {"deaths": tuple(EVEN.values())}, {"deaths": tuple(u.values())})


def _columns(*best: int) -> dict[str, np.ndarray]:
    counts = np.array(best)
    return {"low": counts, "best": counts, "high": counts}


def _scored(*rows: tuple[int, int, float]) -> pl.DataFrame:
    """Pairs with so many bits, of which deaths gave -3, and a partner takes 1 or 2 away."""
    return pl.DataFrame(
        [
            {"left": left, "right": right, "weight_total": bits, "mw_deaths": -3.0,
             "alone_left": 1.0, "alone_right": 2.0}
            for left, right, bits in rows
        ]
    )  # fmt: skip


WEIGHTS = _weights(same=4.0, third=-1.0)


def _sure(bits: float) -> float:
    return 1 / (1 + 2.0**-bits)


def test_the_rest_of_an_event_joins_the_part_that_is_linked() -> None:
    """One source tells of 10 deaths, the other of 6 and of 4; the 6 are linked to the 10."""
    scored = _scored((0, 1, 9.0), (0, 2, 8.0))
    where, probability = parts(
        scored, np.array([0]), np.array([0, 1, 1]), _columns(10, 6, 4), WEIGHTS, threshold=0.5
    )
    assert where.tolist() == [1]
    # Bits without deaths and without the coverage of the 10, which has a partner already; the
    # sum fits (4 bits) where the 6 alone fitted badly (-1); the cost of parts.
    bits = (8 + 3 - 1) + TRUSTED * (4 + 1) - COST
    assert probability[0] == pytest.approx(_sure(bits))


def test_the_threshold_is_asked_of_parts_too() -> None:
    scored = _scored((0, 1, 9.0), (0, 2, 8.0))
    bits = (8 + 3 - 1) + TRUSTED * (4 + 1) - COST
    for threshold, found in ((_sure(bits) - 1e-4, 1), (_sure(bits) + 1e-4, 0)):
        where, _ = parts(
            scored, np.array([0]), np.array([0, 1, 1]), _columns(10, 6, 4), WEIGHTS,
            threshold=threshold,
        )  # fmt: skip
        assert len(where) == found


def test_counts_that_do_not_add_up_are_no_parts() -> None:
    scored = _scored((0, 1, 9.0), (0, 2, 1.0))
    far = _weights(far=-9.0, third=-1.0)
    where, _ = parts(
        scored, np.array([0]), np.array([0, 1, 1]), _columns(10, 6, 90), far, threshold=0.5
    )
    assert where.tolist() == []


def test_an_event_may_be_told_twice() -> None:
    """Both reports of the second source tell the whole, so their counts do not add up."""
    scored = _scored((0, 1, 14.0), (0, 2, 14.0))
    far = _weights(half=-20.0)
    where, probability = parts(
        scored, np.array([0]), np.array([0, 1, 1]), _columns(10, 10, 10), far, threshold=0.5
    )
    assert where.tolist() == [1]
    assert probability[0] == pytest.approx(_sure(14 - 1 - COST_AGAIN))


def test_two_parts_may_both_have_been_left_alone() -> None:
    scored = _scored((0, 1, 3.0), (0, 2, 2.0))
    where, probability = parts(
        scored, np.empty(0, dtype=np.int64), np.array([0, 1, 1]), _columns(10, 6, 4), WEIGHTS,
        threshold=0.5,
    )  # fmt: skip
    assert where.tolist() == [0, 1]
    bits = (2 + 3 - 1) + TRUSTED * 4 - COST + (3 + 3)
    assert probability == pytest.approx([_sure(bits)] * 2)


def test_a_report_with_a_partner_is_no_part_of_another() -> None:
    """The 4 are linked to a report of their own, so the 10 stay with their 6."""
    scored = _scored((0, 1, 9.0), (0, 2, 8.0), (3, 2, 9.0))
    where, _ = parts(
        scored, np.array([0, 2]), np.array([0, 1, 1, 0]), _columns(10, 6, 4, 4), WEIGHTS,
        threshold=0.5,
    )  # fmt: skip
    assert where.tolist() == []


def test_nothing_to_look_at_gives_nothing() -> None:
    where, probability = parts(
        _scored((0, 1, -9.0)), np.empty(0, dtype=np.int64), np.array([0, 1]), _columns(3, 9),
        WEIGHTS, threshold=0.5,
    )  # fmt: skip
    assert len(where) == len(probability) == 0


def test_the_whole_may_be_the_later_row() -> None:
    scored = _scored((0, 2, 9.0), (1, 2, 8.0))
    where, probability = parts(
        scored, np.array([0]), np.array([0, 0, 1]), _columns(6, 4, 10), WEIGHTS, threshold=0.5
    )
    assert where.tolist() == [1]
    # Now it is the right one whose coverage is told already: 2 bits.
    assert probability[0] == pytest.approx(_sure((8 + 3 - 2) + TRUSTED * (4 + 1) - COST))


def test_a_sum_of_which_a_part_is_not_known_says_nothing() -> None:
    scored = _scored((0, 1, 9.0), (0, 2, 8.0))
    where, probability = parts(
        scored, np.array([0]), np.array([0, 1, 1]), _columns(10, 6, -1),
        _weights(far=-9.0, third=-1.0), threshold=0.5,
    )  # fmt: skip
    assert where.tolist() == [1]
    assert probability[0] == pytest.approx(_sure((8 + 3 - 1) + TRUSTED * 1 - COST))


def test_a_report_is_part_of_one_event_only() -> None:
    """The 6 would go with a 4 into either of two tens; it goes into the likelier one."""
    scored = _scored((0, 1, 6.0), (0, 2, 6.0), (1, 3, 5.0), (3, 4, 5.0))
    where, _ = parts(
        scored, np.empty(0, dtype=np.int64), np.array([0, 1, 1, 0, 1]), _columns(10, 6, 4, 10, 4),
        _weights(same=4.0, far=-20.0), threshold=0.5,
    )  # fmt: skip
    assert where.tolist() == [0, 1]


def _revised(told: float, *linked: int) -> tuple[list[int], list[float]]:
    """Parts of a later release, of which the place of the part says so many bits."""
    even = {"time": tuple([1 / len(TIME.levels)] * len(TIME.levels))}
    weights = Weights(0.1, WEIGHTS.m | even, WEIGHTS.u | even)
    where = {name: np.zeros(3, dtype=int) for name in ("day0", "day1", "place_id", "adm_id")}
    where["located"] = np.ones(3, dtype=int)
    # Few bits, so that a bit more or less is seen in the probability.
    scored = _scored((0, 1, 0.0), (0, 2, -1.0)).with_columns(pl.lit(told).alias("mw_place"))
    found, probability = parts(
        scored, np.array(linked, dtype=np.int64), np.array([0, 1, 1]), _columns(10, 6, 4) | where,
        weights, threshold=0.5, revised=True,
    )  # fmt: skip
    return found.tolist(), probability.tolist()


@pytest.mark.parametrize(("told", "back"), [(-4.0, ANYWHERE + 4.0), (-9.0, ANYWHERE + 9.0),
                                            (-1.0, 0.0), (3.0, 0.0)])  # fmt: skip
def test_a_release_may_merge_neighbours_that_are_not_alike(told: float, back: float) -> None:
    where, probability = _revised(told, 0)
    assert where == [1]
    assert probability == pytest.approx(
        [_sure((-1 + 3 - 1) + TRUSTED * (4 + 1) - COST_REVISED + back)]
    )
    # Two parts that are both new are each held to what is usual.
    where, probability = _revised(told)
    assert where == [0, 1]
    assert probability == pytest.approx(
        [_sure((-1 + 3 - 1) + TRUSTED * 4 - COST_REVISED + (0 + 3))] * 2
    )


def test_in_a_release_parts_that_would_do_as_well_share_one_probability() -> None:
    """Two reports of four deaths could each be the rest of the ten, of which six are linked."""
    alone, beside = (
        _scored((0, 1, 9.0), (0, 2, 2.0)),
        _scored((0, 1, 9.0), (0, 2, 2.0), (0, 3, 2.0)),
    )
    same = {
        "day0": np.zeros(4, int), "day1": np.zeros(4, int), "located": np.ones(4),
        "place_id": np.zeros(4, int), "adm_id": np.zeros(4, int),
    }  # fmt: skip
    time = {level.label: 0.1 for level in TIME.levels}
    weights = Weights(
        0.1, WEIGHTS.m | {"time": tuple(time.values())}, WEIGHTS.u | {"time": tuple(time.values())}
    )
    found = [
        parts(
            scored, np.array([0]), np.array([0, 1, 1, 1]), _columns(10, 6, 4, 4) | same, weights,
            threshold=0.01, revised=True,
        )
        for scored in (alone, beside)
    ]  # fmt: skip
    odds = 2.0 ** ((2 + 3 - 1) + TRUSTED * (4 + 1) - COST_REVISED)
    assert found[0][1][0] == pytest.approx(odds / (1 + odds))
    assert found[1][1][0] == pytest.approx(odds / (1 + 2 * odds))
    # One whole has one rest: of the two that are alike, one is taken.
    assert found[1][0].tolist() == [1]


NONE = np.empty(0, dtype=np.int64)
Found = tuple[list[int], list[float]]


def _parts(
    rows: list[tuple[int, int, float]], linked: list[int], source: list[int], best: list[int],
    weights: Weights = WEIGHTS,
) -> Found:  # fmt: skip
    where, probability = parts(
        _scored(*rows), np.array(linked, dtype=np.int64), np.array(source), _columns(*best),
        weights, threshold=0.5,
    )  # fmt: skip
    return where.tolist(), probability.tolist()


@pytest.mark.parametrize(
    ("rows", "linked", "source", "best"),
    [
        ([(0, 1, 9.0), (0, 2, 8.0)], [0], [0, 1, 1], [10, 6, 4]),
        ([(0, 1, 9.0), (0, 2, 8.0), (3, 2, 9.0)], [0, 2], [0, 1, 1, 0], [10, 6, 4, 4]),
        ([(0, 1, 3.0), (0, 2, 2.0)], [], [0, 1, 1], [10, 6, 4]),
        ([(0, 2, 9.0), (1, 2, 8.0), (1, 3, 4.0)], [0, 2], [0, 0, 1, 1], [6, 4, 10, 4]),
        ([(0, 1, 9.0), (0, 2, 8.0), (3, 1, 9.0)], [0], [0, 1, 1, 2], [10, 6, 4, 10]),
    ],
)
def test_the_numbers_of_sources_mean_nothing(
    rows: list[tuple[int, int, float]], linked: list[int], source: list[int], best: list[int]
) -> None:
    found = _parts(rows, linked, source, best)
    turned = [max(source) - one for one in source]
    assert _parts(rows, linked, turned, best) == found
    # Nor does it matter if a number is nobody's.
    assert _parts(rows, linked, [one + 2 for one in source], best) == found


def test_a_part_of_no_deaths_is_known_to_have_none() -> None:
    """10 and 0 are 10, which is as good as the 10 alone: no bits for or against."""
    found = _parts([(0, 1, 9.0), (0, 2, 8.0)], [0], [0, 1, 1], [10, 10, 0])
    assert found == ([1], [pytest.approx(_sure((8 + 3 - 1) - COST))])
    found = _parts([(0, 1, 9.0), (0, 2, 8.0)], [0], [0, 1, 1], [10, 0, 10], _weights(same=4.0))
    assert found == ([1], [pytest.approx(_sure((8 + 3 - 1) + TRUSTED * 4 - COST))])


def test_a_first_part_that_is_the_first_row_is_part_of_one_event_only() -> None:
    """The 6 goes with a 4 into either of two tens, and stands before all others."""
    rows = [(0, 3, 6.0), (1, 3, 6.0), (0, 4, 5.0), (2, 4, 5.0)]
    found, _ = _parts(rows, [], [0, 0, 0, 1, 1], [6, 4, 4, 10, 10], _weights(same=4.0, far=-20.0))
    assert found == [0, 1]


def test_of_parts_that_would_do_as_well_those_of_the_first_rows_are_taken() -> None:
    """6 and either of two 4 make the 10; the two 4 together do not."""
    rows = [(0, 1, 6.0), (0, 2, 6.0), (0, 3, 6.0)]
    weights = _weights(same=4.0, third=-40.0, half=-40.0, far=-40.0)
    assert _parts(rows, [], [0, 1, 1, 1], [10, 4, 4, 6], weights)[0] == [0, 2]
    # Of two wholes that would do as well, the first, whichever has the first part.
    rows = [(0, 3, 6.0), (0, 4, 6.0), (1, 2, 6.0), (1, 3, 6.0)]
    assert _parts(rows, [], [0, 0, 1, 1, 1], [10, 10, 4, 6, 4], weights)[0] == [0, 1]
    rows = [(0, 2, 6.0), (0, 3, 6.0), (1, 2, 6.0), (1, 3, 6.0)]
    assert _parts(rows, [], [0, 0, 1, 1], [10, 10, 6, 4], weights)[0] == [0, 1]


def test_a_pair_needs_more_than_no_bits_beside_its_deaths() -> None:
    """Deaths gave −3: a total of −3 is nothing beside them, and a little more is something."""
    sure = _weights(same=30.0)
    for bits, found in ((-3.0, []), (-2.9, [1])):
        rows = [(0, 1, 9.0), (0, 2, bits)]
        assert _parts(rows, [0], [0, 1, 1], [10, 6, 4], sure)[0] == found


def test_a_report_is_tried_with_the_four_likeliest_of_its_parts() -> None:
    """The fifth of five would make the sum, and is not tried."""
    weights = _weights(same=9.0, third=-40.0, half=-40.0, far=-40.0)
    for place, found in ((3, [0, 3]), (4, [])):
        best = [2, 2, 2, 2, 2]
        best[0], best[place] = 4, 6
        rows = [(0, 1 + at, 9.0 - at) for at in range(5)]
        assert _parts(rows, [], [0, *[1] * 5], [10, *best], weights)[0] == found


def test_what_each_source_tells_in_parts_is_taken_on_its_own() -> None:
    """10 deaths of the first; 6 and 4 of the second, and 7 and 3 of the third."""
    rows = [(0, 1, 6.0), (0, 2, 6.0), (0, 3, 6.0), (0, 4, 6.0)]
    weights = _weights(same=9.0, third=-40.0, half=-40.0, far=-40.0)
    assert _parts(rows, [], [0, 1, 1, 2, 2], [10, 6, 4, 7, 3], weights)[0] == [0, 1, 2, 3]


def test_of_a_revised_event_the_days_of_both_parts_may_make_those_of_the_whole() -> None:
    """The whole lasts from day 0 to 4; its parts were told from 0 to 1, and from 3 to 4."""
    u = np.array([2.0**-3 if level.label == "same long range" else 1.0 for level in TIME.levels])
    even = tuple([1.0] * len(u))
    weights = Weights(0.1, WEIGHTS.m | {"time": even}, WEIGHTS.u | {"time": tuple(u)})
    where = {name: np.zeros(3, dtype=int) for name in ("place_id", "adm_id")}
    where["located"] = np.ones(3, dtype=int)
    scored = _scored((0, 1, 0.0), (0, 2, -1.0))

    def sure(first: tuple[int, int], other: tuple[int, int]) -> float:
        days = {
            "day0": np.array([0, first[0], other[0]]),
            "day1": np.array([4, first[1], other[1]]),
        }
        _, probability = parts(
            scored, np.array([0]), np.array([0, 1, 1]), _columns(10, 6, 4) | where | days, weights,
            threshold=0.01, revised=True,
        )  # fmt: skip
        return float(probability[0])

    plain = (-1 + 3 - 1) + TRUSTED * (4 + 1) - COST_REVISED
    assert sure((0, 1), (3, 4)) == pytest.approx(_sure(plain + 3))
    # Where the first part lasts as long already, or both together do not, days gain nothing.
    assert sure((0, 4), (3, 4)) == pytest.approx(_sure(plain))
    assert sure((0, 1), (1, 2)) == pytest.approx(_sure(plain))


@pytest.mark.parametrize(("bits", "looked_at"), [(-12.9, True), (-13.0, False)])
def test_a_release_is_looked_at_down_to_ten_bits_against_it(bits: float, looked_at: bool) -> None:
    """Deaths gave −3; that both parts make the whole is a surprise of 40 bits."""
    even = {"time": tuple([1 / len(TIME.levels)] * len(TIME.levels))}
    sure = _weights(same=40.0)
    weights = Weights(0.1, sure.m | even, sure.u | even)
    where = {name: np.zeros(3, dtype=int) for name in ("day0", "day1", "place_id", "adm_id")}
    where["located"] = np.ones(3, dtype=int)
    # -13 and 3 are -10, which has to be exceeded.
    found, _ = parts(
        _scored((0, 1, 0.0), (0, 2, bits)), np.array([0]), np.array([0, 1, 1]),
        _columns(10, 6, 4) | where, weights, threshold=0.5, revised=True,
    )  # fmt: skip
    assert found.tolist() == ([1] if looked_at else [])


def test_an_event_behind_one_whose_part_is_taken_is_looked_at_too() -> None:
    """Two tens would have the 6; the second of them is left, and a third event is not."""
    rows = [(0, 2, 6.0), (0, 3, 6.0), (1, 2, 5.0), (1, 4, 5.0), (5, 6, 4.0), (5, 7, 4.0)]
    source, best = [0, 0, 1, 1, 1, 0, 1, 1], [10, 10, 6, 4, 4, 30, 20, 10]
    weights = _weights(third=-40.0, half=-40.0, far=-40.0, same=4.0)
    assert _parts(rows, [], source, best, weights)[0] == [0, 1, 4, 5]


def test_a_part_of_which_the_count_is_not_known_makes_no_sum() -> None:
    """6 and an unknown number are neither 5, nor half of the ten, nor anything else."""
    weights = _weights(far=-9.0, third=-1.0, half=-9.0)
    for best in ([10, 6, -1], [10, -1, 6]):
        found = _parts([(0, 1, 9.0), (0, 2, 8.0)], [0], [0, 1, 1], best, weights)
        apart = TRUSTED if best[1] > 0 else 0.0
        assert found == ([1], [pytest.approx(_sure((8 + 3 - 1) + apart - COST))])
