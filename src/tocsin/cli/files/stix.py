"""`tocsin stix`: check files of STIX 2.1."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import checked_row, print_findings, print_json
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.share.stix import Checked

stix = typer.Typer(no_args_is_help=True, help="Threat intelligence in STIX 2.1: check it.")


@stix.callback()
def _stix() -> None:
    """Threat intelligence in STIX 2.1: check it."""


@stix.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="Bundles, or folders of .json files.")],
    as_json: JsonOption = False,
) -> None:
    """Check files: are they valid, and will partners read their markings as they are meant?

    Exit code 0: all are valid (warnings are told). Exit code 1: some are not, with the reasons
    and their lines. Nothing is fetched.

    Example: tocsin stix check bundle.json
    """
    from tocsin.share.stix import check as check_files

    paths: list[Path] = []
    for one in files:
        found = sorted(one.glob("*.json")) if one.is_dir() else [one]
        if not found or not all(path.is_file() for path in found):
            raise UsageError("There is no such file, or no .json in the folder.", where=str(one))
        paths += found
    checked = check_files({str(path): path.read_bytes() for path in paths})
    if as_json:
        print_json([checked_row(told) for told in checked])
    else:
        for told in checked:
            _print(told)
    if not all(told.valid for told in checked):
        raise typer.Exit(1)


def _print(told: Checked) -> None:
    """What a file holds, and each finding on a line of its own."""
    typer.echo(f"{told.name}: {'valid STIX 2.1' if told.valid else 'NOT valid'}")
    if told.summary:
        typer.echo(f"  Holds: {told.summary}")
    print_findings(told)
