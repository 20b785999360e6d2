"""How technology spreads among the region's organisations, as the step `diffuse` left it."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from tocsin.schema.geography.shapes import centre
from tocsin.schema.settings import Settings
from tocsin.schema.tables.assessed.adoption import LONE, UNNAMED
from tocsin.schema.tables.observed.actor import is_organisation
from tocsin.schema.vocabulary.technology import LABELS
from tocsin.share.facts.words import Facts, Tables, cautious_name

READS = (
    "actor_spells",
    "capability_index",
    "diffusion_alternatives",
    "diffusion_cuts",
    "diffusion_expected",
    "diffusion_growth",
    "diffusion_hazards",
    "diffusion_notes",
    "diffusion_record",
    "diffusion_shares",
    "diffusion_verdict",
    "next_adopters",
    "supports",
    "technology_couse",
    "technology_portfolios",
    "technology_synchrony",
    "ties",
)
"""Tables of which these facts are made, beside the adoption ledger."""
LISTED = 10
"""Organisations and classes that may be next, and organisations by capability."""
SHOWN_FROM = 0.5
"""A first use is drawn in the timeline if the organisation has the class with this probability."""
HELD_FROM = 0.05
"""Probability of a class from which its course over the years is told."""
DATED = 40
"""First uses that the timeline draws at most."""
SUPPORTERS = 60
"""Supporters that are listed at most; the tables `supports` and `ties` have all."""
RESTS_ON = 1.0
"""First uses of a class in the window, expected, from which organisations are named as next."""
COMMON = 0.5
"""Common users of two classes from which the two are listed, expected."""
RANKED_BY = 12
"""Months by whose chance organisations are ranked."""


def diffusion(tables: Tables, settings: Settings) -> Facts:
    """Collect what the brief says of how technology spreads, the verdict first.

    Args:
        tables: all tables of the workspace, by name; those of the step `diffuse` may be missing.
        settings: the settings, of which the region is used.

    Returns:
        `verdict` (a dict, or None where there is no answer), `notes`, `shares` of channels over all
        classes, `alternatives` (the same shares if ties or users are unseen, or ties weigh
        otherwise), `next`, `unlearnt` (classes too rare for it), `expected` (how many first uses
        within a year, by class), `timeline`, `begun` (the first day of each territory's incidents),
        `curves`, `places` and `joined` (ties within and between territories), `supporters`, `cuts`,
        `foreseen` (the record), `growth` (in use, by channel), `couse` and `synchrony` of classes,
        `portfolios` and `capabilities`. All lists may be empty.
    """
    read = {name: tables.get(name, pl.DataFrame()) for name in READS}
    gwnos = settings.region.gwnos
    organisations = is_organisation(tables["actors"], tables.get("incidents"))
    if not read["actor_spells"].is_empty():
        read["actor_spells"] = read["actor_spells"].filter(organisations)
    here = {name: _here(frame, gwnos) for name, frame in read.items()}
    adopted = tables["adoption"].filter(organisations).with_columns(lone=LONE, unnamed=UNNAMED)
    verdict = read["diffusion_verdict"]
    shares = read["diffusion_shares"]
    supporters = _supporters(read["supports"], read["ties"], here["actor_spells"])
    places, joined = _network(read["ties"], here["actor_spells"])
    return {
        "verdict": None if verdict.is_empty() else _rows(verdict)[0],
        "notes": []
        if read["diffusion_notes"].is_empty()
        else read["diffusion_notes"]["note"].to_list(),
        "shares": [] if shares.is_empty() else _rows(shares.filter(pl.col("technology") == "all")),
        "alternatives": _rows(read["diffusion_alternatives"]),
        "next": _next(here["next_adopters"]),
        "unlearnt": _unlearnt(here["next_adopters"]),
        "expected": _expected_uses(read["diffusion_expected"]),
        "timeline": _timeline(_here(adopted, gwnos)),
        "begun": _first_days(tables.get("incidents", pl.DataFrame()), gwnos),
        "curves": _curves(read["diffusion_hazards"]),
        "places": places,
        "joined": joined,
        "supporters": supporters[:SUPPORTERS],
        "supporters_known": len(supporters),
        "cuts": _rows(read["diffusion_cuts"]),
        "foreseen": _foreseen(read["diffusion_record"], read["diffusion_verdict"]),
        "growth": _rows(read["diffusion_growth"]),
        "couse": _couse(read["technology_couse"]),
        "synchrony": _rows(read["technology_synchrony"]),
        "portfolios": _portfolios(here["technology_portfolios"]),
        "capabilities": _capabilities(here["capability_index"], here["actor_spells"]),
    }


def _here(frame: pl.DataFrame, gwnos: list[int]) -> pl.DataFrame:
    return frame.filter(pl.col("gwno").is_in(gwnos)) if "gwno" in frame.columns else frame


def _rows(frame: pl.DataFrame) -> list[Facts]:
    return frame.drop("source", "row_hash", "run_id", strict=False).to_dicts()


def _next(frame: pl.DataFrame) -> list[Facts]:
    """The likeliest within a year, each with its chances within all numbers of months."""
    if frame.is_empty():
        return []
    learnt = (pl.col("months") == RANKED_BY) & (pl.col("first_uses") >= RESTS_ON)
    first = frame.filter(learnt).sort("rank").head(LISTED)
    found = []
    for rank, row in enumerate(first.to_dicts(), 1):
        mine = frame.filter(
            (pl.col("actor_id") == row["actor_id"]) & (pl.col("technology") == row["technology"])
        ).sort("months")
        kept = ("actor", "technology", "territory", "gwno", "origin", "model")
        of_ties = ("ties_model_probability", "ties_model_strongest")
        numbers = ("probability", "low", "high", "without_network", "without_ended")
        found.append(
            {name: row[name] for name in (*kept, *numbers, *of_ties)}
            | {
                "rank": rank,
                "label": LABELS[row["technology"]],
                "months": mine.select("months", "probability").to_dicts(),
            }
        )
    return found


def _unlearnt(frame: pl.DataFrame) -> list[str]:
    """Classes with too few first uses to name who may be next."""
    if frame.is_empty():
        return []
    return frame.filter(pl.col("first_uses") < RESTS_ON)["technology"].unique().sort().to_list()


def _expected_uses(frame: pl.DataFrame) -> list[Facts]:
    """First uses that are expected within a year, those of all classes last."""
    if frame.is_empty():
        return []
    return _rows(frame.filter(pl.col("months") == RANKED_BY))


def _timeline(adoption: pl.DataFrame) -> list[Facts]:
    rows = adoption.filter(pl.col("confidence") >= SHOWN_FROM)
    order = ("confidence", "actor_id", "technology")
    rows = rows.sort(order, descending=[True, False, False]).head(DATED)
    return [
        {
            "actor": row["actor"],
            "named": cautious_name(row["actor"], row["confidence"]),
            "label": LABELS[row["technology"]],
            "technology": row["technology"],
            "low": row["first_low"],
            "median": row["first_median"],
            "high": row["first_high"],
            "confidence": row["confidence"],
            "lone": row["lone"],
            "unnamed": row["unnamed"],
        }
        for row in rows.sort("first_median", "actor_id").to_dicts()
    ]


def _first_days(incidents: pl.DataFrame, gwnos: list[int]) -> list[Facts]:
    """The first day of which each territory's incidents tell, as the step `diffuse` takes it."""
    if incidents.is_empty():
        return []
    first = incidents.group_by("gwno").agg(
        pl.col("territory").first(), pl.col("date_start").min().alias("day")
    )
    return _here(first, gwnos).sort("gwno").to_dicts()


def _within_year(rate: float | None) -> float | None:
    """The chance of a first use within a year by a rate per month; None where nobody is at risk."""
    return None if rate is None else 1.0 - math.exp(-12.0 * rate)


def _curves(hazards: pl.DataFrame) -> list[Facts]:
    """First uses so far by class and step, met and expected, of classes with any.

    `year_hazard`, `year_low` and `year_high` are the chance of a first use within a year that an
    organisation without the class has by the hazard of that step, with its 90 % interval.
    """
    if hazards.is_empty():
        return []
    by = hazards.sort("technology", "from_date").with_columns(
        pl.col("adopted").cum_sum().over("technology").alias("met")
    )
    used = by.filter(pl.col("met").max().over("technology") >= 1)
    return [
        {
            "label": LABELS[row["technology"]],
            "technology": row["technology"],
            "from": row["from_date"],
            "to": row["to_date"],
            "met": row["met"],
            "expected": row["expected"],
            **{f"year_{name}": _within_year(row[name]) for name in ("hazard", "low", "high")},
        }
        for row in used.to_dicts()
    ]


def _network(ties: pl.DataFrame, spells: pl.DataFrame) -> tuple[list[Facts], list[Facts]]:
    """Ties within territories, and between them, by the territory of most incidents."""
    if ties.is_empty() or spells.is_empty():
        return [], []
    home = (
        spells.filter(~pl.col("government"))
        .sort("n_incidents", "gwno", descending=[True, False])
        .unique("actor_id", keep="first", maintain_order=True)
        .select("actor_id", "gwno", "territory")
    )
    other = home.rename({"actor_id": "related_id", "gwno": "of", "territory": "other"})
    both = (
        ties.join(home, on="actor_id")
        .join(other, on="related_id")
        .filter(pl.col("actor_id") < pl.col("related_id"))
        .unique(["actor_id", "related_id", "channel"])
    )
    counted = (
        both.with_columns(
            pl.min_horizontal("gwno", "of").alias("one"),
            pl.max_horizontal("gwno", "of").alias("two"),
        )
        .group_by("one", "two", "channel")
        .agg(pl.len().alias("ties"))
        .sort("one", "two", "channel")
    )
    names = dict(home.select("gwno", "territory").unique().iter_rows())
    groups = dict(home.group_by("gwno").len().iter_rows())
    places = []
    for gwno, territory in sorted(names.items()):
        point = centre(gwno)
        if point:
            within = counted.filter((pl.col("one") == gwno) & (pl.col("two") == gwno))
            places.append(
                {
                    "gwno": gwno, "territory": territory, "latitude": point[0],
                    "longitude": point[1], "organisations": groups[gwno],
                    "within": within.select("channel", "ties").to_dicts(),
                    "ties": int(within["ties"].sum()),
                }
            )  # fmt: skip
    known = {place["gwno"]: place for place in places}
    joined = [
        {
            "from": known[row["one"]]["territory"], "to": known[row["two"]]["territory"],
            "channel": row["channel"], "ties": row["ties"],
            "latitude": known[row["one"]]["latitude"], "longitude": known[row["one"]]["longitude"],
            "latitude2": known[row["two"]]["latitude"],
            "longitude2": known[row["two"]]["longitude"],
        }
        for row in counted.filter(pl.col("one") != pl.col("two")).to_dicts()
        if row["one"] in known and row["two"] in known
    ]  # fmt: skip
    return places, joined


def _foreseen(record: pl.DataFrame, verdict: pl.DataFrame) -> list[Facts]:
    """The record of the whole window; `cases` are those of one draw, as its events are."""
    whole = record if record.is_empty() else record.filter(window="all")
    return [row | {"cases": round(row["n"] / verdict["imputations"][0])} for row in _rows(whole)]


def _supporters(supports: pl.DataFrame, ties: pl.DataFrame, spells: pl.DataFrame) -> list[str]:
    """Whom sources name as supporters of the region's organisations, with source and years.

    A supporter of one organisation alone makes no tie, and is named all the same.
    """
    if spells.is_empty():
        return []
    armed = spells.filter(~pl.col("government"))["actor_id"].unique()
    return [*_supports(supports, armed), *_told_supporters(supports, ties, armed)]


def _supports(supports: pl.DataFrame, armed: pl.Series) -> list[str]:
    """Of a data set on support, each supporter of an organisation with its years and kinds."""
    if supports.is_empty():
        return []
    rows = (
        supports.filter(pl.col("actor_id").is_in(armed.implode()))
        .group_by("actor", "supporter", "source")
        .agg("year", pl.col("kinds").str.extract_all(r"\S+").explode().drop_nulls().unique().sort())
        .sort("actor", "supporter", "source")
    )
    return [
        f"{row['actor']} – {row['supporter']}, {_spans(set(row['year']))}"
        f"{' (' + ', '.join(row['kinds']) + ')' if row['kinds'] else ''}; {row['source']}"
        for row in rows.to_dicts()
    ]


def _told_supporters(supports: pl.DataFrame, ties: pl.DataFrame, armed: pl.Series) -> list[str]:
    """Supporters that a user's own ties tell of."""
    if ties.is_empty():
        return []
    known = [] if supports.is_empty() else supports["source"].unique().to_list()
    given = ties.filter(
        pl.col("channel").is_in(["sponsor", "training"]),
        pl.col("actor_id").is_in(armed.implode()),
        ~pl.col("source").is_in(known),
    )
    years: dict[str, set[int]] = {}
    for actor, because, begin, end in given.select(
        "actor", "because", "from_date", "to_date"
    ).iter_rows():
        # Each tie to another organisation has its own years of the same support.
        words, _, _ = because.rpartition(", ")
        mine = years.setdefault(f"{actor} – {words or because}", set())
        if begin is not None and end is not None:
            mine.update(range(begin.year, end.year + 1))
    return sorted(f"{words}, {_spans(mine)}" if mine else words for words, mine in years.items())


def _spans(years: set[int]) -> str:
    """Years in words: '1989, 1996 to 1998'."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _couse(frame: pl.DataFrame) -> list[Facts]:
    """Two classes that one organisation or more is expected to have both, most first."""
    if frame.is_empty():
        return []
    some = frame.filter(pl.col("both") >= COMMON)
    return _rows(some.sort("both", "one", "other", descending=[True, False, False]))


def _portfolios(frame: pl.DataFrame) -> list[Facts]:
    """What organisations have in their last year, those with most classes first.

    `has` is by class; `course` tells it year by year, of classes that they likely have.
    """
    if frame.is_empty():
        return []
    last = frame.filter(pl.col("year") == pl.col("year").max().over("actor_id", "gwno"))
    keys = ["actor_id", "actor", "territory", "gwno", "year"]
    top = (
        last.filter(pl.col("probability").max().over("actor_id", "gwno") >= SHOWN_FROM)
        .group_by(keys)
        .agg(pl.col("probability").sum().alias("classes"))
        .sort("classes", "actor_id", descending=[True, False])
    )
    likely = pl.col("probability").max().over("actor_id", "gwno", "technology") >= HELD_FROM
    held, rows = frame.filter(likely), []
    for one in top.head(LISTED).to_dicts():
        its = (pl.col("actor_id") == one["actor_id"]) & (pl.col("gwno") == one["gwno"])
        has = {
            row["technology"]: {"probability": row["probability"], "disused": row["disused"]}
            for row in last.filter(its).to_dicts()
        }
        course = held.filter(its).select("technology", "year", "probability", "disused")
        rows.append(one | {"has": has, "course": course.sort("technology", "year").to_dicts()})
    return rows


def _capabilities(frame: pl.DataFrame, spells: pl.DataFrame) -> list[dict[str, Any]]:
    """Organisations of the highest index that are active, in their last year of five incidents."""
    if frame.is_empty():
        return []
    active = spells.filter("still_active")["actor_id"]
    frame = frame.filter(pl.col("actor_id").is_in(active.implode()))
    last = frame.filter(pl.col("n_incidents") >= 5).filter(
        pl.col("year") == pl.col("year").max().over("actor_id", "gwno")
    )
    top = last.filter(pl.col("dimension") == "index").sort(
        "mean", "actor_id", descending=[True, False]
    )
    rows = []
    for one in top.head(LISTED).to_dicts():
        mine = last.filter(
            (pl.col("actor_id") == one["actor_id"]) & (pl.col("gwno") == one["gwno"])
        )
        parts = {
            row["dimension"]: {name: row[name] for name in ("mean", "low", "high")}
            for row in mine.to_dicts()
        }
        kept = ("actor", "territory", "gwno", "year", "n_incidents")
        rows.append({name: one[name] for name in kept} | {"parts": parts})
    return rows
