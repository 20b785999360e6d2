"""Conditions of failure: found where they are planted, and none where there are none."""

from __future__ import annotations

import sys
from types import SimpleNamespace as Namespace
from typing import Any

import numpy as np
import pytest

from tocsin.errors import UsageError
from tocsin.plan.exploration.futures import Contest
from tocsin.plan.exploration.weaknesses import MOST_LIMITS, _box, _inside, weaknesses
from tocsin.plan.region.parameters import PARAMETERS

NAMES = [item.name for item in PARAMETERS]


class Planted(Contest):
    """A portfolio that fails where backlash is high and enforcement weak, and else never."""

    def difference(self, values: Any, chance: Any, outcome: str) -> Any:
        backlash, weak = (values[:, NAMES.index(name)] for name in ("backlash", "enforcement"))
        noise = np.random.default_rng(0).normal(0, 0.1, len(values))
        return np.where((backlash > 0.0047) & (weak < 0.13), 1.0, -1.0) + noise


class Even(Contest):
    """Two portfolios that differ by chance alone."""

    def difference(self, values: Any, chance: Any, outcome: str) -> Any:
        return np.random.default_rng(1).normal(0, 1, len(values))


class Never(Contest):
    """A portfolio that is always better."""

    def difference(self, values: Any, chance: Any, outcome: str) -> Any:
        return -1.0 - values[:, NAMES.index("warning")]


NOTHING: Any = ("mine", "status quo", None, None)


@pytest.mark.slow
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
    assert "backlash is above" in found.words[1]


@pytest.mark.slow
def test_chance_alone_has_no_condition() -> None:
    found = weaknesses(Even(*NOTHING), futures=1000)
    assert found.boxes.is_empty()
    assert "mostly chance" in found.words[1]


@pytest.mark.slow
def test_what_the_priors_do_not_allow_is_said_to_be_so() -> None:
    found = weaknesses(Never(*NOTHING), futures=1000)
    assert found.share == 0
    assert found.looked_at == "worst tenth"
    assert "fewer than 0.3 %" in found.words[0]


class Worse(Contest):
    """A portfolio that is always worse."""

    def difference(self, values: Any, chance: Any, outcome: str) -> Any:
        return np.ones(len(values))


class Same(Contest):
    """A portfolio that never differs."""

    def difference(self, values: Any, chance: Any, outcome: str) -> Any:
        return np.zeros(len(values))


def test_always_and_never_have_no_condition() -> None:
    always = weaknesses(Worse(*NOTHING), futures=200)
    assert (always.share, always.looked_at, always.futures) == (1.0, "failures", 200)
    assert "in 100.0 % of futures" in always.words[0]
    # As good is not worse.
    never = weaknesses(Same(*NOTHING), futures=200)
    assert (never.share, never.looked_at) == (0.0, "worst tenth")
    assert "fewer than 1.5 %" in never.words[0]
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
        self.box_lims = [whole, cut, both, whole, whole]
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
    assert _box(values, bad) == {CUT: (MIDDLE, np.inf)}
    assert _box(values, np.arange(40) < 9) == {}  # too few to tell
    peeled.qp[2][WEAK] = [np.nan, 0.04]
    monkeypatch.setattr(Peeled, "find_box", lambda _: peeled)
    assert _box(values, bad) == {CUT: (MIDDLE, np.inf), WEAK: (-np.inf, UPPER)}


def test_the_ends_of_a_box_belong_to_it() -> None:
    values = np.zeros((4, len(NAMES)))
    values[:, 0] = [0.9, 1.0, 2.0, 2.1]
    assert _inside(values, {CUT: (1.0, 2.0)}).tolist() == [False, True, True, False]
    assert _inside(values, {CUT: (1.0, np.inf), WEAK: (1.0, np.inf)}).tolist() == [False] * 4


class Above(Contest):
    """A portfolio that fails where the first parameter is high."""

    def difference(self, values: Any, chance: Any, outcome: str) -> Any:
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
    assert f"{CUT} is above {MIDDLE:.3g}, 'mine' does worse than 'status quo'" in found.words[1]
    assert "100 % of all such futures lie there" in found.words[1]


def test_what_cannot_be_asked() -> None:
    with pytest.raises(UsageError, match="outcome"):
        weaknesses(Even(*NOTHING), outcome="joy")
    with pytest.raises(UsageError, match="few"):
        weaknesses(Even(*NOTHING), futures=10)
