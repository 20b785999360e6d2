"""The example region's results are those of the committed baseline (`tests/baseline/`).

The baseline was made by version 0.1.0 before its rooms were divided. Where a change of results is
meant, make it anew with `scripts/build_baseline.py` and say in CHANGELOG.md which and why.
"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from results import Tolerance, differences, digest, in_order, of_workspace, processor, write
from tocsin.workspace.steps import find_step

BASELINE = Path(__file__).parent / "baseline"
SAID = json.loads((BASELINE / "baseline.json").read_text("utf-8"))

# Counts, names and dates do not depend on the processor; neither do the closed-form sums in
# float64 of `assess`, whose last digits alone may hang on the order of a sum.
ASSESSED = Tolerance(relative=1e-9)
# Networks are trained and evaluated in float32 (24 bits, 6e-8 relative). A compiled program may
# add the same numbers in another order than the program that it replaces, which leaves a few
# units of the last place, and the quantiles that are read off carry them: 1e-5 is room for some
# hundred of them and far below anything that a reader would call another forecast.
FORECAST = Tolerance(relative=1e-5, of_scale=1e-9)
# The record sums scores over thousands of such forecasts, so it is no worse than they are. A
# forecast that moves by 1e-5 may still move one of 1,000 draws past a rule's threshold, which
# moves an alert's probability by 0.001.
RECORD = Tolerance(relative=1e-5, of_scale=1e-9)
ALERT = Tolerance(relative=1e-5, of_scale=2e-3)
# Simulated deaths are whole numbers by inverse CDF: where the start moves by 1e-5, here and there
# a count flips, and a flip is carried on by the echo. Differences between portfolios are small
# beside the totals that they are differences of, so room is measured by the outcome's own scale.
PLANNED = Tolerance(relative=1e-5, of_scale=1e-3, group=("outcome",))

# Gibbs sampling draws in float64; a first use that tips over to another cause by the last digit of
# a sum moves a mean over hundreds of draws by less than a hundredth of the column's scale.
DIFFUSION = Tolerance(relative=1e-5, of_scale=1e-2)
DIFFUSED = (
    "capability_index", "diffusion_alternatives", "diffusion_cuts", "diffusion_draws",
    "diffusion_growth", "diffusion_hazards", "diffusion_hindcasts", "diffusion_record",
    "diffusion_shares", "diffusion_verdict", "next_adopters", "technology_couse",
    "technology_synchrony",
)  # fmt: skip

# Compiled programs use the vector instructions that a processor has, and training walks away along
# differences of a last place. On another kind of processor than the baseline's (its name and its
# instructions are kept with it) the computed tables are held to what a reader would call the
# same: each number within a fiftieth of the largest of its column.
ELSEWHERE = Tolerance(relative=0.1, of_scale=0.02, exact=False)

STAGES = {
    "forecasts": FORECAST,
    "forecast_draws": FORECAST,
    "forecast_ledger": FORECAST,
    "track_record": RECORD,
    **dict.fromkeys(
        (
            "alerts",
            "alert_ledger",
            "alert_record",
            "alert_activations",
            "alert_reliability",
            "alert_value",
            "alert_rules",
        ),
        ALERT,
    ),
    **dict.fromkeys(("anomalies", "anomaly_record"), ALERT),
    **dict.fromkeys(DIFFUSED, DIFFUSION),
    **dict.fromkeys(
        (
            "outcomes",
            "outcome_paths",
            "future_paths",
            "comparisons",
            "comparison_territories",
            "comparison_years",
            "signposts",
            "portfolio_levers",
            "regrets",
            "parameter_swings",
            "rule_firings",
        ),
        PLANNED,
    ),
}
"""Tables that models make; all others are exact but for the last digits of a sum."""
COUNTED = {"technology_portfolios", "diffusion_expected", "diffusion_notes"}
"""Tables of the same steps that are held to the stricter room."""


@pytest.fixture(scope="module")
def found(walked: Path) -> dict[str, pl.DataFrame]:
    return of_workspace(walked)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SAID["tables"]))
def test_results_are_those_of_the_baseline(name: str, found: dict[str, pl.DataFrame]) -> None:
    allowed = STAGES.get(name, ASSESSED)
    if name in STAGES and SAID["processor"] != processor():
        allowed = ELSEWHERE
    path = BASELINE / f"{name}.parquet"
    kept = pl.read_parquet(path) if path.exists() else pl.DataFrame()
    assert differences(kept, found[name], SAID["tables"][name], allowed) == []


@pytest.mark.parametrize("name", ["anticipate", "diffuse", "alerts", "plan"])
def test_what_a_model_makes_has_room_on_another_processor(name: str) -> None:
    assert set(find_step(name).writes) - set(STAGES) - COUNTED == set()


# The comparison itself ------------------------------------------------------------------------

FRAME = pl.DataFrame({"a": ["x", "y", "z"], "n": [1, 2, None], "p": [0.5, 1e-9, None]})


def _against(folder: Path, now: pl.DataFrame, allowed: Tolerance) -> list[str]:
    write({"table": in_order(FRAME)}, folder)
    said = json.loads((folder / "baseline.json").read_text("utf-8"))["tables"]["table"]
    return differences(pl.read_parquet(folder / "table.parquet"), now, said, allowed)


def test_order_of_rows_and_columns_and_new_columns_do_not_matter(tmp_path: Path) -> None:
    now = FRAME.reverse().select("p", "n", "a", pl.lit(1).alias("new"))
    assert _against(tmp_path, now, ASSESSED) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (pl.col("a").replace({"x": "w"}), "a in row 0"),
        (pl.col("n").fill_null(3), "n in row 2"),
        (pl.col("p").fill_null(0.0), "p: 1 of 3"),
        (pl.col("p") * 1.001, "p: 2 of 3"),
    ],
)
def test_a_change_is_seen_and_named(tmp_path: Path, change: pl.Expr, word: str) -> None:
    found = _against(tmp_path, FRAME.with_columns(change), ASSESSED)
    assert any(word in line for line in found), found


def test_a_missing_row_or_column_is_seen(tmp_path: Path) -> None:
    assert _against(tmp_path, FRAME.head(2), ASSESSED)
    assert _against(tmp_path, FRAME.drop("p"), ASSESSED) == ["no column p"]


@pytest.mark.slow
@given(st.floats(-1, 1))
def test_what_lies_within_the_tolerance_passes(much: float) -> None:
    kept = pl.DataFrame({"outcome": ["a", "a", "b"], "mean": [100.0, 1.0, 1.0]})
    now = kept.with_columns(pl.col("mean") + pl.Series([0.0, much, 0.0]))
    said = {"rows": 3, "exact": ["outcome"], "digest": digest(kept)}
    room = Tolerance(relative=0.0, of_scale=0.005, group=("outcome",))
    # The row of 1 stands beside one of 100 in its group: half a unit is room there.
    kept, now = in_order(kept), in_order(now)
    assert bool(differences(kept, now, said, room)) == (abs(much) > 0.5)
