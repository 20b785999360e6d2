"""Decisions: what people here hold of who has a technology class, or used it in an incident.

An assertion and its withdrawal are dated statements with their source, never an overwriting: they
move the posterior of the ledger as far as their weight says, beside what reports say.
"""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from tocsin.assess.actors.statements import digest
from tocsin.base.nearest import advice
from tocsin.errors import UsageError
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.tables.observed.actor import HELD_HERE
from tocsin.schema.vocabulary.technology import check_technology

USERS = ("a", "b", "third")
"""Who can be the user of a class in an incident: its sides, or a third party."""
OF_INCIDENT = HELD_HERE[2:]
SUREST = 0.99
"""What a person here says counts as at most so sure, and as at least one less this."""
HERE = "here"
"""Who tells, in tables, where it is a person here."""


def decision(
    actor: tuple[str, str],
    says: str,
    technology: str,
    *,
    source: str,
    reason: str,
    at: datetime,
    weight: float = 0.8,
    incident_id: str | None = None,
    on: date | None = None,
) -> pl.DataFrame:
    """Make one assertion by a person here, as a row of `technology_decisions`.

    Args:
        actor: id and name of the organisation or state.
        says: 'has' or 'has not' (by the day `on`), 'used' or 'did not use' (in the incident).
        technology: the class.
        source: who says so, and on what ground.
        reason: why, in words.
        at: when it is said (UTC).
        weight: how sure, above 0.5 and at most 1.
        incident_id: the incident, for 'used' and 'did not use'.
        on: the day, for 'has' and 'has not'.

    Returns:
        The table `technology_decisions` with this one row.

    Raises:
        UsageError: no such thing can be said, there is no such class, the weight is out of range,
            or incident, day, source or reason is missing.
    """
    if says not in HELD_HERE:
        raise UsageError(f"'{says}' cannot be said.", remedy=advice(says, HELD_HERE))
    check_technology(technology)
    if not 0.5 < weight <= 1:
        raise UsageError(
            f"The weight {weight} is not above 0.5 and at most 1.",
            remedy="To hold the contrary, say the contrary: 'has not', 'did not use'.",
        )
    if says in OF_INCIDENT and incident_id is None:
        raise UsageError(f"'{says}' is said of an incident.", remedy="Give --incident.")
    if says not in OF_INCIDENT and on is None:
        raise UsageError(f"'{says}' is said of a day.", remedy="Give --on.")
    _need(source, reason)
    actor_id, name = actor
    of = (incident_id, None) if says in OF_INCIDENT else (None, on)
    return _row(
        statement_id=digest(actor_id, says, technology, *of, source),
        decision="assert",
        says=says,
        actor_id=actor_id,
        actor=name,
        technology=technology,
        incident_id=of[0],
        on_date=of[1],
        weight=weight,
        reason=reason,
        asserted_at=at,
        source=source,
    )


def withdrawal(
    decisions: pl.DataFrame, statement_id: str, *, source: str, reason: str, at: datetime
) -> pl.DataFrame:
    """Make a row of `technology_decisions` that withdraws an assertion, which stays readable.

    Args:
        decisions: the table `technology_decisions`.
        statement_id: the id of the assertion.
        source: who withdraws it.
        reason: why, in words.
        at: when (UTC).

    Returns:
        The table with this one row.

    Raises:
        UsageError: no such assertion stands, or no source or reason is given.
    """
    _need(source, reason)
    if statement_id not in standing_assertions(decisions)["statement_id"]:
        raise UsageError(f"No assertion '{statement_id}' stands.", remedy="See `tocsin adoption`.")
    return _row(
        statement_id=statement_id,
        decision="withdraw",
        weight=0.0,
        reason=reason,
        asserted_at=at,
        source=source,
    )


def standing_assertions(decisions: pl.DataFrame) -> pl.DataFrame:
    """Keep the assertions that stand: the latest word on each, if it is not a withdrawal.

    Args:
        decisions: the table `technology_decisions`.

    Returns:
        Its rows, one an assertion, in the order of their ids.
    """
    ordered = decisions.sort("asserted_at", "decision", maintain_order=True)
    last = ordered.unique("statement_id", keep="last", maintain_order=True)
    return last.filter(pl.col("decision") == "assert").sort("statement_id")


def of_possession(decisions: pl.DataFrame) -> pl.DataFrame:
    """Take the standing assertions that an organisation has a class, or has not, by a day.

    Args:
        decisions: the table `technology_decisions`.

    Returns:
        Their rows with `log`, the log odds of what is said.
    """
    said = standing_assertions(decisions).filter(~pl.col("says").is_in(OF_INCIDENT))
    return said.with_columns(_log().alias("log"))


def apply_decisions(
    mentions: pl.DataFrame, decisions: pl.DataFrame, sides: pl.DataFrame
) -> pl.DataFrame:
    """Move the users of each incident by the standing assertions on who used a class in it.

    Args:
        mentions: of `cases.find_convincing`.
        decisions: the table `technology_decisions`.
        sides: of `actors.sides.armed_sides`, and of `candidates.third_sides`.

    Returns:
        The mentions with `user_a`, `user_b` and `user_third` moved, `is_named` true where an
        assertion names a side, and `here_a`, `here_b`, `here_third`, the log odds that assertions
        add for each. An assertion on an actor that is no side of the incident, or on a class that
        nothing mentions in it, is left out.
    """
    said = standing_assertions(decisions).filter(pl.col("says").is_in(OF_INCIDENT))
    said = said.select("incident_id", "technology", "actor_id", _log().alias("log"))
    on = sides.select("incident_id", "side", "actor_id")
    moved = said.join(on, on=["incident_id", "actor_id"]).group_by("incident_id", "technology")
    by_side = moved.agg(
        *(pl.col("log").filter(pl.col("side") == one).sum().alias(f"here_{one}") for one in USERS)
    )
    rows = mentions.join(
        by_side, on=["incident_id", "technology"], how="left", maintain_order="left"
    ).with_columns(pl.col([f"here_{one}" for one in USERS]).fill_null(0.0))
    odds = {one: pl.col(f"user_{one}") * pl.col(f"here_{one}").exp() for one in USERS}
    total = pl.sum_horizontal(odds.values())
    named = pl.any_horizontal(pl.col(f"here_{one}") != 0 for one in USERS)
    return rows.with_columns(
        *((value / total).alias(f"user_{one}") for one, value in odds.items()),
        (pl.col("is_named") | named).alias("is_named"),
    )


def _log() -> pl.Expr:
    weight = pl.col("weight").clip(1 - SUREST, SUREST)
    odds = (weight / (1 - weight)).log()
    return pl.when(pl.col("says").is_in(("has", "used"))).then(odds).otherwise(-odds)


def _need(source: str, reason: str) -> None:
    if not source.strip() or not reason.strip():
        raise UsageError(
            "An assertion needs a source and a reason.", remedy="Give --by and --reason."
        )


def _row(**values: object) -> pl.DataFrame:
    table = TABLES["technology_decisions"]
    return conform(table, pl.DataFrame([values], schema=empty(table).schema))
