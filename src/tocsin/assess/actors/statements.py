"""What sources and people here say of organisations: names, dates, territories, relations.

Every row is one act of saying. A withdrawal is a further row; nothing is deleted, so any view of
the past can be made again. Sources may disagree: their statements stand side by side.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import polars as pl

from tocsin.assess.actors.names import name_in
from tocsin.errors import UsageError
from tocsin.schema import TABLES, columns, conform, empty
from tocsin.schema.geography.territory import UnknownTerritory, by_gwno
from tocsin.schema.tables.observed.actor import ACTIVE_IN, RELATIONS

LISTED = {"name": 1.0, "full name": 1.0, "former name": 0.9}
"""Weight of a name that an actor list gives."""
RELATED = {
    "alias": 0.9, "renamed": 0.9, "splinter": 0.9, "temporary splinter": 0.8,
    "alliance": 0.8, "joined": 0.9, "umbrella": 0.8, ACTIVE_IN: 0.9,
}  # fmt: skip
"""Weight of a relation that a source states without saying how sure it is. Assumptions."""

Statements = tuple[pl.DataFrame, pl.DataFrame]


def statements(
    actors: pl.DataFrame,
    relations: pl.DataFrame,
    reports: pl.DataFrame,
    decisions: pl.DataFrame,
) -> Statements:
    """Gather all that is said of organisations, by whom, and how sure.

    Args:
        actors: the table `actors`.
        relations: the table `actor_relations`.
        reports: the table `reports`: names in use, from when to when, and where.
        decisions: the table `actor_decisions`.

    Returns:
        The tables `actor_names` and `actor_links`, withdrawals included.
    """
    seen = _sides_seen(reports)
    known = actors.select("actor_id", pl.col("name").alias("actor"))
    names = pl.concat([_list_names(actors), _former(relations), _used_names(seen)], how="diagonal")
    links = pl.concat(
        [_stated_relations(relations, known), _territories(actors), _active(seen)], how="diagonal"
    )
    names = _add_ids(names, ("actor_id", "name", "form", "source"))
    links = _add_ids(links, ("actor_id", "relation", "related_id", "related", "source"))
    names, links = _apply_decisions(names, links, decisions, known)
    order = ["actor_id", "statement_id", "asserted_at"]
    return (
        conform(TABLES["actor_names"], _fill_columns("actor_names", names).sort(order)),
        conform(TABLES["actor_links"], _fill_columns("actor_links", links).sort(order)),
    )


def current(said: pl.DataFrame, source: str | None = None) -> pl.DataFrame:
    """Keep the statements that stand: the latest word on each, if it is not a withdrawal.

    Args:
        said: `actor_names` or `actor_links`.
        source: start of a source's name ('UCDP'); then only what it says, and only its own
            withdrawals count. Default: everybody's statements and withdrawals.

    Returns:
        Rows with the columns of the given table, one a statement.
    """
    if source is not None:
        said = said.filter(pl.col("source").str.to_lowercase().str.starts_with(source.lower()))
    ordered = said.sort("asserted_at", "withdrawn", nulls_last=False, maintain_order=True)
    last = ordered.unique("statement_id", keep="last", maintain_order=True)
    return last.filter(~pl.col("withdrawn"))


def decision(
    subject: str,
    relation: str,
    related: tuple[str | None, str],
    *,
    source: str,
    reason: str,
    at: datetime,
    weight: float = 0.8,
    dates: tuple[date | None, date | None] = (None, None),
) -> pl.DataFrame:
    """Make one statement by a person here, as a row of `actor_decisions`.

    Args:
        subject: actor_id.
        relation: one of `schema.actor.RELATIONS`, or 'active in'.
        related: id (or None) and name of the other organisation, the name, or the territory.
        source: who says so, and on what ground.
        reason: why, in words.
        at: when it is said (UTC).
        weight: how sure, in [0, 1].
        dates: first and last day on which it holds, None where open.

    Returns:
        The table `actor_decisions` with this one row.

    Raises:
        UsageError: no such relation, a weight out of range, dates not in order, or no reason.
    """
    if relation not in (*RELATIONS, ACTIVE_IN):
        known = ", ".join((*RELATIONS, ACTIVE_IN))
        raise UsageError(f"There is no relation '{relation}'.", remedy=f"Use one of: {known}.")
    if not 0 < weight <= 1:
        raise UsageError(f"The weight {weight} is not in (0, 1].", remedy="Give, say, 0.8.")
    if dates[0] and dates[1] and dates[1] < dates[0]:
        raise UsageError(f"It ends ({dates[1]}) before it starts ({dates[0]}).")
    if not source.strip() or not reason.strip():
        raise UsageError("A decision needs a source and a reason.", remedy="Give both.")
    row = {
        "statement_id": digest(subject, relation, *related, *dates, source),
        "decision": "assert",
        "actor_id": subject,
        "relation": relation,
        "related_id": related[0],
        "related_name": related[1],
        "from_date": dates[0],
        "to_date": dates[1],
        "weight": weight,
        "reason": reason,
        "asserted_at": at,
        "source": source,
    }
    table = TABLES["actor_decisions"]
    return conform(table, pl.DataFrame([row], schema=empty(table).schema))


def withdrawal(statement_id: str, *, source: str, reason: str, at: datetime) -> pl.DataFrame:
    """Make a row of `actor_decisions` that withdraws a statement, which stays readable.

    Args:
        statement_id: the id of the statement.
        source: who withdraws it.
        reason: why, in words.
        at: when, with a time zone.

    Returns:
        The table `actor_decisions` with this one row.

    Raises:
        UsageError: the source or the reason is empty.
    """
    if not source.strip() or not reason.strip():
        raise UsageError("A withdrawal needs a source and a reason.", remedy="Give both.")
    table = TABLES["actor_decisions"]
    row = {
        "statement_id": statement_id,
        "decision": "withdraw",
        "weight": 0.0,
        "reason": reason,
        "asserted_at": at,
        "source": source,
    }
    return conform(table, pl.DataFrame([row], schema=empty(table).schema))


def digest(*parts: object) -> str:
    """Make a statement's id from its parts; the same words of the same source have the same id.

    Args:
        parts: the values that make the statement.

    Returns:
        's-' and the first twelve hexadecimal digits of a SHA-256.
    """
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return "s-" + hashlib.sha256(text.encode()).hexdigest()[:12]


def _sides_seen(reports: pl.DataFrame) -> pl.DataFrame:
    """Each side that a source names, from when to when, where, and how often."""
    sides = pl.concat(
        reports.select(
            pl.coalesce(f"actor_{side}_id", f"actor_{side}").alias("actor_id"),
            pl.col(f"actor_{side}").alias("name"),
            "date_start", "date_end", "territory", "gwno", "source",
        )
        for side in "ab"
    ).drop_nulls(["actor_id", "name"])  # fmt: skip
    sides = _add_territory(sides)
    return sides.group_by("actor_id", "name", "territory", "gwno", "source").agg(
        pl.col("date_start").min().alias("from_date"),
        pl.col("date_end").max().alias("to_date"),
        pl.len().alias("n"),
    )


def _add_territory(sides: pl.DataFrame) -> pl.DataFrame:
    """Descriptions without an id ('bandits') with their territory: they mean others elsewhere."""
    called = sides.select("name", "gwno").unique()
    placed = pl.struct("name", "gwno").map_elements(lambda row: name_in(**row), pl.String)
    to = called.with_columns(placed.alias("placed"))
    own = pl.col("actor_id") == pl.col("name")
    return (
        sides.join(to, on=["name", "gwno"], how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            pl.when(own).then("placed").otherwise("actor_id").alias("actor_id"),
            pl.when(own).then("placed").otherwise("name").alias("name"),
        )
        .drop("placed")
    )


def _list_names(actors: pl.DataFrame) -> pl.DataFrame:
    full = actors.filter(
        pl.col("full_name").is_not_null() & (pl.col("full_name") != pl.col("name"))
    )
    return pl.concat(
        frame.select("actor_id", pl.col(column).alias("name"), pl.lit(form).alias("form"), "source")
        for frame, column, form in ((actors, "name", "name"), (full, "full_name", "full name"))
    ).with_columns(pl.col("form").replace_strict(LISTED, return_dtype=pl.Float64).alias("weight"))


def _former(relations: pl.DataFrame) -> pl.DataFrame:
    """UCDP lists the names that an actor had, in order, the present one too."""
    return relations.filter(
        (pl.col("relation") == "renamed") & pl.col("related_id").is_null()
    ).select(
        "actor_id",
        pl.col("related_name").str.split(",").alias("name"),
        pl.lit("former name").alias("form"),
        pl.lit(LISTED["former name"]).alias("weight"),
        "source",
    ).explode("name").with_columns(pl.col("name").str.strip_chars())  # fmt: skip


def _used_names(seen: pl.DataFrame) -> pl.DataFrame:
    spans = seen.group_by("actor_id", "name", "source").agg(
        pl.col("from_date").min(), pl.col("to_date").max(), pl.col("n").sum()
    )
    return spans.select(
        "actor_id", "name", pl.lit("other name").alias("form"), "from_date", "to_date",
        pl.lit(1.0).alias("weight"), _sure("n").alias("dates_weight"), "source",
    )  # fmt: skip


def _stated_relations(relations: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    between = relations.filter(
        (pl.col("relation") != "renamed") | pl.col("related_id").is_not_null()
    )
    return (
        between.join(known, on="actor_id", how="left")
        .select(
            "actor_id",
            pl.coalesce("actor", "actor_id").alias("actor"),
            "relation",
            "related_id",
            pl.col("related_name").alias("related"),
            "source",
        )
        .with_columns(_weight())
    )


def _territories(actors: pl.DataFrame) -> pl.DataFrame:
    rows = (
        actors.select(
            "actor_id",
            pl.col("name").alias("actor"),
            pl.col("gwnos").str.split(" ").alias("related_id"),
            "source",
        )
        .explode("related_id")
        .filter(pl.col("related_id") != "")
    )
    return rows.with_columns(
        pl.lit(ACTIVE_IN).alias("relation"),
        pl.col("related_id").map_elements(_territory, return_dtype=pl.String).alias("related"),
        pl.lit(RELATED[ACTIVE_IN]).alias("weight"),
    )


def _active(seen: pl.DataFrame) -> pl.DataFrame:
    spans = seen.group_by("actor_id", "territory", "gwno", "source").agg(
        pl.col("from_date").min(),
        pl.col("to_date").max(),
        pl.col("n").sum(),
        pl.col("name").sort().first(),
    )
    return spans.select(
        "actor_id", pl.col("name").alias("actor"), pl.lit(ACTIVE_IN).alias("relation"),
        pl.col("gwno").cast(pl.String).alias("related_id"), pl.col("territory").alias("related"),
        "from_date", "to_date", _sure("n").alias("weight"), _sure("n").alias("dates_weight"),
        "source",
    )  # fmt: skip


def _sure(count: str) -> pl.Expr:
    """Laplace's rule of succession: after n reports, the next agrees with (n + 1) / (n + 2)."""
    return (pl.col(count) + 1) / (pl.col(count) + 2)


