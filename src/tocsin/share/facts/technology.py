"""Technology and its users, as the ledger has them, and what cannot be told of perpetrators."""

from __future__ import annotations

from datetime import date

import polars as pl

from tocsin.schema.settings import Settings
from tocsin.schema.tables.assessed.adoption import RESTS, WEIGHS, say_mention
from tocsin.schema.tables.observed.actor import HOLDERS, holder
from tocsin.schema.vocabulary.technology import LABELS
from tocsin.share.facts.words import SHOWABLE, Facts, Tables, cautious_name

LIKELY = 0.5
"""An entry whose user no report names is listed from this probability on; below, it is little more
than what is true of any organisation."""
LEAST = 0.1
"""One whose user a report names, from this: below it the ledger holds that the report is wrong."""
LISTED = 15
"""Entries of the ledger that a brief lists."""
OPEN_LISTED = 10
"""Incidents without a named perpetrator that a brief lists."""
CROWD = "a people or a crowd"
"""What stands for the name of a community among those who may have done something."""
OF_A_STATE = (
    r"^(?:Government|Military Forces|Police Forces|Armed Forces|State Forces) of |"
    r"^(?i:police nationale|policía nacional|polícia|gendarmerie|forces armées|fuerzas armadas|"
    r"forças armadas|forças de defesa e segurança|national police|الشرطة|الجيش)"
    r"(?:$| (?:of|de|du|des|da|do|d'))"
)
"""How UCDP and ACLED begin the name of a state's own forces."""


def adoption(tables: Tables, settings: Settings) -> list[Facts]:
    """List the adoption ledger of the region, the surest entries first.

    A row is an organisation and a technology class. States' own forces are left out, whatever a
    source calls them, and so are peoples and clans, entries that rest on nobody's word and on
    little else, and those of which no mention and no decision speaks: the prior of a class is no
    news of an organisation.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region is used.

    Returns:
        At most `LISTED` rows: `actor_id, actor, named (as it may be
        printed, a joint side as such), technology, label, territory`; `first_seen` and
        `last_seen`, the days of the first and last mention in its incidents, whoever it tells of;
        `since`, when it got the class, in words, a dash where that is not believed;
        `n_incidents`, `n_named` and `n_own` (numbers); `expected, low, high`
        (incidents with the class, mean and 90 % interval); `confidence`, that it has it at all;
        `kind`, one of `actor.HOLDERS`; `rests`, words that say so where it is believed on one
        incident's reports, else empty; and `reasons`, what speaks most for and against:
        `direction, bits, words`.
    """
    spoken_for = tables["adoption_reasons"].filter(pl.col("direction") == "for")
    here = (
        _of_groups(tables["adoption"], tables)
        .with_columns(RESTS.alias("rests"))
        .filter(
            pl.col("kind").ne_missing("community"),
            pl.col("gwno").is_in(settings.region.gwnos),
            ((pl.col("n_named") > 0) & (pl.col("confidence") >= LEAST))
            | (pl.col("confidence") >= LIKELY),
        )
        .join(spoken_for, on=["actor_id", "technology"], how="semi", maintain_order="left")
    )
    order = ("confidence", "expected", "actor_id", "technology")
    rows = here.sort(order, descending=[True, True, False, False])
    kept = (
        "actor_id", "actor", "technology", "territory", "first_seen", "last_seen", "n_incidents",
        "n_named", "n_own", "expected", "low", "high", "confidence", "rests", "kind",
    )  # fmt: skip
    return [
        {
            **{name: row[name] for name in kept},
            "named": cautious_name(row["actor"], row["confidence"])
            + (", a joint side" if row["coalition"] else "")
            + (", not told apart" if row["kind"] == "collective" else ""),
            "label": LABELS[row["technology"]],
            "since": _span(row["first_low"], row["first_high"], none="–"),
            "reasons": _reasons(tables, row["actor_id"], row["technology"]),
        }
        for row in rows.head(LISTED).to_dicts()
    ]


def conflicts(tables: Tables) -> list[Facts]:
    """List where a user's own list of adoptions and the inferred ledger disagree.

    Args:
        tables: all tables of the workspace, by name.

    Returns:
        At most `LISTED` rows: `actor, label`; `told` and `inferred`, since when by each, in words;
        `told_confidence, inferred_confidence`; `conflict`, what they disagree about; and `source`.
    """
    rows = tables.get("ledger_conflicts", pl.DataFrame()).head(LISTED).to_dicts()
    kept = ("actor", "told_confidence", "inferred_confidence", "conflict", "source")
    return [
        {name: row[name] for name in kept}
        | {
            "label": LABELS[row["technology"]],
            "told": _span(row["told_from"], row["told_to"], none="never"),
            "inferred": _span(row["inferred_low"], row["inferred_high"], none="not believed"),
        }
        for row in rows
    ]


def _span(first: date | None, last: date | None, none: str) -> str:
    if first is None and last is None:
        return none
    if first is None or last is None:
        return f"by {last}" if first is None else f"from {first} on"
    return str(first) if first == last else f"{first} to {last}"


def mentioned_technologies(tables: Tables, settings: Settings) -> list[Facts]:
    """Count the incidents of the region whose reports name a technology class, whoever used it.

    Without a named organisation the ledger has no entry, and yet there was a roadside bomb.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region is used.

    Returns:
        Rows of `label` and `incidents` (a number), the most frequent first; an incident counts
        where a mention holds with a probability of `LIKELY` or more.
    """
    here = tables["incidents"].filter(pl.col("gwno").is_in(settings.region.gwnos))
    found = (
        tables["technology_tags"]
        .filter(pl.col("probability") >= LIKELY)
        .join(here, on="incident_id", how="semi")
        .group_by("technology")
        .agg(pl.col("incident_id").n_unique().alias("incidents"))
        .sort("incidents", "technology", descending=[True, False])
    )
    return [{"label": LABELS[name], "incidents": count} for name, count in found.iter_rows()]


