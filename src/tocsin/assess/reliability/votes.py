"""What each source says of each incident, as votes for values that can agree or not.

A source is a producer: two releases of one producer are one voice, and the later one speaks.
Rows of one release that tell of one incident are parts of it: their deaths add up (unless the
rows are the same in date, place and deaths, and so one row twice), and the likeliest part
speaks for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from tocsin.assess.actors.names import aliases, fold, is_placeholder
from tocsin.assess.reliability.dawid_skene import Floats, Ints
from tocsin.schema.geography.distance import great_circle_km
from tocsin.schema.vocabulary.producer import producer

ATTRIBUTES = ("date", "place", "actor", "deaths")
FALSE_VALUES = {"date": 4.0, "place": 10.0, "actor": 4.0, "deaths": 6.0}
"""How many wrong values are about equally likely. Small numbers: errors are often alike (the
next day, the nearest town, a round number), so that sharing one proves little."""
NEAR_KM = 20.0
"""Two exact or near-exact places agree within this distance."""
EXACT_PLACE = 2
"""The coarsest UCDP place precision that still votes."""
CLOSE_DEATHS = 0.2
"""Two counts agree if their ranges meet, or their best estimates differ by less than this."""
SAME_NAME = 0.5
"""Two names agree if they share a form of at least this weight."""
SAYS = (
    "report_id", "probability", "date_start", "date_end", "date_prec", "latitude", "longitude",
    "place_prec", "actor_a", "actor_b", "headline",
)  # fmt: skip
"""What the likeliest part says for all parts of one source; deaths add up instead."""


@dataclass(frozen=True)
class Votes:
    """Votes on one attribute, in the order of incident and source.

    Attributes:
        item: shape (n,), row of the incident in `Said.incidents`.
        who: shape (n,), number of the source in `Said.sources`.
        value: shape (n,), number of the value, 0 to V−1.
        owner: shape (V,), the item of each value.
        weight: shape (n,), probability that the report belongs to the incident.
        row: shape (n,), row in `Said.spoken`.
    """

    item: Ints
    who: Ints
    value: Ints
    owner: Ints
    weight: Floats
    row: Ints


@dataclass(frozen=True)
class Testimony:
    """What each source says of each incident, and the incidents and sources that the rows number.

    Attributes:
        spoken: `incident_id, report_id, who, item`, and what the source says.
        incidents: `incident_id, event_type, gwno, date_start`, one row an incident.
        sources: names of the producers, sorted.
        speakers: `incident_id, report_id, who` of every report, also those not spoken for.
    """

    spoken: pl.DataFrame
    incidents: pl.DataFrame
    sources: list[str]
    speakers: pl.DataFrame


def collect_testimony(
    incidents: pl.DataFrame, links: pl.DataFrame, reports: pl.DataFrame
) -> Testimony:
    """Collect what each source says of each incident: one row an incident and source.

    Args:
        incidents: the table `incidents`.
        links: the table `incident_reports`.
        reports: the table `reports`.

    Returns:
        The testimony; its `spoken` is sorted by incident and source.
    """
    facts = incidents.select("incident_id", "event_type", "gwno", "date_start").sort("incident_id")
    full = (
        links.select("incident_id", "report_id", "probability")
        .join(reports.drop("event_type", "gwno"), on="report_id")
        .with_columns(producer(pl.col("source")).alias("producer"))
    )
    sources = full["producer"].unique().sort().to_list()
    # The number orders releases; a candidate release gives way to the final one of its time.
    release = pl.col("source").str.replace("Candidate ", "", literal=True)
    latest = full.filter(release == release.max().over("incident_id", "producer")).sort(
        "probability", "report_id", descending=[True, False]
    )
    deaths = [f"deaths_{name}" for name in ("low", "best", "high")]
    twice = ("incident_id", "producer", "date_start", "latitude", "longitude", *deaths)
    latest = latest.unique(twice, keep="first", maintain_order=True)
    spoken = latest.group_by("incident_id", "producer", maintain_order=True).agg(
        pl.col(*SAYS).first(),
        *[
            pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name)
            for name in deaths
        ],
    )
    number = pl.DataFrame(
        {"producer": sources, "who": list(range(len(sources)))},
        schema={"producer": pl.String, "who": pl.Int64},
    )
    nobody = [
        name
        for name in pl.concat([spoken["actor_a"], spoken["actor_b"]]).unique().to_list()
        if is_placeholder(name)
    ]
    spoken = (
        spoken.join(number, on="producer")
        .join(facts.with_row_index("item").select("incident_id", "item"), on="incident_id")
        .with_columns(
            pl.col("item").cast(pl.Int64),
            *[
                pl.when(~pl.col(name).is_in(nobody)).then(pl.col(name)).alias(name)
                for name in ("actor_a", "actor_b")
            ],
        )
        .sort("item", "who")
    )
    speakers = full.join(number, on="producer").select("incident_id", "report_id", "who")
    return Testimony(spoken, facts, sources, speakers)


def votes(spoken: pl.DataFrame, attribute: str) -> Votes:
    """Collect the votes on one attribute, of incidents of which at least two sources speak.

    A source abstains where it does not say, or says it only roughly.

    Args:
        spoken: the rows of `Testimony.spoken`.
        attribute: one of 'date', 'place', 'actor' and 'deaths'.

    Returns:
        The votes, n of them, for V different values.
    """
    frame = spoken.with_row_index("row").filter(_speaks(attribute))
    frame = frame.filter(pl.len().over("item") >= 2)
    item, who = frame["item"].to_numpy(), frame["who"].to_numpy()
    if attribute == "date":
        key = frame["date_start"].to_physical().to_numpy().astype(np.int64)
    else:
        one, two = pairs(item)
        agree = {"place": _near, "actor": _same_actors, "deaths": _close}[attribute]
        key = components(one, two, agree(frame, one, two), item.size)
    pair = np.stack([item, key], axis=1)
    distinct, value = np.unique(pair, axis=0, return_inverse=True)
    return Votes(
        item,
        who,
        value.reshape(-1).astype(np.int64),
        distinct[:, 0].astype(np.int64),
        frame["probability"].to_numpy().astype(np.float64),
        frame["row"].to_numpy().astype(np.int64),
    )


def components(one: Ints, two: Ints, joined: np.ndarray, size: int) -> Ints:
    """Number the connected component of each node: by the smallest number of its nodes.

    Args:
        one, two: shape (m,), ends of edges.
        joined: shape (m,), which edges hold.
        size: number of nodes.

    Returns:
        Shape (size,), whole numbers.

    >>> components(np.array([0, 1]), np.array([1, 2]), np.array([True, False]), 3).tolist()
    [0, 0, 2]
    """
    label = np.arange(size, dtype=np.int64)
    a, b = one[joined], two[joined]
    while a.size:
        before = label.copy()
        np.minimum.at(label, a, label[b])
        np.minimum.at(label, b, label[a])
        if np.array_equal(before, label):
            break
    return label


def _speaks(attribute: str) -> pl.Expr:
    if attribute == "date":
        return (pl.col("date_prec") == 1) & (pl.col("date_start") == pl.col("date_end"))
    if attribute == "place":
        located = pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null()
        return located & (pl.col("place_prec") <= EXACT_PLACE)
    if attribute == "deaths":
        return pl.col("deaths_best").is_not_null()
    return pl.col("actor_a").is_not_null() | pl.col("actor_b").is_not_null()


def pairs(item: Ints) -> tuple[Ints, Ints]:
    """List all pairs of votes on the same item.

    Args:
        item: shape (n,), the item of each vote, sorted.

    Returns:
        The positions of the first and of the second vote of each pair, two arrays of shape (P,).
    """
    n = item.size
    starts = np.flatnonzero(np.r_[True, item[1:] != item[:-1]]) if n else np.empty(0, int)
    sizes = np.diff(np.r_[starts, n])
    left = np.repeat(np.arange(n), np.repeat(starts + sizes, sizes) - np.arange(n) - 1)
    run = np.repeat(starts + sizes, sizes) - np.arange(n) - 1
    offset = np.arange(left.size) - np.repeat(np.cumsum(run) - run, run)
    return left.astype(np.int64), (left + 1 + offset).astype(np.int64)


def _near(frame: pl.DataFrame, one: Ints, two: Ints) -> np.ndarray:
    lat, lon = (frame[name].to_numpy().astype(float) for name in ("latitude", "longitude"))
    return np.asarray(great_circle_km(lat[one], lon[one], lat[two], lon[two]) <= NEAR_KM)


def _close(frame: pl.DataFrame, one: Ints, two: Ints) -> np.ndarray:
    low, best, high = (
        frame[f"deaths_{name}"].to_numpy().astype(float) for name in ("low", "best", "high")
    )
    meet = (low[one] <= high[two]) & (low[two] <= high[one])
    apart = np.abs(best[one] - best[two]) / np.maximum(np.maximum(best[one], best[two]), 1)
    return np.asarray(meet | (apart < CLOSE_DEATHS))


def _same_actors(frame: pl.DataFrame, one: Ints, two: Ints) -> np.ndarray:
    sides = list(zip(frame["actor_a"].to_list(), frame["actor_b"].to_list(), strict=True))
    return np.fromiter(
        (_agree(*sides[i], *sides[j]) for i, j in np.column_stack([one, two]).tolist()),
        dtype=bool,
        count=one.size,
    )


@lru_cache(maxsize=65_536)
def _agree(a1: str | None, b1: str | None, a2: str | None, b2: str | None) -> bool:
    """Whether the organisations that one source names are among those that the other names."""
    first = [name for name in (a1, b1) if name]
    second = [name for name in (a2, b2) if name]
    fewer, more = sorted((first, second), key=len)
    return all(any(_same(name, other) for other in more) for name in fewer)


@lru_cache(maxsize=65_536)
def _same(one: str, two: str) -> bool:
    if fold(one) == fold(two):
        return True
    forms = aliases(two)
    return any(
        weight >= SAME_NAME and forms.get(form, 0) >= SAME_NAME
        for form, weight in aliases(one).items()
    )
