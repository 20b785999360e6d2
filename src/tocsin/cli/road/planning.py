"""Verbs below `tocsin plan` that search, or write for people: protocols, pathways, page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table, save_table, working
from tocsin.cli.road.plan import (
    DaskOption,
    OutOption,
    PortfoliosOption,
    SeedOption,
    WorkersOption,
    app,
    portfolio_file,
    read_risk,
    side_by_side,
)

if TYPE_CHECKING:
    import polars as pl

    from tocsin.plan.exploration.archive import Floats
    from tocsin.plan.exploration.search.task import Found, Task
    from tocsin.plan.portfolios.declared import PortfolioFile
    from tocsin.workspace.store import Workspace

__all__ = ["app"]

PLANNED = (
    "comparisons", "portfolio_levers", "regrets", "parameter_swings", "rule_firings", "outcomes",
    "future_paths", "comparison_years", "comparison_territories", "signposts",
    "portfolio_parts",
)  # fmt: skip
"""Tables of the page on portfolios."""
LanguageOption = Annotated[str, typer.Option("--language", help="en, fr or ar.")]


@app.command("search")
def search(
    portfolios: PortfoliosOption = None,
    evaluations: Annotated[int, typer.Option(min=40, help="Portfolios that are played.")] = 2000,
    futures: Annotated[int, typer.Option(min=2, help="Futures in which each is played.")] = 100,
    seed: SeedOption = 0,
    work: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep what was played here, and go on from there."),
    ] = None,
    workers: WorkersOption = 1,
    dask: DaskOption = None,
    out: OutOption = None,
    write: Annotated[
        Path | None,
        typer.Option(
            "--write", metavar="FILE", help="Write the file of portfolios with the best added."
        ),
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Search for portfolios that hold up in many ways, within limits that nothing may cross.

    Example: tocsin plan search --evaluations 400 --work kept --write found.toml
    """
    from tocsin.base.atomic import write_bytes
    from tocsin.plan.exploration.chosen import (
        found_table,
        fresh_objectives,
        portfolios_text,
        representatives,
    )
    from tocsin.plan.exploration.region import search_task
    from tocsin.plan.exploration.search import search as find
    from tocsin.plan.play import READS
    from tocsin.plan.posterior import own
    from tocsin.workspace.store import Workspace

    with (
        side_by_side(workers, dask) as them,
        working("Playing portfolios", quiet=as_json) as say,
        Workspace.open(workspace) as opened,
    ):
        file, text = portfolio_file(opened, portfolios)
        tables = {name: opened.read(name) for name in READS}
        gwnos = opened.settings.region.gwnos
        task = search_task(tables, gwnos, file, posterior=own(opened.path), workers=them)
        found = find(
            task,
            evaluations=evaluations,
            futures=futures,
            seed=seed,
            work=work,
            tell=lambda words, _part: say(words),
        )
        chosen = representatives(task, found)
        say("Playing what was chosen in other futures")
        fresh = fresh_objectives(task, found, chosen)
    table = found_table(task, found)
    if out is not None:
        save_table(table, out)
    if write is not None:
        write_bytes(write, f"{text}\n{portfolios_text(task, found, chosen)}".encode())
    if as_json:
        best = {name: found.objectives[place] for name, place in chosen.items()}
        print_json(
            {
                "looked_at": found.looked_at,
                "dropped": found.dropped,
                "chosen": _by_objective(task, best),
                "chosen_on_fresh_futures": _by_objective(task, fresh),
                "found": table.to_dicts(),
            }
        )
    else:
        _tell_found(task, found, fresh, futures)


def _by_objective(task: Task, each: Mapping[str, Floats]) -> dict[str, dict[str, float]]:
    return {
        name: dict(zip(task.objectives, row.tolist(), strict=True)) for name, row in each.items()
    }


def _tell_found(task: Task, found: Found, fresh: Mapping[str, Floats], futures: int) -> None:
    from tocsin.plan.exploration.search import FRESH
    from tocsin.share.facts.words import figure

    print_table(
        f"The best in each way: what nine of ten of {FRESH:,} futures do not exceed, against the "
        "status quo",
        ["portfolio", *task.objectives],
        [
            [name, *(figure(float(value), bound="most") for value in row)]
            for name, row in fresh.items()
        ],
    )
    if fresh:
        typer.echo(_say_futures(futures))
    typer.echo(
        f"{quantity(found.looked_at, 'portfolio was', 'portfolios were')} played; "
        f"{len(found.efforts)} are kept, and "
        f"{found.dropped} of the front were dropped for a ceiling on fresh futures."
    )


