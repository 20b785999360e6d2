"""`tocsin link`: which rows of several event files tell of one event."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json, working

if TYPE_CHECKING:
    from tocsin.assess.linkage import Linked
    from tocsin.observe.formats.table import Table

FilesArgument = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="Event files: CSV (plain or packed), Excel, Parquet."),
]
OutOption = Annotated[
    Path, typer.Option("--out", metavar="FILE", help="Links to write (.csv, .xlsx, .parquet).")
]
ClustersOption = Annotated[
    Path | None, typer.Option("--clusters", metavar="FILE", help="Clusters to write, likewise.")
]
MappingOption = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="TOML: which column is what, as for observe."),
]


def link(
    files: FilesArgument,
    out: OutOption,
    clusters: ClustersOption = None,
    mapping: MappingOption = None,
    threshold: Annotated[
        float | None,
        typer.Option(min=0.01, max=0.99, help="Least probability; else the best expected F1."),
    ] = None,
    comparison: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="A comparison that another package adds; repeat for more."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Link the rows of event files that tell of one event.

    Each file needs an id, a date (or start and end) and a place; the columns are found by
    their names. Writes `source_a, id_a, source_b, id_b, probability`; a source is named after
    its file. Rows without a readable date or place are told, and stay unlinked. A mapping is
    the same file as for `tocsin observe`.

    Example: tocsin link agency.csv press.csv --out links.csv --clusters clusters.csv
    """
    from tocsin.assess.linkage import known_names, link_tables
    from tocsin.base.atomic import check_apart
    from tocsin.observe import read_table, shipped_actors, table_names
    from tocsin.observe.formats.file import input_files
    from tocsin.schema.mapping import read_mapping
    from tocsin.schema.spreadsheet import check_table_target, write_table

    for place in (out, clusters):
        if place is not None:
            check_table_target(place)
            check_apart(place, files)
    files = input_files(files)
    with working("Linking", quiet=as_json):
        wanted = read_mapping(mapping) if mapping else None
        read = {n: read_table(path) for n, path in zip(table_names(files), files, strict=True)}
        linked = link_tables(
            {name: table.rows for name, table in read.items()},
            mapping=wanted,
            threshold=threshold,
            known=known_names(shipped_actors()),
            others=comparison or (),
        )
        write_table(linked.links, out)
        if clusters is not None:
            write_table(linked.clusters, clusters)
    places = {"out": str(out), "clusters": clusters and str(clusters)}
    summary = places | _summary(read, linked)
    if as_json:
        print_json(summary)
    else:
        _tell(summary)
    if nowhere := _sources_without_rows(linked):
        typer.echo(
            f"No row of {' or '.join(nowhere)} could be compared. A mapping says how days are "
            "written and which column is what (docs/sources/mapping.md).",
            err=True,
        )
        raise typer.Exit(1)


def _sources_without_rows(linked: Linked) -> list[str]:
    """The sources of which no row can be compared, so that no link can be found."""
    refused: dict[str, set[int]] = {}
    for row in linked.trouble:
        refused.setdefault(row["source"], set()).add(row["row"])
    heights = dict(linked.clusters.group_by("source").len().iter_rows())
    return [name for name, rows in refused.items() if len(rows) >= heights.get(name, 0) > 0]


def _summary(read: Mapping[str, Table], linked: Linked) -> dict[str, Any]:
    notes = [f"{name}: {note}" for name, table in read.items() for note in table.notes]
    unlinked = [row | {"line": read[row["source"]].lines[row["row"] - 1]} for row in linked.trouble]
    doubtful = [
        {"source": name, **row} for name, table in read.items() for row in table.faults.to_dicts()
    ]
    return {
        "rows": linked.clusters.height,
        "links": linked.links.height,
        "events": linked.clusters["cluster"].n_unique(),
        "columns": linked.roles,
        "notes": notes + linked.notes,
        "unlinked": unlinked,
        "doubtful": doubtful,
    }


def _tell(summary: Mapping[str, Any]) -> None:
    typer.echo(
        f"Written: {summary['out']} ({quantity(summary['links'], 'link')}; "
        f"{quantity(summary['rows'], 'row tells', 'rows tell')} "
        f"of {quantity(summary['events'], 'event')})"
    )
    for source, roles in summary["columns"].items():
        typer.echo(f"  {source}: " + ", ".join(f"{role}={name}" for role, name in roles.items()))
    for note in summary["notes"]:
        typer.echo(note)
    unlinked, doubtful = summary["unlinked"], summary["doubtful"]
    if unlinked:
        typer.echo(
            f"{quantity(len(unlinked), 'row stays', 'rows stay')} unlinked, for example:", err=True
        )
        for row in unlinked[:5]:
            where = f"{row['source']}, line {row['line']}"
            typer.echo(f"  {where}: {row['rule']} {row['value'] or ''}", err=True)
    if doubtful:
        typer.echo(
            f"{quantity(len(doubtful), 'row is', 'rows are')} badly written, but kept, for "
            "example:",
            err=True,
        )
        for row in doubtful[:5]:
            typer.echo(f"  {row['source']}, line {row['line']}: {row['reason']}", err=True)
