"""Alerts: rules that a user declares, each shown only beside its own record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.alerts.hazard import (
    ANY_FIRST,
    FIRST_THERE,
    Standing,
    hazard_evidence,
    hazard_standing,
)
from tocsin.anticipate.alerts.records import evidence as cases
from tocsin.anticipate.alerts.records import record
from tocsin.anticipate.alerts.records.activations import activation_rows
from tocsin.anticipate.alerts.records.borrowed import (
    SHIPPED,
    WORLD_FILE,
    borrow_evidence,
    read_world,
)
from tocsin.anticipate.alerts.records.issued import alert_entries
from tocsin.anticipate.alerts.records.recalibrate import recalibrate
from tocsin.anticipate.alerts.records.record import LadderWalk
from tocsin.anticipate.alerts.records.reliability import reliability
from tocsin.anticipate.alerts.records.replay import best_before, origins, replay
from tocsin.anticipate.alerts.records.value import RATIOS, relative_value
from tocsin.anticipate.alerts.rules import ladder, triggers
from tocsin.anticipate.alerts.rules.declared import ABOUT_TECHNOLOGY, Rule, false_alarms, read_rules
from tocsin.anticipate.alerts.spread import spread, spread_evidence
from tocsin.anticipate.alerts.stream.incoming import find_anomalies
from tocsin.anticipate.data.panel import Matrix, Panel, months_between, panel
from tocsin.base.display.quantity import quantity
from tocsin.base.moved import old_parameters
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.step import Given, SideFile, Step, Tables
from tocsin.schema.tables.anticipated.alert import UNPROVEN
from tocsin.schema.tables.assessed.incident import with_counts

__all__ = ["ALERT_TABLES", "RULES_FILE", "STEP", "alerts"]

RULE_TABLES = (
    "alert_rules",
    "alerts",
    "alert_record",
    "alert_activations",
    "alert_reliability",
    "alert_value",
)
ALERT_TABLES = (*RULE_TABLES, "anomalies", "anomaly_record")
LEDGER = "alert_ledger"
BY_HAZARD = "by the hazard of diffusion; its record is of"
RULES_FILE = "alerts.toml"
"""The file of a workspace that declares its own rules."""
DEFAULT = Path(str(files("tocsin.anticipate.alerts.rules") / "default.toml"))


@old_parameters(remember=None)
def alerts(
    rules: list[Rule],
    tables: Tables,
    *,
    target: str,
    seed: int,
    region: Sequence[int] = (),
    false_alarms: float = 1.0,
    world: Path | None = None,
) -> dict[str, pl.DataFrame]:
    """Say on which level each rule stands now, and how well each rule did in the past.

    A rule about some territories learns from all: its event is the same everywhere, and the record
    of one country alone would rest on a handful of cases. That of its own territories stands
    beside.

    Args:
        rules: the rules, each of which says what to watch for.
        tables: `series`, `forecast_draws`, `track_record`, `adoption_quarters`, `incidents`, and of
            the step `diffuse` `next_adopters` and `diffusion_hindcasts`; all but the first three
            may be empty, and the last two may be missing.
        target: the series of deaths of which the rules about deaths speak.
        seed: start of all random numbers.
        region: Gleditsch-Ward numbers of the territories whose incoming incidents are watched for
            anomalies, and that have a record of their own under rules about every territory;
            empty: none.
        false_alarms: how many false alarms for each territory and year are accepted in that watch.
        world: a file of the deaths of all countries, from whose cases a rule about deaths learns
            where those of the series are too few for a record
            (`alerts.records.borrowed.read_world`); None: it then has no record.

    Returns:
        The tables `alert_rules, alerts, alert_record, alert_activations, alert_reliability,
        alert_value`, `anomalies` and `anomaly_record`.
    """
    history = panel(tables["series"].filter(pl.col("target") == target))
    done = _about_deaths(rules, history, tables, seed)
    borrowed = _by_borrowing(done, history, tables, world, seed)
    foreseen = _by_hazard(rules, tables)
    done |= _about_technology([rule for rule in rules if rule.name not in foreseen], tables)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in RULE_TABLES}
    for rule in rules:
        if rule.name in foreseen:
            walked, now, of = foreseen[rule.name]
            told = f"alert rule '{rule.name}', {BY_HAZARD} {of}"
            for name, rows in _told_by_hazard(walked, now, seed).items():
                marks = {"rule": rule.name, "source": told}
                found[name] += [row | marks for row in rows]
        elif rule.name in done:
            for name, rows in _record_tables(
                done[rule.name], rule.gwnos or tuple(region), seed
            ).items():
                lent = borrowed.get(rule.name, "")
                marks = {"rule": rule.name, "source": f"alert rule '{rule.name}'{lent}"}
                # Other countries lend their cases; where they stand is no matter of the workspace.
                here = rows if not lent else [
                    row for row in rows if row.get("gwno", history.gwnos[0]) in history.gwnos
                ]  # fmt: skip
                found[name] += [row | marks for row in here]
        else:
            found["alert_rules"].append(_unheard(rule))
    watched = find_anomalies(tables["incidents"], region, rate=false_alarms, seed=seed)
    return watched | {
        name: conform(TABLES[name], pl.DataFrame(rows, infer_schema_length=None))
        if rows
        else empty(TABLES[name])
        for name, rows in found.items()
    }


def _about_deaths(
    rules: list[Rule], history: Panel, tables: Tables, seed: int
) -> dict[str, LadderWalk]:
    mine = [rule for rule in rules if rule.kind not in ABOUT_TECHNOLOGY]
    track = tables["track_record"]
    years = track.filter(pl.col("window") != "all")["window"].cast(pl.Int32)
    if not mine or years.is_empty():
        return {}
    choose = best_before(track)
    # The first year scored is for choosing a model; the record begins with the next.
    begin = min(years.to_list()) + 1
    names = {choose(year) for year in range(begin, history.months[-1].year + 2)}
    when = origins(history, begin, names)
    farthest = max(rule.within for rule in mine)
    said = replay(history, choose, when, horizon=farthest, seed=seed)
    now = _issued_draws(history, tables["forecast_draws"])
    done = {}
    for case in cases.gather_evidence(mine, history, said):
        if now is not None and now.shape[1] >= case.rule.within:
            # What stands now is told by the forecast that was issued, not by its replay.
            latest = triggers.probability(case.rule, history, now)
            place = [history.gwnos.index(gwno) for gwno in case.gwnos]
            case.probability[-1] = latest[place]
        fair = recalibrate(case.probability, case.event, case.years, case.closed)
        done[case.rule.name] = record.walk_ladder(replace(case, probability=fair))
    return done


def _by_borrowing(
    done: dict[str, LadderWalk], history: Panel, tables: Tables, world: Path | None, seed: int
) -> dict[str, str]:
    """Give rules of too few cases those of all countries; say of which rules the record is so."""
    poor = [
        walk.evidence.rule
        for walk in done.values()
        if not record.has_record(walk) and walk.evidence.rule.kind not in ABOUT_TECHNOLOGY
    ]
    everywhere = read_world(world) if poor and world is not None else None
    if everywhere is None or set(everywhere.gwnos) <= set(history.gwnos):
        return {}
    model, found = borrow_evidence(poor, history, everywhere, tables["track_record"], seed=seed)
    count = len(set(everywhere.gwnos) | set(history.gwnos))
    told = f", told by '{model}'; its record is of {quantity(count, 'country', 'countries')}"
    said = {}
    for case in found:
        fair = recalibrate(case.probability, case.event, case.years, case.closed)
        walk = record.walk_ladder(replace(case, probability=fair))
        if record.has_record(walk):
            done[case.rule.name], said[case.rule.name] = walk, told
    return said


def _by_hazard(
    rules: list[Rule], tables: Tables
) -> dict[str, tuple[LadderWalk, list[Standing], str]]:
    """Rules about technology of which the step `diffuse` can tell, with its record and its words.

    The record is of the rule's own event in all classes where there is enough of it for a record.
    """
    past, ahead = (tables.get(name) for name in ("diffusion_hindcasts", "next_adopters"))
    if past is None or ahead is None or past.is_empty():
        return {}
    found = {}
    for rule in rules:
        if rule.kind not in ABOUT_TECHNOLOGY:
            continue
        quarters = tables["adoption_quarters"]
        now = hazard_standing(rule, ahead, quarters)
        for unseen, of in ((False, ANY_FIRST), (True, FIRST_THERE)):
            case = hazard_evidence(rule, past, quarters, unseen=unseen)
            walked = None if case is None else record.walk_ladder(case)
            if walked is not None and (not unseen or record.has_record(walked)):
                found[rule.name] = walked, now, of
    return found


def _told_by_hazard(
    done: LadderWalk, now: list[Standing], seed: int
) -> dict[str, list[dict[str, Any]]]:
    """As `_record_tables`, with territories as they stand now beside a record of all classes."""
    # Its record is of all classes, which have no years of their own in a territory.
    found = _record_tables(done, done.evidence.rule.gwnos, seed) | {"alert_activations": []}
    proven = record.has_record(done)
    found["alerts"] = [
        {
            "territory": one.territory,
            "gwno": one.gwno,
            "origin": one.origin,
            "probability": one.probability,
            "level": _level(done, one.probability) if proven else UNPROVEN,
            "since": one.origin,
        }
        for one in now
    ]
    return found


def _level(done: LadderWalk, probability: float) -> str:
    return ladder.LEVELS[int(np.searchsorted(done.final.up, probability, side="right"))]


def _about_technology(rules: list[Rule], tables: Tables) -> dict[str, LadderWalk]:
    done = {}
    for rule in rules:
        if rule.kind in ABOUT_TECHNOLOGY:
            seen = spread(rule.technology, tables["adoption_quarters"], tables["incidents"])
            if seen is not None:
                done[rule.name] = record.walk_ladder(spread_evidence(rule, seen))
    return done


def _issued_draws(history: Panel, drawn: pl.DataFrame) -> Matrix | None:
    """The issued forecast's draws, shape (N, H, S), if it is from history's last month."""
    here = drawn.filter(
        pl.col("origin") == history.months[-1], pl.col("target") == history.target
    ).with_columns(pl.col("draws").list.len().alias("size"))
    if here.is_empty():
        return None
    ahead = [months_between(history.months[-1], month) for month in here["month"].to_list()]
    found = np.full((len(history.gwnos), max(ahead), here["size"].max()), np.nan)  # type: ignore[type-var]
    place = {gwno: i for i, gwno in enumerate(history.gwnos)}
    for gwno, h, draws in zip(here["gwno"], ahead, here["draws"], strict=True):
        if gwno in place:
            found[place[gwno], h - 1] = draws.to_numpy()
    return found


def _record_tables(
    done: LadderWalk, own: Sequence[int], seed: int
) -> dict[str, list[dict[str, Any]]]:
    case, rule = done.evidence, done.evidence.rule
    proven = record.has_record(done)
    found = {
        "alert_rules": [_rule_row(done, proven)],
        "alerts": _standing(done, proven),
        "alert_record": record.record_rows(done, own),
        "alert_activations": activation_rows(done, own),
        "alert_reliability": [],
        "alert_value": [],
    }
    if proven:
        stretch = max(1, rule.within // record.origin_step(case))
        found["alert_reliability"] = reliability(
            case.probability, case.event, stretch=stretch, seed=seed
        )
        found["alert_value"] = _values(done)
    return found


def _rule_row(done: LadderWalk, proven: bool) -> dict[str, Any]:
    rule = done.evidence.rule
    threshold = float(done.final.up[1])
    chosen_by = "declared"
    if rule.probability is None:
        chosen_by = "cost over loss" if threshold == rule.ratio else "cheapest so far"
    return {
        "sentence": rule.sentence,
        "kind": rule.kind,
        "within": rule.within,
        "threshold": threshold,
        "chosen_by": chosen_by,
        "proven": proven,
        "action": rule.action or None,
    }


def _unheard(rule: Rule) -> dict[str, Any]:
    """A rule of which nothing can be said: there are no data of its kind."""
    return {
        "rule": rule.name,
        "sentence": rule.sentence,
        "kind": rule.kind,
        "within": rule.within,
        "threshold": rule.probability or rule.ratio,
        "chosen_by": "declared" if rule.probability else "cost over loss",
        "proven": False,
        "action": rule.action or None,
        "source": f"alert rule '{rule.name}'",
    }


def _standing(done: LadderWalk, proven: bool) -> list[dict[str, Any]]:
    case = done.evidence
    last = len(case.origins) - 1
    found = []
    for i, (gwno, territory) in enumerate(zip(case.gwnos, case.territories, strict=True)):
        chance, level = case.probability[last, i], int(done.levels[last, i])
        if (np.isnan(chance) and level == 0) or gwno not in (case.rule.gwnos or (gwno,)):
            continue
        entered = case.origins[max(0, last - int(done.held[last, i]) + 1)]
        found.append(
            {
                "territory": territory,
                "gwno": gwno,
                "origin": case.origins[last],
                "probability": float(np.nan_to_num(chance)),
                "level": ladder.LEVELS[level] if proven else UNPROVEN,
                "since": entered if proven else case.origins[last],
            }
        )
    return found


def _values(done: LadderWalk) -> list[dict[str, Any]]:
    case = done.evidence
    known = ~np.isnan(case.probability) & ~np.isnan(case.event)
    p, y, alarm = case.probability[known], case.event[known], done.alarm[known]
    found = []
    for ratio in RATIOS:
        value = relative_value((p >= ratio).astype(float), y, ratio)
        raised = relative_value(alarm, y, ratio)
        if not np.isnan(value):
            found.append({"cost_loss": ratio, "value": value, "value_raised": raised})
    return found


def _alerts(tables: Tables, given: Given) -> Tables:
    rules = given.files[RULES_FILE]
    held = with_counts(tables["series"], tables["incident_series"])
    found = alerts(
        read_rules(rules),
        {**{name: tables[name] for name in STEP.reads}, "series": held},
        target=given.settings.target,
        seed=given.settings.seed,
        region=given.settings.region.gwnos,
        false_alarms=false_alarms(rules),
        world=given.files[WORLD_FILE],
    )
    said = alert_entries(
        found["alerts"], found["alert_rules"], issue=given.run_id, issued_at=given.started_at
    )
    return {**found, LEDGER: said}


STEP = Step(
    name="alerts",
    room="anticipate",
    function=_alerts,
    reads=(
        "series",
        "incident_series",
        "forecast_draws",
        "track_record",
        "adoption_quarters",
        "incidents",
        "next_adopters",
        "diffusion_hindcasts",
    ),
    needs=("forecast_draws", "track_record"),
    writes=(*ALERT_TABLES, LEDGER),
    settings=("target", "region.gwnos"),
    seeded=True,
    ahead=True,
    files=(
        SideFile(
            RULES_FILE, DEFAULT, false_alarms, lambda file: [r.name for r in read_rules(file)]
        ),
        SideFile(WORLD_FILE, SHIPPED, read_world),
    ),
)
