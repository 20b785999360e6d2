"""The entries of the alert ledger: where each rule stood, kept as it was told."""

from __future__ import annotations

import polars as pl

from tocsin.schema import TABLES, conform


def alert_entries(
    alerts: pl.DataFrame, rules: pl.DataFrame, *, issue: str, issued_at: str
) -> pl.DataFrame:
    """Make the entries of the alert ledger for the alerts of one run.

    Quiet ones are kept, too: a run that raised nothing is told apart from no run at all.

    Args:
        alerts: the table `alerts`.
        rules: the table `alert_rules`, with every rule that stands in `alerts`.
        issue: the id of the run.
        issued_at: when the run began, in UTC, as ISO 8601.

    Returns:
        The table `alert_ledger`, with a row for each row of `alerts`, in their order.
    """
    months = rules.select("rule", "within")
    rows = alerts.join(months, on="rule", how="left", maintain_order="left")
    marks = (pl.lit(issue).alias("issue"), pl.lit(issued_at).alias("issued_at"))
    return conform(TABLES["alert_ledger"], rows.with_columns(*marks))
