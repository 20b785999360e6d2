"""`tocsin networks`: what random failures of coupled services take, and what protects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.options import SEEDS, JsonOption
from tocsin.cli.output import print_json, print_table, save_table, working
from tocsin.errors import SourceRefused, UsageError

if TYPE_CHECKING:
    import polars as pl

    from tocsin.plan.networks import Parts


_AS_TABLES = (
    "Write its nodes (id, layer, district, people) and its edges (source, target) as two CSVs."
)
UNREAD = {
    ".graphml": _AS_TABLES, ".gml": _AS_TABLES, ".gexf": _AS_TABLES, ".net": _AS_TABLES,
    ".m": "pandapower reads cases of MATPOWER (`pandapower.converter.from_mpc`) and writes JSON "
    "(`pandapower.to_json`), which is read.",
    ".shp": "Write it as GeoJSON in WGS 84 (EPSG:4326).",
    ".gpkg": "Write it as GeoJSON in WGS 84 (EPSG:4326).",
}  # fmt: skip
"""Forms in which others keep networks and which are not read, and what to do."""


@dataclass(frozen=True)
class _Table:
    """This is a table of the user's, and the name of its file."""

    file: str
    rows: pl.DataFrame
    assumed: tuple[str, ...] = ()


def networks(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Networks as EPANET (.inp), pandapower (.json) or GeoJSON (.geojson) has them, "
            "or tables, known by their columns: components (id, layer, district, people, "
            "backup_hours, perhaps supply), lines (source, target, capacity: how many people a "
            "line can serve; empty: no limit), what needs what (needs, needed), and what a map "
            "does not say of components (id, and any of district, people, backup_hours, supply)."
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
    together: Annotated[
        float,
        typer.Option(
            min=0.0, max=0.99, help="How much a district's components break together (correlation)."
        ),
    ] = 0.0,
    coupled: Annotated[
        list[str] | None,
        typer.Option(
            "--couple",
            metavar="LAYER:LAYER",
            help="Make up what the first layer needs of the second. May be given several times.",
        ),
    ] = None,
    added: Annotated[
        list[str] | None,
        typer.Option(
            "--add", metavar="LAYER", help="Make up a layer: telecom or health. May be repeated."
        ),
    ] = None,
    draws: Annotated[int, typer.Option(min=1, help="How many hazards are played.")] = 100,
    seed: Annotated[int, typer.Option(min=0, max=SEEDS, help="Start of all random numbers.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Say how many hours people are without service after a hazard, and what protection saves.

    Components break by chance, each as likely as any other; results are by layer and district, and
    none is ranked or named. Writes losses.csv and saved.csv. What is made up is said to be.

    Example: tocsin networks nodes.csv edges.csv dependencies.csv --share 0.1 --crews 5

    Example: tocsin networks Net3.inp grid.json --couple water:power --add telecom --add health
    """
    from tocsin.base.atomic import check_folder
    from tocsin.plan.networks import (
        Hazard,
        compare_protections,
        left_open,
        read_services,
        unserved,
    )

    check_folder(out)
    given, formed = _sort_files(files)
    tables = _tables(given)
    with _told_by_file(tables):
        parts = _made_up(_parts(tables, formed), coupled or [], added or [], seed)
        services = read_services(parts.nodes, parts.edges, parts.needs)
    read = [line for table in tables.values() for line in table.assumed]
    assumed = [*read, *parts.assumed, *left_open(services), *unserved(services)]
    hazard = Hazard(share, repair, crews, hours, together)
    with working("Playing hazards", quiet=as_json) as say:
        found = compare_protections(
            services,
            hazard,
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
                "hazard": asdict(hazard),
                "assumed": assumed,
                "losses": found.losses.to_dicts(),
                "saved": found.saved.to_dicts(),
                "out": str(out),
            }
        )
        return
    typer.echo(
        f"{draws:,} hazards of {hours:,} hours: each component breaks with probability {share:g}, "
        f"{crews} at once are mended, in {repair:g} hours on average. 'error' is the standard "
        "error of a mean: more hazards (--draws) make it smaller."
    )
    for title, table in (
        ("Person-hours without service (90% interval over hazards)", found.losses),
        ("Person-hours saved, by the same hazards", found.saved),
    ):
        rows = [[_readable(value) for value in row] for row in table.rows()]
        print_table(title, table.columns, rows)
    for line in assumed:
        typer.echo(f"Assumed: {line}")
    typer.echo(f"Written: {out} (losses.csv, saved.csv)")


def _readable(value: object) -> object:
    """A number as a reader wants it, with the digits that count."""
    from tocsin.share.facts.words import figure

    if value is None:
        return "–"
    return figure(value) if isinstance(value, float) and isfinite(value) else value


def _sort_files(files: list[Path]) -> tuple[list[Path], list[Parts]]:
    """The files that are tables, and the networks of those that are in a form of others."""
    from tocsin.base.toml import check_regular
    from tocsin.plan.networks import (
        is_geojson,
        read_epanet,
        read_geojson,
        read_pandapower,
        set_apart,
    )

    readers = {".inp": read_epanet, ".json": read_pandapower}
    tables, maps = list[Path](), list[Path]()
    found: list[Parts] = []
    for path in files:
        check_regular(path)
        kind = path.suffix.lower()
        if kind in UNREAD:
            raise SourceRefused(
                f"Files that end in {kind} are not read.", where=path.name, remedy=UNREAD[kind]
            )
        if kind == ".geojson" or (kind == ".json" and is_geojson(path)):
            maps.append(path)
        elif kind in readers:
            found.append(set_apart(readers[kind](path), found, path.stem))
        else:
            tables.append(path)
    if maps:
        # Points are often in one file and the lines between them in another.
        found.append(set_apart(read_geojson(*maps), found, maps[0].stem))
    return tables, found


def _parts(tables: Mapping[str, _Table], found: list[Parts]) -> Parts:
    """All files as one network; own tables come first, so that a row in an error is the file's."""
    from tocsin.plan.networks import join_parts, told_parts, with_districts

    for kind in ("nodes", "edges"):
        if kind not in tables and (not found or {"nodes", "edges"} & set(tables)):
            raise UsageError(
                f"There is no table of {kind}.",
                remedy="Give the components and the lines, and perhaps what needs what.",
            )
    own = {kind: table.rows for kind, table in tables.items()}
    told = told_parts(own.get("nodes"), own.get("edges"), own.get("dependencies"))
    parts = join_parts([told, *found])
    return with_districts(parts, own["districts"]) if "districts" in own else parts


@contextmanager
def _told_by_file(tables: Mapping[str, _Table]) -> Iterator[None]:
    """Name the user's own file in an error about one of the tables, where the row is the file's."""
    try:
        yield
    except SourceRefused as error:
        kind, comma, rest = error.where.partition(",")
        row = re.match(r" row (\d+)", rest)
        if kind not in tables or (row and int(row[1]) > tables[kind].rows.height + 1):
            raise
        where = f"{tables[kind].file}{comma}{rest}"
        raise SourceRefused(error.what, where=where, remedy=error.remedy) from error


def _made_up(parts: Parts, coupled: list[str], added: list[str], seed: int) -> Parts:
    from tocsin.plan.networks import add_layer, couple

    for name in added:
        parts = add_layer(parts, name, seed=seed)
    for pair in coupled:
        needing, between, needed = pair.partition(":")
        if not between:
            raise UsageError(f"'{pair}' is no pair of layers.", remedy="Write it as water:power.")
        parts = couple(parts, needing.strip(), needed.strip(), seed=seed)
    return parts


def _tables(files: list[Path]) -> dict[str, _Table]:
    """Each file under the name of what it holds."""
    from tocsin.observe import read_table
    from tocsin.plan.networks import known_table

    found: dict[str, _Table] = {}
    for path in files:
        kind, made = known_table(read_table(path).sound(), where=path.name)
        if kind in found:
            raise UsageError(f"There are two tables of {kind}.", where=path.name)
        found[kind] = _Table(path.name, made.rows, made.assumed)
    return found
