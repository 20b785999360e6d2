"""Reasons: what speaks most for, and against, an organisation's having a technology class."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from tocsin.assess.technology.cases import Case
from tocsin.assess.technology.decisions import HERE
from tocsin.schema.tables.assessed.adoption import WEIGHS, say_mention

SHOWN = 3
"""Reasons for, and as many against, that are kept of each entry."""
LEAST = 0.01
"""What moves the log odds by less bits is no reason."""
SOURCE = "statements on technology and a model of possession"


def reasons(case: Case) -> list[dict[str, Any]]:
    """Find the mentions and assertions that move the belief in possession most.

    A mention weighs by its likelihood ratio, averaged over the shares and onsets that are held
    possible; reports of one incident are one mention.

    Args:
        case: an organisation and a class.

    Returns:
        Rows of the table `adoption_reasons`: at most `SHOWN` for and `SHOWN` against.
    """
    rows = case.rows.with_columns(pl.Series("bits", case.held.weight / math.log(2), pl.Float64))
    actor = case.rows["actor"].max() if case.rows.height else case.said["actor"][-1]
    told = [_mention(row) for row in rows.iter_rows(named=True)]
    told.sort(key=lambda one: (-abs(one["bits"]), one["date"], one["incident_id"]))
    told += [_asserted_row(row) for row in case.said.iter_rows(named=True)]
    told.sort(key=lambda one: -abs(one["bits"]))
    ways = {
        "for": [one for one in told if one["bits"] >= LEAST],
        "against": [one for one in told if one["bits"] <= -LEAST],
    }
    return [
        {
            "actor_id": case.actor_id,
            "actor": actor,
            "technology": case.technology,
            "direction": direction,
            "rank": rank,
            "source": SOURCE,
            **one,
        }
        for direction, mine in ways.items()
        for rank, one in enumerate(mine[:SHOWN], 1)
    ]


def words(rows: pl.DataFrame) -> list[str]:
    """Say reasons in words, one a line.

    Args:
        rows: of the table `adoption_reasons`, of one organisation and class.

    Returns:
        Lines to print, those for before those against; none for what weighs nothing.
    """
    weighty = rows.filter(pl.col("bits").abs() >= WEIGHS)
    order = weighty.sort("direction", "rank", descending=[True, False])
    return [
        f"    {one['direction']:<8}{one['bits']:+6.1f} bits  {in_words(one)}"
        for one in order.to_dicts()
    ]


def in_words(row: Mapping[str, Any]) -> str:
    """Say one reason in words, without its direction and weight.

    Args:
        row: of the table `adoption_reasons`.

    Returns:
        Such as "2017-09-21, incident i-12: an attack, said of IS: 'drone planes … ISIS'".
    """
    if row["told_by"] == HERE:
        said = f"by {row['date']}, said here ({row['by']}): it {row['says']} the class"
        return f"{said}. {row['evidence']}"
    told = say_mention(row["says"], row["by"])
    return f"{row['date']}, incident {row['incident_id']}: {told}: '{row['evidence']}'"


def _mention(row: Mapping[str, Any]) -> dict[str, Any]:
    named = f" ({row['by_name']})" if row["by_name"] else ""
    here = ", and an assertion here" if row[f"here_{row['side']}"] else ""
    doubt = f", where it is only suspected ({row['attributed']:.2f})" if row["suspected"] else ""
    return {
        "bits": row["bits"],
        "told_by": "report",
        "date": row["date_start"],
        "incident_id": row["incident_id"],
        "report_id": row["report_id"],
        "says": row["said"],
        "by": f"{row['by']}{named}{doubt}{here}",
        "evidence": row["evidence"],
    }


def _asserted_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "bits": row["log"] / math.log(2),
        "told_by": HERE,
        "date": row["on_date"],
        "incident_id": None,
        "report_id": None,
        "says": row["says"],
        "by": row["source"],
        "evidence": row["reason"],
    }
