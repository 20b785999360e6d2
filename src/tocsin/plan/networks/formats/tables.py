"""Tables of a user's own: what each holds is known by its columns."""

from __future__ import annotations

import polars as pl

from tocsin.errors import SourceRefused
from tocsin.schema.handmade import Handmade, read_handmade, refuse_misspelt

KINDS = {
    "nodes": ("id", "layer", "district", "people"),
    "edges": ("source", "target"),
    "dependencies": ("needs", "needed"),
    "districts": ("id", "district"),
}
"""The columns by which a table is known."""
_ID = ("identifier", "identifiant", "code", "identificador", "المعرف")
_DISTRICT = ("commune", "département", "province", "région", "distrito", "المنطقة")
HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "nodes": {
        "id": _ID,
        "layer": ("network", "couche", "réseau", "capa", "red", "الشبكة"),
        "district": _DISTRICT,
        "people": ("population", "personnes", "habitants", "personas", "población", "السكان"),
        "backup_hours": ("backup", "autonomie", "heures de secours", "secours", "respaldo"),
        "supply": ("alimentation", "suministro"),
    },
    "edges": {
        "source": ("from", "origine", "de", "origen", "المصدر"),
        "target": ("to", "destination", "vers", "destino", "الوجهة"),
        "capacity": ("capacité", "capacidad", "السعة"),
    },
    "dependencies": {
        "needs": ("dependent", "dépendant", "dependiente"),
        "needed": ("depends on", "dépend de", "depende de"),
    },
}
HEADINGS["districts"] = {
    name: words for name, words in HEADINGS["nodes"].items() if name != "layer"
}
"""What the columns are called elsewhere."""
NUMBERS = ("people", "backup_hours", "capacity")


def known_table(table: pl.DataFrame, *, where: str) -> tuple[str, Handmade]:
    """Tell what a table holds, and read it.

    Args:
        table: texts, as a file holds them.
        where: what the table is called in errors.

    Returns:
        One of `KINDS`, and the table under the house's names, with what was taken for granted.

    Raises:
        SourceRefused: its columns are those of no kind, one is misspelt, or it is not clear what a
            heading or a number means.
    """
    for kind, columns in (*KINDS.items(), ("districts", ("id", "people"))):
        made = read_handmade(table, HEADINGS[kind], numbers=(), where=where)
        if set(columns) <= set(made.rows.columns):
            if kind == "districts" and "layer" in read_handmade(
                table, HEADINGS["nodes"], numbers=(), where=where
            ).rows.columns:  # fmt: skip
                refuse_misspelt(table.columns, KINDS["nodes"], where)
                lacking = next(one for one in KINDS["nodes"] if one not in made.rows.columns)
                raise SourceRefused(
                    f"There is no column '{lacking}', which components have.", where=where
                )
            refuse_misspelt(made.rows.columns, tuple(HEADINGS[kind]), where)
            return kind, read_handmade(table, HEADINGS[kind], numbers=NUMBERS, where=where)
    for kind, columns in KINDS.items():
        there = read_handmade(table, HEADINGS[kind], numbers=(), where=where).rows.columns
        if set(columns) & set(there):
            refuse_misspelt(there, columns, where)
    raise SourceRefused(
        "These are neither components, nor lines, nor needs.", where=where,
        remedy="Columns are: id, layer, district, people, backup_hours; or source, target, "
        "capacity; or needs, needed; or id with district, people, backup_hours.",
    )  # fmt: skip
