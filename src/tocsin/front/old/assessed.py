"""What functions of assessing did in 0.1, for whoever calls them by their old names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from tocsin.assess.technology.lexicon import loose_patterns
from tocsin.assess.technology.mentions import reading
from tocsin.assess.technology.mentions.users import shares
from tocsin.schema.days import days_of
from tocsin.schema.geography import territory
from tocsin.schema.mapping import OLD_NAMES, MappingFile
from tocsin.schema.vocabulary.folding import fold_texts

EPOCH = date(1970, 1, 1)
BODIES = ("Government", "Military Forces", "Police Forces", "Armed Forces")
PRIOR_CASES, NAMED_CASES = 8.0, 24.0
"""The prior of a side's weight counted as so many cases, and named cases as so many at most."""
NOT_ASKED = ("improvised-explosives",)
"""Of these classes no user was looked for: reports of a bomb name its victims first."""


def month_span(year: int, month: int) -> tuple[int, int] | None:
    """Return the first and the last day of a month, as days since 1970-01-01.

    Returns:
        Two whole numbers; None where the calendar has no such month.
    """
    return _days(year, month)


def year_span(year: int) -> tuple[int, int] | None:
    """Return the first and the last day of a year, as days since 1970-01-01.

    Returns:
        Two whole numbers; None for a year before 1800 or after 2200.
    """
    return _days(year, 0)


def _days(year: int, month: int) -> tuple[int, int] | None:
    found = days_of(year, month, 0)
    return found and ((found[0] - EPOCH).days, (found[1] - EPOCH).days)


def state_forms(gwno: int) -> list[str]:
    """Write how sources call the government and the forces of a state, in every spelling.

    Args:
        gwno: the state's Gleditsch-Ward number.
    """
    return [f"{body} of {name}" for name in territory.spellings(gwno) for body in BODIES]


def posterior(prior: float, ours: float, theirs: float) -> tuple[float, float]:
    """Return both parameters of the Beta of a side's weight, after cases with a named user.

    Args:
        prior: the mean before, from 0 to 1.
        ours: cases in which words named this side.
        theirs: cases in which they named another.
    """
    scale = min(1.0, NAMED_CASES / (ours + theirs)) if ours + theirs else 0.0
    return prior * PRIOR_CASES + ours * scale, (1 - prior) * PRIOR_CASES + theirs * scale


def promising(texts: pl.Series) -> pl.DataFrame:
    """Find which texts may name a technology class, and by which rules of the lexicon.

    Args:
        texts: n texts without nulls.

    Returns:
        `text` and `rules` (a list), in the order of `texts`, of those that may name one.
    """
    folded = pl.DataFrame({"text": texts}).with_columns(fold_texts(pl.col("text")).alias("folded"))
    fits = {
        rule: pl.col("folded").str.contains(pattern) for rule, pattern in loose_patterns().items()
    }
    named = pl.concat_list(pl.when(fit).then(pl.lit(rule)) for rule, fit in fits.items())
    found = folded.select("text", named.list.drop_nulls().alias("rules"))
    return found.filter(pl.col("rules").list.len() > 0)


def named_users(reports: pl.DataFrame, tags: pl.DataFrame, incidents: pl.DataFrame) -> pl.DataFrame:
    """Tell which side of an incident the words of its reports name as the user of a technology.

    The words are read as today: the party that they name as the user, or else the other side of
    the one against which they say that it was used.

    Args:
        reports: the columns `report_id`, `headline`, `notes`.
        tags: the table `technology_tags`.
        incidents: the columns `incident_id`, `actor_a`, `actor_b`, and `gwno` where it is known.

    Returns:
        The columns `incident_id, technology, named` ('a' or 'b'), one row a pair; pairs of which no
        report, or different reports different sides, name anybody are left out.
    """
    texts = reports.unpivot(
        ["headline", "notes"], index="report_id", variable_name="field", value_name="text"
    )
    place = pl.col("gwno") if "gwno" in incidents.columns else pl.lit(None, pl.Int64).alias("gwno")
    rows = (
        tags.filter(~pl.col("technology").is_in(NOT_ASKED))
        .select("incident_id", "report_id", "technology", "field", "start")
        .join(texts, on=["report_id", "field"])
        .join(incidents.select("incident_id", "actor_a", "actor_b", place), on="incident_id")
    )
    found = [
        (row["incident_id"], row["technology"], side)
        for row in rows.iter_rows(named=True)
        if (side := _named_side(row))
    ]
    schema = {"incident_id": pl.String, "technology": pl.String, "named": pl.String}
    told = pl.DataFrame(found, schema=schema, orient="row").group_by("incident_id", "technology")
    agreed = told.agg(pl.col("named").n_unique().alias("n"), pl.col("named").first())
    return agreed.filter(pl.col("n") == 1).drop("n").sort("incident_id", "technology")


