"""`tocsin plan`: compare portfolios, and ask what an answer rests on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli.options import HERE, SEEDS, JsonOption, WorkspaceOption
from tocsin.cli.output import (
    print_json,
    print_result,
    print_table,
    save_table,
    warn_made_otherwise,
    working,
)
from tocsin.cli.progress import showing

if TYPE_CHECKING:
    from tocsin.plan.exploration import Contest
    from tocsin.plan.portfolios.declared import PortfolioFile
    from tocsin.workspace.store import Workspace

app = typer.Typer(invoke_without_command=True)

PortfolioArgument = Annotated[str, typer.Argument(help="Its name, as `tocsin plan` lists it.")]
AgainstOption = Annotated[
    str | None, typer.Option(metavar="PORTFOLIO", help="Compared with this; the status quo if not.")
]
RISK = (
    "series", "incident_series", "forecasts", "forecast_draws", "alert_rules", "alerts",
)  # fmt: skip
"""Tables that say what is recorded now beside what is forecast."""
ANSWERS = (
    "outcomes", "comparisons", "comparison_years", "comparison_territories", "signposts",
)  # fmt: skip
"""Tables that `--json` gives."""
OutcomeOption = Annotated[str, typer.Option(help="deaths, displaced, service_lost, …")]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Also write the table here.")
]
PortfoliosOption = Annotated[
    Path | None,
    typer.Option(
        "--portfolios",
        metavar="FILE",
        help="TOML file of portfolios.",
        show_default="portfolios.toml of the workspace, or those shipped",
    ),
]
WorkersOption = Annotated[
    int,
    typer.Option(
        min=1,
        max=256,
        help="Processes that simulate side by side; for many futures, as each "
        "takes a while to start.",
    ),
]
DaskOption = Annotated[
    str | None,
    typer.Option(
        "--dask", metavar="ADDRESS", help="Simulate on this cluster of Dask: tcp://HOST:8786."
    ),
]
SeedOption = Annotated[int, typer.Option(min=0, max=SEEDS, help="Start of all random numbers.")]


@app.callback()
def plan(
    context: typer.Context,
    portfolios: PortfoliosOption = None,
    futures: Annotated[
        int | None,
        typer.Option(min=2, max=1_000_000, help="Futures a portfolio.", show_default="settings"),
    ] = None,
    workers: WorkersOption = 1,
    dask: DaskOption = None,
    example: Annotated[
        bool, typer.Option("--example", help="Print a file of portfolios to start from, and end.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Compare portfolios of levers in the same simulated futures.

    A file of portfolios says what levers cost, when they start and how they wear off, which rules
    adapt them, and which limits no plan may cross; it is checked whole before anything is run.

    A plan that was stopped goes on where it was. With --dask the workers of a cluster that runs
    already simulate: the same tocsin, libraries and kind of processor are asked for, and the
    results are the same.

    Example: tocsin plan --example > portfolios.toml

    Example: tocsin plan --portfolios portfolios.toml --workspace sahel

    Example: tocsin plan weaknesses layered --workspace sahel
    """
    if context.invoked_subcommand is not None:
        return
    if example:
        from tocsin.plan.portfolios import DEFAULT

        typer.echo(DEFAULT.read_text("utf-8"), nl=False)
        return
    from tocsin.workspace import road
    from tocsin.workspace.store import Workspace

    with (
        Workspace.open(workspace) as opened,
        side_by_side(workers, dask) as them,
        showing(quiet=as_json) as show,
    ):
        warn_made_otherwise(opened, ("assess", "anticipate"))
        result = road.plan(opened, portfolios, futures=futures, workers=them, on_progress=show)
        told = [] if as_json else _death_lines(opened)
        tables = {name: opened.read(name) for name in ANSWERS}
        prior = _spread(opened)
    if as_json:
        answers = {name: one.to_dicts() for name, one in tables.items()}
        print_json(result.as_dict() | answers | {"prior_of_supply": prior})
        return
    print_result(result)
    for line in (*told, f"Prior of supply: {prior}."):
        typer.echo(line)
    typer.echo(f"Trade-offs, regret and what breaks them: tocsin plan page --workspace {workspace}")


