"""Conditions of failure: found where they are planted, and none where there are none."""

from __future__ import annotations

import sys
from types import SimpleNamespace as Namespace
from typing import Any

import numpy as np
import pytest

from tocsin.errors import UsageError
from tocsin.plan.exploration.futures import Contest
from tocsin.plan.exploration.weaknesses import (
    MOST_LIMITS,
    Doubt,
    _box,
    _find_boxes,
    _headline,
    _inside,
    _sentence,
    weaknesses,
)
from tocsin.plan.region.parameters import PARAMETERS
from tocsin.schema.tables.planned.parameter import parameter_label

NAMES = [item.name for item in PARAMETERS]
# The package has a function of the same name.
room = sys.modules[weaknesses.__module__]


class Planted(Contest):
    """A portfolio that fails where backlash is high and enforcement weak, and else never."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        backlash, weak = (values[:, NAMES.index(name)] for name in ("backlash", "enforcement"))
        noise = np.random.default_rng(0).normal(0, 0.1, len(values))
        return np.where((backlash > 0.0047) & (weak < 0.13), 1.0, -1.0) + noise


class Even(Contest):
    """Two portfolios that differ by chance alone."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        return np.random.default_rng(1).normal(0, 1, len(values))


class Never(Contest):
    """A portfolio that is always better."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        return -1.0 - values[:, NAMES.index("warning")]


NOTHING: Any = ("mine", "status quo", None, None)


@pytest.mark.release
def test_a_planted_condition_is_found_with_its_limits() -> None:
    found = weaknesses(Planted(*NOTHING), futures=2000)
    limits = {
        row["parameter"]: row for row in found.boxes.filter(found.boxes["box"] == 1).to_dicts()
    }
    assert set(limits) == {"backlash", "enforcement"}
    assert limits["backlash"]["low"] == pytest.approx(0.0047, abs=0.0005)
    assert limits["enforcement"]["high"] == pytest.approx(0.13, abs=0.03)
    assert limits["backlash"]["density"] > 0.9
    assert limits["backlash"]["coverage"] > 0.9
    assert "'grievance from heavy enforcement' (backlash) is above" in found.words[1]


@pytest.mark.slow
def test_chance_alone_has_no_condition() -> None:
    found = weaknesses(Even(*NOTHING), futures=1000)
    assert found.boxes.is_empty()
    assert "does not show that chance alone" in found.words[1]


@pytest.mark.slow
def test_what_the_priors_do_not_allow_is_said_to_be_so() -> None:
    found = weaknesses(Never(*NOTHING), futures=1000)
    assert found.share == 0
    assert found.looked_at == "worst tenth"
    assert "fewer than 0.3%" in found.words[0]


class Worse(Contest):
    """A portfolio that is always worse."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        return np.ones(len(values))


class Same(Contest):
    """A portfolio that never differs."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        return np.zeros(len(values))


def test_always_and_never_have_no_condition() -> None:
    always = weaknesses(Worse(*NOTHING), futures=200)
    assert (always.share, always.looked_at, always.futures) == (1.0, "failures", 200)
    assert "in 100.0% of futures" in always.words[0]
    assert "(the order of the two with 'mine' as the worse one holds up to" in always.words[0]
    # Seen in all of 200, the order holds up to half of what the bound leaves of the other.
    assert always.doubt == pytest.approx((1.0, 1.0, 0.5 / (1 - 0.05 ** (1 / 200))))
    assert "factor of 2 or 4, in up to 100.0 or 100.0%" in always.words[0]
    # As good is not worse.
    never = weaknesses(Same(*NOTHING), futures=200)
    assert (never.share, never.looked_at) == (0.0, "worst tenth")
    assert "fewer than 1.5%" in never.words[0]
    least = 0.05 ** (1 / 200)
    assert never.doubt[:2] == pytest.approx((2 * (1 - least), 4 * (1 - least)))
    assert (
        "in up to 3.0 or 6.0% (the order of the two holds up to a factor of 33.6)" in never.words[0]
    )
    assert always.boxes.is_empty()
    assert never.boxes.is_empty()


LOW = {item.name: item.low for item in PARAMETERS}
HIGH = {item.name: item.high for item in PARAMETERS}
CUT, WEAK = NAMES[0], NAMES[1]
MIDDLE, UPPER = (LOW[CUT] + HIGH[CUT]) / 2, LOW[WEAK] + 0.8 * (HIGH[WEAK] - LOW[WEAK])


class Peeled:
    """A path of peeling that was made by hand, as the workbench gives it."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pandas = pytest.importorskip("pandas")
        whole = pandas.DataFrame([LOW, HIGH])
        cut = whole.assign(**{CUT: [MIDDLE, HIGH[CUT]]})
        both = cut.assign(**{WEAK: [LOW[WEAK], UPPER]})
        self.box_lims = [whole, cut, both, whole, both]
        # Chance may well have made the limit of the second, but not that of the first.
        self.qp = [{}, {CUT: [0.01, np.nan]}, {CUT: [0.01, np.nan], WEAK: [np.nan, 0.2]}, {}, {}]
        # Boxes with no limit or with too many would be the best, were they looked at.
        self.peeling_trajectory = pandas.DataFrame(
            {"coverage": [1.0, 0.9, 1.0, 1.0, 1.0], "density": [0.9, 0.8, 0.8, 1.0, 1.0],
             "res_dim": [0, 1, 2, MOST_LIMITS + 1, 0]}
        )  # fmt: skip

    def find_box(self) -> Peeled:
        return self


