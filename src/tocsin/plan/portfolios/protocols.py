"""Early-action protocols: what is done once a trigger is met, and how the trigger did so far.

After the Early Action Protocols of the International Federation of Red Cross and Red Crescent
Societies, which are signed on three figures: how likely the trigger is met in a year, how many
shocks it catches, and how often it is met in vain. All three are counted on years that the
forecaster and the thresholds had not seen (`alert_activations`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from tocsin.base.display.bounds import round_bound
from tocsin.base.display.quantity import quantity
from tocsin.base.nearest import advice
from tocsin.errors import StageNotReady, UsageError
from tocsin.plan.portfolios.declared import PortfolioFile

SHARES = {
    "activation": "chance that it is met anew in a year, in one territory",
    "caught": "share of shocks caught",
    "in_vain": "share of activations in vain",
}
"""The three figures, in the order of the sheet."""
WHOLES = {
    "activation": ("territory-year", "territory-years"),
    "caught": ("shock", "shocks"),
    "in_vain": ("activation", "activations"),
}
"""What is counted in the whole of each share."""
LEVEL = 0.9
"""Of the intervals."""


def protocol_sheet(
    file: PortfolioFile, alert_rules: pl.DataFrame, alert_activations: pl.DataFrame
) -> pl.DataFrame:
    """Put each protocol of a file beside the record of its trigger.

    Args:
        file: the file of portfolios.
        alert_rules: the table of that name: a protocol's trigger is one of its rules.
        alert_activations: the table of that name.

    Returns:
        A row for each protocol: what it says, the trigger in words, whether it has a record, the
        territories and years that are counted, and for each of `SHARES` the share, the counts
        (`*_of` the whole) and a 90 % interval (Jeffreys; `*_low`, `*_high`). The share is empty
        where the whole is 0. The chance of a year is of the territory-years in which an alert was
        raised, once or more often (`activations` are these alerts); `carried` are those in which
        one only stayed up from before (`caught_carried` shocks came in them), `partial` those that
        were watched in a part of their months only. Territories of one year are counted as if they
        were independent, so intervals are too narrow where shocks come together.

    Raises:
        UsageError: the file has no protocols, or a trigger is no rule of alerts.
        StageNotReady: there are no rules of alerts yet.
    """
    if not file.protocols:
        raise UsageError(
            "The file declares no protocol.",
            where=file.where,
            remedy="Add [protocols.NAME] with trigger, action, who and funding; "
            "`tocsin plan --example` shows one.",
        )
    if alert_rules.is_empty():
        raise StageNotReady("No rule of alerts has been run.", remedy="Run: tocsin anticipate")
    rules = {row["rule"]: row for row in alert_rules.to_dicts()}
    check_triggers(file, rules)
    rows = []
    for name, protocol in file.protocols.items():
        rule = rules[protocol.trigger]
        seen = alert_activations.filter(pl.col("rule") == protocol.trigger)
        rows.append(
            {"protocol": name, "trigger": protocol.trigger, "sentence": rule["sentence"]}
            | {"action": protocol.action, "who": protocol.who, "funding": protocol.funding}
            | {"portfolio": protocol.portfolio, "proven": rule["proven"]}
            | _figures(seen)
        )
    numbers = {f"{name}{end}": pl.Float64 for name in SHARES for end in ("", "_low", "_high")}
    return pl.DataFrame(rows, schema_overrides=numbers | {"portfolio": pl.String})


def check_triggers(file: PortfolioFile, rules: Collection[str]) -> None:
    """Refuse a protocol whose trigger is no rule of alerts.

    Args:
        file: the file of portfolios.
        rules: names of the rules.

    Raises:
        UsageError: a trigger is none of them; the error names its line and the nearest rule.
    """
    for name, protocol in file.protocols.items():
        if protocol.trigger not in rules:
            raise UsageError(
                f"There is no rule of alerts '{protocol.trigger}'.",
                where=protocol.where or f"{file.where}, protocols.{name}.trigger",
                remedy=advice(protocol.trigger, rules),
            )


def _figures(seen: pl.DataFrame) -> dict[str, Any]:
    """The three figures of one trigger."""
    found: dict[str, Any] = {
        "territories": seen["gwno"].n_unique(),
        "first_year": seen["year"].min(),
        "last_year": seen["year"].max(),
        "activations": int(seen["activations"].sum()),
        "carried": int(((seen["raised"] > 0) & (seen["activations"] == 0)).sum()),
        "caught_carried": int(
            seen.filter(pl.col("raised") > 0, pl.col("activations") == 0)["caught"].sum()
        ),
        "partial": int((seen["origins"] < (seen["origins"].max() or 0)).sum()),
    }
    counts = {
        "activation": (int((seen["activations"] > 0).sum()), seen.height),
        "caught": (int(seen["caught"].sum()), int(seen["shocks"].sum())),
        "in_vain": (int(seen["in_vain"].sum()), int(seen["activations"].sum())),
    }
    for name, (some, whole) in counts.items():
        low, high = _jeffreys(some, whole)
        found |= {
            name: some / whole if whole else None,
            f"{name}_low": low,
            f"{name}_high": high,
            f"{name}_count": some,
            f"{name}_of": whole,
        }
    return found


def _jeffreys(some: int, whole: int) -> tuple[float | None, float | None]:
    """Jeffreys interval of a share (Brown, Cai and DasGupta 2001, Statistical Science 16)."""
    from scipy.stats import beta

    if not whole:
        return None, None
    tail = (1 - LEVEL) / 2
    low = 0.0 if some == 0 else float(beta.ppf(tail, some + 0.5, whole - some + 0.5))
    high = 1.0 if some == whole else float(beta.ppf(1 - tail, some + 0.5, whole - some + 0.5))
    return low, high


def protocol_text(sheet: pl.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Write protocols for people to sign: trigger, its figures, action, who, funding.

    Args:
        sheet: as `protocol_sheet` gives it.
        labels: what a portfolio is called, by its name.

    Returns:
        Markdown.
    """
    parts = []
    for row in sheet.to_dicts():
        part = (labels or {}).get(row["portfolio"], row["portfolio"])
        lines = [
            f"## {row['protocol']}",
            "",
            f"- **Trigger:** {row['sentence']} (rule '{row['trigger']}')",
            *(
                f"- **{words.capitalize()}:** {_say_share(row, name)}"
                for name, words in SHARES.items()
            ),
            *([f"- **Met:** {_say_met(row)}"] if row["territories"] else []),
            f"- **Counted on:** {_say_base(row)}",
            f"- **Action:** {row['action']}",
            f"- **Who:** {row['who']}",
            f"- **Funding:** {row['funding']}",
            *([f"- **Part of:** {part}"] if part else []),
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


NEVER = {"caught": "no shock came", "in_vain": "the trigger was never met"}
"""Why a share is not known although years are counted."""


def _say_share(row: Mapping[str, Any], name: str) -> str:
    if row[name] is None:
        if not row["territories"]:
            return "not known: no year is counted"
        return f"not known: {NEVER[name]} in the years that are counted"
    low = round_bound(row[f"{name}_low"], decimals=2)
    high = round_bound(row[f"{name}_high"], most=True, decimals=2)
    whole = quantity(row[f"{name}_of"], *WHOLES[name])
    before = ""
    if name == "caught" and row["caught_carried"]:
        before = f", {row['caught_carried']:,} of them in years with an alert from before only"
    return (
        f"{row[name]:.0%} ({row[f'{name}_count']:,} of {whole}{before}; 90% interval {low:.0%} to "
        f"{high:.0%})"
    )


def _say_met(row: Mapping[str, Any]) -> str:
    """How often an alert was raised, and where one only stayed up."""
    met = f"{quantity(row['activations'], 'activation')} in all"
    if not row["carried"]:
        return met
    stayed = quantity(row["carried"], "further territory-year", "further territory-years")
    return f"{met}; in {stayed} an alert only stayed up from before"


def _say_base(row: Mapping[str, Any]) -> str:
    if not row["territories"]:
        return "nothing: the rule has no past case in these territories"
    doubt = "" if row["proven"] else "; too few cases for a record, so no level is given"
    part = (
        f"; {row['partial']:,} of the {quantity(row['activation_of'], *WHOLES['activation'])} "
        f"{'was' if row['partial'] == 1 else 'were'} watched in some months only, so that the "
        "chance of a year is rather too low"
        if row["partial"]
        else ""
    )
    return (
        f"{quantity(row['territories'], 'territory', 'territories')}, {row['first_year']} to "
        f"{row['last_year']}, years that were held out{part}{doubt}"
    )
