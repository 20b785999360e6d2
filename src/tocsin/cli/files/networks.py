"""`tocsin networks`: what random failures of coupled services take, and what protects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.options import SEEDS, JsonOption
from tocsin.cli.output import print_json, print_table, save_table, working
from tocsin.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

KINDS = {
    "nodes": {"id", "layer", "district", "people"},
    "edges": {"source", "target"},
    "dependencies": {"needs", "needed"},
}
"""By which columns a file is known."""


def networks(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Tables, known by their columns: components (id, layer, district, people, "
            "backup_hours, perhaps supply), lines (source, target, capacity), and what needs what "
            "(needs, needed)."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results.")] = Path(
        "networks"
    ),
    share: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Each component breaks with this probability.")
    ] = 0.1,
    repair: Annotated[
        float, typer.Option(min=0.01, metavar="HOURS", help="Mean time to mend one.")
    ] = 24.0,
    crews: Annotated[int, typer.Option(min=0, help="So many are mended at once.")] = 5,
    hours: Annotated[int, typer.Option(min=1, help="How long is looked at.")] = 336,
    draws: Annotated[int, typer.Option(min=1, help="How many hazards are played.")] = 100,
    seed: Annotated[int, typer.Option(min=0, max=SEEDS, help="Start of all random numbers.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Say how many hours people are without service after a hazard, and what protection saves.

    Components break by chance, each as likely as any other; results are by layer and district, and
    none is ranked or named. Writes losses.csv and saved.csv.

    Example: tocsin networks nodes.csv edges.csv dependencies.csv --share 0.1 --crews 5
    """
    from tocsin.base.atomic import check_folder
    from tocsin.plan.networks import Hazard, compare_protections, read_services

    check_folder(out)
    tables = _tables(files)
    services = read_services(tables["nodes"], tables["edges"], tables.get("dependencies"))
    with working("Playing hazards", quiet=as_json) as say:
        found = compare_protections(
            services,
            Hazard(share, repair, crews, hours),
            draws=draws,
            seed=seed,
            on_draw=lambda done: say(f"Playing hazards: {done} of {draws}"),
        )
    out.mkdir(parents=True, exist_ok=True)
    save_table(found.losses, out / "losses.csv")
    save_table(found.saved, out / "saved.csv")
    if as_json:
        print_json(
            {
                "draws": draws,
                "losses": found.losses.to_dicts(),
                "saved": found.saved.to_dicts(),
                "out": str(out),
            }
        )
        return
    for title, table in (
        ("Person-hours without service (90 % interval over hazards)", found.losses),
        ("Person-hours saved, by the same hazards", found.saved),
    ):
        rows = [
            [f"{value:,.4g}" if isinstance(value, float) else value for value in row]
            for row in table.rows()
        ]
        print_table(title, table.columns, rows)
    typer.echo(f"Written: {out} (losses.csv, saved.csv)")


def _tables(files: list[Path]) -> dict[str, pl.DataFrame]:
    """Each file under the name of what it holds."""
    from tocsin.observe import read_table

    found: dict[str, pl.DataFrame] = {}
    for path in files:
        table = read_table(path).sound()
        kinds = [kind for kind, columns in KINDS.items() if columns <= set(table.columns)]
        if not kinds:
            raise UsageError(
                "These are neither components, nor lines, nor needs.",
                where=path.name,
                remedy="Columns are: id, layer, district, people, backup_hours; or source, "
                "target, capacity; or needs, needed.",
            )
        if kinds[0] in found:
            raise UsageError(f"There are two tables of {kinds[0]}.", where=path.name)
        found[kinds[0]] = table
    for kind in ("nodes", "edges"):
        if kind not in found:
            raise UsageError(
                f"There is no table of {kind}.",
                remedy="Give the components and the lines, and perhaps what needs what.",
            )
    return found
