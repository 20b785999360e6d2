"""`tocsin diffuse`: through which ties something spreads, from plain CSV files."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer

from tocsin.base.atomic import check_folder
from tocsin.base.display.quantity import quantity
from tocsin.cli.options import SEEDS, JsonOption
from tocsin.cli.output import print_json, print_table, save_table, working
from tocsin.errors import SourceRefused, UsageError

if TYPE_CHECKING:
    from tocsin.anticipate.diffusion import Diffusion
    from tocsin.observe import Table

METHODS = ("netrate", "netinf")

AdoptionsOption = Annotated[
    Path,
    typer.Option(
        "--adoptions",
        metavar="FILE",
        help="CSV: actor, technology, time (or from, to); also entry, exit, territory. "
        "With --infer-ties: cascade, node, time.",
    ),
]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results.")]
TiesOption = Annotated[
    Path | None,
    typer.Option(
        "--ties", metavar="FILE", help="CSV: source, target, channel; also weight, from, to."
    ),
]


def diffuse(
    adoptions: AdoptionsOption,
    out: OutOption,
    ties: TiesOption = None,
    undirected: Annotated[
        bool, typer.Option("--undirected", help="A tie exposes both ends to each other.")
    ] = False,
    covariate: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="A column of numbers in FILE; may be given again."),
    ] = None,
    covariates: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="CSV: actor, and columns of numbers that are covariates."
        ),
    ] = None,
    start: Annotated[
        str | None, typer.Option(help="Where the window starts; users of then are no events.")
    ] = None,
    end: Annotated[str | None, typer.Option(help="Where the window ends.")] = None,
    unit: Annotated[
        str | None, typer.Option(help="Of times that are numbers: day, week, month or year.")
    ] = None,
    delay: Annotated[
        float,
        typer.Option(min=0.0, metavar="MONTHS", help="From a first use until it is in FILE."),
    ] = 0.0,
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
        typer.Option(
            min=0.0,
            help="With netrate: horizons of quiet added to each pair while ties are looked for; "
            "without this option 10. 0: plain maximum likelihood, which finds far fewer.",
        ),
    ] = None,
    fit: Annotated[
        str,
        typer.Option(
            help="How the hazard is fitted: nuts (in full), gibbs (fast), or auto: gibbs for "
            "several channels, and for many first uses that lie between two times; else nuts."
        ),
    ] = "auto",
    seed: Annotated[int, typer.Option(min=0, max=SEEDS, help="Start of all random numbers.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Say through which ties something spreads among organisations or territories.

    Nodes are organisations or territories, never persons. An empty time means: at risk, and
    never took it up. Writes shares.csv, hazards.csv, next.csv, covariates.csv (effects on the log
    of the rate outside the network, per standard deviation) and diffuse.json; intervals hold 90%.
    The first line says whether the data show anything at all. A share is no proof of cause.

    With --infer-ties, the ties are inferred from many cascades: edges.csv holds source,
    target, rate (NetRate, maximum likelihood with a prior), or the edges that explain most, with
    their gains (NetInf). With few cascades ties cannot be inferred.

    Example: tocsin diffuse --adoptions adoptions.csv --ties ties.csv --out found

    Example: tocsin diffuse --infer-ties --adoptions cascades.csv --horizon 10 --out found
    """
    if method not in METHODS:
        raise UsageError(
            f"There is no method '{method}'.", remedy=f"Methods are: {', '.join(METHODS)}."
        )
    if infer_ties == (ties is not None):
        raise UsageError("Give either --ties FILE or --infer-ties, and not both.")
    check_folder(out)
    if infer_ties:
        with working("Inferring ties", quiet=as_json):
            found, summary = _infer(adoptions, method, horizon, edges, prior)
        out.mkdir(parents=True, exist_ok=True)
        save_table(found, out / "edges.csv")
        _tell_edges({"out": str(out / "edges.csv")} | summary, found, as_json=as_json)
        return
    from tocsin.anticipate.diffusion import diffuse as learn
    from tocsin.observe import read_table

    given = {"adoptions": read_table(adoptions)}
    if ties is not None:
        given["ties"] = _read(ties, "ties")
    if covariates is not None:
        given["covariates"] = read_table(covariates)
    with working("Reading", quiet=as_json) as say, _told_by_file(given):
        answer = learn(
            given["adoptions"].sound(),
            given["ties"].sound(),
            more=given["covariates"].sound() if "covariates" in given else None,
            undirected=undirected,
            covariates=covariate or (),
            start=start,
            end=end,
            unit=unit,
            delay=delay,
            fit=fit,
            seed=seed,
            on_done=say,
        )
    said = [note for table in given.values() for note in table.notes]
    answer.summary["notes"] = [*said, *answer.summary["notes"]]
    for name, refused in answer.summary["refused"].items():
        _tell_lines(refused, given[name])
    out.mkdir(parents=True, exist_ok=True)
    save_table(answer.shares, out / "shares.csv")
    save_table(answer.hazards, out / "hazards.csv")
    save_table(answer.next_users, out / "next.csv")
    save_table(answer.effects, out / "covariates.csv")
    words = json.dumps(answer.summary, ensure_ascii=False, indent=2) + "\n"
    (out / "diffuse.json").write_text(words, encoding="utf-8")
    _tell_answer(answer, out, as_json=as_json)


