"""Two releases of one producer: what was kept is linked, splits and mergers are found."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.assess.linkage.habits.releases import kept_pairs
from tocsin.assess.linkage.link import link_records
from tocsin.assess.linkage.pairs import blocking
from tocsin.assess.linkage.records.records import records, sheet
from tocsin.assess.linkage.waterfall import waterfall
from tocsin.bench.linkage.measure import events_of
from tocsin.bench.linkage.rerelease import rerelease
from tocsin.bench.linkage.rereport import rereport
from tocsin.bench.linkage.scores import as_pairs, pairwise, true_pairs


@pytest.fixture(scope="module")
def events(seen: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return events_of(seen["reports"], before=True).sample(700, seed=4)


@pytest.mark.slow
@pytest.mark.parametrize("keep_ids", [True, False])
def test_a_revised_release_is_linked_with_the_first(events: pl.DataFrame, keep_ids: bool) -> None:
    files, truth = rerelease(events, seed=3, keep_ids=keep_ids)
    names = ("s" + pl.col("source").cast(pl.String)).alias("source")
    linked = link_records(records([sheet(f"s{n}", file) for n, file in enumerate(files)]))
    found = pairwise(as_pairs(linked.links), true_pairs(truth.with_columns(names)))
    assert found["precision"] > 0.97
    assert found["recall"] > 0.95
    assert len(linked.notes) == 1
    assert "two releases of one producer" in linked.notes[0]
    steps = waterfall(linked)
    assert steps.filter(comparison="release")["bits"].unique().sort().to_list() == [0.0, 25.0]
    ends = steps.group_by("left", "right").agg(pl.col("total").sort_by("step").last())
    assert linked.taken is not None
    both = ends.join(linked.taken, on=["left", "right"])
    sure = 1 / (1 + 2 ** -both["total"].to_numpy())
    assert sure == pytest.approx(both["probability"].to_numpy(), abs=1e-6)


def test_two_producers_are_no_releases(events: pl.DataFrame) -> None:
    files, _ = rereport(events, "light", sources=2, seed=3)
    # Both count their rows from 1, as files often do.
    numbered = [
        file.with_columns(pl.int_range(pl.len()).cast(pl.String).alias("id")) for file in files
    ]
    rows = records([sheet(f"s{n}", file) for n, file in enumerate(numbered)])
    source = rows["source"].rank("dense").to_numpy().astype(np.int64) - 1
    kept, releases, said = kept_pairs(rows, blocking.candidates(rows), source)
    assert not kept.any()
    assert releases == set()
    assert said == []
