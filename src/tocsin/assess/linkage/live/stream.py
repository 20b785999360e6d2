"""The picture that stands, and new reports that join it without a rerun.

A new report's candidates come from an index that grows, are weighed with the batch's own levels
and weights, set against their rivals and joined by the batch's own rules (`clusters`, `parts`),
but only among the clusters that it may touch. docs/methods/linkage-stream.md says how well.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

import numpy as np
import polars as pl

from tocsin.assess.linkage.decisions.chance import LOCAL
from tocsin.assess.linkage.decisions.clusters import (
    UNSEEN,
    Scored,
    agglomerate,
    join_parts,
    settle_rivals,
)
from tocsin.assess.linkage.decisions.model import Weights
from tocsin.assess.linkage.decisions.parts import parts
from tocsin.assess.linkage.link import Linked, best_threshold
from tocsin.assess.linkage.live.buckets import Buckets
from tocsin.assess.linkage.live.growth import grow, sorted_unique, unique_in_order
from tocsin.assess.linkage.live.surroundings import PAST, Surroundings
from tocsin.assess.linkage.live.ties import Ties
from tocsin.assess.linkage.live.vocabulary import Vocabulary
from tocsin.assess.linkage.pairs.comparisons import arrays, at, comparison_columns
from tocsin.assess.linkage.pairs.registry import choose_comparisons
from tocsin.errors import UsageError


def level_weights(linked: Linked) -> pl.DataFrame:
    """Write the trained model as a table, or raise a `UsageError` if nothing was linked.

    Returns:
        Columns `comparison`, `level` (0 the last; of `prior` the only one), `label`, and `bits`
        that a pair gets at the level. A pair that cannot be compared gets none.
    """
    if linked.weights is None or linked.records is None:
        raise UsageError(
            "Nothing was linked, so no model was trained.",
            remedy="Link at least two sources that tell of the same days and places first.",
        )
    weights = linked.weights
    prior = float(np.log2(weights.prior / (1 - weights.prior)))
    rows = [("prior", 0, "any two reports this near", prior)]
    for one in choose_comparisons(_categories(linked.records), linked.others):
        n = len(one.levels)
        bits = weights.weight(one.name, np.arange(n))
        rows += [(one.name, g, one.levels[n - 1 - g].label, float(bits[g])) for g in range(n)]
    return pl.DataFrame(rows, schema=["comparison", "level", "label", "bits"], orient="row")


class Picture:
    """Reports in clusters, one cluster an event, that new reports join.

    >>> picture = Picture(link_records(standing))  # doctest: +SKIP
    >>> picture.add(new)  # doctest: +SKIP
    shape: (2, 5)  source, id, cluster, size, probability
    >>> picture.withdraw("radio", "r17")  # doctest: +SKIP
    """

    def __init__(
        self,
        linked: Linked,
        *,
        threshold: float | None = None,
        known: Mapping[str, str] | None = None,
    ) -> None:
        """Start from a batch.

        Args:
            linked: what `link.link_records` gave; its model is kept as it is.
            threshold: least probability of a link; by default the batch's.
            known: folded alias to folded name of organisations, as the batch had it.

        Raises:
            UsageError: nothing was linked.
        """
        table = level_weights(linked)
        records, pairs = linked.records, linked.pairs
        assert records is not None
        assert pairs is not None
        assert linked.weights is not None
        self.weights: Weights = linked.weights
        self.categories = _categories(records)
        self.levels = choose_comparisons(self.categories, linked.others)
        self.prior = float(table["bits"][0])
        self.bits = {
            str(name[0]): part["bits"].to_numpy()
            for name, part in table.partition_by("comparison", as_dict=True).items()
        }
        self.threshold = threshold or best_threshold(pairs["probability"].to_numpy())
        self.vocabulary = Vocabulary(records, self.categories, known or {})
        self.sources = sorted(records["source"].unique().to_list())
        self.size = 0
        self.columns: dict[str, np.ndarray] = {}
        self.source = np.empty(0, dtype=np.int64)
        self.alive = np.empty(0, dtype=bool)
        self.cluster = np.empty(0, dtype=np.int64)
        self.keys: list[tuple[str, str]] = []
        self.rows: dict[tuple[str, str], int] = {}
        self.members: dict[int, list[int]] = {}
        self.ties = Ties()
        self.stamp = np.empty(0, dtype=np.int64)
        self.buckets = Buckets()
        rows = self._take_in(records)
        self.buckets.add(self.columns, rows[records["usable"].to_numpy()])
        self.surroundings = Surroundings.measure(records, self.levels, self.columns, self.source)
        self.alone = self._coverage(pairs)
        self._stand(linked, pairs)

    def add(self, reports: pl.DataFrame) -> pl.DataFrame:
        """Join new reports to the picture.

        Args:
            reports: rows as `records.records` makes them, a few hundred at a time. A report
                whose source and id are there already replaces that one.

        Returns:
            `source`, `id`, `cluster`, `size` (reports in the cluster) and `probability` (of the
            surest link in it; none where the report stands alone).
        """
        if reports.is_empty():
            return self._tell(np.empty(0, dtype=np.int64))
        reports = reports.unique(["source", "id"], keep="last", maintain_order=True)
        for key in reports.select("source", "id").rows():
            if key in self.rows:
                self.withdraw(*key)
        rows = self._take_in(self.vocabulary.encode(reports))
        usable = rows[reports["usable"].to_numpy()]
        self.buckets.add(self.columns, usable)
        new, old = self.buckets.earlier(self.columns, usable)
        fine = self.alive[old] & (self.source[old] != self.source[new])
        old, new = old[fine], new[fine]
        base, gammas = self.weigh(old, new)
        self._look_around(rows, usable)
        around = self.surroundings.bits(old, new, self.source, gammas)
        alone = self._alone(old, new), self._alone(new, old)
        total = base + around + alone[0] + alone[1]
        kept = np.flatnonzero(total >= -UNSEEN)
        deaths = self._of("deaths", gammas["deaths"])
        self.ties.add(
            left=old[kept], right=new[kept], weight=total[kept], deaths=deaths[kept],
            alone_left=alone[0][kept], alone_right=alone[1][kept],
        )  # fmt: skip
        self._settle(usable)
        return self._tell(rows)

    def withdraw(self, source: str, identifier: str) -> None:
        """Take a report out again, and judge anew the reports that it held together or kept apart.

        Raises:
            UsageError: the source has no report of this identifier.
        """
        row = self.rows.pop((source, identifier), None)
        if row is None:
            raise UsageError(
                f"No report {identifier} of {source} is in the picture.",
                remedy="Give the source and the id as they were added.",
            )
        self.alive[row] = False
        rest = [other for other in self._members(row) if other != row]
        self._form(rest, np.array(rest, dtype=np.int64))
        self.members.pop(row, None)
        self.cluster[row] = row
        ties = self.ties.of(np.array([row]))
        ties = ties[self.ties["weight"][ties] > 0]
        near = self.ties["left"][ties] + self.ties["right"][ties] - row
        self._settle(
            sorted_unique(np.concatenate([np.array(rest, np.int64), near[self.alive[near]]]))
        )

    def clusters(self) -> pl.DataFrame:
        """Return `source, id, cluster` of every report in the picture."""
        return self._tell(np.flatnonzero(self.alive[: self.size])).select("source", "id", "cluster")

    def links(self) -> pl.DataFrame:
        """Return `source_a, id_a, source_b, id_b, probability` of the linked pairs."""
        pairs = self.ties
        use = pairs["linked"] & self.alive[pairs["left"]] & self.alive[pairs["right"]]
        left = [self.keys[row] for row in pairs["left"][use].tolist()]
        right = [self.keys[row] for row in pairs["right"][use].tolist()]
        frame = pl.DataFrame(
            {
                "source_a": [k[0] for k in left], "id_a": [k[1] for k in left],
                "source_b": [k[0] for k in right], "id_b": [k[1] for k in right],
                "probability": pairs["sure"][use].round(6),
            },
            schema_overrides=dict.fromkeys(("source_a", "id_a", "source_b", "id_b"), pl.String),
        )  # fmt: skip
        return frame.sort("source_a", "id_a", "source_b", "id_b")

    def weigh(
        self, left: np.ndarray, right: np.ndarray
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Compute Splink's match weight of pairs of rows, without the bits of their surroundings.

        `left` and `right` are the two rows of each pair, shape (n,). The results, also of shape
        (n,), are the bits, the prior's included, and each comparison's levels.
        """
        one, two = at(self.columns, left), at(self.columns, right)
        gammas = {level.name: level.gamma(one, two) for level in self.levels}
        bits = np.full(len(left), self.prior)
        for name, gamma in gammas.items():
            bits += self._of(name, gamma)
        return bits, gammas

    def _of(self, name: str, gamma: np.ndarray) -> np.ndarray:
        return np.where(gamma >= 0, self.bits[name][np.maximum(gamma, 0)], 0.0)

    def _take_in(self, records: pl.DataFrame) -> np.ndarray:
        """Store records with their numbers; each stands alone."""
        rows = np.arange(self.size, self.size + records.height)
        self.size += records.height
        wide = records.with_columns(pl.Series("row", rows))
        columns = arrays(comparison_columns(wide, self.categories))
        columns["lat"] = records["lat"].cast(pl.Float64).to_numpy()
        for name, values in columns.items():
            self.columns[name] = grow(self.columns.get(name, values[:0]), self.size)
            self.columns[name][rows] = values
        new = records.select("source", "id").rows()
        for source, _ in new:
            if source not in self.sources:
                self.sources.append(source)
        number = {source: index for index, source in enumerate(self.sources)}
        self.source = grow(self.source, self.size)
        self.source[rows] = [number[source] for source, _ in new]
        self.cluster, self.alive = grow(self.cluster, self.size), grow(self.alive, self.size)
        self.cluster[rows], self.alive[rows] = rows, True
        self.stamp = grow(self.stamp, self.size)
        self.rows.update(zip(new, rows.tolist(), strict=True))
        self.keys += new
        return rows

    def _stand(self, linked: Linked, scored: pl.DataFrame) -> None:
        """Take over the batch's pairs and clusters."""
        kept = scored.filter(pl.col("weight_total") >= -UNSEEN)
        inside = set(linked.links.select("source_a", "id_a", "source_b", "id_b").rows())
        left, right = kept["left"].to_numpy(), kept["right"].to_numpy()
        taken = [
            (*self.keys[a], *self.keys[b]) in inside
            for a, b in zip(left.tolist(), right.tolist(), strict=True)
        ]
        self.ties.add(
            left=left, right=right, weight=kept["weight_total"].to_numpy(),
            deaths=kept["mw_deaths"].to_numpy(), alone_left=kept["alone_left"].to_numpy(),
            alone_right=kept["alone_right"].to_numpy(),
            probability=kept["probability"].to_numpy(), sure=kept["probability"].to_numpy(),
            linked=np.array(taken, dtype=bool),
        )  # fmt: skip
        numbers = linked.clusters["cluster"].to_numpy()
        _, first, where = np.unique(numbers, return_index=True, return_inverse=True)
        self._form(list(range(self.size)), first[where])

    def _coverage(self, scored: pl.DataFrame) -> np.ndarray:
        """Bits for a report of one source because another covers it, as the batch has them."""
        n = len(self.sources)
        usual = float(scored["alone_left"].to_numpy().mean())
        table = np.full((n, n), usual)
        left = self.source[scored["left"].to_numpy()]
        right = self.source[scored["right"].to_numpy()]
        table[left, right] = scored["alone_left"].to_numpy()
        table[right, left] = scored["alone_right"].to_numpy()
        return table

    def _alone(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        n = len(self.alone)
        if len(self.sources) > n:
            more = np.full((len(self.sources),) * 2, float(self.alone.mean()))
            more[:n, :n] = self.alone
            self.alone = more
        return np.asarray(self.alone[self.source[rows], self.source[others]])

    def _look_around(self, rows: np.ndarray, usable: np.ndarray) -> None:
        """Count what chance pairs new rows with: on calendars of the past, between sources."""
        calendars = []
        for back in PAST:
            new, old = self.buckets.earlier(self.columns, usable, back=back)
            fine = self.alive[old] & (self.source[old] != self.source[new])
            calendars.append((new[fine], old[fine]))

        def levels(new: np.ndarray, old: np.ndarray) -> dict[str, np.ndarray]:
            one, two = at(self.columns, new), at(self.columns, old)
            return {x.name: x.gamma(one, two) for x in self.levels if x.name in LOCAL}

        day = self.columns["day0"][rows]
        self.surroundings.count(rows, calendars, day, self.source, levels)

    def _pairs_of(self, rows: np.ndarray) -> np.ndarray:
        """Positions of the pairs of rows that are in the picture, each once."""
        found = self.ties.of(rows)
        both = self.alive[self.ties["left"][found]] & self.alive[self.ties["right"][found]]
        return np.asarray(found[both])

    def _ends(self, positions: np.ndarray) -> np.ndarray:
        """Rows of pairs, each once."""
        ends = self.ties["left"][positions], self.ties["right"][positions]
        return unique_in_order(np.concatenate(ends), self.stamp)

    def _members(self, row: int) -> list[int]:
        root = int(self.cluster[row])
        return self.members.get(root, [root])

    def _form(self, rows: list[int], roots: np.ndarray) -> None:
        """Give rows, whole clusters of them, new clusters named after their smallest rows."""
        for root in {int(self.cluster[row]) for row in rows}:
            self.members.pop(root, None)
        self.cluster[rows] = roots
        for row, root in zip(rows, roots.tolist(), strict=True):
            self.members.setdefault(root, []).append(row)

    def _settle(self, focus: np.ndarray) -> None:
        """Weigh rivals and join again where the rows of `focus` may change something."""
        weight = self.ties["weight"]
        own = self._pairs_of(focus)
        if not len(own):
            return
        # Rivals two steps away: of those that a row of focus may join, and of their own.
        first = self._ends(own[weight[own] > 0])
        touched = self._pairs_of(first)
        second = self._ends(touched[weight[touched] > 0])
        positions = np.sort(
            self._pairs_of(unique_in_order(np.concatenate([focus, second]), self.stamp))
        )
        ends = self._ends(positions)
        probability = settle_rivals(self._scored_pairs(positions, ends), self.source[ends])
        fresh = np.zeros(self.ties.size, dtype=bool)
        fresh[own] = fresh[touched] = True
        again = fresh[positions]
        self.ties["probability"][positions[again]] = probability[again]
        near = unique_in_order(np.concatenate([focus, first]), self.stamp)
        self._join(sorted({*chain.from_iterable(map(self._members, near.tolist()))}))

    def _scored_pairs(self, positions: np.ndarray, rows: np.ndarray) -> Scored:
        """Pairs as numbers of their rows among `rows`, which hold them all."""
        self.stamp[rows] = np.arange(len(rows))
        left, right = (self.stamp[self.ties[side][positions]] for side in ("left", "right"))
        return Scored(left, right, self.ties["weight"][positions])

    def _join(self, listed: list[int]) -> None:
        """Form the clusters of rows anew, by the batch's rules."""
        rows = np.array(listed)
        positions = self._pairs_of(rows)
        inside = np.zeros(self.size, dtype=bool)
        inside[rows] = True
        ends = self.ties["left"][positions], self.ties["right"][positions]
        positions = np.sort(positions[inside[ends[0]] & inside[ends[1]]])
        pairs, source = self._scored_pairs(positions, rows), self.source[rows]
        probability = self.ties["probability"][positions]
        cluster, taken = agglomerate(pairs, probability, source, threshold=self.threshold)
        scored = pl.DataFrame(
            {
                "left": pairs.left, "right": pairs.right, "weight_total": pairs.weight,
                "mw_deaths": self.ties["deaths"][positions],
                "alone_left": self.ties["alone_left"][positions],
                "alone_right": self.ties["alone_right"][positions],
            }
        )  # fmt: skip
        columns = at(self.columns, rows)
        again, sure = parts(scored, taken, source, columns, self.weights, threshold=self.threshold)
        cluster, hold = join_parts(cluster, pairs, again, source)
        again, sure = again[hold], sure[hold]
        self.ties["linked"][positions] = False
        self.ties["linked"][positions[taken]] = True
        self.ties["linked"][positions[again]] = True
        # Kept beside the probability, which the next report's rivals are weighed by.
        self.ties["sure"][positions] = probability
        self.ties["sure"][positions[again]] = np.maximum(probability[again], sure)
        self._form(listed, rows[cluster])

    def _tell(self, rows: np.ndarray) -> pl.DataFrame:
        keys = [self.keys[row] for row in rows.tolist()]
        positions = self._pairs_of(rows)
        positions = positions[self.ties["linked"][positions]]
        surest = np.full(self.size, np.nan)
        for side in ("left", "right"):
            ends = self.ties[side][positions]
            np.fmax.at(surest, ends, self.ties["sure"][positions])
        return pl.DataFrame(
            {
                "source": [key[0] for key in keys],
                "id": [key[1] for key in keys],
                "cluster": self.cluster[rows] + 1,
                "size": [len(self._members(row)) for row in rows.tolist()],
                "probability": surest[rows],
            },
            schema_overrides={"source": pl.String, "id": pl.String, "size": pl.Int64},
        ).with_columns(pl.col("probability").fill_nan(None))


def _categories(records: pl.DataFrame) -> tuple[str, ...]:
    fine = [name.removesuffix("_fine") for name in records.columns if name.endswith("_fine")]
    return tuple(name for name in fine if name not in ("a", "b"))
