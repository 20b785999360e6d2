"""What the brief rests on: files read, whose they are, what was refused, and runs."""

from __future__ import annotations

from datetime import date

import polars as pl

from tocsin.schema.tables.assessed.incident import COUNTED
from tocsin.share.facts.words import Facts, Tables

CITATIONS: dict[str, tuple[str, str, str]] = {
    "ucdp-ged": (
        "UCDP Georeferenced Event Dataset, Uppsala University",
        "CC BY 4.0",
        "Sundberg and Melander (2013), Journal of Peace Research 50(4); "
        "Davies, Pettersson and Öberg (2023), Journal of Peace Research 60(4)",
    ),
    "ucdp-actors": ("UCDP Actor Dataset, Uppsala University", "CC BY 4.0", ""),
    "ucdp-external-support": (
        "UCDP External Support Dataset, Uppsala University",
        "not stated with the file; UCDP publishes under CC BY 4.0",
        "Högbladh, Pettersson and Themnér (2011), External support in armed conflict 1975-2009; "
        "Meier, Karlén, Pettersson and Croicu (2023), Journal of Peace Research 60(3)",
    ),
    "ties": ("The workspace’s own ties between organisations", "their owner’s", ""),
    "adoptions": ("The workspace’s own ledger of first uses", "its owner’s", ""),
    "acled": (
        "Armed Conflict Location & Event Data (ACLED)",
        "its own terms of use, with attribution",
        "Raleigh, Linke, Hegre and Karlsen (2010), Journal of Peace Research 47(5)",
    ),
    "gtd": (
        "Global Terrorism Database, START, University of Maryland",
        "its own terms of use; not for commercial use",
        "",
    ),
    "eurepoc": ("European Repository of Cyber Incidents (EuRepoC)", "CC BY-NC 4.0", ""),
    "gdelt-events": ("The GDELT Project, events 2.0", "free with citation", ""),
    "stix": ("Threat intelligence in STIX 2.1", "as the markings of its objects say", ""),
    "field-form": (
        "Field reports by tocsin’s own form",
        "their sender decides on their use",
        "",
    ),
    "mapping": ("Tables of this workspace’s own", "their owner decides on their use", ""),
}
"""By kind of file: whose data, under which licence, and what to cite."""

OF_NO_DEATHS = frozenset(
    ("ucdp-actors", "ucdp-external-support", "ties", "adoptions", "eurepoc", "stix")
)
"""Kinds of files in which nobody is counted."""

BY_COLUMN: dict[str, tuple[str, str, bool]] = {
    "ged_": ("UCDP deaths by country and month, aggregated by VIEWS", "CC BY 4.0", True),
    "v2x_": ("V-Dem indices", "CC BY-SA 4.0", False),
    "NY.": ("World Bank, World Development Indicators", "CC BY 4.0", False),
}
"""Series and indicators, told apart by how their name begins; no step uses indicators yet."""


RULES = {
    "ragged": "fields missing or in excess", "quote": "a quote that never closes",
    "encoding": "letters in no known encoding", "characters": "characters that hide or disguise",
    "missing": "a needed value is missing", "number": "a count that is no whole number",
    "range": "a value out of all range", "negative": "a negative count",
    "date": "a date that is none, or in doubt", "class": "a class that its source does not have",
    "code": "a code that the mapping does not name", "territory": "a country that is not known",
    "duplicate": "said before in the same file", "superseded": "said anew in a newer version",
    "total": "a row that sums up others", "review": "not approved by its reviewers",
    "shape": "a record of another shape", "marking": "a marking that is not known",
    "estimates": "low, best and high estimate out of order",
    "counts": "deaths told in words or as a range, of which the least is taken",
    "parts": "deaths of the parties above the best estimate", "year": "a year beside another date",
    "point": "a point that cannot be read", "outside": "a point outside its country",
    "party": "a party that is only suspected, or one of several",
    "letters": "letters that a program had mangled",
}  # fmt: skip
"""What was wrong, for each rule of docs/sources, as a reader of the brief is told it."""


def files(tables: Tables) -> list[Facts]:
    """List every file that was read, and what became of its rows.

    Args:
        tables: all tables of the workspace, by name.

    Returns:
        A row for each file, by name: `file, source, kind`, the numbers of its `rows`, of those
        `accepted` and `quarantined`, and its `sha256`.
    """
    columns = ("file", "source", "kind", "rows", "accepted", "quarantined", "sha256")
    return tables["files"].sort("file").select(columns).to_dicts()


