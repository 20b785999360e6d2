"""Alerts, anomalies and drift: how far each can be trusted, on data that they did not know.

Example: python benchmarks/alerts.py
Parts alone: python benchmarks/alerts.py rules made-up real drift

Rules are replayed at every month from December 2013 on; anomalies are watched in made-up streams
whose models had to be fitted first, and in the example's incidents; the watch over calibration
runs over forecasts issued each month, and over forecasts that are wrong on purpose.
"""

from __future__ import annotations

import sys
import time
from datetime import date

import numpy as np
import polars as pl

from tocsin.anticipate.alerts.records import evidence, record
from tocsin.anticipate.alerts.records.recalibrate import recalibrate
from tocsin.anticipate.alerts.records.replay import best_before, origins, replay
from tocsin.anticipate.alerts.rules.declared import ABOUT_TECHNOLOGY, Rule, default_rules
from tocsin.anticipate.alerts.stream.anomaly import (
    alarm_threshold,
    detection_delays,
    judge_days,
    spells,
)
from tocsin.anticipate.alerts.stream.fitting import fit
from tocsin.anticipate.alerts.stream.hawkes import YEAR, Hawkes, simulate
from tocsin.anticipate.alerts.stream.incoming import find_anomalies
from tocsin.anticipate.data.panel import Panel, panel
from tocsin.anticipate.evaluation.track_record import track_record
from tocsin.anticipate.forecast_ledger.drift import ALPHA, BETS, HORIZONS, bet_payoffs, calibration
from tocsin.anticipate.forecast_ledger.entries import ledger_entries, score_entries
from tocsin.anticipate.issue.forecast import forecast
from tocsin.anticipate.models.baselines import MODELS
from tocsin.anticipate.models.registry import FORECASTER, REGISTRY
from tocsin.assess import assess
from tocsin.observe import example_files, observe
from tocsin.schema import TABLES, empty

SEED = 20260101


def main() -> None:
    """Print the four parts, each with its time."""
    seen = observe(example_files())
    series = seen["series"].filter(pl.col("target") == "ged_sb")
    history = panel(series)
    parts = {
        "rules": lambda: rules(history),
        "made-up": made_up_streams,
        "real": lambda: real_streams(assess(seen["reports"], seen["actors"])["incidents"]),
        "drift": lambda: drift(series, history),
    }
    for name in sys.argv[1:] or parts:
        begun = time.perf_counter()
        parts[name]()
        print(f"({time.perf_counter() - begun:.0f} s)\n", flush=True)


def rules(history: Panel) -> None:
    """The shipped rules, with and without correction, and two ways to an operating point."""
    declared = [rule for rule in default_rules() if rule.kind not in ABOUT_TECHNOLOGY]
    cases = _cases(history, declared)
    print("Rules about deaths, out of sample")
    for case in cases:
        fair = _fair(case)
        for name, one in (("as forecast", case), ("corrected", fair)):
            row = record.record_rows(record.walk_ladder(one))[0]
            print(
                f"  {case.rule.name}, {name}: Brier {row['brier']:.5f} (frequency alone "
                f"{row['brier_reference']:.5f}), log score {row['log_score']:.4f} bits "
                f"({row['log_reference']:.4f}); {row['hits']} hits, {row['misses']} misses, "
                f"{row['false_alarms']} false alarms, {row['warned']} of {row['episodes']} spells "
                f"seen coming, lead {row['lead_median']}"
            )
    print("Value at cost over loss: acting on p > C/L, and on the threshold cheapest so far")
    for case in cases:
        told = [
            f"1:{loss} {_value(case, 1 / loss):.3f} {_priced(case, loss):.3f}"
            for loss in (50, 20, 10, 5, 2)
        ]
        print(f"  {case.rule.name}: " + "; ".join(told))


def made_up_streams(paths: int = 40) -> None:
    """False alarms on usual streams by models that were fitted, and bursts seen."""
    print("Made-up usual streams: three years to fit on, one watched; one false alarm a year borne")
    days, cut = np.arange(4 * 365.0), 3 * 365
    for name, level in (("busy (10 a day)", 1.0), ("middling (1 a day)", 0.1), ("thin", 0.01)):
        model = Hawkes(level, (0.2, 0.1), 0.6, 0.3, 3.0, 1.6)
        made = simulate(model, np.random.default_rng(SEED), days=len(days), paths=paths)
        found = fit({i: (row[:cut], days[:cut]) for i, row in enumerate(made)})
        cries = 0
        for i, row in enumerate(made):
            threshold = alarm_threshold(found[i], rate=1.0, seed=i)
            cries += len(spells(judge_days(found[i], row, days).lowest[cut:] < threshold))
        late = detection_delays(model, alarm_threshold(model, rate=1.0, seed=SEED), seed=SEED + 1)
        print(
            f"  {name}: {made.mean():.2f} incidents a day, {cries / (paths * 365 / YEAR):.2f} "
            f"false alarms a year; of bursts (three times the usual for a week) "
            f"{np.isfinite(late).mean():.0%} seen, median day {np.nanmedian(late):.0f}"
        )