def _reasons(tables: Tables, actor_id: str, technology: str) -> list[Facts]:
    mine = tables["adoption_reasons"].filter(actor_id=actor_id, technology=technology)
    why = mine.filter(pl.col("bits").abs() >= WEIGHS)
    return [
        {"direction": row["direction"], "bits": row["bits"], "words": _in_words(row)}
        for row in why.sort("direction", "rank", descending=[True, False]).to_dicts()
    ]


def _in_words(row: Facts) -> str:
    if row["told_by"] == "here":
        return (
            f"{row['date']}: {row['by']} holds that it {row['says']} the class ({row['evidence']})"
        )
    told = say_mention(row["says"], row["by"])
    return f"{row['date']}: {told}: \u2018{row['evidence']}\u2019"


def _of_groups(frame: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    states = tables["actors"].filter(pl.col("kind") == "state").select("actor_id")
    return frame.join(states, on="actor_id", how="anti", maintain_order="left").filter(
        ~pl.col("actor").str.contains(OF_A_STATE)
    )


def quarters(tables: Tables, settings: Settings) -> list[Facts]:
    """List the use of each technology class by quarter, in the territory with most of it.

    A quarter without a mention, between two with one, counts as zero.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region is used.

    Returns:
        Rows of `technology, label, quarter` (its first day), `territory`, and `expected, low,
        high`: incidents in the quarter with that class, their mean and 90 % interval. Empty if
        the region has none.
    """
    counts = ("expected", "low", "high")
    here = tables["adoption_quarters"].filter(pl.col("gwno").is_in(settings.region.gwnos))
    most = here.group_by("territory").agg(pl.col("expected").sum()).sort("expected", "territory")
    if most.is_empty():
        return []
    shown = most["territory"][-1]
    here = here.filter(pl.col("territory") == shown)
    by = here.group_by("technology", "quarter").agg(
        pl.col("expected").sum(), pl.col("low").sum(), pl.col("high").sum()
    )
    filled = [
        part.sort("quarter")
        .upsample("quarter", every="1q")
        .with_columns(pl.col("technology").fill_null(technology), pl.col(*counts).fill_null(0.0))
        for (technology,), part in by.sort("technology").group_by("technology", maintain_order=True)
    ]
    return [
        {**row, "label": LABELS[row["technology"]], "territory": shown}
        for part in filled
        for row in part.to_dicts()
    ]


def unattributed_incidents(tables: Tables, settings: Settings) -> Facts:
    """List the incidents whose perpetrator is missing, suspected or contested, the deadliest first.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region is used.

    Returns:
        `count` (of such incidents), `of` (all incidents of the region), and `shown`, at most
        `OPEN_LISTED` of them: where, when and how many deaths, why no one is named, and the
        `candidates` with their probabilities. A people or a crowd among them is not named: it
        would accuse everybody who belongs to it.
    """
    incidents = tables["incidents"].filter(pl.col("gwno").is_in(settings.region.gwnos))
    crowd = holder(tables["actors"], tables["incidents"]) == HOLDERS[1]
    open_ones = (
        tables["attributions"]
        .join(incidents, on="incident_id", how="semi")
        .with_columns(pl.when(crowd).then(pl.lit(CROWD)).otherwise("actor").alias("actor"))
    )
    found = incidents.join(open_ones, on="incident_id", how="semi").sort(
        "deaths_best", "date_start", "incident_id", descending=[True, True, False], nulls_last=True
    )
    columns = ("incident_id", "date_start", "territory", "adm1", "event_type", "deaths_best")
    shown = [
        row | _answers(open_ones.filter(pl.col("incident_id") == row["incident_id"]).to_dicts())
        for row in found.head(OPEN_LISTED).select(columns).to_dicts()
    ]
    return {"count": found.height, "of": incidents.height, "shown": shown}


def _answers(answers: list[Facts]) -> Facts:
    """The three likeliest organisations of one incident; a name with no chance is not printed."""
    rest = {a["answer"]: a["probability"] for a in answers if a["answer"] != "actor"}
    who = [a for a in answers if a["answer"] == "actor"]
    who.sort(key=lambda a: (-a["probability"], a["actor"]))
    likely = [a for a in who[:3] if a["probability"] >= SHOWABLE]
    return {
        "why": answers[0]["why"],
        "candidates": [cautious_name(a["actor"], a["probability"]) for a in likely],
        "evidence_only": who[0]["evidence_only"] if who else None,
        "claimed": any(a["claims_factor"] != 1 for a in who),
        "someone_new": rest.get("someone new", 0.0),
        "unknown": rest.get("unknown", 0.0),
    }


def coverage(tables: Tables, settings: Settings) -> list[Facts]:
    """Say from when to when there are incidents, by territory; silence outside means nothing.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region is used.

    Returns:
        A row for each territory: `territory`, `first` and `last` (days), and `incidents` (a
        number).
    """
    here = tables["incidents"].filter(pl.col("gwno").is_in(settings.region.gwnos))
    by = here.group_by("territory").agg(
        pl.col("date_start").min().alias("first"),
        pl.col("date_start").max().alias("last"),
        pl.len().alias("incidents"),
    )
    return by.sort("territory").to_dicts()
