"""What a workspace knows, as cases and ties: who was at risk of what, and tied to whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.diffusion.hazard.design import Links, link_cases
from tocsin.anticipate.diffusion.region.statements import find_fading, join_statements
from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.ties import Ties, read_ties
from tocsin.anticipate.diffusion.tables.times import DAY_ZERO, Floats
from tocsin.errors import StageNotReady
from tocsin.schema.step import Tables
from tocsin.schema.tables.assessed.attribution import with_suspicion
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

COVERED = 12
"""Months of a territory's incidents before a first use can be told from what was there before."""
EARLY = 180
"""Days after an organisation's first incident whose incidents tell how large and how well reported
it is. Later ones would tell of the future."""
LIKELY = 0.5
"""An organisation that has a class with at least this probability counts as a user of today."""
COVARIATE = "early incidents"
DOUBTED = 20
"""Draws of the ledger over which users are averaged of whom no mention says that it was they."""


@dataclass(frozen=True)
class Picture:
    """This holds the cases of a region, its ties, and when first uses may have been.

    There are n cases, an organisation and a class each, and M imputations.

    Args:
        cases: the cases; their bounds of first use are the medians, where it is likely.
        ties, links: the ties between organisations, and between cases.
        onsets: first uses in days of those whom words single out, infinite where there is none,
            shape (M, n).
        doubtful: days from which those whom no words single out use the class, by draw of the
            ledger, infinite where they do not, shape (D, n).
        chance: probability that the case has a first use, singled out or not, over all draws, shape
            (n,).
        detected: the part of the expected first uses whose users words single out.
        open: which cases may be next: likely no user, and active when incidents were last known.
        expired: ties of `links` whose source has ended, shape (p,).
        organisations: a row for each number of `cases.actors`: `actor_id, actor, territory, gwno,
            known_until`.
        reasons: ties by exposed organisation, user and channel, in words.
        notes: what was done to doubtful input, in sentences.
    """

    cases: Cases
    ties: Ties
    links: Links
    onsets: Floats
    doubtful: Floats
    chance: Floats
    detected: float
    open: npt.NDArray[np.bool_]
    expired: npt.NDArray[np.bool_]
    organisations: pl.DataFrame
    reasons: dict[tuple[str, str, str], str]
    notes: tuple[str, ...]

    @property
    def ahead(self) -> Cases:
        """These are the cases as they go on: who is still active does not leave at the end."""
        end = self.cases.end
        going = self.organisations["still_active"].to_numpy()[self.cases.actor]
        stays = np.where(going, end, self.cases.stays)
        return replace(self.cases, exit=np.where(going, end, self.cases.exit), stays=stays)


def make_picture(tables: Tables, *, imputations: int, until: date | None = None) -> Picture:
    """Make the cases and ties of a workspace's tables.

    An organisation is at risk of a class from its first incident until a year after its last one,
    or until the end of what is known of its territory. Its territory is the one with most of its
    incidents. Nobody is at risk in the first `COVERED` months of a territory's incidents: what is
    told of there may be older than they are. Who uses a class by then, or at its own first
    incident, exposes others, but is no event.

    First uses are only those of entries that a mention or a decision singles out. Of the others the
    ledger says that somebody there has the class, and dates it by what words tell of others, so
    that uses would bunch in territories and years without any contagion.

    Args:
        tables: `actor_spells`, `incidents`, `adoption_draws` and `ties`.
        imputations: how many of the draws of first uses are taken, M.
        until: the last day of which anything is known; None: the last incident.

    Returns:
        The picture.

    Raises:
        StageNotReady: there is no organisation, none after the first `COVERED` months, no first
            use, or no tie between organisations.
    """
    organisations = _organisations(tables, until)
    if organisations.is_empty():
        raise StageNotReady("No incident names an armed organisation.")
    if (organisations["entry"] >= organisations["exit"]).all():
        raise StageNotReady(
            f"No incident that names an armed organisation lies after the first {COVERED} months "
            "of its territory's incidents, and what is used by then may be older than these."
        )
    draws = tables["adoption_draws"]
    every, singled = _drawn_days(organisations, draws)
    onsets, chance, median, detected = _first_uses(every, singled, imputations)
    doubtful = _doubtful_days(organisations["actor_id"], tables["incidents"], every, singled)
    cases = _cases(organisations, median, until)
    told, reasons = _ties(tables["ties"], cases)
    found = _read(told, cases)
    links = link_cases(cases, found)
    if not len(links.channel):
        raise StageNotReady("No tie joins two organisations of the incidents.")
    is_open = (chance < LIKELY) & organisations["still_active"].to_numpy()[cases.actor]
    expired = find_fading(told, found, links, cases)
    onsets = np.where(onsets <= cases.end, onsets, np.inf)
    # It has to be without the class in one of the imputations that are fitted without ties, too.
    is_open &= ~np.isfinite(onsets[::2]).all(0)
    notes = (*cases.notes, *(note for note in found.notes if "no row of adoptions" not in note))
    return Picture(
        cases, found, links, onsets, doubtful, chance, detected, is_open, expired, organisations,
        reasons,
        (*_doubt(chance, detected), *_one_place(organisations, found), *notes),
    )  # fmt: skip


