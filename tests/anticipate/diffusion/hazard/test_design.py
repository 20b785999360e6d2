"""Exposures, against the plain definition worked out on a fine grid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.hazard.design import (
    Links,
    draw_onsets,
    expose_to_doubtful,
    find_carriers,
    held_at,
    link_cases,
    make_design,
)
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties


@pytest.mark.slow
@given(st.integers(0, 10_000))
def test_integrals_are_those_of_the_definition(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 6
    entry = random.uniform(0, 4, n).round(1)
    leave = entry + random.uniform(1, 8, n).round(1)
    time = [
        float(np.round(random.uniform(e, g), 2)) if random.random() < 0.7 else None
        for e, g in zip(entry, leave, strict=True)
    ]
    if all(t is None or t <= e for t, e in zip(time, entry, strict=True)):
        time[0] = float(entry[0] + 0.5)
    names = [f"a{i}" for i in range(n)]
    table = pl.DataFrame(
        {"actor": names, "technology": "x", "time": time, "entry": entry, "exit": leave}
    )
    cases = read_cases(table)
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j and random.random() < 0.5]
    pairs = pairs or [(0, 1)]
    begin = random.uniform(0, 6, len(pairs)).round(1)
    ties = pl.DataFrame(
        {
            "source": [names[i] for i, _ in pairs],
            "target": [names[j] for _, j in pairs],
            "channel": "t",
            "weight": random.uniform(0.5, 2, len(pairs)),
            "from": begin,
            "to": begin + random.uniform(0, 9, len(pairs)).round(1),
        }
    )
    try:
        read = read_ties(ties, cases)
    except Exception:  # all ties may lie outside the window
        return
    onset = draw_onsets(cases, random)
    design = make_design(cases, link_cases(cases, read), onset, channels=1)

    def exposure(case: int, now: np.ndarray) -> np.ndarray:
        tie, now = np.flatnonzero(read.target == case), now[:, None]
        source = read.source[tie]
        there = (onset[source] < now) & (now <= cases.stays[source])
        return (there & (read.start[tie] < now) & (now <= read.end[tie])) @ read.weight[tie]

    grid = np.linspace(cases.start, cases.end, 4001)
    middle, step = (grid[1:] + grid[:-1]) / 2, 1.0 / 4000
    whole = risk = 0.0
    for case in range(len(onset)):
        stop = min(onset[case], cases.exit[case])
        there = middle[(middle > cases.entry[case]) & (middle <= stop)]
        whole += step * exposure(case, there).sum()
        risk += step * len(there)
    assert design.total.sum() == pytest.approx(whole, abs=0.03 + 0.01 * whole)
    assert design.at_risk.sum() == pytest.approx(risk, abs=0.01)
    for at, case in enumerate(design.case):
        assert design.exposure[at, 0] == pytest.approx(exposure(case, onset[[case]])[0])


def test_seeds_expose_but_are_no_events() -> None:
    table = pl.DataFrame({"actor": ["a", "b"], "technology": ["x"] * 2, "time": [0.0, 4.0]})
    cases = read_cases(table)
    ties = read_ties(pl.DataFrame({"source": ["a"], "target": ["b"], "channel": ["t"]}), cases)
    design = make_design(cases, link_cases(cases, ties), cases.high, channels=1)
    assert design.case.tolist() == [1]
    assert design.exposure.tolist() == [[1.0]]
    assert design.total.tolist() == [[1.0]]


def test_a_doubtful_user_exposes_as_often_as_it_is_drawn_and_over_some_channels_only() -> None:
    """In one draw of two 'b' uses the class from 2 on; 'a' surely does from the start."""
    table = pl.DataFrame(
        {"actor": ["a", "b", "c"], "technology": "x", "time": [0.0, None, 8.0], "exit": [10.0] * 3}
    )
    cases = read_cases(table)
    ties = pl.DataFrame(
        {"source": ["a", "b", "b"], "target": ["c", "c", "c"], "channel": ["t", "t", "u"]}
    )
    links = link_cases(cases, read_ties(ties, cases))
    onset = np.where(cases.adopts, cases.high, np.inf)
    doubtful = np.full((2, 3), np.inf)
    doubtful[1, cases.actors.index("b")] = 2.0
    plain = make_design(cases, links, onset, channels=2)
    found = expose_to_doubtful(plain, cases, links, onset, doubtful, over=[0])
    assert plain.exposure.tolist() == [[1.0, 0.0]]
    assert found.exposure.tolist() == [[1.5, 0.0]]
    # 'c' is at risk until 8 of the window of 10, and from 2 on in half of the draws beside 'b'.
    np.testing.assert_allclose(plain.total[:, 0], [0.8, 0.0])
    np.testing.assert_allclose(found.total[:, 0], [0.8 + 0.5 * 0.6, 0.0])
    both = expose_to_doubtful(plain, cases, links, onset, doubtful, over=[0, 1])
    assert both.exposure.tolist() == [[1.5, 0.5]]
    assert found.case.tolist() == both.case.tolist() == plain.case.tolist()
    assert np.array_equal(found.at_risk, plain.at_risk)


def test_uncertain_onsets_are_drawn_within_their_bounds() -> None:
    table = pl.DataFrame(
        {"actor": ["a", "b"], "technology": ["x"] * 2, "from": [0.0, 2.0], "to": [1.0, 6.0]}
    )
    cases = read_cases(table)
    drawn = np.array([draw_onsets(cases, np.random.default_rng(i)) for i in range(50)])
    assert (drawn[:, 1] >= 2).all()
    assert (drawn[:, 1] <= 6).all()
    assert drawn[:, 1].std() > 0.5


def test_two_channels_and_two_classes_are_kept_apart() -> None:
    """Worked out by hand on a window of ten, in two steps."""
    table = pl.DataFrame(
        {
            "actor": ["a", "b", "c", "a", "b", "c"],
            "technology": ["x"] * 3 + ["y"] * 3,
            "territory": ["N", "N", "S"] * 2,
            "time": [2.0, 6, None, 4, None, 9],
            "entry": [0.0] * 6,
            "exit": [10.0, 10, 8, 10, 10, 10],
        }
    )
    cases = read_cases(table)
    ties = read_ties(
        pl.DataFrame(
            {
                "source": ["a", "b", "a"],
                "target": ["b", "c", "c"],
                "channel": ["t", "u", "u"],
                "weight": [2.0, 1.0, 1.5],
                "from": [3.0, 0.0, 0.0],
                "to": [8.0, 7.0, 9.5],
            }
        ),
        cases,
    )
    onset = np.where(cases.adopts, cases.high, np.inf)
    found = make_design(cases, link_cases(cases, ties), onset, channels=2, bins=2)
    # Cases are a/x, a/y, b/x, b/y, c/x and c/y; four of them have a first use.
    assert found.case.tolist() == [0, 1, 2, 5]
    assert (found.technology.tolist(), found.bin.tolist()) == ([0, 1, 0, 1], [0, 0, 1, 1])
    assert found.cell.tolist() == [0, 1, 0, 3]
    assert (found.case_cell.tolist(), found.cell_technology.tolist()) == (
        [0, 1, 0, 1, 2, 3], [0, 1, 0, 1],
    )  # fmt: skip
    risk = [[0.2, 0], [0.4, 0], [0.5, 0.1], [0.5, 0.5], [0.5, 0.3], [0.5, 0.4]]
    np.testing.assert_allclose(found.at_risk, risk, atol=1e-12)
    # At 6 the tie of b to a has held since 3; at 9 that of c to a, who uses y since 4.
    assert found.exposure.tolist() == [[0, 0], [0, 0], [2, 0], [0, 1.5]]
    exposed = [
        [[2 * 0.2, 2 * 0.1], [2 * 0.1, 2 * 0.3]],
        # On x the tie to b holds from 6 to 7, and that to a until c leaves at 8.
        [[1.5 * 0.3, 1.5 * 0.3 + 0.1], [1.5 * 0.1, 1.5 * 0.4]],
    ]
    np.testing.assert_allclose(found.exposed, exposed, atol=1e-12)
    assert found.degree.tolist() == [2, 2.5]


def test_a_first_use_at_an_end_of_the_window_is_in_its_first_or_last_step() -> None:
    table = pl.DataFrame({"actor": ["a", "b", "c"], "technology": "x", "time": [2.0, 4.0, 10.0]})
    cases = read_cases(table)
    ties = read_ties(pl.DataFrame({"source": ["a"], "target": ["b"], "channel": ["t"]}), cases)
    # All are at risk from before the window on, so that one at its very start is an event.
    before = replace(cases, entry=np.full(3, cases.start - 1.0))
    onset = np.array([cases.start, (cases.start + cases.end) / 2 + 1e-6, cases.end])
    design = make_design(before, link_cases(before, ties), onset, channels=1, bins=8)
    assert design.bin.tolist() == [0, 4, 7]


def test_a_tie_to_the_very_first_case_counts_and_one_target_has_its_whole_weight() -> None:
    table = pl.DataFrame({"actor": ["a", "b"], "technology": "x", "time": [5.0, 2.0]})
    cases = read_cases(table, start=0.0, end=10.0)
    ties = pl.DataFrame(
        {"source": ["b", "a"], "target": ["a", "b"], "channel": ["t", "u"], "weight": [3.0, 7.0]}
    )
    links = link_cases(cases, read_ties(ties, cases))
    assert (links.source.tolist(), links.target.tolist()) == ([1, 0], [0, 1])
    design = make_design(cases, links, cases.high, channels=3)
    # A channel without any tie reaches nobody.
    assert design.degree.tolist() == [3.0, 7.0, 0.0]
    np.testing.assert_allclose(design.total[:, 0], [3.0 * 0.3, 0.0, 0.0])
    assert design.exposure.tolist() == [[3.0, 0.0, 0.0], [0.0, 0.0, 0.0]]


def test_a_tie_holds_at_its_ends_and_as_long_as_its_source_stays() -> None:
    cases = read_cases(
        pl.DataFrame({"actor": ["a", "b", "c"], "technology": "x", "time": [1.0, 2.0, None],
                      "entry": [0.0] * 3, "exit": [9.0, 5.0, 9.0]})
    )  # fmt: skip
    stays = replace(cases, stays=np.array([9.0, 5.0, 9.0]))
    rows = [("a", "c", 5.0, 8.0), ("a", "c", 1.0, 5.0), ("a", "c", 5.1, 8.0), ("a", "c", 1.0, 4.9),
            ("b", "c", 1.0, 8.0)]  # fmt: skip
    tie = Links(
        np.zeros(5, dtype=np.int64), np.array([0, 0, 0, 0, 1]), np.full(5, 2), np.ones(5),
        np.array([row[2] for row in rows]), np.array([row[3] for row in rows]),
    )  # fmt: skip
    assert held_at(tie, stays, 5.0).tolist() == [True, True, False, False, True]
    assert held_at(tie, stays, 5.05).tolist() == [True, False, False, False, False]


@settings(max_examples=30)
@given(st.data())
def test_at_whole_times_all_is_counted_to_the_instant(data: st.DataObject) -> None:
    """Entries, exits, first uses and ties often fall on one time; sums are over whole steps."""
    times = st.lists(st.integers(0, 6), min_size=4, max_size=4)
    entry, lasting = (np.array(data.draw(times), dtype=float) for _ in range(2))
    gone = np.minimum(entry + lasting, 6.0)
    # The window starts at a hundred.
    later = 100.0
    onset = np.array(data.draw(st.lists(st.sampled_from([*range(7), np.inf]), min_size=4,
                                        max_size=4)), dtype=float)  # fmt: skip
    plain = read_cases(pl.DataFrame({"actor": list("abcd"), "technology": "x", "time": [1.0] * 4}),
                       start=0.0, end=6.0)  # fmt: skip
    cases = replace(plain, start=later, end=6.0 + later, entry=entry + later, exit=gone + later,
                    stays=gone + later)  # fmt: skip
    rows = data.draw(st.lists(st.tuples(*[st.integers(0, 3)] * 2, st.integers(0, 1),
                                        *[st.integers(0, 6)] * 2, st.integers(1, 3)),
                              min_size=1, max_size=6))  # fmt: skip
    source, target, channel, start, end, weight = np.array(rows).T
    end = start + end
    links = Links(channel, source, target, weight.astype(float), start + later, end + later)
    design = make_design(cases, links, onset + later, channels=2, bins=3)
    stop = np.maximum(np.minimum(np.minimum(onset, gone), 6.0), entry)
    at_risk, exposed = np.zeros((4, 3)), np.zeros((2, 3))
    event = [case for case in range(4) if entry[case] < onset[case] <= 6.0]
    exposure = np.zeros((len(event), 2))
    for tie, (one, other, k) in enumerate(zip(source, target, channel, strict=True)):
        begin = max(onset[one], start[tie])
        last = min(gone[one], end[tie])
        for step in range(6):
            there = begin <= step and step + 1 <= last
            if there and entry[other] <= step and step + 1 <= stop[other]:
                exposed[k, step // 2] += weight[tie] / 6
        if other in event and begin < onset[other] <= last:
            exposure[event.index(other), k] += weight[tie]
    for case in range(4):
        for step in range(6):
            at_risk[case, step // 2] += (entry[case] <= step and step + 1 <= stop[case]) / 6
    assert design.case.tolist() == event
    assert design.bin.tolist() == [max(int(np.ceil(onset[case] / 2)) - 1, 0) for case in event]
    np.testing.assert_allclose(design.at_risk, at_risk, atol=1e-12)
    np.testing.assert_allclose(design.exposed[:, 0], exposed, atol=1e-12)
    np.testing.assert_array_equal(design.exposure, exposure)
    carriers = find_carriers(cases, links, onset + later)
    assert carriers.exposed.sum() == pytest.approx(exposed.sum())
    assert (carriers.exposed > 0).all()