def real_streams(incidents: pl.DataFrame) -> None:
    """Syria and the Central African Republic, each year watched by models of those before."""
    found = find_anomalies(incidents, [652, 482], rate=1.0, seed=SEED)
    with pl.Config(tbl_rows=40, tbl_cols=20, tbl_width_chars=160):
        print(found["anomaly_record"].drop("source", "gwno"))
        print(found["anomalies"].drop("source", "gwno"))


def drift(series: pl.DataFrame, history: Panel, first: int = 2016) -> None:
    """Forecasts issued each month by two models, and a right forecaster, watched."""
    print("Calibration watched, forecasts issued each month")
    for name in (FORECASTER, "negative binomial", "last twelve months"):
        scores = _issued_monthly(series, history, name, first)
        watch = calibration(scores)
        for (horizon,), part in watch.group_by("horizon", maintain_order=True):
            lost = part.filter("lost")
            said = (
                f"lost at {lost['origin'][0]:%Y-%m}, {lost['fault'][-1]}" if len(lost) else "held"
            )
            mean = 1 - part["crps"].sum() / part["crps_last_12"].sum()
            print(
                f"  {name}, {horizon} months: {part.height} origins, evidence "
                f"{part['evidence'].max():.3g} of {part['limit'][0]:.0f}: {said}; skill against "
                f"the last twelve {mean:+.3f}, coverage {part['coverage'][-1]:.1%} of late"
            )
    print(_right_forecasters())


def _right_forecasters(runs: int = 2000, months: int = 120, units: int = 40) -> str:
    """How often a right forecaster is called wrong at one month ahead, in ten years of months."""
    random = np.random.default_rng(SEED)
    wealth, most = np.ones((len(BETS), runs)), np.ones(runs)
    for _ in range(months):
        # Territories share a fate in part: ranks are uniform each, and far from independent.
        shared, own = random.random((runs, 1)), random.random((runs, units))
        ranks = np.where(random.random((runs, units)) < 0.5, shared, own)
        wealth *= bet_payoffs(ranks)
        most = np.maximum(most, wealth.mean(axis=0))
    lost = int((most >= len(HORIZONS) / ALPHA).sum())
    return (
        f"  right forecasters called wrong at one horizon in ten years: {lost} of {runs} "
        f"(at most {ALPHA / len(HORIZONS):.2%} allowed)"
    )


def _issued_monthly(series: pl.DataFrame, history: Panel, name: str, first: int) -> pl.DataFrame:
    scores = empty(TABLES["forecast_scores"])
    for origin in (month for month in history.months if month >= date(first - 1, 12, 1)):
        known = history.upto(origin)
        _, drawn = forecast(known, name, REGISTRY[name], horizon=6, draws=200, seed=SEED)
        ledger = ledger_entries(drawn, series, issue=f"{origin}", issued_at=f"{origin}")
        scores = pl.concat([scores, score_entries(ledger, scores.clear(), series, scored_at="now")])
    return scores


def _cases(history: Panel, declared: list[Rule]) -> list[evidence.Evidence]:
    models = {**MODELS, FORECASTER: REGISTRY[FORECASTER]}
    choose = best_before(track_record(history, models, 14))
    when = origins(history, 2014, set(models))
    horizon = max(rule.within for rule in declared)
    said = replay(history, choose, when, horizon=horizon, seed=SEED)
    return evidence.gather_evidence(declared, history, said)


def _fair(case: evidence.Evidence) -> evidence.Evidence:
    from dataclasses import replace

    fair = recalibrate(case.probability, case.event, case.years, case.closed)
    return replace(case, probability=fair)


def _value(case: evidence.Evidence, ratio: float) -> float:
    from tocsin.anticipate.alerts.records.value import relative_value

    fair = _fair(case)
    known = ~np.isnan(fair.probability) & ~np.isnan(fair.event)
    alarm = (fair.probability[known] >= ratio).astype(float)
    return relative_value(alarm, fair.event[known], ratio)


def _priced(case: evidence.Evidence, loss: float) -> float:
    from tocsin.anticipate.alerts.records.value import operating_points, relative_value

    fair = _fair(case)
    points = operating_points(fair.probability, fair.event, fair.years, fair.closed, ratio=1 / loss)
    bars = np.array([points[year] for year in fair.years.tolist()])[:, None]
    known = ~np.isnan(fair.probability) & ~np.isnan(fair.event)
    alarm = (fair.probability >= bars).astype(float)[known]
    return relative_value(alarm, fair.event[known], 1 / loss)


if __name__ == "__main__":
    sys.exit(main())
