"""`tocsin territories`: which names and numbers tocsin knows."""

from __future__ import annotations

from typing import Annotated

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json, print_table

NameArgument = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="Any spelling or ISO code; all if not given.")
]


def territories(name: NameArgument = None, as_json: JsonOption = False) -> None:
    """Look up a territory: its number, its spellings, its neighbours.

    Example: tocsin territories "Congo, DRC"
    """
    from tocsin.schema.geography.shapes import neighbours
    from tocsin.schema.geography.territory import by_gwno, resolve, spellings
    from tocsin.schema.geography.territory import territories as known

    found = known() if name is None else [resolve(name)]
    rows = [
        {
            "gwno": item.gwno,
            "name": item.name,
            "iso3": item.iso3,
            "from": item.start,
            "until": item.end,
            "part": item.part,
            "neighbours": [by_gwno(number).name for number in neighbours(item.gwno)],
            "spellings": spellings(item.gwno),
        }
        for item in found
    ]
    if as_json:
        print_json(rows)
    elif name is None:
        short = ("gwno", "name", "iso3", "from", "until")
        print_table("Territories", short, [[row[key] for key in short] for row in rows])
    else:
        shown = [[key, ", ".join(v) if isinstance(v, list) else v] for key, v in rows[0].items()]
        print_table(found[0].name, ("what", "value"), shown)
