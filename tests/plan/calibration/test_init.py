"""A calibration says what the data told beside the priors, and refuses what cannot be asked."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tocsin.errors import StageNotReady, UsageError
from tocsin.plan import calibration
from tocsin.plan.calibration import calibrate, compare_with_priors, setting_of
from tocsin.plan.calibration.summaries import Watched
from tocsin.plan.posterior import INFERRED, Posterior


def test_the_posterior_stands_beside_the_prior() -> None:
    low, high = INFERRED["memory"]
    same = np.linspace(low, high, 1_001)[:, None]
    wide = compare_with_priors(Posterior(("memory",), same, {})).row(0, named=True)
    assert wide["narrower"] == pytest.approx(0.0, abs=0.01)
    assert (wide["wide_low"], wide["wide_high"], wide["unit"]) == (low, high, "weeks")
    assert wide["median"] == pytest.approx((low + high) / 2)
    half = compare_with_priors(Posterior(("memory",), low + (same - low) / 4, {}))
    assert half["narrower"][0] == pytest.approx(0.75, abs=0.01)
    # The interval of 90 %.
    shares = [(wide[name] - low) / (high - low) for name in ("low", "median", "high")]
    assert shares == pytest.approx([0.05, 0.5, 0.95])


def test_worlds_have_levels_around_those_that_were_seen() -> None:
    seen = Watched(np.full((104, 2), [2.0, 0.5]), np.array([4.0]), np.zeros((2, 2), np.float32))
    setting = setting_of(seen)
    assert setting.weeks == 104
    assert setting.levels == (0.2, 80.0)
    # A territory without an incident in the window counts as one with half an incident.
    none = seen._replace(counts=np.full((100, 2), [2.0, 0.0]))
    assert setting_of(none).levels == (0.002, 80.0)


@pytest.mark.parametrize("asked", [{"worlds": 999}, {"draws": 1}])
def test_too_few_worlds_or_draws_are_refused(asked: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=r"1,000 worlds"):
        calibrate(pl.DataFrame(), [482], date(2018, 1, 1), **asked)


class Told:
    """An estimator whose posterior is as wide as the priors, but for one parameter's."""

    centre, spread = np.zeros(1), np.full(1, 1e9)

    def __init__(self, share: float) -> None:
        self.share = share

    def sample(self, seen: np.ndarray, *, draws: int, seed: int) -> np.ndarray:
        low, high = np.array(list(INFERRED.values())).T
        reach = np.where(np.array(list(INFERRED)) == "memory", self.share, 1.0)
        return np.asarray(low + (high - low) * reach * np.linspace(0.0, 1.0, draws)[:, None])


def test_only_parameters_of_which_the_data_tell_are_in_the_posterior(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    until = date(2018, 1, 1)
    incidents = pl.DataFrame(
        {
            "gwno": 482,
            "date_start": [until - timedelta(weeks=at + 1) for at in range(130)],
            "date_prec": 1,
            "deaths_best": 2,
        }
    )
    monkeypatch.setattr(calibration, "train_estimator", lambda *_, **__: Told(0.5))
    found = calibrate(incidents, [482, 500], until)
    assert found.posterior.names == ("memory",)
    assert found.posterior.draws.shape == (calibration.DRAWS, 1)
    assert found.posterior.draws.max() < sum(INFERRED["memory"]) / 2 + 1e-9
    assert found.table.height == len(INFERRED)
    assert found.far == {}
    assert found.posterior.provenance["deadly_incidents"] == 130
    monkeypatch.setattr(calibration, "train_estimator", lambda *_, **__: Told(1.0))
    with pytest.raises(StageNotReady, match="none of the parameters"):
        calibrate(incidents, [482, 500], until)


def test_what_the_simulated_worlds_have_nothing_like_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    until = date(2018, 1, 1)
    days = [until - timedelta(weeks=at + 1) for at in range(104)]
    rows = {"gwno": 482, "date_start": days, "date_prec": 1, "deaths_best": [1, 30] * 52}
    estimator = Told(0.0)
    estimator.centre, estimator.spread = np.full(1, 0.3), np.full(1, 0.1)  # type: ignore[misc]
    monkeypatch.setattr(calibration, "train_estimator", lambda *_, **__: estimator)
    asked = {"worlds": 1_000, "draws": 2, "sources": {"incidents.csv": "abc"}}
    found = calibrate(pl.DataFrame(rows), [482, 500], until, **asked)  # type: ignore[arg-type]
    told = found.posterior.provenance
    assert found.far == {
        name: pytest.approx(abs(value - 0.3) / 0.1, rel=1e-3)
        for name, value in told["summaries"].items()
        if abs(value - 0.3) > 0.4
    }
    assert 2 < len(found.far) < len(told["summaries"])
    assert told["summaries"]["log_largest"] == 3.4012
    assert (told["weeks"], told["worlds"], told["seed"]) == (104, 1_000, 0)
    assert (told["territories"], told["until"]) == ([482], "2018-01-01")
    assert told["sources"] == {"incidents.csv": "abc"}
    assert told["levels"] == [2.0, 200.0]
    assert len(found.posterior.draws) == 2
    more = pl.DataFrame(rows).with_columns(deaths_best=2)
    again = calibrate(more, [482], until, **asked)  # type: ignore[arg-type]
    assert again.posterior.provenance["seen"] != told["seen"]


@pytest.mark.release
def test_a_calibration_is_reproducible_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    days = [date(2018, 1, 1) - timedelta(days=int(one)) for one in random.integers(1, 800, 300)]
    incidents = pl.DataFrame(
        {
            "gwno": 482,
            "date_start": days,
            "date_prec": 1,
            "deaths_best": random.integers(1, 30, 300),
        }
    )
    told: list[str] = []
    asked = {"worlds": 1_024, "draws": 50, "work": tmp_path / "kept"}
    first, second = (
        calibrate(
            incidents, [482, 500], date(2018, 1, 1), tell=lambda w, _: told.append(w), **asked
        )  # type: ignore[arg-type]
        for _ in range(2)
    )
    np.testing.assert_array_equal(first.posterior.draws, second.posterior.draws)
    assert "spillover" not in first.posterior.names
    assert first.posterior.provenance["territories"] == [482]
    assert {"Simulating", "Training"} <= set(told)
    # Uniform sizes up to 29 have no tail to speak of: the steepest exponents are the likeliest.
    tail = first.table.filter(pl.col("parameter") == "tail")["median"][0]
    assert tail > 2.5
