"""`tocsin publish`: put a workspace's results into the exchange server."""

from __future__ import annotations

from typing import Annotated

import typer

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json
from tocsin.cli.server.options import DATA, DataOption


def publish(
    data: DataOption = DATA,
    level: Annotated[
        str, typer.Option(help="TLP 2.0: CLEAR, GREEN, AMBER, AMBER+STRICT or RED.")
    ] = "GREEN",
    group: Annotated[
        list[str] | None, typer.Option(help="Only for a group that needs to know; repeatable.")
    ] = None,
    recipient: Annotated[
        list[str] | None,
        typer.Option(help="An organisation to which AMBER is given; repeatable."),
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Publish alerts, forecasts, the newest incidents and the brief.

    The same results again change nothing. What people corrected on the server is kept, and named.
    What was made of reports that the server collected keeps their markings, whatever --level says.

    Example: tocsin publish --data server --level GREEN --workspace sahel
    """
    from tocsin.share import as_json as brief_facts
    from tocsin.share.server.access.marking import Marking
    from tocsin.share.server.desk.workspace import incidents
    from tocsin.share.server.desk.workspace.publishing import publish as put
    from tocsin.share.server.running.opening import open_folder
    from tocsin.share.server.taxii.publishing import publish_stix
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    made = not data.exists()
    database, settings = open_folder(data)
    try:
        with Workspace.open(workspace) as opened:
            opened.check_filled("files")
            tables = road.gather(opened)
            region = opened.settings.region.gwnos
            facts = brief_facts(tables, opened.settings)
            behind = {name: opened.read(name) for name in incidents.READS}
        facts.pop("made", None)
        marking = Marking(
            level.upper(), settings.organisation, frozenset(recipient or ()),
            groups=frozenset(group or ()),
        )  # fmt: skip
        done = put(database, tables, facts, marking, gwnos=region)
        assert done.audience is not None
        further = incidents.publish_incidents(
            database, behind, marking, done.audience, gwnos=region
        )
        stix = publish_stix(database, tables, opened.settings, settings.organisation, done.audience)
    finally:
        database.close()
    new = {**done.written, **further.written}
    corrected = {**done.corrected, **further.corrected}
    if as_json:
        print_json(
            {"written": new, "unchanged": done.unchanged + further.unchanged,
             "level": done.audience.level, "stix": stix, "corrected": corrected}
        )  # fmt: skip
        return
    written = ", ".join(f"{n} {name}{'s' if n > 1 else ''}" for name, n in new.items())
    if made:
        typer.echo(f"There was no server's folder {data}: a new one was made.")
    typer.echo(f"Published as TLP:{done.audience.level}: {written or 'nothing new'}.")
    for id, names in corrected.items():
        typer.echo(f"Kept as people corrected it: {id}: {', '.join(names)}.")
    typer.echo(f"For TAXII: {stix:,} new objects and versions of STIX.")
