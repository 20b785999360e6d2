"""The desk: find an organisation by id or name, read its views, say or take back a relation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from tocsin.assess.actors.directory import confidence, directory, sources, view
from tocsin.assess.actors.likeness import find_alike
from tocsin.assess.actors.statements import current, decision, withdrawal
from tocsin.base.nearest import advice, nearest
from tocsin.errors import TocsinError, UsageError
from tocsin.schema.geography.territory import resolve
from tocsin.schema.tables.observed.actor import ACTIVE_IN

Said = tuple[pl.DataFrame, pl.DataFrame]
SURE_ENOUGH = 0.4
"""A name points to one organisation if that has at least this probability, and twice the next."""
EVERYBODY = "all views"


def list_organisations(said: Said, limit: int, source: str | None = None) -> list[dict[str, Any]]:
    """List the organisations that sources name, those with the most names first.

    Args:
        said: the tables `actor_names` and `actor_links`.
        limit: how many organisations at most.
        source: the start of a source's name; then only what it says.

    Returns:
        A dict each, with `actor_id`, `name`, `names` (how many) and `sources`.

    Raises:
        UsageError: no source is called so.
    """
    _check_source(said, source)
    by = current(said[0], source).group_by("actor_id").agg(
        pl.col("name").sort_by("form").first(),
        pl.col("name").n_unique().alias("names"),
        pl.col("source").unique().sort().str.join("; ").alias("sources"),
    )  # fmt: skip
    return by.sort("names", "actor_id", descending=[True, False]).head(limit).to_dicts()


def look_up(
    said: Said,
    name: str,
    *,
    source: str | None = None,
    on: date | None = None,
    gwno: int | None = None,
) -> dict[str, Any]:
    """Find whom a name may mean, by each source and by all together, and what is said of them.

    Args:
        said: the tables `actor_names` and `actor_links`.
        name: a name as a report writes it, or an organisation's id.
        source: the start of a source's name; then only this source's view is given.
        on: a day; statements that do not hold on it count little.
        gwno: the Gleditsch-Ward number of the territory in which the name was used.

    Returns:
        A dict with `name`, `views` (each view to its candidates) and `alike`, organisations for
        which the name may be meant though no source calls them so (`likeness.find_alike`). For
        the most probable organisation also `actor_id`, `confidence` by attribute, and the
        `statements` that stand, with their ids.

    Raises:
        UsageError: no source is called so.
        TocsinError: nothing here knows the name.
    """
    _check_source(said, source)
    check_known(said, name)
    asked = [source] if source else [EVERYBODY, *sources(*said)]
    views = {
        one: view(
            *said, name, source=None if one == EVERYBODY else one, on=on, gwno=gwno
        ).to_dicts()
        for one in asked
    }
    first = next((rows[0]["actor_id"] for rows in views.values() if rows), None)
    if _is_id(said, name):
        first = name
    alike = find_alike(said[0], name)
    if first is None and alike:
        first = alike[0]["actor_id"]
    found: dict[str, Any] = {"name": name, "actor_id": first, "views": views, "alike": alike}
    if first is None:
        return found | {"confidence": [], "statements": []}
    return found | {
        "confidence": confidence(*said, first).to_dicts(),
        "statements": _statements(said, first),
    }


def check_known(said: Said, name: str, also: Iterable[str] = ()) -> None:
    """Refuse a name that neither a list, a report nor anybody here knows.

    Args:
        said: the tables `actor_names` and `actor_links`.
        name: a name, or an organisation's id.
        also: further names that are known.

    Raises:
        TocsinError: nothing here knows the name; the nearest is named. Its exit code is 1, so that
            a script does not take a misspelt name for an organisation of which nothing is said.
    """
    # A name that was said of an organisation and taken back is known too.
    known = [*said[0]["name"].unique(maintain_order=True), *(one for one in also if one)]
    if name.casefold() in {one.casefold() for one in known} or _is_id(said, name):
        return
    if find_alike(said[0], name) or not directory(*said).who(name).is_empty():
        return
    near = nearest(name, known)
    meant = f"The nearest is '{near}'. " if near else ""
    raise TocsinError(
        f"Nothing here knows an organisation '{name}'.",
        remedy=f"{meant}`tocsin actors` lists those that are known.",
    )


def _check_source(said: Said, source: str | None) -> None:
    """Refuse the start of a name with which no source's name starts."""
    known = {str(one) for frame in said for one in frame["source"].unique()}
    if source and not any(one.lower().startswith(source.lower()) for one in known):
        remedy = advice(source, sources(*said))
        raise UsageError(f"No source of names is called '{source}'.", remedy=remedy)


