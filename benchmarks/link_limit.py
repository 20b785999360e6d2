"""How far could linkage get? A peer that is told the truth of the very noise it is tested on.

Example: python benchmarks/link_limit.py

Gradient boosting sees everything that is compared, tocsin's weight of the pair and of its rivals,
and the true answers of four tellings of earlier events; then it scores the pairs of the held-out
telling of `tocsin bench assess`, with the threshold that is best on that very test. tocsin is told
nothing. What the peer cannot tell apart, no rule on these fields can.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from sklearn.ensemble import HistGradientBoostingClassifier

from tocsin.assess.linkage.link import Linked, link_records
from tocsin.assess.linkage.pairs.comparisons import arrays, at, comparison_columns
from tocsin.assess.linkage.pairs.features import FEATURES
from tocsin.bench.linkage.measure import SEED, events_of, retell
from tocsin.bench.linkage.rereport import LEVELS
from tocsin.bench.linkage.scores import as_pairs, pairwise, true_pairs
from tocsin.observe import example_files, observe

EVENTS, LESSONS = 2000, 4
BITS = ("weight", "weight_total", "context", "probability")


def main() -> None:
    """Print one row a level of noise and number of sources."""
    reports = observe(example_files())["reports"]
    early, late = events_of(reports, before=True), events_of(reports, before=False)
    print("noise   sources  tocsin  told the truth")
    for level in LEVELS:
        for sources in (2, 3, 4):
            lessons = [
                _pairs(*retell(early.sample(EVENTS, seed=s), level, sources=sources, seed=s))
                for s in range(LESSONS)
            ]
            rows, truth = retell(
                late.sample(EVENTS, seed=SEED), level, sources=sources, seed=SEED + sources
            )
            linked, known, answer = _pairs(rows, truth)
            peer = HistGradientBoostingClassifier(learning_rate=0.05, max_iter=200, random_state=0)
            peer.fit(np.concatenate([x for _, x, _ in lessons]),
                     np.concatenate([y for _, _, y in lessons]))  # fmt: skip
            true = true_pairs(truth)
            ours = pairwise(as_pairs(linked.links), true)["f1"]
            best = _best(peer.predict_proba(known)[:, 1], answer, len(true))
            print(f"{level:7} {sources:7}  {ours:6.3f}  {best:6.3f}", flush=True)


def _pairs(rows: pl.DataFrame, truth: pl.DataFrame) -> tuple[Linked, np.ndarray, np.ndarray]:
    """What linking gives, everything known of its scored pairs, and the true answers."""
    linked = link_records(rows)
    assert linked.pairs is not None
    assert linked.records is not None
    columns = arrays(comparison_columns(linked.records, linked.categories))
    left, right = linked.pairs["left"].to_numpy(), linked.pairs["right"].to_numpy()
    one, two = at(columns, left), at(columns, right)
    mine = {f"{name}_{kind}" for name in linked.categories for kind in ("known", "same", "alike")}
    wanted = [name for name in FEATURES if name in mine or not name.startswith("type_")]
    known = [FEATURES[name].numpy(one, two).astype(float) for name in wanted]
    known += [linked.pairs[name].to_numpy() for name in BITS]
    return linked, np.column_stack(known), _answers(linked.records, truth, left, right)


def _answers(
    records: pl.DataFrame, truth: pl.DataFrame, left: np.ndarray, right: np.ndarray
) -> np.ndarray:
    """Does each pair tell of one event?"""
    events: dict[tuple[str, str], set[str]] = {}
    for source, name, event in truth.select("source", "id", "event").iter_rows():
        events.setdefault((source, name), set()).add(event)
    of = [events.get(key, set()) for key in records.select("source", "id").iter_rows()]
    return np.array([not of[a].isdisjoint(of[b]) for a, b in zip(left, right, strict=True)])


def _best(probability: np.ndarray, answer: np.ndarray, true: int) -> float:
    """F1 with the best threshold."""
    hits = np.cumsum(answer[np.argsort(-probability, kind="stable")])
    return float((2 * hits / (np.arange(1, len(hits) + 1) + true)).max())


if __name__ == "__main__":
    main()