def _read(path: Path, kind: str) -> Table:
    """A table, or a text without a header as programs for networks write it."""
    from tocsin.anticipate.diffusion.tables.plain import (
        begins_plainly,
        read_plain_cascades,
        read_plain_edges,
    )
    from tocsin.observe import Source, Table, read_table

    source = Source.of_path(path)
    if not begins_plainly(source.head.decode("utf-8", "replace")):
        return read_table(source)
    text = source.content().decode("utf-8", "replace")
    reader = read_plain_cascades if kind == "cascades" else read_plain_edges
    found = reader(text, where=path.name)
    if found is None:
        return read_table(source)
    rows, lines = found
    note = f"{path.name} has no header: columns were taken to be {', '.join(rows.columns)}."
    faults = pl.DataFrame(schema={"row": pl.Int64, "line": pl.Int64, "rule": pl.String,
                                  "reason": pl.String})  # fmt: skip
    return Table(path.name, rows, pl.Series(lines, dtype=pl.Int64), faults, (note,))


@contextmanager
def _told_by_file(given: Mapping[str, Table]) -> Iterator[None]:
    """Name the user's own files in an error about a table."""
    try:
        yield
    except SourceRefused as error:
        where = error.where
        for name, table in given.items():
            where = where.replace(f"the table of {name}", table.name)
        raise SourceRefused(error.what, where=where, remedy=error.remedy) from error


def _tell_lines(refused: list[dict[str, Any]], table: Table) -> None:
    """Say of refused rows on which line of the file they begin."""
    for row in refused:
        row["line"] = table.lines[row["row"] - 1]


def _tell_answer(answer: Diffusion, out: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(answer.summary)
        return
    typer.echo(answer.summary["verdict"])
    rows = [
        [f"{value:.3f}" if isinstance(value, float) else value for value in row]
        for row in answer.shares.rows()
    ]
    print_table("Shares of first uses", answer.shares.columns, rows)
    for note in answer.summary["notes"]:
        typer.echo(note)
    for name, refused in answer.summary["refused"].items():
        if refused:
            typer.echo(f"In {name}:", err=True)
            _tell_refused(refused)
    typer.echo(f"Written: {out} (shares.csv, hazards.csv, next.csv, covariates.csv, diffuse.json)")


def _infer(
    path: Path, method: str, horizon: float | None, edges: int | None, prior: float | None
) -> tuple[pl.DataFrame, dict[str, Any]]:
    from tocsin.anticipate.diffusion import netinf, netrate, read_cascades
    from tocsin.anticipate.diffusion.cascades.netrate import PRIOR

    table = _read(path, "cascades")
    with _told_by_file({"cascades": table}):
        cascades = read_cascades(table.sound(), math.inf if horizon is None else horizon)
    summary: dict[str, Any] = {
        "method": method,
        "cascades": int(cascades.cascade.max()) + 1,
        "nodes": len(cascades.nodes),
        "refused": cascades.refused.to_dicts(),
        "notes": [*table.notes, *cascades.notes],
    }
    _tell_lines(summary["refused"], table)
    if method == "netinf":
        if edges is None:
            raise UsageError("NetInf has to know how many edges.", remedy="Give --edges, as 20.")
        found = netinf(cascades, edges=edges)
        return found, summary | {"edges": found.height}
    used = PRIOR if prior is None else prior
    rates = netrate(cascades, prior=used)
    quality = {"prior": used, "gap": rates.gap, "log_likelihood": rates.log_likelihood}
    return rates.edges, summary | {"edges": rates.edges.height} | quality


def _tell_edges(summary: dict[str, Any], found: pl.DataFrame, *, as_json: bool) -> None:
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
    for note in summary["notes"]:
        typer.echo(note)
    _tell_refused(summary["refused"])


def _tell_refused(refused: list[dict[str, Any]]) -> None:
    if refused:
        typer.echo(f"{quantity(len(refused), 'row')} could not be used, for example:", err=True)
    for row in refused[:5]:
        typer.echo(
            f"  line {row['line']}, {row['column']}: {row['reason']} ({row['value']})", err=True
        )