def _named_side(row: Mapping[str, Any]) -> str | None:
    """The side that one report's words name as the user."""
    sides = [row["actor_a"], row["actor_b"]]
    for one in reading.read(row["text"], reading.Setting(row["gwno"], *sides)):
        if one.technology != row["technology"] or not one.start <= row["start"] < one.end:
            continue
        a, b, _ = shares(one.by, sides, row["gwno"])
        if one.by is None:
            b, a, _ = shares(one.against, sides, row["gwno"])
        if max(a, b) > 0.5:
            side = "a" if a > b else "b"
            return side if sides["ab".index(side)] else None
    return None


class FileMapping(MappingFile):
    """A mapping file of today, made and read as that of 0.1 was.

    It says what is meant by the columns of each source, which columns more are looked at, and
    which codes agree.
    """

    def __init__(
        self,
        roles: Mapping[str, Mapping[str, str]] | None = None,
        extra: Mapping[str, tuple[str, ...]] | None = None,
        taxonomy: Mapping[str, Mapping[tuple[str, str], str]] | None = None,
        **given: Any,
    ) -> None:
        content: dict[str, Any] = {"sources": {}, "link": {}}
        for source in {**(roles or {}), **(extra or {})}:
            told = {
                "columns": {
                    OLD_NAMES.get(role, role): column
                    for role, column in (roles or {}).get(source, {}).items()
                }
            }
            codes = tuple((extra or {}).get(source, ()))
            if source == "all":
                content |= told
                content["link"]["extra"] = codes
            else:
                content["sources"][source] = {**told, "extra": codes}
        content["link"]["taxonomy"] = _by_concept(taxonomy or {})
        super().__init__(**(given or content))

    @property
    def roles(self) -> dict[str, dict[str, str]]:
        """Return the columns of each source, by field; those of all sources under 'all'."""
        found = {name: dict(one.columns) for name, one in self.sources.items()}
        return found | ({"all": dict(self.columns)} if self.columns else {})

    @property
    def extra(self) -> dict[str, tuple[str, ...]]:
        """Return the further columns of each source; those of all sources under 'all'."""
        found = {name: one.extra for name, one in self.sources.items()}
        return found | ({"all": self.link.extra} if self.link.extra else {})

    @property
    def taxonomy(self) -> dict[str, dict[tuple[str, str], str]]:
        """Return the concept of each code: by column, then by source and code."""
        return {
            column: {
                (source, code): concept
                for concept, sources in concepts.items()
                for source, codes in sources.items()
                for code in ([codes] if isinstance(codes, str) else codes)
            }
            for column, concepts in self.link.taxonomy.items()
        }


def _by_concept(
    taxonomy: Mapping[str, Mapping[tuple[str, str], str]],
) -> dict[str, dict[str, dict[str, list[str]]]]:
    """A taxonomy as mapping files write it: column, concept, source, codes."""
    found: dict[str, dict[str, dict[str, list[str]]]] = {}
    for column, codes in taxonomy.items():
        concepts = found.setdefault(OLD_NAMES.get(column, column), {})
        for (source, code), concept in codes.items():
            concepts.setdefault(concept, {}).setdefault(source, []).append(code)
    return found