def _organisations(tables: Tables, until: date | None) -> pl.DataFrame:
    """A row an organisation: its territory, its days of entry and exit, and its early incidents."""
    incidents = tables["incidents"]
    covered = incidents.group_by("gwno").agg(
        pl.col("date_start").min().dt.offset_by(f"{COVERED}mo").alias("covered")
    )
    spells = tables["actor_spells"].filter(~pl.col("government"))
    if until is not None:
        spells = spells.filter(pl.col("first_day") <= until)
    most = spells.sort("n_incidents", "gwno", descending=[True, False]).unique(
        "actor_id", keep="first"
    )
    spans = spells.group_by("actor_id").agg(
        pl.col("first_day").min(),
        (pl.col("last_day") + timedelta(days=365)).max().alias("gone"),
        pl.col("known_until").max().alias("known"),
        pl.col("still_active").any().alias("still"),
    )
    early = (
        _sides(incidents, tables.get("suspects"))
        .join(spans.select("actor_id", "first_day"), on="actor_id")
        .filter((pl.col("date_start") - pl.col("first_day")).dt.total_days() <= EARLY)
        .group_by("actor_id")
        .agg(pl.col("sure").sum().alias("early"))
    )
    found = (
        most.select("actor_id", "actor", "territory", "gwno", "known_until")
        .join(spans, on="actor_id")
        .join(early, on="actor_id", how="left")
        .join(covered, on="gwno", how="left")
        .with_columns(
            pl.col("early").fill_null(1).log1p().alias(COVARIATE),
            pl.when("still").then("known").otherwise(pl.min_horizontal("gone", "known"))
            .alias("exit"),
            pl.col("still").alias("still_active"),
        )
        .with_columns(
            pl.min_horizontal(pl.max_horizontal("first_day", "covered"), "exit").alias("entry")
        )
    )  # fmt: skip
    return found.sort("actor_id")


def _sides(incidents: pl.DataFrame, suspects: pl.DataFrame | None = None) -> pl.DataFrame:
    """A row for each side of an incident: `actor_id`, `date_start` and how `sure` it is."""
    sides = pl.concat(
        incidents.select(
            "incident_id",
            pl.coalesce(f"actor_{side}_id", f"actor_{side}").alias("actor_id"),
            "date_start",
        )
        for side in "ab"
    )
    return with_suspicion(sides, suspects)


def _doubt(chance: Floats, detected: float) -> list[str]:
    """Say how many adopters are left out because nothing says that it was they."""
    if detected >= 1:
        return []
    whole = chance.sum()
    return [
        f"Of {whole:.1f} adopters that the ledger expects, {whole * (1 - detected):.1f} are of "
        "entries of which no mention says that it was this organisation. They are left out of the "
        "fit, since their dates would be those of others; shares if they exposed others all the "
        "same, 'unseen users', stand beside."
    ]


def _one_place(organisations: pl.DataFrame, ties: Ties) -> list[str]:
    """Say so where all organisations are in one territory, which then joins all of them."""
    shared = [one for one in ties.channels if "territory" in one.split(" = ")]
    if organisations["gwno"].n_unique() > 1 or not shared:
        return []
    return [
        f"All organisations are in one territory, so the channel '{shared[0]}' joins each with all "
        "others that were active at its time: it says that uses followed uses, and not along what."
    ]


