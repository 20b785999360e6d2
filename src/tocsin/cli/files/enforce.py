"""`tocsin enforce`: which controls stop illicit flow without choking lawful trade."""

from __future__ import annotations

import ctypes
import math
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json, print_table, save_table, working

if TYPE_CHECKING:
    from tocsin.plan.enforcement import Frontier

MOST_PLACES = 10
"""Places that are printed; burden.csv has all."""
MOST_WAYS = 8
"""Ways of a choice that are printed; frontier.csv has all."""


def enforce(
    file: Annotated[
        Path,
        typer.Argument(
            help="Table: source, target, capacity, lawful, illicit, cost, perhaps length."
        ),
    ],
    source: Annotated[
        list[str],
        typer.Option("--from", metavar="PLACE", help="Where flow begins; may be given again."),
    ],
    sink: Annotated[
        list[str], typer.Option("--to", metavar="PLACE", help="Where it ends; may be given again.")
    ],
    budget: Annotated[float, typer.Option(min=0.0, help="What controls may cost together.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results.")] = Path(
        "enforcement"
    ),
    measure: Annotated[
        str, typer.Option(help="flow: let least through; way: make the shortest way longest.")
    ] = "flow",
    lawful: Annotated[
        float | None, typer.Option(min=0.0, help="Lawful trade that may be stopped at most.")
    ] = None,
    undirected: Annotated[
        bool, typer.Option("--undirected", help="Each way can be used in both directions.")
    ] = False,
    gap: Annotated[
        float, typer.Option(min=0.0, help="Large networks: near enough to the best, as a share.")
    ] = 0.01,
    seconds: Annotated[float, typer.Option(min=1.0, help="Time for one choice at most.")] = 60.0,
    as_json: JsonOption = False,
) -> None:
    """Say what each further control buys, what lawful trade it costs, and who bears that.

    Places are markets, ports, districts or countries, never persons. An empty cost says that a
    way cannot be controlled. The flow finds its next best way, so substitution is in every
    answer. Writes frontier.csv, burden.csv, flows.csv and frontier.svg.

    Example: tocsin enforce trade.csv --from Coast --to Interior --budget 3
    """
    from tocsin.base.atomic import check_folder, write_bytes
    from tocsin.errors import UsageError
    from tocsin.observe import read_table
    from tocsin.plan.enforcement import frontier, read_network
    from tocsin.share.charts.enforcement import frontier_svg

    if measure not in ("flow", "way"):
        raise UsageError(f"There is no measure '{measure}'.", remedy="Measures are: flow, way.")
    check_folder(out)
    network = read_network(
        read_table(file).sound(), source, sink, undirected=undirected, where=file.name
    )
    with _solver_apart(), working("Choosing controls", quiet=as_json) as say:
        found = frontier(
            network,
            budget,
            lawful=math.inf if lawful is None else lawful,
            measure=measure,  # type: ignore[arg-type]
            gap=gap,
            seconds=seconds,
            on_point=lambda one: say(f"Choosing controls: {one.value:g} left for {one.cost:g}"),
        )
    out.mkdir(parents=True, exist_ok=True)
    save_table(found.points, out / "frontier.csv")
    save_table(found.burden, out / "burden.csv")
    save_table(found.flows, out / "flows.csv")
    picture = frontier_svg(found.points, measure=measure)
    write_bytes(out / "frontier.svg", picture.encode())
    assumed = [*network.assumed, *found.assumed]
    if as_json:
        print_json({"measure": measure, "out": str(out), "assumed": assumed, **_plain(found)})
    else:
        _tell(found, measure, assumed)
        typer.echo(f"Written: {out} (frontier.csv, burden.csv, flows.csv, frontier.svg)")


def _plain(found: Frontier) -> dict[str, Any]:
    points = [
        {key: None if value in (math.inf, -math.inf) else value for key, value in row.items()}
        for row in found.points.to_dicts()
    ]
    return {"before": found.before, "frontier": points, "burden": found.burden.to_dicts()}


def _tell(found: Frontier, measure: str, assumed: Sequence[str]) -> None:
    import polars as pl

    from tocsin.base.display.bounds import round_bound

    columns = ["cost", "left", "lawful_lost", "gap", "controls", "ways"]
    # The gap is proven as a most.
    shown = found.points.with_columns(
        pl.col("gap").map_elements(
            lambda gap: round_bound(gap, most=True, digits=3), return_dtype=pl.Float64
        )
    )
    rows = [
        [f"{value:g}" if isinstance(value, float) else value for value in row[:-1]]
        + [_first(row[-1])]
        for row in shown.select(columns).rows()
    ]
    names = {"flow": "flow left", "way": "shortest way"}
    header = ["cost", names[measure], "lawful trade stopped", "gap", "controls", "ways"]
    print_table("What controls buy", header, rows)
    last = found.burden.filter(pl.col("cost") == found.points["cost"].max()).head(MOST_PLACES)
    if not last.is_empty():
        print_table(
            "Who bears it: lawful trade stopped at each place, half at each end of a way, under "
            "the dearest choice",
            ["place", "lawful trade stopped"],
            [[place, f"{lost:g}"] for place, lost in last.select("place", "lawful_lost").rows()],
        )
    for line in assumed:
        typer.echo(f"Assumed: {line}")


def _first(ways: str) -> str:
    """The first of a choice's ways: with dozens of them nobody finds a row in the table."""
    several = ways.split("; ")
    left = len(several) - MOST_WAYS
    return "; ".join(several[:MOST_WAYS]) + (f"; {left} more" if left > 0 else "")


@contextmanager
def _solver_apart() -> Iterator[None]:
    """HiGHS now and then prints a line by itself, which goes to the errors: JSON stands alone."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        # What the library of C still holds would else come out behind the answer.
        with suppress(OSError, TypeError, AttributeError):
            ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