@pytest.fixture
def peeled(monkeypatch: pytest.MonkeyPatch) -> Peeled:
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", Namespace(Prim=Peeled))
    return Peeled()


def test_a_box_keeps_the_limits_that_chance_does_not_explain(
    peeled: Peeled, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, bad = np.zeros((40, len(NAMES))), np.arange(40) < 10
    assert _box(values, bad, NAMES) == {CUT: (MIDDLE, np.inf)}
    assert _box(values, np.arange(40) < 9, NAMES) == {}  # too few to tell
    peeled.qp[2][WEAK] = [np.nan, 0.04]
    monkeypatch.setattr(Peeled, "find_box", lambda _: peeled)
    assert _box(values, bad, NAMES) == {CUT: (MIDDLE, np.inf), WEAK: (-np.inf, UPPER)}
    # From a twentieth on chance explains too much.
    for doubt, kept in ((0.05, True), (0.051, False)):
        peeled.qp[2] = {CUT: [doubt, np.nan], WEAK: [np.nan, 0.0]}
        assert (CUT in _box(values, bad, NAMES)) == kept
        peeled.qp[2] = {CUT: [0.0, np.nan], WEAK: [np.nan, doubt]}
        assert (WEAK in _box(values, bad, NAMES)) == kept
    # Where the workbench says nothing of chance, all limits are kept.
    peeled.qp = peeled.qp[:2]
    assert set(_box(values, bad, NAMES)) == {CUT, WEAK}


@pytest.mark.parametrize(
    ("coverage", "density", "limits"),
    [
        # One limit is enough, where it leaves more of both.
        ([1.0, 0.9, 0.5, 1.0, 1.0], [0.25, 0.9, 0.9, 1.0, 1.0], {CUT}),
        # What is gained is the share beyond that of all futures: 0.9 (0.5 - 0.25) is less than
        # 0.4 (1 - 0.25), though 0.9 * 0.5 is more than 0.4.
        ([1.0, 0.9, 0.4, 1.0, 1.0], [0.25, 0.5, 1.0, 1.0, 1.0], {CUT, WEAK}),
    ],
)
def test_of_the_path_the_box_is_chosen_that_gains_most(
    coverage: list[float],
    density: list[float],
    limits: set[str],
    peeled: Peeled,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    peeled.peeling_trajectory = peeled.peeling_trajectory.assign(coverage=coverage, density=density)
    peeled.qp[2][WEAK] = [np.nan, 0.04]
    monkeypatch.setattr(Peeled, "find_box", lambda _: peeled)
    assert set(_box(np.zeros((40, len(NAMES))), np.arange(40) < 10, NAMES)) == limits


def test_the_ends_of_a_box_belong_to_it() -> None:
    values = np.zeros((4, len(NAMES)))
    values[:, 0] = [0.9, 1.0, 2.0, 2.1]
    assert _inside(values, {CUT: (1.0, 2.0)}, NAMES).tolist() == [False, True, True, False]
    assert _inside(values, {CUT: (1.0, np.inf), WEAK: (1.0, np.inf)}, NAMES).tolist() == [False] * 4


class Above(Contest):
    """A portfolio that fails where the first parameter is high."""

    def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
        return np.where(values[:, 0] > MIDDLE, 1.0, -1.0)


@pytest.mark.usefixtures("peeled")
def test_a_condition_is_told_with_the_figures_of_the_other_half() -> None:
    found = weaknesses(Above(*NOTHING), futures=400)
    [row] = found.boxes.to_dicts()
    unit = PARAMETERS[0].unit
    assert row == {
        "box": 1, "parameter": CUT, "low": MIDDLE, "high": None, "unit": unit, "coverage": 1.0,
        "density": 1.0, "mass": pytest.approx(0.5, abs=0.1),
    }  # fmt: skip
    assert f"({CUT}) is above {MIDDLE:.3g}, 'mine' does worse than 'status quo'" in found.words[1]
    assert "100% of all such futures lie there" in found.words[1]


def test_what_cannot_be_asked() -> None:
    with pytest.raises(UsageError, match="outcome"):
        weaknesses(Even(*NOTHING), outcome="joy")
    with pytest.raises(UsageError, match="few"):
        weaknesses(Even(*NOTHING), futures=199)


@pytest.mark.parametrize(("failing", "looked_at"), [(4, "failures"), (3, "worst tenth")])
def test_where_failures_are_rare_the_worst_tenth_is_looked_at(
    failing: int, looked_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    difference = np.random.default_rng(2).permutation(200) - 199.0 + failing

    class Rare(Contest):
        """A portfolio that does worse in a few futures."""

        def difference(self, values: Any, chance: Any, outcome: str, later: Any = None) -> Any:
            assert chance.tolist() == list(range(5, 205))
            return difference

    given: list[np.ndarray] = []

    def find(values: Any, bad: Any, *_: Any, few: bool) -> Any:
        assert few == (looked_at == "worst tenth")
        given.append(bad)
        return "boxes", ()

    monkeypatch.setattr(room, "_find_boxes", find)
    found = weaknesses(Rare(*NOTHING), futures=200, seed=5)
    assert (found.share, found.looked_at) == (failing / 200, looked_at)
    # Those that do worse, or the twenty that do worst.
    count = failing if looked_at == "failures" else 20
    assert given[0].sum() == count
    assert difference[given[0]].min() == np.sort(difference)[-count]


def conditions(
    monkeypatch: pytest.MonkeyPatch, bad: np.ndarray, *limits: dict[str, tuple[float, float]]
) -> tuple[Any, tuple[str, ...], list[int]]:
    """What is told where the search finds these boxes, one after the other.

    The first parameter goes from 0 to 9, evenly in both halves of 400 futures.
    """
    values = np.zeros((400, len(NAMES)))
    values[:, 0] = np.tile(np.arange(10.0), 40)
    boxes, searched = iter(limits), list[int]()

    def box(
        values: np.ndarray, bad: np.ndarray, names: list[str]
    ) -> dict[str, tuple[float, float]]:
        assert len(values) == len(bad)
        searched.append(len(values))
        return next(boxes, {})

    monkeypatch.setattr(room, "_box", box)
    asked: Any = Contest(*NOTHING)
    table, words = _find_boxes(values, bad(values[:, 0]), asked, "deaths", few=False)
    return table, words, searched


def test_three_boxes_are_looked_for_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    each = [{CUT: (float(number), float(number))} for number in range(4)]
    table, words, searched = conditions(monkeypatch, lambda column: column < 4, *each)
    # What lies in a box is not looked at again.
    assert searched == [200, 180, 160]
    assert table.select("box", "low", "high", "coverage", "density", "mass").rows() == [
        (number + 1, float(number), float(number), 0.25, 1.0, 0.1) for number in range(3)
    ]
    assert len(words) == 3
    assert f"({CUT}) lies from 2 to 2, 'mine' does worse" in words[2]
    assert "in 100% of futures; 25% of all such futures lie there, in 10% of what" in words[2]


@pytest.mark.parametrize(("last", "counts"), [(6.0, True), (7.0, False)])
def test_a_box_counts_where_failures_are_clearly_more_frequent(
    last: float, counts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 4 of 7 are more than 1.3 times 4 of 10, and 4 of 8 are not.
    limits = {CUT: (-np.inf, last)}
    table, words, searched = conditions(
        monkeypatch, lambda column: column < 4, limits, {CUT: (9.0, 9.0)}
    )
    assert table.is_empty() == (not counts)
    assert (f"({CUT}) is below {last:.3g}" in words[0]) == counts
    # Where a box explains nothing, no further one is looked for.
    assert len(searched) == 1 + counts


def test_a_box_of_hardly_any_other_future_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for last, counts in ((9, False), (10, True)):
        # As many of the second half lie in the box.
        def bad(column: np.ndarray, last: int = last) -> np.ndarray:
            column[200:] = 5.0
            column[200 : 200 + last] = 0.0
            return column == 0

        sought = {CUT: (-np.inf, 0.0)}
        table, _, searched = conditions(monkeypatch, bad, sought, sought)
        assert table.is_empty() == (not counts)
        assert len(searched) == 1 + counts


def test_shares_are_told_in_hundredths_and_none_by_the_rule_of_three() -> None:
    asked: Any = Contest(*NOTHING)
    for futures, per_cent in ((240, "1.3"), (222, "1.4")):
        # Three over the futures: 1.25 % and 1.35 %, and it is fewer than what is said.
        said = _headline(asked, "deaths", 0.0, Doubt(0.031, 0.062, 1.0), futures)
        assert f"fewer than {per_cent}%" in said
        assert "in up to 3.1 or 6.2% (the order of the two is not shown)" in said
    assert "in 3.1% of futures" in _headline(asked, "deaths", 0.031, Doubt(0.9, 1, 1.5), 240)
    told = {"coverage": 0.7, "density": 0.8, "mass": 0.6}
    said = _sentence({CUT: (1.0, 2.0), WEAK: (-np.inf, 3.0)}, told, asked, "deaths", few=True)
    cut, weak = (f"'{parameter_label(name)}' ({name})" for name in (CUT, WEAK))
    assert said.startswith(f"Where {cut} lies from 1 to 2 and {weak} is below 3, the differences")
    assert "are 80% of futures; 70% of all such futures lie there, in 60% of what" in said