def _drawn_days(
    organisations: pl.DataFrame, draws: pl.DataFrame
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """First uses by draw of the ledger (D, n), in days, and who is singled out (n,).

    Several territories of one organisation are one case: its first use is the earliest of them.
    """
    ids = organisations["actor_id"].to_list()
    place = {
        (actor, technology): i * len(TECHNOLOGIES) + c
        for i, actor in enumerate(ids)
        for c, technology in enumerate(sorted(TECHNOLOGIES))
    }
    numbers = draws["draw"].unique().sort().to_list()
    number = {draw: i for i, draw in enumerate(numbers)}
    every = np.full((max(len(numbers), 1), len(place)), np.inf)
    days = (
        draws.filter(pl.col("actor_id").is_in(ids) & pl.col("onset").is_not_null())
        .group_by("draw", "actor_id", "technology")
        .agg(pl.col("onset").min().dt.epoch("d").alias("day"), pl.col("singled").any())
    )
    rows = [number[one] for one in days["draw"]]
    keys = days.select("actor_id", "technology").iter_rows()
    columns = [place[actor, technology] for actor, technology in keys]
    every[rows, columns] = days["day"].to_numpy()
    singled = np.zeros(len(place), dtype=bool)
    singled[columns] = days["singled"].to_numpy()
    return every, singled


def _spread(number: int, wanted: int) -> npt.NDArray[np.int64]:
    """So many places of a row of things, evenly spread over it."""
    return np.unique(np.linspace(0, number - 1, wanted).round().astype(np.int64))


def _first_uses(
    every: Floats, singled: npt.NDArray[np.bool_], imputations: int
) -> tuple[Floats, Floats, Floats, float]:
    """First uses of who is singled out, by imputation (M, n); of all the chance of one (n,) and its
    median (n,), in days; and the part of the chances whose users are singled out.
    """
    # A use on a day is over by the end of the day, and entry is at its start.
    known = np.isfinite(every)
    chance = known.mean(0)
    ordered = np.sort(every, axis=0)
    middle = ((known.sum(0) - 1) // 2).clip(0)
    median = np.where(chance >= LIKELY, ordered[middle, np.arange(len(singled))], np.inf)
    detected = 1.0 - chance[~singled].sum() / max(chance.sum(), 1.0 / len(every))
    taken = every[_spread(len(every), imputations)]
    return np.where(singled, taken, np.inf), chance, median, float(detected)


def _doubtful_days(
    ids: pl.Series, incidents: pl.DataFrame, every: Floats, singled: npt.NDArray[np.bool_]
) -> Floats:
    """From when those whom nothing singles out use the class, by draw of the ledger (D, n).

    The ledger's own day is that of somebody else's use. So the days of an organisation's incidents
    are spread evenly over the draws in which it has the class.
    """
    sides = _sides(incidents).filter(pl.col("actor_id").is_in(ids.to_list()))
    fought = dict(
        sides.group_by("actor_id").agg(pl.col("date_start").dt.epoch("d").sort()).iter_rows()
    )
    drawn = every[_spread(len(every), DOUBTED)]
    found = np.full(drawn.shape, np.inf)
    for case in np.flatnonzero(~singled & np.isfinite(drawn).any(0)):
        days = np.array(fought.get(ids[int(case) // len(TECHNOLOGIES)], [np.inf]), np.float64)
        has = np.flatnonzero(np.isfinite(drawn[:, case]))
        found[has, case] = days[((np.arange(has.size) + 0.5) / has.size * days.size).astype(int)]
    return found


def _cases(organisations: pl.DataFrame, median: Floats, until: date | None) -> Cases:
    """The cases in the order of `_first_uses`: actors by id, classes by name."""
    first = np.where(np.isfinite(median), median, np.nan)
    table = organisations.join(
        pl.DataFrame({"technology": sorted(TECHNOLOGIES)}), how="cross", maintain_order="left_right"
    ).with_columns(
        pl.Series("time", first).fill_nan(None).cast(pl.Int32).cast(pl.Date),
        pl.col("gwno").cast(pl.String).alias("territory"),
    )
    end = until or organisations["known_until"].max()
    start = organisations["entry"].min()
    return read_cases(
        table.select(
            pl.col("actor_id").alias("actor"), "technology", "time",
            "entry", "exit", "territory", COVARIATE,
        ),
        covariates=[COVARIATE] if organisations[COVARIATE].n_unique() > 1 else [],
        start=str(start),
        end=str(end),
    )  # fmt: skip


def _ties(
    table: pl.DataFrame, cases: Cases
) -> tuple[pl.DataFrame, dict[tuple[str, str, str], str]]:
    """Ties between the organisations, as `join_statements` makes them, and their reasons."""
    known = list(cases.actors)
    mine = table.filter(pl.col("actor_id").is_in(known) & pl.col("related_id").is_in(known))
    reasons = {
        (exposed, user, channel): because
        for exposed, user, channel, because in mine.select(
            "actor_id", "related_id", "channel", "because"
        ).iter_rows()
    }
    return join_statements(mine), reasons


def _read(told: pl.DataFrame, cases: Cases) -> Ties:
    names = {
        "related_id": "source", "actor_id": "target", "from_date": "from", "to_date": "to",
    }  # fmt: skip
    return read_ties(told.drop("fades").rename(names), cases)


def as_day(time: float) -> date:
    """Turn a time of the clock into a day.

    Args:
        time: days since 1970-01-01.
    """
    return DAY_ZERO + timedelta(days=int(np.floor(time)))