def find_organisation(said: Said, name: str, gwno: int | None = None) -> tuple[str, str]:
    """Find the one organisation to which an id or a name points.

    Args:
        said: the tables `actor_names` and `actor_links`.
        name: an organisation's id, or a name. The name under which one organisation alone is
            listed means that one.
        gwno: the Gleditsch-Ward number of the territory in which the name was used.

    Returns:
        The organisation's id and its name.

    Raises:
        UsageError: nobody is called so, or more than one organisation may be meant.
    """
    known = directory(*said)
    if name in known.called:
        return name, known.called[name]
    # Who is listed under just this name is meant, though others may have it as a translation.
    here = known.called if gwno is None else known.placed.get(str(gwno), set())
    wanted = name.strip().casefold()
    listed = [(one, its) for one, its in known.called.items() if its.casefold() == wanted]
    if len(listed) == 1 and listed[0][0] in here:
        return listed[0]
    rows = known.who(name, gwno=gwno).to_dicts()
    if not rows:
        raise UsageError(f"No organisation is called '{name}'.", remedy="See `tocsin actors`.")
    second = rows[1]["probability"] if len(rows) > 1 else 0.0
    if rows[0]["probability"] < max(SURE_ENOUGH, 2 * second):
        near = ", ".join(f"{row['actor_id']} ({row['actor']})" for row in rows[:4])
        raise UsageError(
            f"'{name}' may mean more than one organisation.", remedy=f"Give an id: {near}."
        )
    return rows[0]["actor_id"], rows[0]["actor"]


def assertion(
    said: Said, name: str, relation: str, other: str, *, gwno: int | None = None, **how: Any
) -> pl.DataFrame:
    """Make a row of `actor_decisions` that relates what two names point to.

    Args:
        said: `actor_names` and `actor_links`.
        name: id or name of the organisation.
        relation: as in `statements.decision`.
        other: id or name of the other; a territory for 'active in'; a new name for 'alias'.
        gwno: the territory in which the names are meant.
        how: source, reason, at, weight and dates, as in `statements.decision`.

    Returns:
        The table `actor_decisions` with this one row.

    Raises:
        UsageError: a name points to nobody or to more than one organisation, or the statement
            breaks a rule of `statements.decision`.
        UnknownTerritory: the other is no territory, where the relation is 'active in'.
    """
    subject, _ = find_organisation(said, name, gwno)
    related: tuple[str | None, str]
    if relation == ACTIVE_IN:
        territory = resolve(other)
        related = (str(territory.gwno), territory.name)
    else:
        try:
            related = find_organisation(said, other, gwno)
        except UsageError:
            if relation != "alias" or view(*said, other, gwno=gwno).height:
                raise
            related = (None, other)
    return decision(subject, relation, related, **how)


def accept(matches: pl.DataFrame, statement_id: str, **how: Any) -> pl.DataFrame:
    """Make a row of `actor_decisions` by which two names of a proposal are one organisation.

    Args:
        matches: the table `actor_matches`.
        statement_id: the id of the proposal, as the table has it.
        how: source, reason, at and weight, as in `statements.decision`.

    Returns:
        The table `actor_decisions` with this one row.

    Raises:
        UsageError: there is no such proposal, or the statement breaks a rule of
            `statements.decision`.
    """
    rows = matches.filter(pl.col("statement_id") == statement_id).to_dicts()
    if not rows:
        raise UsageError(
            f"There is no proposal '{statement_id}'.",
            remedy="`tocsin actors --matches` lists them.",
        )
    one = rows[0]
    return decision(one["actor_id"], "alias", (one["related_id"], one["related"]), **how)


def withdraw(
    said: Said,
    statement_id: str,
    matches: pl.DataFrame | None = None,
    *,
    source: str,
    reason: str,
    at: datetime,
) -> pl.DataFrame:
    """Make a row of `actor_decisions` that withdraws a statement.

    Args:
        said: the tables `actor_names` and `actor_links`.
        statement_id: the id of the statement, as `look_up` shows it, or of a match of names.
        matches: the table `actor_matches`; default: none.
        source: who withdraws it.
        reason: why, in words.
        at: when, with a time zone.

    Returns:
        The table `actor_decisions` with this one row.

    Raises:
        UsageError: no such statement stands.
    """
    standing = [current(frame)["statement_id"].to_list() for frame in said]
    standing += [] if matches is None else [matches["statement_id"].to_list()]
    if statement_id not in {one for each in standing for one in each}:
        raise UsageError(
            f"No statement '{statement_id}' stands.", remedy="`tocsin actors NAME` lists the ids."
        )
    return withdrawal(statement_id, source=source, reason=reason, at=at)


def _is_id(said: Said, name: str) -> bool:
    return bool((said[0]["actor_id"] == name).any())


def _statements(said: Said, actor_id: str) -> list[dict[str, Any]]:
    """What stands of an organisation, names before relations."""
    names, links = (current(frame) for frame in said)
    own = names.filter(pl.col("actor_id") == actor_id).with_columns(
        pl.concat_str("form", pl.lit(": "), "name").alias("says")
    )
    mine = links.filter(
        (pl.col("actor_id") == actor_id)
        | ((pl.col("related_id") == actor_id) & (pl.col("relation") != ACTIVE_IN))
    ).with_columns(pl.concat_str("actor", "relation", "related", separator=" – ").alias("says"))
    columns: Sequence[str] = (
        "statement_id", "says", "weight", "from_date", "to_date", "source", "reason",
    )  # fmt: skip
    return pl.concat([own.select(columns), mine.select(columns)]).to_dicts()
