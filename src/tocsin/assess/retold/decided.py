"""Which rows of a log tell of one event, as people say in a file of the workspace."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import polars as pl

from tocsin.errors import UsageError
from tocsin.schema.vocabulary.folding import HEADINGS

DECIDED_FILE = "same_events.csv"
"""The file of a workspace in which people say it; the one that ships says nothing."""
SHIPPED = Path(str(files(__package__).joinpath(DECIDED_FILE)))
COLUMNS = ("report_a", "report_b", "same")
YES = frozenset(("yes", "y", "same", "true", "1", "oui", "o", "si", "s", "sim", "نعم"))
NO = frozenset(("no", "n", "apart", "false", "0", "non", "nao", "لا"))
"""What may stand in the column `same`, folded; an empty cell decides nothing."""
SCHEMA = pl.Schema({"report_a": pl.String, "report_b": pl.String, "same": pl.Boolean})


def no_decisions() -> pl.DataFrame:
    """Give the table of a file that says nothing."""
    return pl.DataFrame(schema=SCHEMA)


def read_decided(path: Path) -> pl.DataFrame:
    """Read which pairs of reports people took for one event, or for two.

    Args:
        path: a CSV file in UTF-8 with the columns `COLUMNS`, as `tocsin incidents --twice --out`
            writes it; other columns are passed over.

    Returns:
        A row a pair that is decided: `report_a`, `report_b` (the lesser id first) and `same`.

    Raises:
        UsageError: a column is missing, a word means neither yes nor no, an id is missing or stands
            beside itself, or a pair is decided both ways; the error names the line.
    """
    try:
        table = pl.read_csv(path, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise UsageError("The file is no CSV in UTF-8.", where=path.name) from error
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise UsageError(
            f"The pairs of reports lack the column '{missing[0]}'.",
            where=path.name,
            remedy=f"It needs: {', '.join(COLUMNS)}. `tocsin incidents --twice --out` writes it.",
        )
    found: dict[tuple[str, str], bool] = {}
    for line, row in enumerate(table.select(COLUMNS).iter_rows(), start=2):
        one, two, said = ((cell or "").strip() for cell in row)
        word = HEADINGS.fold(said)
        if not word:
            continue
        if word not in YES | NO or not one or not two or one == two:
            raise UsageError(
                f"Line {line} decides nothing: '{one}', '{two}', '{said}'.",
                where=path.name,
                remedy="Write two ids, and yes, no or nothing in the column 'same'.",
            )
        pair = min(one, two), max(one, two)
        if found.setdefault(pair, word in YES) != (word in YES):
            raise UsageError(
                f"Line {line} says the contrary of a line above it: {one} and {two}.",
                where=path.name,
                remedy="Take one of the two lines away.",
            )
    rows = [(*pair, same) for pair, same in sorted(found.items())]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
