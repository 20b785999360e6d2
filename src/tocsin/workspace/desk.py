"""The desk: what people here say of organisations, kept in the workspace with its author."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

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
    from tocsin.assess.actors import STEP, statements

    return statements(*(workspace.read(name) for name in STEP.reads))


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


def now() -> datetime:
    """Give the moment of a decision in UTC; decisions are data, and their time is part of them."""
    return datetime.now(UTC).replace(tzinfo=None)


def _decide(workspace: Workspace, asked: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = run(workspace, find_step("decide"), asked=asked).answer
    return said