def _weight() -> pl.Expr:
    return pl.col("relation").replace_strict(RELATED, return_dtype=pl.Float64).alias("weight")


def _territory(number: str) -> str:
    try:
        return by_gwno(int(number)).name
    except UnknownTerritory:
        return number


def _add_ids(rows: pl.DataFrame, parts: tuple[str, ...]) -> pl.DataFrame:
    packed = pl.struct(parts).map_elements(lambda row: digest(*row.values()), pl.String)
    return rows.with_columns(packed.alias("statement_id")).unique("statement_id", keep="first")


def withdrawn_ids(decisions: pl.DataFrame) -> set[str]:
    """Give the ids of all statements that people here withdrew.

    Args:
        decisions: the table `actor_decisions`.
    """
    return set(decisions.filter(pl.col("decision") == "withdraw")["statement_id"])


def _apply_decisions(
    names: pl.DataFrame, links: pl.DataFrame, decisions: pl.DataFrame, known: pl.DataFrame
) -> Statements:
    """Add what people here assert and withdraw."""
    made = decisions.filter(pl.col("decision") == "assert").join(known, on="actor_id", how="left")
    dated = made.with_columns(
        pl.when(pl.col("from_date").is_null() & pl.col("to_date").is_null())
        .then(0.0)
        .otherwise("weight")
        .alias("dates_weight"),
        pl.coalesce("actor", "actor_id").alias("actor"),
        pl.lit(False).alias("withdrawn"),
        pl.col("related_name").alias("related"),
        pl.col("related_name").alias("name"),
        pl.lit("other name").alias("form"),
    )
    is_name = (pl.col("relation") == "alias") & pl.col("related_id").is_null()
    names = pl.concat([names, _only(dated.filter(is_name), "actor_names")], how="diagonal")
    links = pl.concat([links, _only(dated.filter(~is_name), "actor_links")], how="diagonal")
    taken = decisions.filter(pl.col("decision") == "withdraw").select(
        "statement_id", "asserted_at", "reason", "source", pl.lit(True).alias("withdrawn")
    )
    content = [c for c in names.columns if c not in taken.columns]
    gone = names.unique("statement_id").select("statement_id", *content).join(taken, "statement_id")
    names = pl.concat([names, gone], how="diagonal")
    content = [c for c in links.columns if c not in taken.columns]
    gone = links.unique("statement_id").select("statement_id", *content).join(taken, "statement_id")
    return names, pl.concat([links, gone], how="diagonal")


def _only(rows: pl.DataFrame, table: str) -> pl.DataFrame:
    return rows.select(name for name in columns(TABLES[table]) if name in rows.columns)


def _fill_columns(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Columns that no source spoke of: nothing said, nothing withdrawn."""
    rows = pl.concat([empty(TABLES[table]), rows], how="diagonal_relaxed")
    return rows.with_columns(
        pl.col("dates_weight").fill_null(0.0), pl.col("withdrawn").fill_null(False)
    )
