"""Conditions of failure: found where they are planted, and none where there are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tocsin.errors import UsageError
from tocsin.plan.exploration.futures import Contest
from tocsin.plan.exploration.weaknesses import weaknesses
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


def test_what_cannot_be_asked() -> None:
    with pytest.raises(UsageError, match="outcome"):
        weaknesses(Even(*NOTHING), outcome="joy")
    with pytest.raises(UsageError, match="few"):
        weaknesses(Even(*NOTHING), futures=10)
