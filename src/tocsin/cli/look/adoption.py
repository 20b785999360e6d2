"""`tocsin adoption`: which organisation has what, why, and what is said here."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.base.nearest import nearest
from tocsin.cli.options import (
    HERE,
    ByOption,
    JsonOption,
    ReasonOption,
    WithdrawOption,
    WorkspaceOption,
)
from tocsin.cli.output import print_decision, print_json, print_table, warn_unassessed

if TYPE_CHECKING:
    from tocsin.workspace.store import Workspace

NOTHING = (
    "No report here tells of an organisation's technology. Classes are read from headlines and "
    'notes: let a mapping call a column of weapons notes (notes = "Weapon").'
)

NameArgument = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="Organisation; all if not given.")
]
AssertOption = Annotated[
    str | None,
    typer.Option(
        "--assert",
        metavar="WHAT",
        help="Say of NAME: 'has' or 'has not' (by the day --on); 'used' or 'did not use' (in "
        "--incident).",
    ),
]
TechnologyOption = Annotated[
    str | None, typer.Option("--technology", metavar="CLASS", help="Such as uncrewed-aircraft.")
]
IncidentOption = Annotated[str | None, typer.Option("--incident", metavar="INCIDENT")]
DayOption = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"])]
WeightOption = Annotated[float, typer.Option("--weight", help="How sure, in (0.5, 1].")]
COLUMNS = (
    "actor", "kind", "technology", "territory", "confidence", "first_median", "n_incidents",
    "n_named", "n_own",
)  # fmt: skip


def adoption(
    name: NameArgument = None,
    technology: TechnologyOption = None,
    asserted: AssertOption = None,
    incident: IncidentOption = None,
    on: DayOption = None,
    withdraw: WithdrawOption = None,
    by: ByOption = "",
    reason: ReasonOption = "",
    weight: WeightOption = 0.8,
    limit: Annotated[int, typer.Option(min=1, help="Entries to list.")] = 20,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Look up who has which technology class and why; say it, or take it back.

    Nothing is overwritten: a decision is one more statement, with its source, and `tocsin assess`
    weighs it beside what reports say.

    Example: tocsin adoption IS

    Example: tocsin adoption SDF --assert "did not use" --technology uncrewed-aircraft
    --incident i-0123456789abcdef --by "desk, from the coalition's log" --reason "the state's"

    Example: tocsin adoption --withdraw s-0123456789ab --by desk --reason "a mistake"
    """
    from tocsin.errors import UsageError
    from tocsin.workspace import desk
    from tocsin.workspace.store import Workspace

    how: dict[str, Any] = {"source": by, "reason": reason, "at": desk.now()}
    with Workspace.open(workspace) as opened:
        if withdraw is not None:
            print_decision(desk.withdraw_technology(opened, withdraw, how), as_json)
        elif asserted is not None:
            if name is None or technology is None:
                raise UsageError("--assert needs NAME and --technology CLASS.")
            more = {"weight": weight, "incident_id": incident, "on": on.date() if on else None}
            print_decision(
                desk.assert_technology(opened, name, asserted, technology, how | more), as_json
            )
        else:
            warn_unassessed(opened)
            _show(opened, name, technology, limit, as_json)


def _show(
    opened: Workspace, name: str | None, technology: str | None, limit: int, as_json: bool
) -> None:
    from tocsin.assess.actors.desk import check_known
    from tocsin.assess.explain import holdings
    from tocsin.assess.technology.decisions import standing_assertions
    from tocsin.schema.vocabulary.folding import LINKED_NAMES
    from tocsin.schema.vocabulary.technology import check_technology
    from tocsin.workspace import desk

    if technology is not None:
        check_technology(technology)
    tables = {one: opened.read(one) for one in ("adoption", "adoption_reasons")}
    if technology is not None:
        tables = {one: frame.filter(technology=technology) for one, frame in tables.items()}
    said = standing_assertions(opened.read("technology_decisions"))
    beside = opened.read("ledger_conflicts")
    if technology is not None:
        beside = beside.filter(technology=technology)
    entries = tables["adoption"].sort("confidence", "actor", descending=[True, False])
    if name is None:
        rows = entries.head(limit).to_dicts()
        if as_json:
            decisions, conflicts = said.to_dicts(), beside.to_dicts()
            print_json({"entries": rows, "decisions": decisions, "conflicts": conflicts})
            return
        print_table("Who has what", COLUMNS, [[_cell(row[one]) for one in COLUMNS] for row in rows])
        if not rows and technology is None and opened.read("incidents").height:
            typer.echo(NOTHING)
        _print_decisions(said.to_dicts())
        _print_conflicts(beside.to_dicts())
        _print_rest(opened.read("told_adoptions").height, opened.read("ledger_conflicts").height)
        return
    lines = holdings(tables | {"actor_matches": opened.read("actor_matches")}, name)
    if not lines:
        held = tables["adoption"]["actor"].drop_nulls().unique(maintain_order=True)
        check_known(desk.statements(opened), name, [*held, *beside["actor"]])
        near = nearest(name, held)
        meant = f" Did you mean '{near}'?" if near else ""
        lines = [f"Nothing is held of what '{name}' has.{meant}"]
    called = LINKED_NAMES.fold(name)
    told = [
        row
        for row in beside.to_dicts()
        if called in {LINKED_NAMES.fold(row["actor"]), LINKED_NAMES.fold(row.get("actor_id") or "")}
    ]
    if as_json:
        print_json({"name": name, "lines": lines, "conflicts": told})
        return
    typer.echo("\n".join(lines))
    _print_conflicts(told)


def _print_conflicts(rows: list[dict[str, Any]]) -> None:
    shown = (
        "actor", "technology", "told_from", "told_to", "told_confidence", "inferred_low",
        "inferred_high", "inferred_confidence", "conflict",
    )  # fmt: skip
    if rows:
        cells = [[_cell(row[one]) for one in shown] for row in rows]
        print_table("The given list of adoptions beside the ledger", shown, cells)


def _print_rest(told: int, shown: int) -> None:
    if told > shown:
        typer.echo(
            f"{told - shown} of the {told} entries of the given list agree with the ledger, or "
            "neither of the two is sure; they are not shown."
        )


def _print_decisions(rows: list[dict[str, Any]]) -> None:
    shown = ("statement_id", "actor", "says", "technology", "on_date", "incident_id", "source")
    if rows:
        print_table("Said here", shown, [[_cell(row[one]) for one in shown] for row in rows])


def _cell(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, float) else value
