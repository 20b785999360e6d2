"""`tocsin bench`: measure a stage on data that it has not been fitted to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.options import SEEDS, JsonOption
from tocsin.cli.output import print_json, print_table
from tocsin.errors import UsageError

bench = typer.Typer(no_args_is_help=True, help="Measure a stage on data held out from fitting.")


@bench.callback()
def _bench() -> None:
    """Measure a stage on data held out from fitting."""


@bench.command("assess")
def assess(
    section: Annotated[
        list[str] | None, typer.Option(help="Only this section; may be given again.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the planted worlds.")] = False,
    work: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Keep each planted world's result here, and go on from there."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure assess on the example region's held-out years, with its peers.

    Example: tocsin bench assess --section linkage

    Example: tocsin bench assess --section ledger --quick --work kept
    """
    from tocsin.bench.assess import SECTIONS, How
    from tocsin.cli.output import working
    from tocsin.observe import example_files, observe

    _check_sections(section, SECTIONS)
    with working("Reading the example region", quiet=as_json):
        seen = observe(example_files())
    found = {}
    for name, measure in SECTIONS.items():
        if not section or name in section:
            with working(f"Measuring {name}", quiet=as_json) as say:
                found[name] = measure(seen, How(quick, work, say))
    if as_json:
        print_json({name: vars(measured) for name, measured in found.items()})
        return
    for measured in found.values():
        rows = [
            [f"{value:.3f}" if isinstance(value, float) else str(value) for value in row.values()]
            for row in measured.rows
        ]
        print_table(measured.title, list(measured.rows[0]) if measured.rows else [], rows)
        for note in measured.notes:
            typer.echo(note)


@bench.command("mentions")
def mentions(
    predictions: Annotated[
        Path, typer.Argument(help="CSV: row_id, and what you say of each row; see the data card.")
    ],
    labels: Annotated[Path, typer.Option(metavar="DIR", help="The folder of labels.")] = Path(
        "benchmarks/labels/technology_mentions"
    ),
    certainty: Annotated[
        int, typer.Option(min=1, max=3, help="Leave out rows that the reader was less sure of.")
    ] = 1,
    as_json: JsonOption = False,
) -> None:
    """Score a reading of technology mentions against the labels of readers.

    Example: tocsin bench mentions mine.csv
    """
    from tocsin.bench.mentions.labels import read_labels
    from tocsin.bench.mentions.scores import read_predictions, score
    from tocsin.cli.output import working

    for path in (predictions, labels):
        if not path.exists():
            raise UsageError("There is no such file or folder.", where=str(path))
    told = read_predictions(predictions)
    with working("Scoring", quiet=as_json):
        found = score(read_labels(labels), told, certainty=certainty)
    if as_json:
        print_json(found.to_dicts())
        return
    rows = [
        [f"{value:.3f}" if isinstance(value, float) else value for value in row]
        for row in found.iter_rows()
    ]
    print_table("Mentions of technology, with 95% intervals", found.columns, rows)


@bench.command("diffusion")
def diffusion(
    section: Annotated[
        list[str] | None, typer.Option(help="Only this study; may be given again.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Few worlds a study.")] = False,
    work: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep each world's result here, and go on from there."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="How many processes run worlds.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Measure diffusion: ties inferred, planted shares found again, claims without contagion.

    Example: tocsin bench diffusion --quick --work kept

    Example: tocsin bench diffusion --section claims-1.0 --workers 16 --work kept
    """
    from tocsin.bench.diffusion.measure import STUDIES, run_study
    from tocsin.bench.diffusion.plants import real_ties
    from tocsin.cli.output import working
    from tocsin.observe import example_files, observe

    unknown = sorted(set(section or ()) - set(STUDIES))
    if unknown:
        raise UsageError(
            f"There is no study '{unknown[0]}'.", remedy=f"Studies are: {', '.join(STUDIES)}."
        )
    with working("Reading the network of actors", quiet=as_json) as say:
        listed = observe([path for path in example_files() if "actor" in path.name])
        network = real_ties(listed["actors"], listed["actor_relations"])
        found = [
            run_study(name, network, quick=quick, work=work, on_done=say, workers=workers)
            for name in STUDIES
            if not section or name in section
        ]
    if as_json:
        print_json(found)
        return
    for one in found:
        rows = [[what, f"{value:.4g}"] for what, value in one.items() if isinstance(value, float)]
        print_table(one["title"], ("what", "value"), rows)


@bench.command("share")
def share(
    section: Annotated[
        list[str] | None, typer.Option(help="Only this section; may be given again.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Far fewer cases.")] = False,
    seed: Annotated[int, typer.Option(min=0, max=SEEDS, help="Start of all random numbers.")] = 0,
    work: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep what was measured here, and go on from there."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the check of warnings (right messages passed, faults by clause found), the audit log
    (how fast it is verified and proved from, whether many writers fork it), whether a bad line
    loses a field report or counts it twice (1,000 journeys in Chromium; with --quick 30), and the
    server: TAXII while objects are added (and `medallion`, where it is installed), a ring of
    servers, load (needs `wrk`), kills, and whether anything that is sent makes a fault of it.

    Example: tocsin bench share --quick

    Example: tocsin bench share --section offline --work kept
    """
    from tocsin.bench.cost import measure_cost
    from tocsin.bench.share import SECTIONS
    from tocsin.cli.output import working

    _check_sections(section, SECTIONS)
    with working("Measuring", quiet=as_json) as say:
        found = {
            name: measure_cost(partial(measure, quick, seed, work, say))
            for name, (_, measure) in SECTIONS.items()
            if not section or name in section
        }
    if as_json:
        print_json(found)
        return
    for name, measured in found.items():
        rows = [[what, str(value)] for what, value in measured.items()]
        print_table(SECTIONS[name][0], ["what", "found"], rows)


@bench.command("plan")
def plan(
    section: Annotated[
        list[str] | None, typer.Option(help="Only this section; may be given again.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the cases.")] = False,
    work: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep what was played here, and go on from there."),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes that play side by side; timings want them free.")
    ] = 1,
    as_json: JsonOption = False,
) -> None:
    """Measure plan: speed, cascades, enforcement, search and indices against theory and peers.

    Example: tocsin bench plan --quick --section search --work kept
    """
    from tocsin.bench.plan import SECTIONS, Ask, measure_section
    from tocsin.cli.output import working

    _check_sections(section, SECTIONS)
    with working("Measuring", quiet=as_json) as say:
        found = {
            name: measure_section(name, Ask(quick, work, say, workers))
            for name in SECTIONS
            if not section or name in section
        }
    if as_json:
        print_json(found)
        return
    for title, measured in found.items():
        rows = [[name, str(value)] for name, value in measured.items()]
        print_table(title, ["what", "found"], rows)


def _check_sections(asked: list[str] | None, known: Iterable[str]) -> None:
    names = list(known)
    unknown = sorted(set(asked or ()) - set(names))
    if unknown:
        raise UsageError(
            f"There is no section '{unknown[0]}'.", remedy=f"Sections are: {', '.join(names)}."
        )
