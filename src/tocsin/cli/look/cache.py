"""`tocsin cache`: where results that can be computed again are kept, and how to clear them."""

from __future__ import annotations

from typing import Annotated

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json, print_table

ClearOption = Annotated[bool, typer.Option("--clear", help="Delete all that is kept.")]
MEGABYTE = 1_000_000


def cache(clear: ClearOption = False, as_json: JsonOption = False) -> None:
    """Show the place and the size of the cache: programs, fits, hindcasts, steps, …

    The environment variable TOCSIN_CACHE names another folder; TOCSIN_CACHE=off keeps nothing.
    Clearing costs time and no result: what is needed is computed again.

    Example: tocsin cache --clear
    """
    from tocsin.base import cache as kept

    freed = kept.clear() if clear else 0
    place, sizes = kept.root(), kept.sizes()
    if as_json:
        limits = {kind: one | {"limit": kept.LIMITS[kind]} for kind, one in sizes.items()}
        print_json({"folder": place and str(place), "freed": freed, "kinds": limits})
        return
    if clear:
        typer.echo(f"Freed: {freed / MEGABYTE:.1f} MB")
    typer.echo(f"Folder: {place or 'none; nothing is kept'}")
    rows = [
        [kind, one["entries"], round(one["bytes"] / MEGABYTE, 1), kept.LIMITS[kind] // MEGABYTE]
        for kind, one in sizes.items()
    ]
    print_table("", ("kind", "entries", "MB", "at most MB"), rows)