def _say_futures(futures: int) -> str:
    """Of how many futures what a search says holds, and where its own numbers flatter."""
    from tocsin.plan.compare import lower_bound
    from tocsin.plan.exploration.search import FRESH
    from tocsin.share.facts.words import percent_bound

    shown, chosen = (percent_bound(lower_bound(0.9, one)) for one in (FRESH, futures))
    return (
        "The search has not seen these futures; of all that the model can draw, they show this "
        f"for at least {shown}. It chose in {quantity(futures, 'other future')}, which would show "
        f"it for at least {chosen}, and in which what was chosen looks better than it is: --out "
        "and --json have the numbers of those, too."
    )


@app.command("protocols")
def protocols(
    portfolios: PortfoliosOption = None,
    out: OutOption = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Print early-action protocols: trigger, its record on held-out years, action, who, funding.

    Example: tocsin plan protocols --portfolios portfolios.toml --out protocols.csv
    """
    from tocsin.plan.portfolios.protocols import protocol_sheet, protocol_text
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened:
        file, _ = portfolio_file(opened, portfolios)
        sheet = protocol_sheet(file, opened.read("alert_rules"), opened.read("alert_activations"))
    if out is not None:
        save_table(sheet, out)
    if as_json:
        print_json(sheet.to_dicts())
        return
    labels = {name: one.label for name, one in file.portfolios.items()}
    typer.echo(protocol_text(sheet, labels), nl=False)


@app.command("pathways")
def pathways(
    actions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Actions, in Deltares' text form.")
    ] = None,
    sequences: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Sequences, in the same form.")
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for texts and picture.")
    ] = Path("pathways"),
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Draw adaptive pathways: those of the plan's rules, or those of two files.

    Writes pathways-action.txt and pathways-sequence.txt, which Deltares' pathways generator reads,
    and pathways.svg.

    Example: tocsin plan pathways --workspace sahel --out pathways

    Example: tocsin plan pathways --actions mine-action.txt --sequences mine-sequence.txt
    """
    from tocsin.base.atomic import check_folder, write_bytes
    from tocsin.base.toml import read_text
    from tocsin.errors import UsageError
    from tocsin.plan.portfolios.pathways import (
        pathway_rows,
        pathways_of_rules,
        read_pathways,
        write_pathways,
    )
    from tocsin.share.page.planning.charts import pathway_map, picture
    from tocsin.share.page.planning.words import PlanWords
    from tocsin.workspace.store import Workspace

    if (actions is None) != (sequences is None):
        raise UsageError("Actions and sequences belong together.", remedy="Name both files.")
    check_folder(out)
    if actions is not None and sequences is not None:
        texts = read_text(actions), read_text(sequences)
        found = read_pathways(*texts, where=(actions.name, sequences.name))
    else:
        with Workspace.open(workspace) as opened:
            found = pathways_of_rules(opened.read("rule_firings"), *_years(opened))
    rows = pathway_rows(found)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in zip(("action", "sequence"), write_pathways(found), strict=True):
        write_bytes(out / f"pathways-{name}.txt", text.encode())
    drawn = picture(pathway_map(rows.to_dicts(), PlanWords("en"))).encode()
    write_bytes(out / "pathways.svg", drawn)
    if as_json:
        print_json(rows.to_dicts())
        return
    shown = rows.select("use", "after", "begin", "end", "signpost")
    print_table("Pathways", shown.columns, [
        [f"{one:.1f}" if isinstance(one, float) else one for one in row] for row in shown.rows()
    ])  # fmt: skip
    if rows.height == 1 and actions is None:
        typer.echo(
            "No portfolio has a rule, so there is one pathway and nothing turns: write rules into "
            "portfolios.toml (tocsin plan --example has two)."
        )
    typer.echo(f"Written: {out} (pathways-action.txt, pathways-sequence.txt, pathways.svg)")


@app.command("page")
def page(
    portfolios: PortfoliosOption = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page.")] = Path(
        "plan.html"
    ),
    boxes: Annotated[
        bool, typer.Option(help="Look for conditions under which portfolios fail.")
    ] = True,
    futures: Annotated[
        int, typer.Option(min=200, help="Futures in which these are looked for.")
    ] = 2048,
    language: LanguageOption = "en",
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write a page on the plan: in short, ten years by quarter, trade-offs, regret, what breaks it.

    Example: tocsin plan page --workspace sahel --out plan.html

    Example: tocsin plan page --language fr --no-boxes --out plan.fr.html
    """
    from tocsin.base.atomic import write_bytes
    from tocsin.errors import StageNotReady
    from tocsin.plan.exploration.failures import failures
    from tocsin.plan.play import READS
    from tocsin.plan.portfolios.pathways import pathway_rows, pathways_of_rules
    from tocsin.plan.posterior import own
    from tocsin.share.page.planning import planning_page
    from tocsin.share.page.planning.words import PlanWords
    from tocsin.workspace.store import Workspace

    PlanWords(language)

    with working("Reading the plan", quiet=as_json) as say, Workspace.open(workspace) as opened:
        region = opened.settings.region
        tables = {name: opened.read(name) for name in PLANNED}
        if tables["comparisons"].is_empty():
            raise StageNotReady("No plan was made here.", remedy="Run: tocsin plan")
        if not tables["rule_firings"].is_empty():
            ways = pathways_of_rules(tables["rule_firings"], *_years(opened))
            tables["pathways"] = pathway_rows(ways)
        if boxes:
            file, _ = portfolio_file(opened, portfolios)
            _check_same(file, tables["portfolio_levers"])
            begin = {name: opened.read(name) for name in READS}
            held = own(opened.path)
            tables |= failures(begin, region.gwnos, file, futures=futures, posterior=held, tell=say)
        target, risk = opened.settings.target, read_risk(opened)
    written = planning_page(
        tables, region=region.name, language=language, risk=risk, violence=target
    )
    write_bytes(out, written.encode())
    if as_json:
        print_json({"page": str(out), "rows": {name: one.height for name, one in tables.items()}})
        return
    typer.echo(f"Written: {out}")


def _check_same(file: PortfolioFile, planned: pl.DataFrame) -> None:
    """Refuse a file of other portfolios than those of the plan that the page tells of."""
    from tocsin.errors import UsageError

    declared = {
        (name, lever, effort)
        for name, one in file.portfolios.items()
        for lever, effort in one.efforts.items()
    }
    if declared != set(planned.select("portfolio", "lever", "effort").rows()):
        raise UsageError(
            "The plan that was made here is of other portfolios than this file declares.",
            where=file.where,
            remedy="Make it of these first (tocsin plan), with the same --portfolios as here.",
        )


@app.command("timeline")
def timeline(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page.")] = Path(
        "timeline.html"
    ),
    language: LanguageOption = "en",
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write ten years of a few futures, quarter by quarter, as maps that move or stand still.

    Example: tocsin plan timeline --workspace sahel --out timeline.html
    """
    from tocsin.base.atomic import write_bytes
    from tocsin.errors import StageNotReady
    from tocsin.share.page.planning import timeline_page
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened:
        paths, region = opened.read("future_paths"), opened.settings.region.name
    if paths.is_empty():
        raise StageNotReady("No future is kept by quarter here.", remedy="Run: tocsin plan")
    write_bytes(out, timeline_page(paths, region=region, language=language).encode())
    if as_json:
        print_json({"page": str(out), "futures": paths["future"].unique().sort().to_list()})
        return
    typer.echo(f"Written: {out}")


def _years(opened: Workspace) -> tuple[float, float]:
    """The year in which a simulation begins, and how many it has."""
    from tocsin.errors import StageNotReady

    forecasts, paths = opened.read("forecasts"), opened.read("outcome_paths")
    if forecasts.is_empty() or paths.is_empty():
        raise StageNotReady("No plan was made here.", remedy="Run: tocsin plan")
    first: date = forecasts["month"].sort()[0]
    return first.year + (first.month - 1) / 12, (paths["step"].sort()[-1] + 1) / 12
