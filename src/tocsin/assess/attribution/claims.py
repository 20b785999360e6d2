"""Claims and denials: a bounded factor beside the evidence, never evidence by themselves.

Groups claim what they did not do and deny what they did, and reports repeat each other. So a
statement moves the odds by at most `LIMIT` of its stance, less when its source is less
reliable; the same statement counts once however often it is printed; and all statements on
one organisation together move its odds by at most `BOUND`. The limits are assumptions, chosen
so that no claim alone turns an unlikely candidate (0.1) into a named one (0.8).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

LIMIT = {"claimed": 5.0, "accused": 2.0, "denied": 0.5}
"""Likelihood ratio of a statement from a source that is wholly reliable."""
BOUND = 8.0
"""All statements on one organisation together: between 1 / BOUND and BOUND."""
RELIABILITY = 0.7
"""Of a source, or of a statement, of which nothing is known."""


@dataclass(frozen=True)
class Weighed:
    """The factor by which claims move the odds of one organisation and incident, with its
    reasons.
    """

    factor: float
    words: tuple[str, ...]


def weigh(
    claims: pl.DataFrame,
    incident_reports: pl.DataFrame,
    sources: pl.DataFrame,
    reliability: Mapping[str, float] | None = None,
) -> dict[tuple[str, str], Weighed]:
    """Compute the factor of each incident and organisation of which somebody speaks.

    Args:
        claims: the table `claims`.
        incident_reports: the table `incident_reports`.
        sources: `report_id, source`: where each report comes from.
        reliability: producer to its reliability in [0, 1]; `RELIABILITY` where not known.

    Returns:
        The pair of incident_id, and actor_id or name, to its `Weighed`. A factor is a bounded
        likelihood ratio; above 1 it speaks for the organisation.
    """
    known = reliability or {}
    told = (
        claims.drop("source")
        .join(incident_reports.select("report_id", "incident_id"), on="report_id")
        .join(sources.select("report_id", "source"), on="report_id")
        .with_columns(pl.coalesce("actor_id", "actor").alias("who"))
    )
    best: dict[tuple[str, str], dict[tuple[str, str], tuple[float, str]]] = {}
    for row in told.sort("incident_id", "who", "stance", "source", "report_id").iter_rows(
        named=True
    ):
        sure = RELIABILITY if row["confidence"] is None else row["confidence"]
        weight = trust(row["source"], known) * sure
        speaker = row["said_by"] or ("" if row["stance"] == "accused" else row["who"])
        said = best.setdefault((row["incident_id"], row["who"]), {})
        same = (row["stance"], speaker)
        if weight > said.get(same, (-1.0, ""))[0]:
            said[same] = (weight, _words(row, weight))
    return {
        key: Weighed(_product(said), tuple(words for _, words in said.values()))
        for key, said in best.items()
    }


def trust(source: str, reliability: Mapping[str, float]) -> float:
    """Tell how reliable a data set is taken to be.

    Args:
        source: the data set, release included.
        reliability: producer to its reliability in [0, 1].

    Returns:
        The reliability of its producer; `RELIABILITY` where that is not known.

    >>> trust("ACLED 2024", {"ACLED": 0.9}), trust("GTD", {"ACLED": 0.9})
    (0.9, 0.7)
    """
    known = [producer for producer in reliability if f"{source} ".startswith(f"{producer} ")]
    return reliability[max(known, key=len)] if known else RELIABILITY


def apply_factors(evidence: Mapping[str, float], factors: Mapping[str, float]) -> dict[str, float]:
    """Move the probabilities that the evidence gives by the factors of claims.

    Args:
        evidence: organisation to its probability.
        factors: organisation to the factor on it; 1 where there is none.

    Returns:
        The products, scaled so that they sum to what the evidence summed to.

    >>> apply_factors({"a": 0.5, "b": 0.5}, {"a": 4.0})
    {'a': 0.8, 'b': 0.2}
    """
    total = sum(evidence.values())
    raised = {key: p * factors.get(key, 1.0) for key, p in evidence.items()}
    scale = total / sum(raised.values()) if total > 0 else 0.0
    return {key: p * scale for key, p in raised.items()}


def _product(said: Mapping[tuple[str, str], tuple[float, str]]) -> float:
    factor = 1.0
    for (stance, _), (weight, _) in said.items():
        factor *= float(LIMIT[stance] ** weight)
    return min(BOUND, max(1.0 / BOUND, factor))


def _words(row: Mapping[str, object], weight: float) -> str:
    by = f" by {row['said_by']}" if row["said_by"] else ""
    return f"{row['stance']}{by}, told by {row['source']} (weight {weight:.2f})"
