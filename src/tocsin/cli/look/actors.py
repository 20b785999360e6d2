"""`tocsin actors`: who is who, as each source sees it, and what is held here."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

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

NameArgument = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="Id or name; all if not given.")
]
SourceOption = Annotated[
    str | None, typer.Option("--source", help="Only as this source sees it, e.g. UCDP.")
]
DayOption = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As of this day.")
]
PlaceOption = Annotated[
    str | None, typer.Option("--territory", help="The territory in which the name is used.")
]
AssertOption = Annotated[
    str | None,
    typer.Option(
        "--assert",
        metavar="RELATION",
        help="Say that NAME is in this relation to --of: alias, renamed, splinter, joined, "
        "alliance, umbrella, 'active in'.",
    ),
]
OfOption = Annotated[str | None, typer.Option("--of", metavar="OTHER", help="The other one.")]
MatchesOption = Annotated[
    bool,
    typer.Option("--matches", help="List names that are held as one, and those that may be one."),
]
AcceptOption = Annotated[
    str | None,
    typer.Option("--accept", metavar="MATCH", help="Say that a proposal of --matches is right."),
]
WeightOption = Annotated[float, typer.Option("--weight", help="How sure, in (0, 1].")]
FromOption = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])]
UntilOption = Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"])]


def actors(
    name: NameArgument = None,
    source: SourceOption = None,
    on: DayOption = None,
    territory: PlaceOption = None,
    asserted: AssertOption = None,
    of: OfOption = None,
    matches: MatchesOption = False,
    accept: AcceptOption = None,
    withdraw: WithdrawOption = None,
    by: ByOption = "",
    reason: ReasonOption = "",
    weight: WeightOption = 0.8,
    start: FromOption = None,
    until: UntilOption = None,
    limit: Annotated[int, typer.Option(min=1, help="Organisations to list.")] = 20,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Look up who a name may mean; say, or take back, how two organisations are related.

    Nothing is merged and nothing deleted: a decision is one more statement, with its source.

    Example: tocsin actors "Jabhat al-Nusra" --on 2017-06-01 --territory Syria

    Example: tocsin actors HTS --assert alias --of "Jabhat al-Nusra" --by "desk" --reason "..."

    Example: tocsin actors --matches

    Example: tocsin actors --accept m-0123456789ab --by "desk" --reason "..."

    Example: tocsin actors --withdraw s-0123456789ab --by "desk" --reason "a mistake"
    """
    from tocsin.errors import UsageError
    from tocsin.schema.geography.territory import resolve
    from tocsin.workspace import desk
    from tocsin.workspace.store import Workspace

    gwno = resolve(territory).gwno if territory else None
    how = {"source": by, "reason": reason, "at": desk.now()}
    with Workspace.open(workspace) as opened:
        if withdraw is not None:
            print_decision(desk.withdraw_statement(opened, withdraw, how), as_json)
        elif accept is not None:
            accepted = desk.accept_match(opened, accept, how | {"weight": weight})
            print_decision(accepted, as_json)
        elif matches:
            warn_unassessed(opened)
            _show_matches(opened, as_json)
        elif asserted is not None:
            if name is None or of is None:
                raise UsageError("--assert needs NAME and --of OTHER.")
            more = {"weight": weight, "dates": (_day(start), _day(until)), "gwno": gwno}
            print_decision(desk.assert_relation(opened, name, asserted, of, how | more), as_json)
        else:
            _show(opened, name, limit, as_json, {"source": source, "on": _day(on), "gwno": gwno})


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _show_matches(opened: Workspace, as_json: bool) -> None:
    rows = opened.read("actor_matches").to_dicts()
    if as_json:
        print_json(rows)
        return
    for verdict, title in (("same", "Held as one"), ("likely", "May be one")):
        shown = ("statement_id", "actor", "related", "territory", "because")
        cells = [[row[key] for key in shown] for row in rows if row["verdict"] == verdict]
        print_table(title, shown, cells)


def _show(
    opened: Workspace, name: str | None, limit: int, as_json: bool, asked: dict[str, Any]
) -> None:
    from tocsin.assess.actors.desk import list_organisations, look_up
    from tocsin.errors import UsageError
    from tocsin.workspace import desk

    said = desk.statements(opened)
    if name is None:
        if asked["on"] or asked["gwno"] is not None:
            raise UsageError("--on and --territory ask whom a NAME may mean.", remedy="Give NAME.")
        rows = list_organisations(said, limit, asked["source"])
        if as_json:
            print_json(rows)
        else:
            shown = ("actor_id", "name", "names", "sources")
            print_table("Organisations", shown, [[row[key] for key in shown] for row in rows])
        return
    found = look_up(said, name, **asked)
    if as_json:
        print_json(found)
        return
    for one, rows in found["views"].items():
        if not rows:
            continue
        shown = ("actor_id", "actor", "probability", "because")
        cells = [[_cell(row[key]) for key in shown] for row in rows[:8]]
        print_table(f"'{name}' as {one} sees it" if one != "all views" else one, shown, cells)
    if found["alike"]:
        shown = ("actor_id", "actor", "because", "source")
        cells = [[row[key] for key in shown] for row in found["alike"]]
        print_table(f"For whom '{name}' may be meant too", shown, cells)
    for title in ("confidence", "statements"):
        rows = found[title]
        header = list(rows[0]) if rows else ["nothing is said"]
        print_table(title.capitalize(), header, [[_cell(v) for v in row.values()] for row in rows])


def _cell(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, float) else value