def citations(tables: Tables) -> list[Facts]:
    """List the data sets that were read here, and no others, each once.

    Args:
        tables: all tables of the workspace, by name.

    Returns:
        A row for each data set: `name, licence, cite`; `used`, which says whether any number of the
        brief rests on it; `deaths`, whether numbers of deaths do; and `own`, what those of
        this workspace are called, which each language puts into its own quotes.
    """
    kinds = set(tables["files"]["kind"].to_list())
    found = [
        (*CITATIONS[kind], True, kind not in OF_NO_DEATHS) for kind in CITATIONS if kind in kinds
    ]
    names = [*tables["series"]["target"].unique(), *tables["covariates"]["indicator"].unique()]
    for start, (name, licence, used) in BY_COLUMN.items():
        if any(one.startswith(start) for one in names):
            found.append((name, licence, "", used, used))
    told = ("name", "licence", "cite", "used", "deaths")
    rows: list[Facts] = [dict(zip(told, row, strict=True)) for row in found]
    for row in rows:
        own = _own_names(tables) if row["name"] == CITATIONS["mapping"][0] else []
        row["own"] = own
        row["name"] += f" ({', '.join(own)})" if own else ""
    return rows + _own_series(tables)


def _own_names(tables: Tables) -> list[str]:
    """What the mappings call the data sets of this workspace's own."""
    files = tables["files"].filter(pl.col("kind") == "mapping")
    return sorted(files["source"].unique())


def _own_series(tables: Tables) -> list[Facts]:
    """The files whose counts by month have names that no known producer gives them."""
    known = pl.any_horizontal(pl.col("target").str.starts_with(start) for start in BY_COLUMN)
    own = tables["series"].filter(~known & (pl.col("source") != COUNTED))
    forecast = tables["forecasts"]["target"].unique().to_list() if "forecasts" in tables else []
    rows = []
    for (source,), part in sorted(own.group_by("source")):
        used = not forecast or not set(part["target"]).isdisjoint(forecast)
        files = tables["files"].filter(pl.col("source") == source)["file"].to_list()
        called = ", ".join(sorted(files)) or str(source)
        rows.append(
            {
                "name": f"A series of this workspace’s own ({called})",
                "licence": "its owner decides on its use",
                "cite": "",
                "used": used,
                "deaths": used,
                "own": [called],
            }
        )
    return rows


def quarantine(tables: Tables) -> list[Facts]:
    """Count the rows that were refused, by file and by the rule that they broke.

    Args:
        tables: all tables of the workspace, by name.

    Returns:
        Rows of `source_file, rule, rows` (a number), and `said`, the rule in words.
    """
    by = tables["quarantine"].group_by("source_file", "rule").agg(pl.len().alias("rows"))
    return [row | {"said": _rule_words(row)} for row in by.sort("source_file", "rule").to_dicts()]


def corrections(tables: Tables) -> list[Facts]:
    """Count the reports that were kept though a part of them was doubtful, by file and rule.

    Args:
        tables: all tables of the workspace, by name.

    Returns:
        Rows of `source_file, rule, reports` (a number), and `said`, the rule in words.
    """
    by = tables["corrections"].group_by("source_file", "rule")
    counted = by.agg(pl.col("report_id").n_unique().alias("reports"))
    return [
        row | {"said": _rule_words(row)} for row in counted.sort("source_file", "rule").to_dicts()
    ]


def _rule_words(row: Facts) -> str:
    return RULES.get(row["rule"], f"rule {row['rule']}")


def runs(tables: Tables) -> list[str]:
    """List the runs that made what is shown, without which it cannot be reproduced.

    Args:
        tables: all tables of the workspace, by name, with their provenance.

    Returns:
        Ids of runs, sorted.
    """
    found: set[str] = set()
    for name in ("files", "incidents", "forecasts", "outcomes"):
        if "run_id" in tables[name].columns:
            found |= set(tables[name]["run_id"].to_list())
    return sorted(found)


def months_old(origin: date, made: date) -> int:
    """Say how old the data were when the brief was made.

    Args:
        origin: the first day of the last month known.
        made: the day of making.

    Returns:
        Whole months between the end of the last month known and the day of making.

    >>> months_old(date(2022, 12, 1), date(2023, 1, 20)), months_old(date(2022, 12, 1),
    ...     date(2026, 11, 25))
    (0, 46)
    """
    return max(0, (made.year - origin.year) * 12 + made.month - origin.month - 1)