@app.command("weaknesses")
def weaknesses(
    portfolio: PortfolioArgument,
    against: AgainstOption = None,
    portfolios: PortfoliosOption = None,
    outcome: OutcomeOption = "deaths",
    futures: Annotated[int, typer.Option(min=200, help="Futures that are played.")] = 2048,
    seed: SeedOption = 0,
    workers: WorkersOption = 1,
    dask: DaskOption = None,
    out: OutOption = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say under which conditions a portfolio does worse than another.

    Half of the futures find the conditions, the other half measure them.

    Example: tocsin plan weaknesses enforcement-heavy --workspace sahel
    """
    from tocsin.plan.exploration import weaknesses as find

    with (
        side_by_side(workers, dask) as them,
        working("Playing futures", quiet=as_json) as say,
    ):
        asked = _contest(workspace, portfolio, against, portfolios, them, say)
        found = find(asked, outcome=outcome, futures=futures, seed=seed)
    if out is not None:
        save_table(found.boxes, out)
    if as_json:
        print_json(
            {
                "share": found.share,
                **found.doubt._asdict(),
                "looked_at": found.looked_at,
                "futures": found.futures,
                "words": found.words,
                "start": asked.tell_start(),
                "boxes": found.boxes.to_dicts(),
            }
        )
        return
    for sentence in (*found.words, asked.tell_start()):
        typer.echo(sentence)


@app.command("sensitivity")
def sensitivity(
    portfolio: PortfolioArgument,
    against: AgainstOption = None,
    portfolios: PortfoliosOption = None,
    outcome: OutcomeOption = "deaths",
    samples: Annotated[int, typer.Option(help="Base samples, a power of two.")] = 128,
    trajectories: Annotated[
        int, typer.Option(min=0, help="Also Morris's effects, from so many trajectories; 0: none.")
    ] = 0,
    seed: SeedOption = 0,
    workers: WorkersOption = 1,
    dask: DaskOption = None,
    out: OutOption = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say which parameters move the difference, and how much of its spread is judgement.

    Example: tocsin plan sensitivity layered --workspace sahel --out indices.csv
    """
    from tocsin.plan.exploration import sensitivity as work_out
    from tocsin.plan.exploration.screening import screening
    from tocsin.share.summary import alone_lines, index_rows

    with (
        side_by_side(workers, dask) as them,
        working("Playing futures", quiet=as_json) as say,
    ):
        asked = _contest(workspace, portfolio, against, portfolios, them, say)
        found = work_out(asked, outcome=outcome, samples=samples, seed=seed)
        effects = (
            screening(asked, outcome=outcome, trajectories=trajectories, seed=seed)
            if trajectories
            else None
        )
    words = alone_lines(found.kinds.to_dicts(), found.indices.to_dicts())
    if out is not None:
        save_table(found.indices, out)
    if as_json:
        print_json(
            {
                "mean": found.mean,
                "spread": found.spread,
                "words": words,
                "start": asked.tell_start(),
                "kinds": found.kinds.to_dicts(),
                "indices": found.indices.to_dicts(),
                "effects": [] if effects is None else effects.to_dicts(),
            }
        )
        return
    for title, table in (
        ("Shares of the spread, by what they rest on", found.kinds),
        ("Shares of the spread, by input", found.indices),
        *([] if effects is None else [("Effects of moving one input over its prior", effects)]),
    ):
        print_table(title, *index_rows(table.to_dicts()))
    typer.echo(
        f"The difference: {found.mean:,.4g} on average, standard deviation {found.spread:,.4g}. "
        + asked.tell_start()
    )
    for sentence in words:
        typer.echo(sentence)
    if not found.is_known:
        typer.echo(
            "Some of these shares have intervals wider than themselves: a few futures decide them. "
            "Those of ranks are surer; more --samples make all of them so."
        )


def _death_lines(opened: Workspace) -> list[str]:
    """What the plan of a workspace says of deaths, line by line."""
    from tocsin.share.facts.portfolios import comparisons, outcomes
    from tocsin.share.summary import portfolio_lines

    tables = {name: opened.read(name) for name in ("comparisons", "outcomes")}
    told = {"comparisons": comparisons(tables, read_risk(opened)), "outcomes": outcomes(tables)}
    return portfolio_lines(told)


def _spread(opened: Workspace) -> str:
    """Say where channels' shares and the pace of classes come from in a workspace's futures."""
    from tocsin.plan.region.start.spread import TABLES, read_spread

    return read_spread({name: opened.read(name) for name in TABLES}).source


def read_risk(opened: Workspace) -> list[dict[str, Any]]:
    """Read what is recorded now and what is forecast, by territory.

    Args:
        opened: an open workspace with forecasts.

    Returns:
        A row for each territory of the region, as `tocsin.share.facts.risk.risks` gives them.
    """
    from tocsin.schema.tables.assessed.incident import with_counts
    from tocsin.share.facts.risk import risks

    known = {name: opened.read(name) for name in RISK}
    known["series"] = with_counts(known["series"], known["incident_series"])
    return risks(known, opened.settings)


def side_by_side(workers: int, dask: str | None) -> AbstractContextManager[Any]:
    """What simulates: so many processes, or a cluster of Dask for as long as it is needed.

    Raises:
        UsageError: both are asked for, or nothing answers at the address.
        MissingExtra: the extra `plan` is not installed.
    """
    from tocsin.base.compiled import jax_for
    from tocsin.errors import UsageError

    if dask is None and workers == 1:
        return nullcontext(1)
    jax_for("plan")
    from tocsin.plan.region.runs import pooled
    from tocsin.plan.region.runs.cluster import connecting

    if dask is None:
        return pooled(workers)
    if workers != 1:
        raise UsageError(
            "A cluster has workers of its own.", remedy="Give --workers or --dask, and not both."
        )
    return connecting(dask)


def portfolio_file(opened: Workspace, asked: Path | None) -> tuple[PortfolioFile, str]:
    """The file that holds in a workspace, and its text.

    Raises:
        UsageError: as for `tocsin plan`, also where a trigger is no rule of the alerts.
    """
    from tocsin.base.toml import read_text
    from tocsin.plan import STEP
    from tocsin.plan.portfolios import PORTFOLIOS_FILE, read_portfolios
    from tocsin.workspace.runner import check_door

    files = {} if asked is None else {PORTFOLIOS_FILE: asked}
    path = check_door(opened, STEP, files)[PORTFOLIOS_FILE]
    return read_portfolios(path), read_text(path)


def _contest(
    workspace: Path,
    portfolio: str,
    against: str | None,
    portfolios: Path | None,
    workers: Any,
    say: Callable[[str], object],
) -> Contest:
    from tocsin.plan.exploration import contest
    from tocsin.plan.play import READS
    from tocsin.plan.posterior import own
    from tocsin.schema.step import in_words
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened:
        tables = {name: opened.read(name) for name in READS}
        file, _ = portfolio_file(opened, portfolios)
        return contest(
            tables, opened.settings.region.gwnos, portfolio, against,
            file=file, posterior=own(opened.path), workers=workers, tell=in_words(say),
        )  # fmt: skip
