"""The ground of one territory: its incidents as arrays, for fast sums over space and time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.errors import require
from tocsin.schema.geography.distance import EARTH_RADIUS_KM
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TYPES = ("one-sided", "state-based", "non-state", "other")
UNPLACED_KM = 200.0
"""Distance assumed where a point is missing."""
NOBODY = -1


@dataclass(frozen=True)
class Ground:
    """The n incidents of one territory, and who was in them: m involvements, ordered by last day.

    Days are counted from 1970. `place` holds unit vectors, shape (n, 3). `org` and `adversary`
    index `orgs`; `NOBODY` is -1. `ended` lists the incidents by their last day, `position`
    says where in it an involvement's incident stands; `involved` is a sparse matrix of weights
    in that order (n, organisations).
    """

    gwno: int
    ids: list[str]
    start: Floats
    end: Floats
    place: Floats
    kind: Ints
    imprecise: Bools
    technology: Floats
    asked: Ints
    other: Ints
    orgs: list[str]
    names: list[str]
    government: Bools
    event: Ints
    org: Ints
    adversary: Ints
    weight: Floats
    until: Floats
    ended: Ints
    position: Ints
    involved: Any

    def distance_km(self, at: int, events: Ints) -> Floats:
        """Compute the distances from one incident to others in kilometres.

        They are measured along the chord and not along the surface, which is short by less than
        0.1 % for 1,000 km and needs no trigonometry.

        Args:
            at: the row of the one incident.
            events: rows of the others, shape (n,).

        Returns:
            Shape (n,); `UNPLACED_KM` where an incident has no point.
        """
        apart = self.place[events] - self.place[at]
        found = EARTH_RADIUS_KM * np.sqrt(np.einsum("ij,ij->i", apart, apart))
        return np.asarray(np.nan_to_num(found, nan=UNPLACED_KM))


def grounds(
    incidents: pl.DataFrame,
    sides: pl.DataFrame,
    asked: pl.DataFrame,
    tags: pl.DataFrame,
    *,
    hidden: frozenset[str] = frozenset(),
    same: pl.DataFrame | None = None,
) -> Iterator[Ground]:
    """Make the ground of each territory, on which candidates are found.

    Args:
        incidents: the table `incidents`.
        sides: from `sides.armed`.
        asked: from `sides.in_question`.
        tags: `incident_id, technology, probability`.
        hidden: incidents whose sides the ground must not know, e.g. those in question.
        same: `actor_id, organisation_id, weight`: who may be one organisation, as weights
            that sum to 1 an actor_id. Default: each is its own.

    Yields:
        One ground a territory.
    """
    known = sides.filter(~pl.col("incident_id").is_in(list(hidden)))
    wide = tags.filter(pl.col("technology").is_in(TECHNOLOGIES))
    for (gwno,), part in incidents.sort("date_start", "incident_id").group_by(
        "gwno", maintain_order=True
    ):
        whose = {"sides": sides, "known": known, "asked": asked, "tags": wide}
        yield _ground(int(str(gwno)), part, same, **whose)


def _ground(
    gwno: int,
    part: pl.DataFrame,
    same: pl.DataFrame | None,
    *,
    sides: pl.DataFrame,
    known: pl.DataFrame,
    asked: pl.DataFrame,
    tags: pl.DataFrame,
) -> Ground:
    ids = part["incident_id"].to_list()
    place = {incident: at for at, incident in enumerate(ids)}
    here = sides.filter(pl.col("incident_id").is_in(ids))
    called = here.unique("actor_id", keep="first", maintain_order=True).sort("actor_id")
    orgs = called["actor_id"].to_list()
    number = {org: at for at, org in enumerate(orgs)}
    shares = _shares(number, same)
    top = {org: max(found, key=lambda one: (one[1], -one[0]))[0] for org, found in shares.items()}
    who = asked.filter(pl.col("incident_id").is_in(ids))
    theirs = dict(who.select("incident_id", "side").iter_rows())
    perpetrator = dict(who.select("incident_id", "actor_id").iter_rows())
    other = {
        incident: top[actor]
        for incident, side, actor in here.select("incident_id", "side", "actor_id").iter_rows()
        if theirs.get(incident, side) != side
    }
    days = part.select(pl.col("date_start", "date_end").to_physical().cast(pl.Float64))
    event, org, adversary, weight = _involvements(
        known.filter(pl.col("incident_id").is_in(ids)), place, shares, top
    )
    end = days["date_end"].to_numpy()
    order = np.argsort(end[event], kind="stable")
    technology = np.zeros((len(ids), len(TECHNOLOGIES)))
    for incident, name, probability in tags.select(
        "incident_id", "technology", "probability"
    ).iter_rows():
        if incident in place:
            technology[place[incident], TECHNOLOGIES.index(name)] = probability
    point = part.select(
        pl.col("latitude", "longitude").cast(pl.Float64).radians().fill_null(np.nan)
    )
    lat, lon = point["latitude"].to_numpy(), point["longitude"].to_numpy()
    ended = np.argsort(end, kind="stable")
    position = np.argsort(ended, kind="stable")
    sparse = require("scipy.sparse", extra="assess")
    return Ground(
        gwno=gwno,
        ids=ids,
        start=days["date_start"].to_numpy(),
        end=end,
        place=np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1),
        kind=np.array([TYPES.index(kind) for kind in part["event_type"]]),
        imprecise=(part["place_prec"] >= 4).to_numpy(),
        technology=technology,
        asked=np.array([top.get(perpetrator.get(one) or "", NOBODY) for one in ids]),
        other=np.array([other.get(one, NOBODY) for one in ids]),
        orgs=orgs,
        names=called["actor"].to_list(),
        government=called["government"].to_numpy(),
        event=event[order],
        org=org[order],
        adversary=adversary[order],
        weight=weight[order],
        until=end[event][order],
        ended=ended,
        position=position[event][order],
        involved=sparse.csr_array((weight, (position[event], org)), shape=(len(ids), len(orgs))),
    )


def _shares(
    number: dict[str, int], same: pl.DataFrame | None
) -> dict[str, list[tuple[int, float]]]:
    """The organisations of this territory that each name may be; the rest is the name itself."""
    found: dict[str, dict[int, float]] = {}
    for actor, organisation, weight in [] if same is None else same.iter_rows():
        if actor in number:
            at = number.get(organisation, number[actor])
            mine = found.setdefault(actor, {})
            mine[at] = mine.get(at, 0.0) + weight
    return {org: list(found.get(org, {at: 1.0}).items()) for org, at in number.items()}


def _involvements(
    known: pl.DataFrame,
    place: dict[str, int],
    shares: dict[str, list[tuple[int, float]]],
    top: dict[str, int],
) -> tuple[Ints, Ints, Ints, Floats]:
    """Who was in which incident, against whom, with what weight."""
    against: dict[str, dict[str, int]] = {}
    rows = known.select("incident_id", "side", "actor_id").rows()
    for incident, side, actor in rows:
        against.setdefault(incident, {})[side] = top[actor]
    found = [
        (place[incident], org, against[incident].get("b" if side == "a" else "a", NOBODY), weight)
        for incident, side, actor in rows
        for org, weight in shares[actor]
    ]
    columns = list(zip(*found, strict=True)) if found else [(), (), (), ()]
    event, org, adversary = (np.array(column, dtype=np.int64) for column in columns[:3])
    return event, org, adversary, np.array(columns[3], dtype=np.float64)
