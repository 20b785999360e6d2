"""`tocsin plugins`: what is looked up by name, and which package brings it."""

from __future__ import annotations

from typing import Annotated

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json, print_table

CheckOption = Annotated[
    bool, typer.Option("--check", help="Load what packages offer; exit code 1 if one is faulty.")
]
OthersOption = Annotated[
    bool, typer.Option("--others", help="Leave out what tocsin itself brings.")
]


def plugins(
    check: CheckOption = False, others: OthersOption = False, as_json: JsonOption = False
) -> None:
    """List readers, forecasters, levers, mechanisms, exports and comparisons by name.

    Another package adds one by an entry point; docs/extend.md shows how.

    Example: tocsin plugins --others --check
    """
    from tocsin.base.registry import OWN
    from tocsin.front.plugins import plugins as listed

    found = listed(check=check)
    if others:
        found = found.remove(package=OWN)
    if as_json:
        print_json(found.to_dicts())
    else:
        rows = found.select("kind", "name", "package").rows()
        print_table("", ("kind", "name", "package"), rows)
        for row in found.drop_nulls("fault").iter_rows(named=True):
            typer.echo(
                f"Not used: the {row['kind']} '{row['name']}' of '{row['package']}': "
                f"{row['fault']}",
                err=True,
            )
    if check and found["fault"].is_not_null().any():
        raise typer.Exit(1)
