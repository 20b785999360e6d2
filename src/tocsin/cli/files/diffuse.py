"""`tocsin diffuse`: through which ties something spreads, from plain CSV files."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json, print_table, save_table, working
from tocsin.errors import SourceRefused, UsageError

METHODS = ("netrate", "netinf")

AdoptionsOption = Annotated[
    Path,
    typer.Option("--adoptions", metavar="FILE", help="CSV: cascade, node, time."),
]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results.")]


def diffuse(
    adoptions: AdoptionsOption,
    out: OutOption,
    infer_ties: Annotated[
        bool, typer.Option("--infer-ties", help="Infer the ties themselves from many cascades.")
    ] = False,
    horizon: Annotated[
        float | None,
        typer.Option(min=0.0, help="How long each cascade was watched, in the unit of time."),
    ] = None,
    method: Annotated[
        str, typer.Option(help="netrate: a rate for every tie; netinf: a few edges, greedily.")
    ] = "netrate",
    edges: Annotated[
        int | None, typer.Option(min=1, help="With netinf: how many edges to choose.")
    ] = None,
    prior: Annotated[
        float | None,
        typer.Option(min=0.0, help="With netrate: horizons of quiet added to each pair; 0: none."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say through which ties something spreads among organisations or territories.

    Nodes are organisations or territories, never persons. With --infer-ties, the ties are
    inferred from many cascades (cascade, node, time): edges.csv holds source, target, rate
    (NetRate, maximum likelihood with a prior), or the edges that explain most, in order, with
    their gains (NetInf). With few cascades ties cannot be inferred.

    Example: tocsin diffuse --infer-ties --adoptions cascades.csv --horizon 10 --out found
    """
    if method not in METHODS:
        raise UsageError(
            f"There is no method '{method}'.", remedy=f"Methods are: {', '.join(METHODS)}."
        )
    if not infer_ties:
        raise UsageError(
            "Only inference of ties is here so far.", remedy="Add --infer-ties and --horizon."
        )
    out.mkdir(parents=True, exist_ok=True)
    table = _read(adoptions)
    with working("Inferring ties", quiet=as_json):
        found, summary = _infer(table, adoptions, method, horizon, edges, prior)
    save_table(found, out / "edges.csv")
    _tell({"out": str(out / "edges.csv")} | summary, found, as_json=as_json)


def _infer(
    table: pl.DataFrame,
    path: Path,
    method: str,
    horizon: float | None,
    edges: int | None,
    prior: float | None,
) -> tuple[pl.DataFrame, dict[str, Any]]:
    from tocsin.anticipate.diffusion import netinf, netrate, read_cascades
    from tocsin.anticipate.diffusion.cascades.netrate import PRIOR

    try:
        cascades = read_cascades(table, math.inf if horizon is None else horizon)
    except SourceRefused as error:
        raise SourceRefused(error.what, where=path.name, remedy=error.remedy) from error
    summary: dict[str, Any] = {
        "method": method,
        "cascades": int(cascades.cascade.max()) + 1,
        "nodes": len(cascades.nodes),
        "refused": cascades.refused.to_dicts(),
    }
    if method == "netinf":
        if edges is None:
            raise UsageError("NetInf has to know how many edges.", remedy="Give --edges, as 20.")
        found = netinf(cascades, edges=edges)
        return found, summary | {"edges": found.height}
    rates = netrate(cascades, prior=PRIOR if prior is None else prior)
    quality = {"gap": rates.gap, "log_likelihood": rates.log_likelihood}
    return rates.edges, summary | {"edges": rates.edges.height} | quality


def _tell(summary: dict[str, Any], found: pl.DataFrame, *, as_json: bool) -> None:
    if as_json:
        print_json(summary)
        return
    rows = [
        [f"{value:.4g}" if isinstance(value, float) else value for value in row]
        for row in found.head(10).rows()
    ]
    print_table("The strongest edges", found.columns, rows)
    typer.echo(
        f"Written: {summary['out']} ({summary['edges']:,} edges from {summary['cascades']:,} "
        f"cascades of {summary['nodes']:,} nodes)"
    )
    _tell_refused(summary["refused"])


def _tell_refused(refused: list[dict[str, Any]]) -> None:
    if refused:
        typer.echo(f"{len(refused):,} rows could not be used, for example:", err=True)
    for row in refused[:5]:
        typer.echo(
            f"  row {row['row']}, {row['column']}: {row['reason']} ({row['value']})", err=True
        )


def _read(path: Path) -> pl.DataFrame:
    """A CSV file, every value as text; the functions read times and numbers themselves."""
    if not path.is_file():
        raise UsageError("There is no such file.", where=str(path))
    try:
        return pl.read_csv(path, infer_schema=False, encoding="utf8-lossy")
    except pl.exceptions.PolarsError as error:
        raise SourceRefused(f"It cannot be read as CSV: {error}", where=path.name) from error
