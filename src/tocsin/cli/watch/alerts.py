"""`tocsin alerts`: where each declared rule stands, beside its record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table
from tocsin.cli.progress import showing

RulesOption = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        metavar="FILE",
        help="TOML file of rules.",
        show_default="alerts.toml of the workspace, or those shipped",
    ),
]


def alerts(
    workspace: WorkspaceOption = HERE,
    rules: RulesOption = None,
    everywhere: Annotated[
        bool, typer.Option("--all", help="All territories, not only the region's.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show which alerts are up, and what each rule caught, missed and cried in vain.

    A rule is a sentence in a TOML file: say = "at least 25 deaths within 3 months, probability
    above 0.3, in Mali, Niger". Its record comes from replaying the forecaster at past months.

    Example: tocsin alerts --rules alerts.toml
    """
    from tocsin.anticipate.alerts import ALERT_TABLES
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened:
        with showing(quiet=as_json) as show:
            road.alerts(opened, rules, on_progress=show)
        found = {name: opened.read(name) for name in ALERT_TABLES}
        region = opened.settings.region.gwnos
    if not everywhere:
        found["alerts"] = found["alerts"].filter(pl.col("gwno").is_in(region))
    if as_json:
        print_json({name: frame.to_dicts() for name, frame in found.items()})
        return
    raised = found["alerts"].filter(pl.col("level") != "quiet")
    rows = raised.sort("rule", "probability", descending=[False, True]).select(
        "rule", "territory", "level", pl.col("probability").round(2), "since"
    )
    print_table("Alerts", rows.columns, rows.rows())
    for line in (*_record(found), *_stream(found)):
        typer.echo(line)


def _stream(found: dict[str, pl.DataFrame]) -> list[str]:
    """A line a territory whose incidents are watched, and its latest alarm."""
    lines = ["", "Incoming incidents, each year watched by models of the years before"]
    for row in found["anomaly_record"].to_dicts():
        delay = "" if row["burst_delay"] is None else f", on day {row['burst_delay']:.0f}"
        lines.append(
            f"  {row['territory']}: alarms {row['alarms']}, in {row['days'] / 365.25:.1f} years to "
            f"{row['last_day']}; a usual stream gives {row['simulated_rate']:.1f} a year; bursts "
            f"seen {row['burst_found']:.0%}{delay}"
        )
        last = found["anomalies"].filter(pl.col("gwno") == row["gwno"]).tail(1)
        for one in last.to_dicts():
            span = "that day" if one["window"] == 1 else "in the week to it"
            lines.append(
                f"    latest: {one['day']}, {quantity(one['observed'], 'incident')} {span}, "
                f"{one['expected']:.1f} expected"
            )
    return lines if len(lines) > 2 else [*lines, "  none: no territory has a year of them"]


def _record(found: dict[str, pl.DataFrame]) -> list[str]:
    """Two or three lines a rule: what it says, and what came of it."""
    whole, own = (
        {
            row["rule"]: row
            for row in found["alert_record"].filter(pl.col("window") == window).to_dicts()
        }
        for window in ("all", "own")
    )
    lines = ["", "Record of each rule, out of sample"]
    for rule in found["alert_rules"].to_dicts():
        lines.append(f"  {rule['rule']}: {rule['sentence']}")
        row, lent = whole.get(rule["rule"]), rule["source"].partition("; its record is of ")[2]
        if row is None or not rule["proven"]:
            cases = _counts(row, ("n", "events")) if row else "no past case"
            of = f" of {lent}" if lent else ""
            lines.append(f"    no record yet: {cases}{of}; too few, so no level is given")
            continue
        lead = "" if row["lead_median"] is None else f", {row['lead_median']:.0f} months ahead"
        value = "unknown" if row["value"] is None else f"{row['value']:.2f}"
        lines.append(
            f"    {_counts(row)}; {row['warned']} of {row['episodes']} new spells seen coming{lead}"
        )
        lines.append(
            f"    raised at {rule['threshold']:.3g} ({rule['chosen_by']}); Brier score "
            f"{row['brier']:.4f}, of how often it came before {row['brier_reference']:.4f}; "
            f"value {value}"
        )
        if mine := own.get(rule["rule"]):
            lines.append(
                f"    its own territories: {_counts(mine)}; {mine['warned']} of "
                f"{mine['episodes']} new spells seen coming"
            )
        if lent:
            lines.append(f"    its record is of {lent}: the cases here are too few for one")
        if rule["action"]:
            lines.append(f"    prepared: {rule['action']}")
    return lines


COUNTED = {
    "n": ("past case", "past cases"),
    "events": ("event", "events"),
    "hits": ("hit", "hits"),
    "misses": ("miss", "misses"),
    "false_alarms": ("false alarm", "false alarms"),
}
"""Columns of a record, and the words for one of them and for more."""


def _counts(row: dict[str, Any], names: Sequence[str] = tuple(COUNTED)) -> str:
    """The cases of a record, and what came of them."""
    return ", ".join(quantity(row[name], *COUNTED[name]) for name in names)
