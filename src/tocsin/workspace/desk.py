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
    """What is said of organisations, decisions of a minute ago included: names and links."""
    from tocsin.assess.actors import STEP, statements

    return statements(*(workspace.read(name) for name in STEP.reads))


def assert_relation(
    workspace: Workspace, name: str, relation: str, other: str, how: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep a decision on how two organisations are related; see `assess.actors.desk`."""
    return _decide(workspace, {"assert": (name, relation, other), "how": how})


def withdraw_statement(
    workspace: Workspace, statement_id: str, how: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep a withdrawal of what a source, or somebody here, said of an organisation."""
    return _decide(workspace, {"withdraw": statement_id, "how": how})


def now() -> datetime:
    """The moment of a decision (UTC); decisions are data, their time is part of them."""
    return datetime.now(UTC).replace(tzinfo=None)


def _decide(workspace: Workspace, asked: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = run(workspace, find_step("decide"), asked=asked).answer
    return said
