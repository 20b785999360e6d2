"""The desk: what people here say of organisations and of what they have, with its author."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

from tocsin.errors import UsageError
from tocsin.workspace.runner import run
from tocsin.workspace.steps import find_step
from tocsin.workspace.store import Workspace


def statements(workspace: Workspace) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read what is said of organisations, with decisions that were made a minute ago.

    Args:
        workspace: an open workspace.

    Returns:
        The tables `actor_names` and `actor_links`.
    """
    from tocsin.assess.actors import SAID_IN, statements

    return statements(*(workspace.read(name) for name in SAID_IN))


def assert_relation(
    workspace: Workspace, name: str, relation: str, other: str, how: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep a decision on how two organisations are related, as one more statement.

    Args:
        workspace: an open workspace, in which the decision is stored.
        name: the name or id of the organisation of which something is said.
        relation: the relation, such as 'alias'.
        other: the name or id of the other organisation.
        how: who says so and why, on what days it holds and with what weight, as
            `tocsin.assess.actors.desk` takes them.

    Returns:
        The decision, as plain values.

    Raises:
        UsageError: a name is not known or points to several organisations, or the relation is not
            known.
    """
    return _decide(workspace, {"assert": (name, relation, other), "how": how})


def withdraw_statement(
    workspace: Workspace, statement_id: str, how: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep a withdrawal of what a source, or somebody here, said of an organisation.

    Args:
        workspace: an open workspace, in which the withdrawal is stored.
        statement_id: the id of the statement that is withdrawn.
        how: who withdraws it and why, as `tocsin.assess.actors.desk` takes them.

    Returns:
        The withdrawal, as plain values.

    Raises:
        UsageError: there is no such statement.
    """
    return _decide(workspace, {"withdraw": statement_id, "how": how})


def accept_match(workspace: Workspace, statement_id: str, how: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the decision that two names, which a proposal has, are one organisation.

    Args:
        workspace: an open workspace, in which the decision is stored; `assess` uses it.
        statement_id: the id of the proposal, as the table `actor_matches` has it.
        how: who says so and why, and with what weight, as `tocsin.assess.actors.desk` takes them.

    Returns:
        The decision, as plain values.

    Raises:
        UsageError: there is no such proposal.
    """
    return _decide(workspace, {"accept": statement_id, "how": how})


def assert_technology(
    workspace: Workspace, name: str, says: str, technology: str, how: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep an assertion of who has a technology class, or who used it in an incident.

    Args:
        workspace: an open workspace, in which the assertion is stored; `assess` uses it.
        name: the name or id of the organisation or state.
        says: 'has', 'has not', 'used' or 'did not use'.
        technology: the class.
        how: who says so and why, its weight, and the day or the incident, as
            `tocsin.assess.technology.decisions.decision` takes them.

    Returns:
        The assertion, as plain values.

    Raises:
        UsageError: the name is not known or points to several, there is no such incident or the
            actor is no side of it, or the assertion breaks a rule.
    """
    incident = how.get("incident_id")
    if incident is not None:
        _check_side(workspace, name, incident)
    asked = {"assert": (name, says, technology), "how": how}
    said: dict[str, Any] = run(workspace, find_step("judge"), asked=asked).answer
    return said


def withdraw_technology(
    workspace: Workspace, statement_id: str, how: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep a withdrawal of an assertion on a technology class.

    Args:
        workspace: an open workspace, in which the withdrawal is stored.
        statement_id: the id of the assertion.
        how: who withdraws it and why.

    Returns:
        The withdrawal, as plain values.

    Raises:
        UsageError: no such assertion stands.
    """
    asked = {"withdraw": statement_id, "how": how}
    said: dict[str, Any] = run(workspace, find_step("judge"), asked=asked).answer
    return said


def _check_side(workspace: Workspace, name: str, incident: str) -> None:
    """Refuse an incident that is not there, and an actor that is no side of it."""
    from tocsin.assess.actors.desk import find_organisation
    from tocsin.assess.actors.identities import other_names

    rows = workspace.read("incidents").filter(pl.col("incident_id") == incident).to_dicts()
    if not rows:
        raise UsageError(f"There is no incident '{incident}'.", remedy="See `tocsin incidents`.")
    actor_id, called = find_organisation(statements(workspace), name)
    columns = ("actor_a_id", "actor_a", "actor_b_id", "actor_b")
    names = other_names(workspace.read("actor_matches"), {called})
    if not {actor_id, *names} & {rows[0][column] for column in columns}:
        sides = " and ".join(rows[0][side] or "nobody named" for side in ("actor_a", "actor_b"))
        raise UsageError(
            f"'{called}' is no side of the incident '{incident}'.", remedy=f"Its sides: {sides}."
        )


def now() -> datetime:
    """Give the moment of a decision in UTC; decisions are data, and their time is part of them."""
    return datetime.now(UTC).replace(tzinfo=None)


def _decide(workspace: Workspace, asked: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = run(workspace, find_step("decide"), asked=asked).answer
    return said
