"""`tocsin bench`: measure a stage on data that it has not been fitted to."""

from __future__ import annotations

from typing import Annotated

import typer

from tocsin.cli.options import JsonOption
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
    as_json: JsonOption = False,
) -> None:
    """Measure assess on the example region's held-out years, with its peers.

    Example: tocsin bench assess --section linkage
    """
    from tocsin.bench.assess import SECTIONS
    from tocsin.cli.output import working
    from tocsin.observe import example_files, observe

    unknown = sorted(set(section or ()) - set(SECTIONS))
    if unknown:
        raise UsageError(
            f"There is no section '{unknown[0]}'.", remedy=f"Sections are: {', '.join(SECTIONS)}."
        )
    with working("Reading the example region", quiet=as_json):
        seen = observe(example_files())
    found = {}
    for name, measure in SECTIONS.items():
        if not section or name in section:
            with working(f"Measuring {name}", quiet=as_json):
                found[name] = measure(seen)
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
