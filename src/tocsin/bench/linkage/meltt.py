"""The peer: integration in the manner of MELTT.

Donnay, Dunford, McGrath, Backer and Cunningham (2019), Integrating Conflict Event Data,
Journal of Conflict Resolution 63(5): entries of two data sets within a window of kilometres
and days are candidates; a candidate is scored by how well the codes of both agree in the
taxonomies given, most general first; each entry keeps its best partner. Entries that last
(episodes) are matched by the days that they share. Written anew after the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import polars as pl

from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.schema.geography.distance import flat_km

GRID = [(km, days) for km in (2.0, 5.0, 10.0, 25.0) for days in (0, 1, 2, 3)]
"""Windows among which the development data choose."""


class Peer:
    """The peer's linkage: candidates scored once, and linked with any window.

    Args:
        records: as `records.records` makes them, with the classes of sides and categories,
            which stand for the taxonomies: a fine and a broad level each.
        categories: names of the categories (see `classes.with_classes`).
        pairs: candidates of `blocking.candidates`, which no window may exceed.
    """

    def __init__(self, records: pl.DataFrame, categories: Sequence[str], pairs: Pairs) -> None:
        self.records = records
        self.pairs = pairs
        self.score, self.km, self.gap = _scores(records, categories, pairs)
        self.source = records["source"].rank("dense").to_numpy().astype(np.int64) - 1

    def link(self, *, km: float, days: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Link with a window of so many kilometres and days.

        Returns:
            Links `source_a, id_a, source_b, id_b, probability` (always 1) and clusters
            `source, id, cluster`. Sources are joined one after the other, as in the paper:
            an entry matched before takes its partners along.
        """
        inside = np.flatnonzero((self.km <= km) & (self.gap <= days))
        inside = inside[np.argsort(self.score[inside], kind="stable")]
        source, left, right = self.source, self.pairs.left, self.pairs.right
        cluster = np.arange(len(source))
        members = {index: [index] for index in range(len(source))}
        for one, two in combinations(range(int(source.max()) + 1 if len(source) else 0), 2):
            chosen = inside[(source[left[inside]] == one) & (source[right[inside]] == two)]
            taken: set[int] = set()
            for index in chosen.tolist():
                a, b = int(left[index]), int(right[index])
                if a in taken or b in taken:
                    continue
                first, second = sorted((int(cluster[a]), int(cluster[b])))
                both = [{int(source[x]) for x in members[c]} for c in (first, second)]
                if first != second and both[0] & both[1]:
                    continue
                taken |= {a, b}
                if first != second:
                    members[first] += members.pop(second)
                    cluster[members[first]] = first
        return _tables(self.records, cluster, members, source)


def _scores(
    records: pl.DataFrame, categories: Sequence[str], pairs: Pairs
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Disagreement of each pair (0 best), its kilometres and its days.

    A taxonomy adds 0 where the fine codes agree, 1 where the broad ones do, 2 otherwise and
    1 where a code is missing; ties go to the nearer in days, then in kilometres.
    """
    left, right = pairs.left, pairs.right
    day0, day1 = records["day0"].to_numpy(), records["day1"].to_numpy()
    lat, lon = records["lat"].to_numpy().astype(float), records["lon"].to_numpy().astype(float)
    apart = flat_km(lat[left], lon[left], lat[right], lon[right])
    gap = np.maximum(day0[left], day0[right]) - np.minimum(day1[left], day1[right])
    # Single days are compared by their days; an episode with what it shares.
    gap = np.maximum(gap, 0)
    moved = np.abs(day0[left] - day0[right])
    score = np.zeros(len(pairs))
    for name in categories:
        score += _taxonomy(records, f"{name}_fine", f"{name}_broad", left, right)
    straight = _taxonomy(records, "a_fine", "a_broad", left, right) + _taxonomy(
        records, "b_fine", "b_broad", left, right
    )
    score += straight
    score += 0.01 * np.minimum(gap, 30) + 0.001 * np.minimum(moved, 30)
    score += 0.00001 * np.nan_to_num(np.minimum(apart, 100), nan=0)
    place = records["place_id"].fill_null(-1).to_numpy()
    same = (place[left] == place[right]) & (place[left] >= 0)
    # Where a file gives no points, a place of the same name is no distance away.
    km = np.where(np.isfinite(apart), apart, np.where(same, 0.0, np.inf))
    return score, km, gap


def _taxonomy(
    records: pl.DataFrame, fine: str, broad: str, left: np.ndarray, right: np.ndarray
) -> np.ndarray:
    one, two = records[fine].to_numpy(), records[broad].to_numpy()
    known = (one[left] >= 0) & (one[right] >= 0)
    agree = np.where(one[left] == one[right], 0.0, np.where(two[left] == two[right], 1.0, 2.0))
    return np.asarray(np.where(known, agree, 1.0))


def _tables(
    records: pl.DataFrame, cluster: np.ndarray, members: dict[int, list[int]], source: np.ndarray
) -> tuple[pl.DataFrame, pl.DataFrame]:
    pairs = [
        (a, b)
        for group in members.values()
        for a, b in combinations(sorted(group), 2)
        if source[a] != source[b]
    ]
    rows = records.select("source", "id").rows()
    links = pl.DataFrame(
        [(*rows[a], *rows[b], 1.0) for a, b in pairs],
        schema={
            "source_a": pl.String, "id_a": pl.String, "source_b": pl.String, "id_b": pl.String,
            "probability": pl.Float64,
        },
        orient="row",
    )  # fmt: skip
    return links, records.select("source", "id", pl.Series("cluster", cluster))
