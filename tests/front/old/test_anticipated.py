"""What forecast and planned in 0.1 is called as it was; each test passes with the code of 0.1."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

Old = Callable[[str, str], Any]


def test_nothing_is_kept(old: Old) -> None:
    assert old("anticipate.alerts.replay", "forget")({"key": 1}, lambda: 7) == 7


def test_the_walk_of_a_rule(old: Old) -> None:
    evidence, final = object(), object()
    walked = old("anticipate.alerts.record", "Run")(
        evidence, np.array([0.2]), np.array([[0, 4]]), np.array([[1, 1]]), final
    )
    assert walked.evidence is evidence
    assert walked.alarm.tolist()[0][0] == 0.0


@pytest.mark.slow
def test_counts_by_uniform_numbers(old: Old) -> None:
    poisson = old("plan.model", "poisson")
    uniform = np.linspace(0.001, 0.999, 999, dtype=np.float32)
    for rate in (0.5, 4.0, 60.0):
        found = np.asarray(poisson(uniform, np.full_like(uniform, rate)))
        assert found.mean() == pytest.approx(rate, rel=0.02)
        assert (np.diff(found) >= 0).all()


def test_a_draw_of_the_parameters(old: Old) -> None:
    import jax

    found = old("plan.model", "draw_parameters")(jax.random.key(1))
    parameters = {item.name: item for item in old("plan.parameters", "PARAMETERS")}
    assert found.keys() == parameters.keys()
    assert all(parameters[n].low <= float(v) <= parameters[n].high for n, v in found.items())
    assert found != old("plan.model", "draw_parameters")(jax.random.key(2))


def test_rules_of_a_workspace(old: Old, tmp_path: Path) -> None:
    rules_of = old("watch", "rules_of")
    shipped = rules_of(SimpleNamespace(path=tmp_path))
    say = "at least 25 deaths within 3 months, probability above 0.2"
    own = f'[[rule]]\nname = "mine"\nsay = "{say}"\n'
    (tmp_path / "alerts.toml").write_text(own, encoding="utf-8")
    assert len(shipped) > 0
    assert [one.name for one in rules_of(SimpleNamespace(path=tmp_path))] == ["mine"]


def test_what_goes_into_the_ledger(old: Old) -> None:
    months = [date(2020, month, 1) for month in range(1, 13)]
    series = pl.DataFrame({
        "territory": "Mali", "gwno": 432, "target": "sb", "month": months, "deaths": range(12),
    })  # fmt: skip
    drawn = pl.DataFrame({
        "territory": ["Mali"], "gwno": [432], "target": ["sb"], "model": ["pool"],
        "origin": [date(2020, 12, 1)], "month": [date(2021, 1, 1)],
        "draws": [list(map(float, range(1000)))], "source": ["s"],
    })  # fmt: skip
    run = old("schema.run", "Run")("anticipate", "0.1.0", 1)
    found = old("watch", "issued")(run, {"forecast_draws": drawn, "series": series}, 0.0)
    row = found["forecast_ledger"].row(0, named=True)
    assert row["issue"] == run.run_id
    assert row["issued_at"] == "1970-01-01T00:00:00+00:00"
    assert (row["horizon"], len(row["quantiles"]), row["last_12"]) == (1, 200, list(range(12)))


def test_the_run_that_a_stage_would_be(old: Old, tmp_path: Path) -> None:
    with old("workspace", "Workspace").init(tmp_path / "w") as workspace:
        assert old("road", "prospective_run")(workspace, "plan").run_id.startswith("plan-")


def test_replays_are_computed(old: Old, tmp_path: Path) -> None:
    remember = old("replays", "remembering")(tmp_path)
    panel = SimpleNamespace(
        deaths=np.zeros((1, 1)), target="sb", gwnos=(1,), months=(date(2020, 1, 1),)
    )
    found = remember({"model": "m", "known": panel}, lambda: np.ones((1, 1, 2)))
    assert found.tolist() == [[[1.0, 1.0]]]
    old("replays", "sweep")(tmp_path)
